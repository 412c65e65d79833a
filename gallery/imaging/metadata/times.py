"""When a picture was taken, by the clock on the wall there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from gallery.imaging.metadata import iptc, png
from gallery.imaging.metadata.exif import Tags
from gallery.imaging.metadata.file import Metadata

# Niépce's view from the window at Le Gras; nothing photographed is older.
FIRST_PHOTOGRAPH = datetime(1826, 1, 1)  # noqa: DTZ001 a wall clock has no zone
CLOCK_SLACK = timedelta(days=2)
# Where clocks begin that nobody has set: a whole day, because they go on from there; or only its first second, which
# people write, too, who know no better than the year.
_FACTORY_DAYS: Final = ((1900, 1, 1), (1904, 1, 1))
_FACTORY_SECONDS: Final = ((1970, 1, 1), (1980, 1, 1))
_NOON: Final = (12, 0, 0)
_LONGEST: Final = 100
_MINUTE: Final = timedelta(minutes=1)

_TAKEN, _TAKEN_PART, _TAKEN_OFFSET = 0x9003, 0x9291, 0x9011
_DIGITIZED, _DIGITIZED_PART, _DIGITIZED_OFFSET = 0x9004, 0x9292, 0x9012
_CHANGED, _CHANGED_PART, _CHANGED_OFFSET = 0x0132, 0x9290, 0x9010
_GPS_DAY, _GPS_TIME = 0x1D, 0x07

_DAY = r"\s*(\d{4})[:/.-](\d\d)[:/.-](\d\d)"
_CLOCK = r"[ T](\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?\s*(Z|[+-]\d\d:?\d\d)?"
_WRITTEN = re.compile(rf"{_DAY}(?:{_CLOCK})?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:-(\d\d))?$", re.ASCII)
_IPTC_DAY = re.compile(rb"(\d{4})(\d\d)(\d\d)")
_IPTC_TIME = re.compile(rb"(\d\d)(\d\d)(\d\d)([+-]\d{4})?")
_OFFSET = re.compile(r"\s*(?:GMT|UTC)?([+-])(\d\d):?(\d\d)", re.ASCII)
_PART = re.compile(r"\s*(\d+)", re.ASCII)

Source = Literal["exif", "file"]


@dataclass(frozen=True)
class Moment:
    """The clock on the wall, naive; minutes east of UTC if known; whether EXIF says so or something else there."""

    local: datetime
    offset: int | None = None
    source: Source = "file"


def taken(told: Metadata, now: datetime) -> Moment | None:
    """The first believable of all that is told, with what another one tells of the same second on the wall: its offset.

    `now`: naive UTC, against which future dates are judged.
    """
    moments = [moment for moment in _told(told) if _believable(moment.local, now)]
    if not moments:
        return None
    best = moments[0]
    same = (
        moment
        for moment in moments
        if moment.local.replace(microsecond=0) == best.local.replace(microsecond=0)
    )
    offset = next((moment.offset for moment in same if moment.offset is not None), None)
    return Moment(best.local, offset, best.source)


def _told(told: Metadata) -> Iterator[Moment]:
    """When it was taken; when it became a file, which is when somebody scanned it at the earliest; when its satellites
    were heard, by UTC; when it was changed."""
    exif, texts = told.exif, told.texts
    yield from _of_exif(exif.photo, _TAKEN, exif.photo, _TAKEN_PART, _TAKEN_OFFSET)
    yield from _of_xmp(told, "exif:DateTimeOriginal", "photoshop:DateCreated")
    yield from _of_iptc(told.iptc, iptc.CREATED, iptc.CREATED_AT)
    yield from _of_exif(exif.photo, _DIGITIZED, exif.photo, _DIGITIZED_PART, _DIGITIZED_OFFSET)
    yield from _of_xmp(told, "exif:DateTimeDigitized", "xmp:CreateDate")
    yield from _of_iptc(told.iptc, iptc.DIGITIZED, iptc.DIGITIZED_AT)
    yield from _of_text(texts.get(png.CREATED, b"")[:_LONGEST].decode("utf-8", "ignore"))
    yield from _of_satellites(exif.gps)
    yield from _of_exif(exif.image, _CHANGED, exif.photo, _CHANGED_PART, _CHANGED_OFFSET)


def _of_exif(tags: Tags, tag: int, beside: Tags, part: int, offset: int) -> Iterator[Moment]:
    """Parts of a second and the offset stand in tags of their own."""
    for moment in _written(_ascii(tags, tag)):
        fraction = _PART.match(_ascii(beside, part))
        local = moment.local.replace(microsecond=_micro(fraction[1])) if fraction else moment.local
        minutes = _minutes(_ascii(beside, offset))
        yield Moment(local, moment.offset if minutes is None else minutes, "exif")


def _of_xmp(told: Metadata, *names: str) -> Iterator[Moment]:
    """Of an old photograph a year or a month may be all that is known: then its beginning."""
    for name in names:
        text = told.xmp.get(name, ("",))[0]
        if year := _YEAR.match(text):
            yield from _moment((int(year[1]), int(year[2] or 1), 1, *_NOON))
        else:
            yield from _written(text)


def _of_iptc(told: iptc.Iptc, day: tuple[int, int], time: tuple[int, int]) -> Iterator[Moment]:
    date, clock = _IPTC_DAY.match(told.get(day, b"")), _IPTC_TIME.match(told.get(time, b""))
    if date:
        parts = tuple(map(int, clock.group(1, 2, 3))) if clock else _NOON
        yield from _moment(
            (*map(int, date.groups()), *parts), offset=_minutes((clock[4] or b"").decode()) if clock else None
        )


def _of_text(text: str) -> Iterator[Moment]:
    """The PNG standard asks for the dates of mails (RFC 1123); most write those of EXIF or ISO 8601."""
    if _WRITTEN.match(text):
        yield from _written(text)
        return
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, LookupError, TypeError, OverflowError):  # not as patient as its documentation says
        return
    offset = found.utcoffset()
    yield Moment(found.replace(tzinfo=None), None if offset is None else _in_use(offset // _MINUTE))


def _of_satellites(tags: Tags) -> Iterator[Moment]:
    time = tags.get(_GPS_TIME)
    if isinstance(time, tuple) and len(time) == 3 and all(math.isfinite(part) for part in time):
        for day in _written(_ascii(tags, _GPS_DAY)):
            yield from _moment((day.local.year, day.local.month, day.local.day, *map(int, time)), offset=0)


def _written(text: str) -> Iterator[Moment]:
    """As EXIF and ISO 8601 write it. Noon, if no hour is known."""
    match = _WRITTEN.match(text)
    if match is None:
        return
    *parts, fraction, zone = match.groups()
    clock = tuple(int(part or 0) for part in parts[3:]) if parts[3] else _NOON
    offset = 0 if zone == "Z" else _minutes(zone or "")
    yield from _moment((*map(int, parts[:3]), *clock), _micro(fraction or ""), offset)


def _moment(parts: tuple[int, ...], micro: int = 0, offset: int | None = None) -> Iterator[Moment]:
    """None at all on the thirtieth of February."""
    try:
        year, month, day, hour, minute, second = parts
        yield Moment(datetime(year, month, day, hour, minute, second, micro), offset)  # noqa: DTZ001 a wall clock
    except (ValueError, OverflowError):
        return


def _believable(local: datetime, now: datetime) -> bool:
    day = (local.year, local.month, local.day)
    midnight = local.hour == local.minute == local.second == 0
    unset = day in _FACTORY_DAYS or (midnight and day in _FACTORY_SECONDS)
    return FIRST_PHOTOGRAPH <= local <= now + CLOCK_SLACK and not unset


def _minutes(text: str) -> int | None:
    """Minutes east of UTC."""
    match = _OFFSET.match(text)
    if match is None or int(match[3]) > 59:
        return None
    return _in_use((int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1))


def _in_use(minutes: int) -> int | None:
    """Zones lie between -12:00 and +14:00."""
    return minutes if -12 * 60 <= minutes <= 14 * 60 else None


def _micro(digits: str) -> int:
    """Of "5" or "500" or "500000000": half a second."""
    return int(digits[:6].ljust(6, "0")) if digits else 0


def _ascii(tags: Tags, tag: int) -> str:
    value = tags.get(tag)
    return value.split(b"\x00")[0].decode("ascii", "ignore") if isinstance(value, bytes) else ""


def utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
