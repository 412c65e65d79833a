"""DetectModerationLabels: content warnings, labels of their own kind. A photo is veiled while one stands on it.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectModerationLabels.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings

from gallery.labelling import reading
from gallery.labelling.answer import FoundLabel, listed, surest
from gallery.models import Photo
from gallery.pipeline.detections import replace_detections
from gallery.pipeline.operation import Operation

_KIND: Final = "moderation"
_MOST_LABELS: Final = 1000


def read(raw: Mapping[str, Any]) -> tuple[FoundLabel, ...]:
    """The warnings, each once, with what each is a kind of. Raises Unusable if it isn't an answer."""
    listed(raw, "ModerationLabels")
    return surest(_warning(item) for item in reading.structures(raw["ModerationLabels"], _MOST_LABELS))


def _warning(item: Mapping[str, Any]) -> FoundLabel | None:
    name, confidence = reading.text(item.get("Name")), reading.percent(item.get("Confidence"))
    if not name or confidence is None:
        return None
    parent = reading.text(item.get("ParentName"))
    return FoundLabel(name, confidence, parents=(parent,) if parent else ())


def _save(photo: Photo, found: Sequence[FoundLabel], version: str) -> None:
    replace_detections(photo, found, version, kind=_KIND)


DETECT_MODERATION_LABELS: Final = Operation(
    name="DetectModerationLabels",
    read=read,
    save=_save,
    nothing={"ModerationLabels": []},
    request=lambda _features: {"MinConfidence": settings.MIN_CONFIDENCE},
    version="ModerationModelVersion",
    kind=_KIND,
    labels=read,
)
