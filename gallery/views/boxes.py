"""Where labels were seen, in the coordinates of a drawing over the picture.

Boxes are SVG and not positioned elements: the Content-Security-Policy allows no style attribute, while x, y, width
and height of a rect are attributes.
"""

import dataclasses
from typing import Final, Protocol

from gallery.models import Photo

LONGEST: Final = 1000
_INSET: Final = 2  # so that the line of a box at the picture's edge is seen whole


class Place(Protocol):
    """A box as ratios of the upright picture, and how sure it is, 0 to 100."""

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


def canvas(photo: Photo) -> tuple[int, int]:
    """Width and height of the drawing: the upright photo's ratio, its longest side LONGEST units."""
    longest = max(photo.width, photo.height)
    return max(round(photo.width * LONGEST / longest), 1), max(round(photo.height * LONGEST / longest), 1)


def box(place: Place, size: tuple[int, int]) -> Box:
    width, height = size
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
        percent=int(place.confidence),
    )
