"""Many originals as one zip file, made while it is sent: never held in memory, never on a disk of ours."""

import itertools
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from stream_zip import ZIP_64, stream_zip

from gallery import storage
from gallery.folding import fold

_CHUNK: Final = 256 * 1024
_MODE: Final = 0o644
_EARLIEST: Final = 1980  # what a zip file's clock can say
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|]')


class Original(NamedTuple):
    """What goes into the file: where it lies, what it is called there, its time by the clock on the wall."""

    key: str
    filename: str
    taken_local: datetime


def archive(originals: Iterable[Original]) -> Generator[bytes]:
    """The bytes of a zip64 file with these, as they are stored. Photographs are not compressed a second time.

    What is missing in the bucket is named in a text file at its end. Raises StorageAway in the middle where the
    bucket goes away: whoever receives it sees that it is not whole.
    """
    members: Any = _members(originals)
    yield from stream_zip(members, chunk_size=_CHUNK, get_compressobj=_uncompressed)


def _members(originals: Iterable[Original]) -> Iterator[tuple[Any, ...]]:
    names, missing = _Names(), []
    for original in originals:
        chunks = storage.stream_original(original.key)
        try:
            first = next(chunks, b"")
        except storage.ObjectMissing:
            missing.append(original.filename)
            continue
        name = names.free(original.filename)
        yield name, _clock(original.taken_local), _MODE, ZIP_64, itertools.chain([first], chunks)
    if missing:
        told = _("These photos are missing in the photo store. The operator has to look:")
        text = "\n".join([told, *missing, ""]).encode()
        yield names.free(_("Not in this file.txt")), timezone.now(), _MODE, ZIP_64, iter([text])


class _Names:
    """Each name once, whatever case a file system tells apart, and none that leads out of a folder."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()

    def free(self, name: str) -> str:
        """ "cat.jpg", the second one "cat (2).jpg"."""
        wanted = _safe(name)
        stem, dot, suffix = wanted.rpartition(".")
        stem, suffix = (stem, dot + suffix) if stem else (wanted, "")
        found = wanted
        while fold(found) in self._taken:
            self._counts[wanted] += 1
            found = f"{stem} ({self._counts[wanted] + 1}){suffix}"
        self._taken.add(fold(found))
        return found


def _safe(name: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", name))
    return _UNSAFE.sub("_", printable).strip(" .") or "photo"


def _clock(moment: datetime) -> datetime:
    return moment if moment.year >= _EARLIEST else moment.replace(year=_EARLIEST, month=1, day=1)


def _uncompressed() -> Any:
    return zlib.compressobj(level=0, wbits=-zlib.MAX_WBITS)
