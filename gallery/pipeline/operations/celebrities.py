"""RecognizeCelebrities: names of well-known people, as labels of their own kind with the links Rekognition gives.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_RecognizeCelebrities.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gallery.labelling import reading
from gallery.labelling.answer import FoundInstance, FoundLabel, listed, surest
from gallery.models import Photo
from gallery.pipeline.detections import replace_detections
from gallery.pipeline.operation import Operation

_KIND: Final = "celebrity"
_MOST_FACES: Final = 64  # the most RecognizeCelebrities tells
_MOST_LINKS: Final = 10
_LONGEST_LINK: Final = 500


def read(raw: Mapping[str, Any]) -> tuple[FoundLabel, ...]:
    """Who was recognised, each once. Raises Unusable if it isn't an answer."""
    listed(raw, "CelebrityFaces")
    return surest(_celebrity(item) for item in reading.structures(raw["CelebrityFaces"], _MOST_FACES))


def _celebrity(item: Mapping[str, Any]) -> FoundLabel | None:
    name, confidence = reading.text(item.get("Name")), reading.percent(item.get("MatchConfidence"))
    if not name or confidence is None:
        return None
    place = reading.box(reading.members(item.get("Face")).get("BoundingBox"))
    return FoundLabel(
        name,
        confidence,
        instances=(FoundInstance(place, confidence),) if place else (),
        links=_links(item.get("Urls")),
    )


def _links(told: Any) -> tuple[str, ...]:
    found = (
        (reading.text(link, _LONGEST_LINK) for link in told[:_MOST_LINKS]) if isinstance(told, list) else ()
    )
    return tuple(
        link for link in found if link and (":" not in link or link.startswith(("https://", "http://")))
    )


def _save(photo: Photo, found: Sequence[FoundLabel], version: str) -> None:
    replace_detections(photo, found, version, kind=_KIND)


RECOGNIZE_CELEBRITIES: Final = Operation(
    name="RecognizeCelebrities",
    read=read,
    save=_save,
    nothing={"CelebrityFaces": []},
    kind=_KIND,
    labels=read,
)
