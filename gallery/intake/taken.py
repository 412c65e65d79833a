"""When a photo was taken, as its sender says, or as the name of its file does."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from typing import Final

_FIRST: Final = datetime(1826, 1, 1, tzinfo=UTC)  # nothing photographed is older
_SLACK: Final = timedelta(days=2)  # of a clock that is ahead, and of zones
_NOON: Final = ("12", "00", "00")
_DAY: Final = (
    r"(?P<year>1[89]\d\d|20\d\d)(?P<dash>[-_.]?)(?P<month>0[1-9]|1[0-2])(?P=dash)(?P<day>0[1-9]|[12]\d|3[01])"
)
_TIME: Final = r"(?P<hour>[01]\d|2[0-3])[-_.:h]?(?P<minute>[0-5]\d)[-_.:m]?(?P<second>[0-5]\d)"
# IMG_20240615_123456, PXL_20240615_123456789, Screenshot_2024-06-15-12-34-56-123_org.example,
# "Screenshot 2024-06-15 at 12.34.56", "Bildschirmfoto 2024-06-15 um 12.34.56", signal-2024-06-15-123456.
_MOMENT: Final = re.compile(
    rf"(?<!\d){_DAY}(?:[-_.,T ]{{1,3}}|[-_., ]+(?:at|um|à|a las)[-_. ]+)?{_TIME}(?:\d{{3}})?(?!\d)"
)
_AFTERNOON: Final = re.compile(
    r"(?<!\d)(\d{4}-\d\d-\d\d)[ ,]+at (\d{1,2})\.(\d\d)\.(\d\d)[\s\u202f]*(AM|PM)", re.IGNORECASE
)
# "2024-06-15 Beach" and WhatsApp's IMG-20240615-WA0012: the day alone.
_DAY_ALONE: Final = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_WHATSAPP: Final = re.compile(r"-WA\d{4}")
# FB_IMG_1718451296000, 1718451296123: milliseconds since 1970.
_MILLISECONDS: Final = re.compile(r"^(?:FB_IMG_|MVIMG_|mmexport|received_|image)?(1[0-9]{12})(?!\d)")
_IN_UTC: Final = re.compile(r"^(?:PXL|MVIMG_PXL)_")


@dataclasses.dataclass(frozen=True)
class Taken:
    """The wall clock there, as if it were UTC, and minutes from UTC if known."""

    local: datetime
    offset: int | None = None


def written(moment: datetime, now: datetime) -> Taken | None:
    """The file's own time, which is known in UTC alone; None where it can't be when it was taken. Aware times."""
    return Taken(moment.astimezone(UTC), 0) if _FIRST <= moment <= now + _SLACK else None


def named(filename: str, now: datetime) -> Taken | None:
    """What a file's name tells of the time; None where it tells nothing, or what can't be (`now`: an aware time)."""
    for read in (_afternoon, _moment, _milliseconds, _day):
        taken = read(filename)
        if taken is not None:
            return taken if _FIRST <= taken.local <= now + _SLACK else None
    return None


def _moment(filename: str) -> Taken | None:
    """Pixel phones write UTC."""
    match = _MOMENT.search(filename)
    if match is None:
        return None
    local = _joined(*match.group("year", "month", "day", "hour", "minute", "second"))
    return Taken(local, 0 if _IN_UTC.match(filename) else None) if local else None


def _afternoon(filename: str) -> Taken | None:
    """A Mac's screenshot where the day has twice twelve hours."""
    match = _AFTERNOON.search(filename)
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    hour = int(match[2]) % 12 + (12 if match[5].upper() == "PM" else 0)
    local = _joined(*match[1].split("-"), str(hour), match[3], match[4])
    return Taken(local) if local else None


def _milliseconds(filename: str) -> Taken | None:
    match = _MILLISECONDS.match(filename)
    return Taken(datetime.fromtimestamp(int(match[1]) // 1000, UTC), 0) if match else None


def _day(filename: str) -> Taken | None:
    """Noon, since no hour is known. Eight digits in a row may be anything, unless WhatsApp wrote them."""
    match = _DAY_ALONE.search(filename)
    if match is None or not (match["dash"] or _WHATSAPP.search(filename)):
        return None
    local = _joined(*match.group("year", "month", "day"), *_NOON)
    return Taken(local) if local else None


def _joined(*parts: str) -> datetime | None:
    try:
        return datetime(*map(int, parts), tzinfo=UTC)  # type: ignore[arg-type, misc]  # six numbers
    except ValueError:  # the thirtieth of February
        return None
