"""Where something is on a picture, as ratios of the upright picture's sides; and its shape. Pure; no Django."""

import dataclasses
import math
from typing import Final


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

    @property
    def area(self) -> float:
        return self.width * self.height


SHAPES: Final = 97
_STEPS_AN_OCTAVE: Final = 24


def shape(width: int, height: int) -> int:
    """The ratio of width to height as a step from 0 (1:4) over 48 (1:1) to 96 (4:1), each 2^(1/24): 1.5 % exact."""
    square = SHAPES // 2
    return min(max(round(_STEPS_AN_OCTAVE * math.log2(width / height)), -square), square) + square
