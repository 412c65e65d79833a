"""Labels of a photo for its page, and where each was seen, in the coordinates of a drawing over the picture.

Boxes are SVG and not positioned elements: the Content-Security-Policy allows no style attribute, while x, y, width
and height of a rect are attributes.
"""

import dataclasses
from typing import Final

from gallery.models import Instance, Photo
from gallery.organise.on_photo import LabelOnPhoto, labels_on

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
    every = labels_on(photo)
    wider = {parent for seen in every for parent in seen.label.parents}
    found = sorted(every, key=lambda seen: (_follows(seen, wider), -seen.certainty, seen.label.name))
    size = canvas(photo)
    lit = [seen.label.pk for seen in found if _instances(seen)][:_LIT]
    return [
        _label(seen, size, f"l{lit.index(seen.label.pk)}" if seen.label.pk in lit else "") for seen in found
    ]


def _instances(seen: LabelOnPhoto) -> list[Instance]:
    return list(seen.detection.instances.all()) if seen.detection else []


def _follows(seen: LabelOnPhoto, wider: set[str]) -> bool:
    return not _instances(seen) and (seen.implied or seen.label.name in wider)


def _label(seen: LabelOnPhoto, size: tuple[int, int], mark: str) -> SeenLabel:
    return SeenLabel(
        name=seen.label.name,
        confidence=seen.confidence,
        percent=int(seen.confidence),
        implied=seen.implied,
        parents=list(seen.label.parents),
        model_version=seen.detection.model_version if seen.detection else "",
        boxes=[_box(instance, size) for instance in _instances(seen)],
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
