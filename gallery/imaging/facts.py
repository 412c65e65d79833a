"""What a picture tells about itself: when, with what and where it was taken, as far as it can be believed."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gallery.imaging.exif import Exif, Tags, read_exif

MAX_TEXT = 100
# Niépce's view from the window at Le Gras; nothing photographed is older.
FIRST_PHOTOGRAPH = datetime(1826, 1, 1)  # noqa: DTZ001 a wall clock has no zone
CLOCK_SLACK = timedelta(days=2)

_MAKE, _MODEL, _ORIENTATION, _LENS_MODEL = 0x010F, 0x0110, 0x0112, 0xA434
_TAKEN, _TAKEN_OFFSET = 0x9003, 0x9011
_DIGITIZED, _DIGITIZED_OFFSET = 0x9004, 0x9012
_CHANGED, _CHANGED_OFFSET = 0x0132, 0x9010

_DATE = re.compile(r"\s*(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_OFFSET = re.compile(r"\s*([+-])(\d\d):(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Facts:
    """What is known of a picture.

    width, height: pixels, upright. taken_local: the wall clock where it was taken, naive; taken_offset:
    minutes east of UTC, known only together with taken_local. Texts are clean single lines of at most 100
    characters, "" when unknown; they may hold markup and must be escaped like any other text. latitude,
    longitude: degrees, both or neither; altitude: metres above sea level. orientation: EXIF 1-8, as stored.
    """

    width: int
    height: int
    taken_local: datetime | None = None
    taken_offset: int | None = None
    camera_make: str = ""
    camera_model: str = ""
    lens: str = ""
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    orientation: int = 1


def read_facts(block: bytes, width: int, height: int, *, now: datetime | None = None) -> Facts:
    """Facts from an EXIF block (b"" when there is none) and the size as stored. Never raises.

    `now` is the naive UTC time against which future dates are judged; by default the clock's.
    """
    exif = read_exif(block)
    orientation = _orientation(exif.image)
    if orientation >= 5:
        width, height = height, width
    taken_local, taken_offset = _taken(exif, now or datetime.now(UTC).replace(tzinfo=None))
    latitude, longitude = _position(exif.gps)
    return Facts(
        width=width,
        height=height,
        taken_local=taken_local,
        taken_offset=taken_offset,
        camera_make=_text(exif.image, _MAKE),
        camera_model=_text(exif.image, _MODEL),
        lens=_text(exif.photo, _LENS_MODEL),
        latitude=latitude,
        longitude=longitude,
        altitude=_altitude(exif.gps),
        orientation=orientation,
    )


def _orientation(tags: Tags) -> int:
    value = tags.get(_ORIENTATION)
    number = value[0] if isinstance(value, tuple) else 1
    return number if isinstance(number, int) and 1 <= number <= 8 else 1


def _taken(exif: Exif, now: datetime) -> tuple[datetime | None, int | None]:
    """The first believable of the three dates, with the offset that belongs to it."""
    dated = (
        (exif.photo, _TAKEN, _TAKEN_OFFSET),
        (exif.photo, _DIGITIZED, _DIGITIZED_OFFSET),
        (exif.image, _CHANGED, _CHANGED_OFFSET),
    )
    for tags, date, offset in dated:
        moment = _moment(_ascii(tags, date), now)
        if moment is not None:
            return moment, _minutes(_ascii(exif.photo, offset))
    return None, None


def _moment(text: str, now: datetime) -> datetime | None:
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 a wall clock has no zone
    except ValueError:
        return None
    return moment if FIRST_PHOTOGRAPH <= moment <= now + CLOCK_SLACK else None


def _minutes(text: str) -> int | None:
    """Minutes east of UTC; zones in use lie between -12:00 and +14:00."""
    match = _OFFSET.match(text)
    if match is None or int(match[3]) > 59:
        return None
    minutes = (int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1)
    return minutes if -12 * 60 <= minutes <= 14 * 60 else None


def _position(tags: Tags) -> tuple[float | None, float | None]:
    """Degrees north and east. 0, 0 is what devices without a fix write, and nobody photographs there."""
    latitude = _degrees(tags, 1, {"N": 1, "S": -1}, 90)
    longitude = _degrees(tags, 3, {"E": 1, "W": -1}, 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None, None
    return latitude, longitude


def _degrees(tags: Tags, reference: int, signs: dict[str, int], limit: int) -> float | None:
    """Degrees, minutes and seconds stand in the tag after the one that names the hemisphere."""
    sign = signs.get(_ascii(tags, reference)[:1].upper())
    parts = tags.get(reference + 1)
    if sign is None or not isinstance(parts, tuple) or not 1 <= len(parts) <= 3 or min(parts) < 0:
        return None
    degrees = sum(part / 60**power for power, part in enumerate(parts))
    return sign * degrees if math.isfinite(degrees) and degrees <= limit else None


def _altitude(tags: Tags) -> float | None:
    """Metres; from the deepest trench to the height of balloons, anything else is a fault of the device."""
    value, below = tags.get(6), tags.get(5)
    if not isinstance(value, tuple) or len(value) != 1 or not math.isfinite(value[0]):
        return None
    metres = -value[0] if below in ((1,), b"\x01") else value[0]
    return float(metres) if -11_000 <= metres <= 60_000 else None


def _ascii(tags: Tags, tag: int) -> str:
    value = tags.get(tag)
    return value.split(b"\x00")[0].decode("ascii", "ignore") if isinstance(value, bytes) else ""


def _text(tags: Tags, tag: int) -> str:
    value = tags.get(tag)
    return clean_text(value.split(b"\x00")[0].decode("utf-8", "ignore")) if isinstance(value, bytes) else ""


def clean_text(text: str) -> str:
    """One line of at most 100 visible characters; "" if it says nothing ("----")."""
    spaced = (" " if c.isspace() else c for c in text)
    visible = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    line = " ".join(visible.split())[:MAX_TEXT].rstrip()
    return line if any(c.isalnum() for c in line) else ""
