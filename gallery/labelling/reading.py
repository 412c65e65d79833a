"""Reading answers whose every member may be missing, of another type, or made to hurt: clamped, cut or left out."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gallery.geometry import BoundingBox

LONGEST_NAME: Final = 100
_SIDES: Final = ("Left", "Top", "Width", "Height")


def number(value: Any) -> float | None:
    """A finite number, however it was sent."""
    try:
        read = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def percent(value: Any) -> float | None:
    """A number, clamped to 0 to 100."""
    read = number(value)
    return None if read is None else min(max(read, 0.0), 100.0)


def text(value: Any, longest: int = LONGEST_NAME) -> str:
    """Printable text of at most `longest` characters on one line, or "" if it is none."""
    if not isinstance(value, str):
        return ""
    printable = "".join(one if one.isprintable() else " " for one in value[: longest * 4])
    return " ".join(printable.split())[:longest]


def members(value: Any) -> Mapping[str, Any]:
    """A structure; an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


def structures(value: Any, most: int) -> Iterator[Mapping[str, Any]]:
    """The structures of a list, looking at `most` of its entries; none where there is no list."""
    for item in value[:most] if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield item


def box(value: Any) -> BoundingBox | None:
    """A BoundingBox, clamped to the picture; None if nothing of it is there."""
    sides = [number(members(value).get(side)) for side in _SIDES]
    told = [side for side in sides if side is not None]
    if len(told) < len(_SIDES):
        return None
    clamped = BoundingBox.clamped(*told)
    return clamped if clamped.area > 0 else None


def storable(value: Any) -> Any:
    """JSON that both databases take: PostgreSQL refuses NUL characters, and JSON knows no NaN."""
    if isinstance(value, Mapping):
        return {storable(str(name)): storable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)
