"""Where labels were seen, in the coordinates of a drawing over the picture.

Boxes are SVG and not positioned elements: the Content-Security-Policy allows no style attribute, while x, y, width
and height of a rect are attributes.
"""

import dataclasses
from typing import Any, Final, NamedTuple, Protocol

from gallery.geometry import BoundingBox
from gallery.models import Photo

LONGEST: Final = 1000
_INSET: Final = 2  # so that the line of a box at the picture's edge is seen whole


class Place(Protocol):
    """A box as ratios of the upright original's sides, and how sure it is, 0 to 100."""

    left: float
    top: float
    width: float
    height: float
    confidence: float


@dataclasses.dataclass(frozen=True)
class Box:
    """Plain numbers as text: a template would write them with the decimal comma of the reader's language."""

    x: str
    y: str
    width: str
    height: str
    label_x: str
    label_y: str
    percent: int


class Canvas(NamedTuple):
    """The drawing has the ratio of the picture that is shown, its longest side LONGEST units; turned as that is."""

    width: int
    height: int
    quarter_turns: int


def canvas(photo: Photo) -> Canvas:
    """Needs its renditions prefetched."""
    made: Any = next(iter(photo.renditions.all()), None)
    size = photo.size_like(made)
    width, height = (max(round(side * LONGEST / max(size)), 1) for side in size)
    return Canvas(width, height, photo.shown_turns)


def box(found: Place, on: Canvas) -> Box:
    width, height = on.width, on.height
    place = BoundingBox.of(found).turned(on.quarter_turns)
    left, top = max(place.left * width, _INSET), max(place.top * height, _INSET)
    right = min((place.left + place.width) * width, width - _INSET)
    bottom = min((place.top + place.height) * height, height - _INSET)
    return Box(
        x=f"{left:.1f}",
        y=f"{top:.1f}",
        width=f"{max(right - left, 1):.1f}",
        height=f"{max(bottom - top, 1):.1f}",
        label_x=f"{left + 10:.1f}",
        label_y=f"{top + 30:.1f}",
        percent=int(found.confidence),
    )
