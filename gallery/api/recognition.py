"""/api/v1/photos/{id}/recognition/: what the optional operations told of a photo."""

from typing import Any, cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.schemas import InstanceOut, LabelKind, place_out
from gallery.models import Appearance, Photo
from gallery.organise.on_photo import labels_on

router = Router(tags=["labels"])


class FaceOut(InstanceOut):
    """`traits`: what was told, such as {"age": [20, 28], "emotions": [["HAPPY", 98.1]], "eyes_open": [true, 99]}."""

    traits: dict[str, Any]


class LineOut(InstanceOut):
    text: str


class AppearanceOut(Schema):
    """0 to 100 each, or null; `colours`: [{"hex": "#aabbcc", "name": "blue", "percent": 12.5}], most frequent first."""

    brightness: float | None
    sharpness: float | None
    contrast: float | None
    colours: list[dict[str, Any]]


class KnownOut(Schema):
    """A celebrity or a content warning that stands on the photo; `links`: pages about a celebrity."""

    name: str
    kind: LabelKind
    confidence: float
    links: list[str]


class RecognitionOut(Schema):
    """Empty where nothing was found, and where it was not asked for."""

    faces: list[FaceOut]
    lines: list[LineOut]
    known: list[KnownOut]
    appearance: AppearanceOut | None = Field(description="null where it was not asked for")


@router.get("/{uuid:photo_id}/recognition/", response={200: RecognitionOut, 404: Problem})
def read_recognition(request: UserRequest, photo_id: UUID) -> RecognitionOut:
    """What was recognised besides labels: faces, lines of text, celebrities, content warnings, colours and quality.
    Boxes are ratios of the upright picture's sides."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user).with_labels(), pk=photo_id)
    turns = photo.shown_turns
    appearance = Appearance.objects.filter(photo=photo).first()
    return RecognitionOut(
        faces=[FaceOut(traits=face.traits, **place_out(face, turns)) for face in photo.faces.order_by("pk")],
        lines=[LineOut(text=line.text, **place_out(line, turns)) for line in photo.lines.order_by("pk")],
        known=[
            KnownOut(
                name=found.label.name,
                kind=cast("LabelKind", found.label.kind),
                confidence=found.confidence,
                links=found.label.links,
            )
            for found in labels_on(photo)
            if found.label.kind != "label"
        ],
        appearance=AppearanceOut.from_orm(appearance) if appearance else None,
    )
