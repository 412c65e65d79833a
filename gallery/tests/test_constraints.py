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
    Album,
    AlbumEntry,
    Analysis,
    Apart,
    Change,
    Detection,
    Extra,
    Face,
    Import,
    Instance,
    Job,
    Label,
    LabelName,
    LooseEnd,
    OwnerLabel,
    OwnerMonth,
    Photo,
    PhotoText,
    Purge,
    Rendition,
    Run,
    RunEntry,
    SavedSearch,
    Share,
    Spending,
    TextLine,
    Upload,
    Verdict,
)
from gallery.tests.making import NOON, make_detection, make_label, make_photo

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
    return Instance.objects.create(detection=make_detection(photo, "Cat"), **{**BOX, **fields})


def _upload(owner: User, **fields: Any) -> Upload:
    values = {"byte_size": 1, "sha256": "0" * 64, "expires_at": timezone.now(), **fields}
    upload: Upload = Upload.objects.create(owner=owner, **values)
    return upload


BOX: dict[str, Any] = {"left": 0.1, "top": 0.1, "width": 0.1, "height": 0.1, "confidence": 50}


def _face(photo: Photo, **fields: Any) -> Face:
    return Face.objects.create(photo=photo, **{**BOX, **fields})


def _line(photo: Photo, **fields: Any) -> TextLine:
    return TextLine.objects.create(photo=photo, text="EXIT", **{**BOX, **fields})


def _album(owner: User, **fields: Any) -> Album:
    album: Album = Album.objects.create(owner=owner, **{"title": "Trip", "folded": "trip", **fields})
    return album


def _run(owner: User, **fields: Any) -> Run:
    run: Run = Run.objects.create(owner=owner, **{"step": "labels", "asked_for": "all", **fields})
    return run


def _apart(photo: Photo, other: Photo) -> Apart:
    one, two = sorted((photo, other), key=lambda row: row.pk)
    apart: Apart = Apart.objects.create(photo=one, other=two)
    return apart


def _verdict(photo: Photo, **fields: Any) -> Verdict:
    values = {"label": make_label("Cat"), "state": "confirmed", **fields}
    verdict: Verdict = Verdict.objects.create(photo=photo, owner=photo.owner, **values)
    return verdict


def _import(owner: User, **fields: Any) -> Import:
    made: Import = Import.objects.create(
        owner=owner, **{"key": "k", "filename": "a.zip", "byte_size": 1, **fields}
    )
    return made


