"""Labels of a photo for its page, and where each was seen, in the coordinates of a drawing over the picture.

Boxes are SVG and not positioned elements: the Content-Security-Policy allows no style attribute, while x, y, width
and height of a rect are attributes.
"""

import dataclasses
from typing import Final

from gallery.models import Detection, Instance, Photo

LONGEST: Final = 1000
_INSET: Final = 2  # so that the line of a box at the picture's edge is seen whole
# Rows and boxes light each other up by these classes; styles exist for so many.
_LIT: Final = 16


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


@dataclasses.dataclass(frozen=True)
class SeenLabel:
    name: str
    confidence: float
    percent: int
    implied: bool
    parents: list[str]
    model_version: str
    boxes: list[Box]
    mark: str


def canvas(photo: Photo) -> tuple[int, int]:
    """Width and height of the drawing: the upright photo's ratio, its longest side LONGEST units."""
    longest = max(photo.width, photo.height)
    return max(round(photo.width * LONGEST / longest), 1), max(round(photo.height * LONGEST / longest), 1)


def seen_labels(photo: Photo) -> list[SeenLabel]:
    """What was seen first, then what follows from it ("Animal" from "Cat"); each most certain first.

    Those with boxes get a mark that ties row and boxes together.
    """
    every = list(photo.detections.all())
    wider = {parent for seen in every for parent in seen.label.parents}
    found = sorted(every, key=lambda seen: (_follows(seen, wider), -seen.confidence, seen.label.name))
    size = canvas(photo)
    lit = [seen.pk for seen in found if seen.instances.all()][:_LIT]
    return [_label(seen, size, f"l{lit.index(seen.pk)}" if seen.pk in lit else "") for seen in found]


def _follows(seen: Detection, wider: set[str]) -> bool:
    return not seen.instances.all() and (seen.implied or seen.label.name in wider)


def _label(seen: Detection, size: tuple[int, int], mark: str) -> SeenLabel:
    return SeenLabel(
        name=seen.label.name,
        confidence=seen.confidence,
        percent=int(seen.confidence),
        implied=seen.implied,
        parents=list(seen.label.parents),
        model_version=seen.model_version,
        boxes=[_box(instance, size) for instance in seen.instances.all()],
        mark=mark,
    )


def _box(instance: Instance, size: tuple[int, int]) -> Box:
    width, height = size
    left, top = max(instance.left * width, _INSET), max(instance.top * height, _INSET)
    right = min((instance.left + instance.width) * width, width - _INSET)
    bottom = min((instance.top + instance.height) * height, height - _INSET)
    return Box(
        x=f"{left:.1f}",
        y=f"{top:.1f}",
        width=f"{max(right - left, 1):.1f}",
        height=f"{max(bottom - top, 1):.1f}",
        label_x=f"{left + 10:.1f}",
        label_y=f"{top + 30:.1f}",
        percent=int(instance.confidence),
    )
