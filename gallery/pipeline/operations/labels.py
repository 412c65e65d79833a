"""DetectLabels: what is on a photo, and on request the picture's quality and colours."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings

from gallery.labelling import answer
from gallery.labelling.answer import Answer, FoundLabel, Properties
from gallery.models import Appearance, Photo
from gallery.pipeline.detections import replace_detections
from gallery.pipeline.operation import Operation

PROPERTIES: Final = "IMAGE_PROPERTIES"
_KIND: Final = "label"
_COLOURS: Final = 8


def _request(features: Sequence[str]) -> Mapping[str, Any]:
    asked: dict[str, Any] = {"MinConfidence": settings.MIN_CONFIDENCE}
    if PROPERTIES in features:
        asked["Features"] = ["GENERAL_LABELS", PROPERTIES]
        asked["Settings"] = {"ImageProperties": {"MaxDominantColors": _COLOURS}}
    return asked


def _labels(raw: Mapping[str, Any]) -> tuple[FoundLabel, ...]:
    return answer.read(raw).labels


def _save(photo: Photo, found: Answer, version: str) -> None:
    replace_detections(photo, found.labels, version, kind=_KIND)
    if found.properties:
        Appearance.objects.update_or_create(photo=photo, defaults=_appearance(found.properties))


def _appearance(told: Properties) -> dict[str, Any]:
    return {**dataclasses.asdict(told), "colours": [dataclasses.asdict(colour) for colour in told.colours]}


DETECT_LABELS: Final = Operation(
    name="DetectLabels",
    read=answer.read,
    save=_save,
    nothing={"Labels": []},
    request=_request,
    version="LabelModelVersion",
    kind=_KIND,
    labels=_labels,
)
