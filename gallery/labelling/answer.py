"""What an answer of DetectLabels means to us: frozen, clamped, without a trace of what was odd in it.

What can't be read is left out; an answer without `Labels` is no answer (Unusable), never "no labels".
https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gallery.geometry import BoundingBox
from gallery.labelling import reading
from gallery.labelling.errors import Unusable

NO_ANSWER: Final = "The image recognition's answer had no list of %(name)s; the photo is tried again."
_MOST_LABELS: Final = 1000  # the most DetectLabels returns
_MOST_NAMES: Final = 50
_MOST_INSTANCES: Final = 200
_MOST_COLOURS: Final = 20  # the most MaxDominantColors may ask for


@dataclasses.dataclass(frozen=True)
class Colour:
    """A dominant colour: "#aabbcc", its name in CSS as Rekognition tells it, and how much of the pixels it has."""

    hex: str
    name: str
    percent: float


@dataclasses.dataclass(frozen=True)
class FoundInstance:
    """Where a label was seen. Confidence 0 to 100."""

    box: BoundingBox
    confidence: float
    colours: tuple[Colour, ...] = ()


@dataclasses.dataclass(frozen=True)
class FoundLabel:
    """A label on a picture. Confidence 0 to 100. `links`: pages about it, for celebrities."""

    name: str
    confidence: float
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    instances: tuple[FoundInstance, ...] = ()
    links: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Properties:
    """The whole picture's quality, 0 to 100 each, and its dominant colours, most frequent first."""

    brightness: float | None
    sharpness: float | None
    contrast: float | None
    colours: tuple[Colour, ...]


@dataclasses.dataclass(frozen=True)
class Answer:
    """All labels of one picture, each name once; `properties` if they were asked for and told."""

    labels: tuple[FoundLabel, ...] = ()
    properties: Properties | None = None


def read(raw: Mapping[str, Any]) -> Answer:
    """The answer in our words. Raises Unusable if it isn't one."""
    listed(raw, "Labels")
    found = (_label(item) for item in reading.structures(raw["Labels"], _MOST_LABELS))
    return Answer(surest(found), _properties(raw.get("ImageProperties")))


def listed(raw: Mapping[str, Any], name: str) -> None:
    """Raises Unusable unless there is such a list, as every answer of this operation has one."""
    if not isinstance(raw.get(name), list):
        raise Unusable(NO_ANSWER % {"name": name}, name)


def surest(labels: Iterable[FoundLabel | None]) -> tuple[FoundLabel, ...]:
    """Each name once, as it was told with most confidence; in the order of their first telling."""
    best: dict[str, FoundLabel] = {}
    for label in labels:
        if label and (label.name not in best or best[label.name].confidence < label.confidence):
            best[label.name] = label
    return tuple(best.values())


def _label(item: Mapping[str, Any]) -> FoundLabel | None:
    name, confidence = reading.text(item.get("Name")), reading.percent(item.get("Confidence"))
    if not name or confidence is None:
        return None
    return FoundLabel(
        name,
        confidence,
        parents=_names(item.get("Parents")),
        aliases=_names(item.get("Aliases")),
        categories=_names(item.get("Categories")),
        instances=tuple(_instances(item.get("Instances"))),
    )


def _instances(items: Any) -> Iterator[FoundInstance]:
    for item in reading.structures(items, _MOST_INSTANCES):
        place, confidence = reading.box(item.get("BoundingBox")), reading.percent(item.get("Confidence"))
        if place and confidence is not None:
            yield FoundInstance(place, confidence, tuple(_colours(item.get("DominantColors"))))


def _names(items: Any) -> tuple[str, ...]:
    found = (reading.text(item.get("Name")) for item in reading.structures(items, _MOST_LABELS))
    return tuple(dict.fromkeys(name for name in found if name))[:_MOST_NAMES]


def _properties(told: Any) -> Properties | None:
    if not isinstance(told, Mapping):
        return None
    quality = reading.members(told.get("Quality"))
    return Properties(
        brightness=reading.percent(quality.get("Brightness")),
        sharpness=reading.percent(quality.get("Sharpness")),
        contrast=reading.percent(quality.get("Contrast")),
        colours=tuple(_colours(told.get("DominantColors"))),
    )


def _colours(items: Any) -> Iterator[Colour]:
    for item in reading.structures(items, _MOST_COLOURS):
        code, share = item.get("HexCode"), reading.percent(item.get("PixelPercent"))
        if isinstance(code, str) and re.fullmatch("#[0-9A-Fa-f]{6}", code) and share is not None:
            yield Colour(code.lower(), reading.text(item.get("SimplifiedColor"), 30), share)
