"""Where something is on a picture, as ratios of the upright picture's sides; and its shape. Pure; no Django."""

import dataclasses
import math
from typing import Any, Final, Protocol


class Place(Protocol):
    """A row, or anything else, that has a box."""

    left: float
    top: float
    width: float
    height: float


def _ratio(value: float) -> float:
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0


@dataclasses.dataclass(frozen=True)
class BoundingBox:
    """Left and top edge, width and height: each a ratio from 0 to 1 of the upright picture."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def clamped(cls, left: float, top: float, width: float, height: float) -> "BoundingBox":
        """The part of a box that lies on the picture. Rekognition's boxes may reach beyond its edges."""
        x0, y0 = _ratio(left), _ratio(top)
        x1, y1 = _ratio(left + width), _ratio(top + height)
        return cls(x0, y0, max(x1 - x0, 0.0), max(y1 - y0, 0.0))

    @classmethod
    def of(cls, place: Place) -> "BoundingBox":
        return cls(place.left, place.top, place.width, place.height)

    def turned(self, quarter_turns: int) -> "BoundingBox":
        """Where the same thing is once the picture was turned clockwise so often."""
        match quarter_turns % 4:
            case 1:
                return BoundingBox(_ratio(1 - self.top - self.height), self.left, self.height, self.width)
            case 2:
                left, top = _ratio(1 - self.left - self.width), _ratio(1 - self.top - self.height)
                return BoundingBox(left, top, self.width, self.height)
            case 3:
                return BoundingBox(self.top, _ratio(1 - self.left - self.width), self.height, self.width)
        return self

    @property
    def area(self) -> float:
        return self.width * self.height


def turned(found: Any, quarter_turns: int) -> Any:
    """What was found, however it is nested in tuples and dataclasses, with each of its boxes turned clockwise."""
    if not quarter_turns % 4:
        return found
    if isinstance(found, BoundingBox):
        return found.turned(quarter_turns)
    if isinstance(found, tuple):
        return tuple(turned(one, quarter_turns) for one in found)
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        told = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
        return dataclasses.replace(found, **{name: turned(one, quarter_turns) for name, one in told.items()})
    return found


SHAPES: Final = 97
_STEPS_AN_OCTAVE: Final = 24


def shape(width: int, height: int) -> int:
    """The ratio of width to height as a step from 0 (1:4) over 48 (1:1) to 96 (4:1), each 2^(1/24): 1.5 % exact."""
    square = SHAPES // 2
    return min(max(round(_STEPS_AN_OCTAVE * math.log2(width / height)), -square), square) + square