VIOLATIONS: dict[str, Violation] = {
    "user_email_unique_whatever_case": lambda owner, _: User.objects.create(email=owner.email.upper()),
    "api_token_scope_known": lambda owner, _: ApiToken.objects.create(user=owner, name="x", scope="all"),
    "photo_same_bytes_once_per_owner": lambda owner, photo: make_photo(owner, sha256=photo.sha256),
    "photo_has_a_size": lambda owner, _: make_photo(owner, width=0),
    "photo_sha1_is_whole": lambda owner, _: make_photo(owner, sha1=b"half of it"),
    "photo_has_bytes": lambda owner, _: make_photo(owner, byte_size=0),
    "photo_turned_in_quarters": lambda owner, _: make_photo(owner, quarter_turns=4),
    "rendition_turned_in_quarters": lambda _, photo: _rendition(photo, quarter_turns=4),
    "analysis_turned_in_quarters": lambda owner, _: _analysis(owner, quarter_turns=4),
    "photo_taken_source_known": lambda owner, _: make_photo(owner, taken_source="rumour"),
    "photo_kind_known": lambda owner, _: make_photo(owner, kind="hologram"),
    "photo_stars_to_five": lambda owner, _: make_photo(owner, rating=6),
    "photo_position_on_earth": lambda owner, _: make_photo(owner, latitude=91, longitude=0),
    "photo_phash_of_63_bits": lambda owner, _: make_photo(owner, phash=-1),
    "apart_said_once": lambda owner, photo: _twice(_apart, photo, make_photo(owner)),
    "apart_in_order_of_keys": lambda owner, photo: _apart(photo, photo),
    "photo_offset_on_earth": lambda owner, _: make_photo(owner, taken_offset=19 * 60),
    "rendition_one_per_photo_and_spec": lambda _, photo: (_rendition(photo), _rendition(photo, key="k2")),
    "rendition_has_a_size": lambda _, photo: _rendition(photo, height=0),
    "detection_label_once_per_photo": lambda _, photo: _twice(make_detection, photo, "Cat"),
    "detection_confidence_in_range": lambda _, photo: make_detection(photo, "Cat", 101),
    "instance_box_on_the_picture": lambda _, photo: _instance(photo, left=1.1),
    "instance_confidence_in_range": lambda _, photo: _instance(photo, confidence=-1),
    "detection_certainty_in_range": lambda _, photo: Detection.objects.filter(
        pk=make_detection(photo, "Cat").pk
    ).update(certainty=102),
    "label_name_once_per_kind": lambda _owner, _: Label.objects.bulk_create(
        [Label.of("Cat"), Label.of("CÂT")]
    ),
    "label_has_a_name": lambda _owner, _: Label.of("").save(),
    "label_kind_known": lambda _owner, _: Label.of("Cat", "rumour").save(),
    "label_name_listed_once": lambda _owner, _: LabelName.objects.create(
        label=make_label("Cat"), folded="cat"
    ),
    "owner_label_counted_once": lambda owner, _: _twice(
        OwnerLabel.objects.create, owner=owner, label=make_label("Cat")
    ),
    "owner_month_counted_once": lambda owner, _: OwnerMonth.objects.create(owner=owner, month="2024-06"),
    "verdict_one_per_photo_and_label": lambda _, photo: _twice(_verdict, photo),
    "verdict_state_known": lambda _, photo: _verdict(photo, state="perhaps"),
    "album_has_a_title": lambda owner, _: _album(owner, title=""),
    "album_order_known": lambda owner, _: _album(owner, order="by size"),
    "album_holds_a_photo_once": lambda owner, photo: _twice(
        AlbumEntry.objects.create, album=_album(owner), photo=photo
    ),
    "share_of_one_thing": lambda owner, photo: Share.objects.create(
        owner=owner, photo=photo, album=_album(owner), token_hash="0" * 64
    ),
    "saved_search_named_once": lambda owner, _: _twice(
        SavedSearch.objects.create, owner=owner, name="Dogs", query="dog"
    ),
    "extra_on_once": lambda owner, _: _twice(Extra.objects.create, owner=owner, name="faces"),
    "face_on_the_picture": lambda _, photo: _face(photo, top=-0.1),
    "face_confidence_in_range": lambda _, photo: _face(photo, confidence=101),
    "text_line_on_the_picture": lambda _, photo: _line(photo, width=1.1),
    "text_line_confidence_in_range": lambda _, photo: _line(photo, confidence=-1),
    "import_finished_unless_waiting": lambda owner, _: _import(owner, state="done"),
    "import_lease_has_both_parts": lambda owner, _: _import(owner, lease_until=NOON),
    "import_ends_badly_with_a_reason": lambda owner, _: _import(
        owner, state="failed", finished_at=NOON, reserved=False
    ),
    "loose_end_tells_or_is_told_of": lambda owner, _: LooseEnd.objects.create(
        source=_import(owner), owner=owner, kind="untold", export="", folder="", name=""
    ),
    "run_state_known": lambda owner, _: _run(owner, state="asleep", finished_at=NOON),
    "run_finished_unless_under_way": lambda owner, _: _run(owner, state="done"),
    "run_entry_finished_with_an_outcome": lambda owner, photo: RunEntry.objects.create(
        run=_run(owner), photo=photo, outcome="done"
    ),
    "run_takes_a_photo_once": lambda owner, photo: _twice(
        RunEntry.objects.create, run=_run(owner), photo=photo
    ),
    "spending_summed_once": lambda _owner, _: _twice(Spending.objects.create, scope="", month="2024-06"),
    "spending_not_negative": lambda _owner, _: Spending.objects.create(month="2024-06", micro_usd=-1),
    "user_scheme_known": lambda owner, _: User.objects.filter(pk=owner.pk).update(scheme="pink"),
    "user_budget_not_negative": lambda owner, _: User.objects.filter(pk=owner.pk).update(budget_usd=-1),
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
    "upload_direct_once": lambda owner, _: (
        _upload(owner, key="a", direct=True),
        _upload(owner, key="b", direct=True),
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
    _verdict(photo)
    _album(alice)
    _run(alice)
    Change.objects.create(owner=alice, action="trash", before={})
    Extra.objects.create(owner=alice, name="faces")
    SavedSearch.objects.create(owner=alice, name="Dogs", query="dog")
    owned = (Photo, Detection, OwnerLabel, OwnerMonth, PhotoText, Job, Analysis, Upload, Verdict, Album)
    for model in (*owned, Run, Change, Extra, SavedSearch):
        assert model.objects.visible_to(alice).exists(), model
        assert not model.objects.visible_to(bob).exists(), model
