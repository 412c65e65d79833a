"""Rows for tests, valid unless said otherwise."""

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from accounts.models import User
from gallery.folding import fold
from gallery.models import Detection, Job, Label, LabelName, OwnerLabel, Photo
from gallery.pipeline import copies
from gallery.pipeline.steps import STEPS

NOON = datetime(2024, 6, 15, 12, 0, tzinfo=UTC)


def make_photo(owner: User, **fields: Any) -> Photo:
    """A photo of its own bytes; no object lies in the bucket for it."""
    pk = uuid.uuid4()
    values: dict[str, Any] = {
        "original_key": str(pk),
        "sha256": hashlib.sha256(pk.bytes).hexdigest(),
        "byte_size": 1000,
        "content_type": "image/jpeg",
        "filename": "photo.jpg",
        "width": 400,
        "height": 300,
        "taken_local": NOON,
        "caption_by_owner": bool(fields.get("caption")),
        **fields,
    }
    camera = Photo.folded_camera(values.get("camera_make", ""), values.get("camera_model", ""))
    photo: Photo = Photo.objects.create(pk=pk, owner=owner, camera_folded=camera, **values)
    copies.retold(photo)
    if photo.trashed_at is None:
        copies.counted(owner.pk, [photo], 1)
    return photo


def make_jobs(photo: Photo, **fields: Any) -> dict[str, Job]:
    """One job for each step that is not optional, ready at once; `fields` apply to each."""
    values = {"ready_at": NOON, **fields}
    steps = [step.name for step in STEPS.values() if not step.optional]
    return {step: Job.objects.create(photo=photo, owner=photo.owner, step=step, **values) for step in steps}


def make_detection(photo: Photo, name: str, confidence: float = 95, **label: Any) -> Detection:
    """A label that a machine told of a photo, counted for its owner as the pipeline does."""
    row = make_label(name, **label)
    if photo.trashed_at is None:
        OwnerLabel.objects.add(photo.owner_id, {row.pk: (1, int(confidence >= settings.SHOWN_CONFIDENCE))})
    detection: Detection = Detection.objects.create(
        photo=photo,
        label=row,
        owner=photo.owner,
        taken_local=photo.taken_local,
        trashed=photo.trashed_at is not None,
        confidence=confidence,
        certainty=confidence,
        model_version="3.0",
    )
    return detection


def make_label(name: str, kind: str = "label", **words: Any) -> Label:
    """The label of this name with all that it answers to."""
    row, _ = Label.objects.get_or_create(folded=fold(name), kind=kind, defaults={"name": name, **words})
    for folded in {row.folded, *map(fold, row.aliases)}:
        LabelName.objects.get_or_create(label=row, folded=folded)
    found: Label = row
    return found
