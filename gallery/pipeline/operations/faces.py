"""DetectFaces: how many faces there are, where, and what can be seen of each. Nobody is identified.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectFaces.html
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gallery.geometry import BoundingBox
from gallery.labelling import reading
from gallery.labelling.answer import listed
from gallery.models import Face, Photo
from gallery.pipeline.operation import Operation

_MOST_FACES: Final = 100  # the most DetectFaces tells
_MOST_EMOTIONS: Final = 3
_OLDEST: Final = 150
# What is true of a face or not, by what a row calls it.
_SEEN: Final = {
    "Smile": "smiling",
    "Eyeglasses": "glasses",
    "Sunglasses": "sunglasses",
    "Beard": "beard",
    "Mustache": "moustache",
    "EyesOpen": "eyes_open",
    "MouthOpen": "mouth_open",
    "FaceOccluded": "occluded",
}


@dataclasses.dataclass(frozen=True)
class FoundFace:
    """A face, where it is, how sure that is (0 to 100), and what was told of it; see Face.traits."""

    box: BoundingBox
    confidence: float
    traits: Mapping[str, Any]


def read(raw: Mapping[str, Any]) -> tuple[FoundFace, ...]:
    """The faces of an answer, in its order: the largest first. Raises Unusable if it isn't one."""
    listed(raw, "FaceDetails")
    found = (_face(item) for item in reading.structures(raw["FaceDetails"], _MOST_FACES))
    return tuple(face for face in found if face)


def _face(item: Mapping[str, Any]) -> FoundFace | None:
    place, confidence = reading.box(item.get("BoundingBox")), reading.percent(item.get("Confidence"))
    if place is None or confidence is None:
        return None
    return FoundFace(place, confidence, {**_age(item), **_emotions(item), **_seen(item)})


def _age(item: Mapping[str, Any]) -> dict[str, Any]:
    told = reading.members(item.get("AgeRange"))
    low, high = reading.number(told.get("Low")), reading.number(told.get("High"))
    if low is None or high is None or not 0 <= low <= high <= _OLDEST:
        return {}
    return {"age": [round(low), round(high)]}


def _emotions(item: Mapping[str, Any]) -> dict[str, Any]:
    told: list[tuple[str, float]] = [
        (kind, sure)
        for one in reading.structures(item.get("Emotions"), 20)
        if (kind := reading.text(one.get("Type"), 20)) and (sure := reading.percent(one.get("Confidence")))
    ]
    surest = sorted(told, key=lambda one: -one[1])[:_MOST_EMOTIONS]
    return {"emotions": [list(one) for one in surest]} if surest else {}


def _seen(item: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for member, name in _SEEN.items():
        told = reading.members(item.get(member))
        value, sure = told.get("Value"), reading.percent(told.get("Confidence"))
        if isinstance(value, bool) and sure is not None:
            found[name] = [value, sure]
    return found


def _save(photo: Photo, found: Sequence[FoundFace], _version: str) -> None:
    Face.objects.filter(photo=photo).delete()
    Face.objects.bulk_create(
        Face(photo=photo, confidence=face.confidence, traits=face.traits, **dataclasses.asdict(face.box))
        for face in found
    )


DETECT_FACES: Final = Operation(
    name="DetectFaces",
    read=read,
    save=_save,
    nothing={"FaceDetails": []},
    request=lambda _features: {"Attributes": ["ALL"]},  # costs what the fewer cost
)
