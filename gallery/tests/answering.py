"""A service that answers every operation, and photos that are asked about. No network."""

from typing import Any
from unittest import mock

from django.utils import timezone

from accounts.models import User
from gallery.labelling import errors, rate
from gallery.models import Photo
from gallery.pipeline import jobs, options, run
from gallery.pipeline.operations.labels import PROPERTIES
from gallery.pipeline.steps import STEPS
from gallery.tests.collection import make_finished

FREE = mock.create_autospec(rate.Slot, instance=True)  # a moment that is now
BOX = {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4}
ANSWERS: dict[str, dict[str, Any]] = {
    "DetectLabels": {
        "Labels": [{"Name": "Cat", "Confidence": 98.0}],
        "LabelModelVersion": "3.0",
    },
    "DetectFaces": {
        "FaceDetails": [
            {
                "BoundingBox": BOX,
                "Confidence": 99.5,
                "AgeRange": {"Low": 20, "High": 28},
                "Emotions": [{"Type": "CALM", "Confidence": 2.0}, {"Type": "HAPPY", "Confidence": 97.0}],
                "EyesOpen": {"Value": False, "Confidence": 91.0},
                "Smile": {"Value": True, "Confidence": 95.0},
                "Gender": {"Value": "Female", "Confidence": 99.0},
            }
        ]
    },
    "RecognizeCelebrities": {
        "CelebrityFaces": [
            {
                "Name": "Ada Lovelace",
                "MatchConfidence": 96.0,
                "Urls": ["www.wikidata.org/wiki/Q7259"],
                "Face": {"BoundingBox": BOX, "Confidence": 99.9},
            }
        ]
    },
    "DetectModerationLabels": {
        "ModerationLabels": [
            {"Name": "Weapons", "Confidence": 90.0, "ParentName": "Violence", "TaxonomyLevel": 2},
            {"Name": "Violence", "Confidence": 90.0, "ParentName": "", "TaxonomyLevel": 1},
        ],
        "ModerationModelVersion": "7.0",
    },
    "DetectText": {
        "TextDetections": [
            {
                "DetectedText": "INVOICE 42",
                "Type": "LINE",
                "Confidence": 99.0,
                "Geometry": {"BoundingBox": BOX},
            },
            {"DetectedText": "INVOICE", "Type": "WORD", "Confidence": 99.0, "Geometry": {"BoundingBox": BOX}},
        ],
        "TextModelVersion": "3.0",
    },
}
COLOURS = {
    "ImageProperties": {
        "Quality": {"Brightness": 71.5, "Sharpness": 88.0, "Contrast": 60.0},
        "DominantColors": [{"HexCode": "#AABBCC", "SimplifiedColor": "grey", "PixelPercent": 40.5}],
    }
}


class Service:
    """Answers every operation, but those in `refuses`, with `says`; keeps what it was asked."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = {**ANSWERS}
        self.refuses: set[str] = set()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, operation: str, _jpeg: bytes, **members: Any) -> dict[str, Any]:
        self.asked.append((operation, members))
        if operation in self.refuses:
            raise errors.Denied("No.", "AccessDeniedException")
        told: dict[str, Any] = self.says[operation]
        return {**told, **(COLOURS if PROPERTIES in members.get("Features", ()) else {})}

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]


def new(owner: User) -> Photo:
    """A photo whose pictures are made and that is still to be asked about."""
    photo = make_finished(owner)
    photo.jobs.all().delete()
    jobs.add(photo)
    now = timezone.now()
    photo.jobs.filter(step="renditions").update(state="done", finished_at=now)
    photo.jobs.exclude(step="renditions").update(ready_at=now)
    return photo


def work() -> None:
    for step, found in STEPS.items():
        while found.asks and run.one(step):
            pass


def asked_about(owner: User, *names: str) -> Photo:
    options.switch(owner, names)
    photo = new(owner)
    work()
    return photo
