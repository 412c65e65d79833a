"""Each constraint of the gallery's rows refuses what it is there for. A new one without its violation fails here."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import ApiToken, User
from gallery.models import (
    Analysis,
    Detection,
    Instance,
    Job,
    Label,
    OwnerLabel,
    Photo,
    Purge,
    Rendition,
    Upload,
)
from gallery.tests.making import NOON, make_detection, make_photo

Violation = Callable[[User, Photo], object]


def _rendition(photo: Photo, **fields: Any) -> Rendition:
    values = {
        "spec": "thumb",
        "key": "k1",
        "width": 1,
        "height": 1,
        "byte_size": 1,
        "content_type": "image/webp",
    }
    return Rendition.objects.create(photo=photo, **{**values, **fields})


def _twice(make: Callable[..., object], *arguments: Any, **fields: Any) -> None:
    make(*arguments, **fields)
    make(*arguments, **fields)


def _job(photo: Photo, **fields: Any) -> Job:
    job: Job = Job.objects.create(photo=photo, owner=photo.owner, **{"step": "labels", **fields})
    return job


def _analysis(owner: User, **fields: Any) -> Analysis:
    values = {"operation": "DetectLabels", "cost_usd": 0, **fields}
    analysis: Analysis = Analysis.objects.create(owner=owner, **values)
    return analysis


def _instance(photo: Photo, **fields: Any) -> Instance:
    values = {"left": 0.1, "top": 0.1, "width": 0.1, "height": 0.1, "confidence": 50, **fields}
    return Instance.objects.create(detection=make_detection(photo, "Cat"), **values)


def _upload(owner: User, **fields: Any) -> Upload:
    values = {"byte_size": 1, "sha256": "0" * 64, "expires_at": timezone.now(), **fields}
    upload: Upload = Upload.objects.create(owner=owner, **values)
    return upload


VIOLATIONS: dict[str, Violation] = {
    "user_email_unique_whatever_case": lambda owner, _: User.objects.create(email=owner.email.upper()),
    "api_token_scope_known": lambda owner, _: ApiToken.objects.create(user=owner, name="x", scope="all"),
    "photo_same_bytes_once_per_owner": lambda owner, photo: make_photo(owner, sha256=photo.sha256),
    "photo_has_a_size": lambda owner, _: make_photo(owner, width=0),
    "photo_has_bytes": lambda owner, _: make_photo(owner, byte_size=0),
    "photo_taken_source_known": lambda owner, _: make_photo(owner, taken_source="rumour"),
    "photo_position_on_earth": lambda owner, _: make_photo(owner, latitude=91, longitude=0),
    "photo_offset_on_earth": lambda owner, _: make_photo(owner, taken_offset=19 * 60),
    "rendition_one_per_photo_and_spec": lambda _, photo: (_rendition(photo), _rendition(photo, key="k2")),
    "rendition_has_a_size": lambda _, photo: _rendition(photo, height=0),
    "detection_label_once_per_photo": lambda _, photo: _twice(make_detection, photo, "Cat"),
    "detection_confidence_in_range": lambda _, photo: make_detection(photo, "Cat", 101),
    "instance_box_on_the_picture": lambda _, photo: _instance(photo, left=1.1),
    "instance_confidence_in_range": lambda _, photo: _instance(photo, confidence=-1),
    "owner_label_counted_once": lambda owner, _: _twice(
        OwnerLabel.objects.create, owner=owner, label=Label.objects.get_or_create(name="Cat")[0]
    ),
    "job_one_per_photo_and_step": lambda _, photo: _twice(_job, photo),
    "job_state_known": lambda _, photo: _job(photo, state="asleep", finished_at=NOON),
    "job_finished_unless_waiting": lambda _, photo: _job(photo, state="done"),
    "job_lease_has_both_parts": lambda _, photo: _job(photo, lease_until=NOON),
    "job_ends_badly_with_a_reason": lambda _, photo: _job(photo, state="failed", finished_at=NOON),
    "analysis_state_known": lambda owner, _: _analysis(owner, state="lost"),
    "analysis_answered_has_a_time": lambda owner, _: _analysis(owner, state="answered"),
    "analysis_cost_not_negative": lambda owner, _: _analysis(owner, cost_usd=-1),
    "upload_state_known": lambda owner, _: _upload(owner, key="a", state="lost"),
    "upload_idempotency_key_once": lambda owner, _: (
        _upload(owner, key="a", idempotency_key="i"),
        _upload(owner, key="b", idempotency_key="i"),
    ),
    "purge_each_object_once": lambda _owner, _: _twice(Purge.objects.create, storage="originals", key="a"),
}


def _constraints() -> set[str]:
    models: list[type[Model]] = [*apps.get_app_config("gallery").get_models(), User, ApiToken]
    return {constraint.name for model in models for constraint in model._meta.constraints}


@pytest.mark.pure
def test_every_constraint_has_its_violation() -> None:
    assert _constraints() == set(VIOLATIONS)


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_the_constraint_refuses_its_violation(name: str, alice: User) -> None:
    photo = make_photo(alice)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        VIOLATIONS[name](alice, photo)
    told = str(refused.value)
    assert name in told or "UNIQUE constraint failed" in told


def test_nobody_sees_the_rows_of_somebody_else(alice: User, bob: User) -> None:
    photo = make_photo(alice)
    make_detection(photo, "Cat")
    _job(photo)
    _analysis(alice)
    _upload(alice, key="a")
    for model in (Photo, Detection, OwnerLabel, Job, Analysis, Upload):
        assert model.objects.visible_to(alice).exists(), model
        assert not model.objects.visible_to(bob).exists(), model
