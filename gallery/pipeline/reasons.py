"""What is written down about photos while nobody looks, in English; and told in the language of whoever reads it.

A row keeps the English sentence with its values: a worker does not know who will read it. A reader is told the
translation of the sentence that it was made of, with the same values. What is not known here is told as it is.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gallery.imaging import analysis
from gallery.imaging.errors import REASONS
from gallery.labelling import answer, rate, rekognition
from gallery.labelling.prices import dollars
from gallery.pipeline import (
    analyse,
    budget,
    checking,
    circuit,
    claims,
    develop,
    jobs,
    left_out,
    options,
    run,
    sweep,
)
from gallery.pipeline.runs import control

SENTENCES: Final = (
    *(reason.sentence for reason in REASONS.values()),
    *(analysis.TOO_SMALL, analysis.TOO_LARGE, analysis.TOO_MANY_BYTES),
    *(rekognition.NO_CREDENTIALS, rekognition.SILENT, rekognition.BUSY, rekognition.REFUSED),
    *(rekognition.PICTURE, rekognition.PICTURE_WITH_CODE, rekognition.FAULT, answer.NO_ANSWER),
    *(rate.IN_TURN, rate.NO_QUEUE, budget.OWNERS, budget.SITES),
    *(analyse.OFF, options.NOT_WANTED, circuit.NOT_HERE, claims.CRASHED, run.UNEXPECTED, control.PAUSED),
    *(develop.LOST, develop.DAMAGED, develop.INTERRUPTED, develop.AWAY, jobs.TRIED_OFTEN, jobs.CANCELLED),
    *(sweep.ABANDONED, sweep.GIVEN_UP, sweep.REPEATED, sweep.TWICE),
    *(checking.OTHER_BYTES, checking.OTHER_SIZE),
    *(left_out.NO_ARCHIVE, left_out.TOO_MANY, left_out.OUTSIDE, left_out.LINK, left_out.ENCRYPTED),
    *(left_out.METHOD, left_out.BOMB, left_out.OVERLAPS, left_out.BROKEN, left_out.TOO_LARGE),
    *(left_out.UNREADABLE, left_out.SYSTEM, left_out.SPEAKS_OF_OTHERS, left_out.MOVING),
    *(left_out.IN_TRASH_THERE, left_out.IN_TRASH_HERE, left_out.HERE_ALREADY, left_out.BEING_SENT),
    *(left_out.NAME, left_out.FAULT, left_out.TOOK_TOO_LONG),
    *(left_out.OTHERS, left_out.NO_ROOM, left_out.LOST, left_out.WAITS, left_out.AWAY),
)
# After "This is": what stands before a bracket, or all of it.
KINDS: Final = (
    *("a text file", "a web page", "an XML file", "a drawing", "a TIFF of the kind for more than 4 GB"),
    *(
        "a camera RAW file",
        "a camera RAW file (such as PEF or SRW)",
        "a camera RAW file without a large picture in it",
        "a video",
        "a sound file",
    ),
    "a TIFF of a kind that hardly any program can show",
    *("a JPEG 2000 picture", "a JPEG XL picture", "a bitmap", "an icon", "a PostScript file"),
    *("a ZIP archive", "a program", "a Photoshop file", "a texture", "an astronomical picture"),
    *("a PDF document", "a text document", "an Office document", "a sound or video file", "a GZIP archive"),
    *("a 7-Zip archive", "a RAR archive", "an XZ archive", "a BZIP2 archive", "a TAR archive"),
)
MSGIDS: Final = (*SENTENCES, *KINDS)


def _pattern(sentence: str) -> re.Pattern[str]:
    """Finds the values in a sentence that was made of this one."""
    parts = re.split(r"%\((\w+)\)[sd]", sentence)
    texts, names = [re.escape(text.replace("%%", "%")) for text in parts[::2]], parts[1::2]
    places = "".join(f"(?P<{name}>.+?){text}" for name, text in zip(names, texts[1:], strict=True))
    return re.compile(texts[0] + places, re.DOTALL)


_PATTERNS: Final = [(sentence, _pattern(sentence)) for sentence in SENTENCES if "%(" in sentence]
_PLAIN: Final = frozenset(MSGIDS)


def said(reason: str) -> str:
    """The reason in the reader's language."""
    if reason in _PLAIN:
        return _(reason)
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(reason):
            values = {name: _VALUES.get(name, str)(value) for name, value in found.groupdict().items()}
            return _(sentence) % values
    return reason


def _kind(what: str) -> str:
    """ "a video (MP4)"."""
    noun, bracket, rest = what.partition(" (")
    return _(what) if what in _PLAIN or noun not in _PLAIN else f"{_(noun)}{bracket}{rest}"


def _sum(amount: str) -> str:
    return dollars(Decimal(amount.replace(",", "").removeprefix("$")))


def _day(day: str) -> str:
    """ "1 December"."""
    return date_format(datetime.strptime(f"{day} 2024", "%d %B %Y").replace(tzinfo=UTC), "MONTH_DAY_FORMAT")


# How values are told that are no plain numbers and names.
_VALUES: Final[Mapping[str, Callable[[str], str]]] = {
    "what": _kind,
    "why": said,
    "budget": _sum,
    "month": _,
    "day": _day,
}
