"""`verify` finds each kind of fault that is planted, and mends what can be mended."""

import hashlib
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from gallery import storage
from gallery.models import Job, OwnerLabel, Photo, Purge, Rendition, Upload
from gallery.pipeline import purge, reconcile
from gallery.tests.making import make_detection, make_jobs, make_photo

pytestmark = [pytest.mark.usefixtures("s3", "queue"), pytest.mark.django_db(transaction=True)]
LONG_AGO = timezone.now() - timedelta(hours=1)


@pytest.fixture(autouse=True)
def _empty_bucket() -> None:
    for alias in ("originals", "renditions"):
        for found in list(storage.listed(alias)):
            storage.delete(alias, found.key)
    for opened in list(storage.opened_parts()):
        storage.abort_parts(opened.key, opened.multipart)


@pytest.fixture
def photo(alice: User, tmp_path: Path) -> Photo:
    """A photo as it should be: its original and a rendition in the bucket, its steps done, its space counted."""
    photo = make_photo(alice, byte_size=4, sha256=sha256(b"full"), uploaded_at=LONG_AGO)
    put(photo.original_key, b"full")
    (tmp_path / "thumb").write_bytes(b"thumb")
    key = f"{photo.pk}/thumb-320-q75.webp"
    storage.put_rendition(key, tmp_path / "thumb", content_type="image/webp")
    Rendition.objects.create(
        photo=photo, spec="thumb", key=key, content_type="image/webp", width=3, height=2, byte_size=5
    )
    make_jobs(photo, state="done", finished_at=LONG_AGO)
    make_detection(photo, "Cat")
    User.objects.filter(pk=alice.pk).update(used_bytes=4)
    return photo


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(key: str, data: bytes) -> None:
    storage.put_original(
        key, io.BytesIO(data), size=len(data), sha256=sha256(data), content_type="image/jpeg"
    )


def found(**options: Any) -> list[tuple[str, str]]:
    later = timezone.now() + reconcile.GRACE + timedelta(seconds=5)
    with mock.patch("gallery.pipeline.reconcile.timezone.now", return_value=later):
        return [(finding.invariant, finding.sentence) for finding in reconcile.findings(**options)]


def repair() -> None:
    later = timezone.now() + reconcile.GRACE + timedelta(seconds=5)
    with mock.patch("gallery.pipeline.reconcile.timezone.now", return_value=later):
        call_command("verify", "--repair", stdout=io.StringIO())


def test_nothing_is_off(photo: Photo) -> None:
    assert found(read_bytes=True) == []
    out = io.StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue() == "clean\n"


def _lose_original(photo: Photo) -> None:
    storage.delete("originals", photo.original_key)


def _swap_original(photo: Photo) -> None:
    storage.delete("originals", photo.original_key)
    put(photo.original_key, b"a longer one")


def _forge_original(photo: Photo) -> None:
    storage.delete("originals", photo.original_key)
    put(photo.original_key, b"forg")


def _forget_jobs(photo: Photo) -> None:
    Job.objects.all().delete()


def _silence_job(photo: Photo) -> None:
    Job.objects.filter(step="labels").update(state="waiting", finished_at=None, ready_at=LONG_AGO)


def _orphan(photo: Photo) -> None:
    put(str(uuid.uuid4()), b"nobody's")


def _lose_rendition(photo: Photo) -> None:
    storage.delete("renditions", photo.renditions.get().key)


def _miscount_space(photo: Photo) -> None:
    User.objects.update(used_bytes=5)


def _leak_reservation(photo: Photo) -> None:
    User.objects.update(reserved_bytes=7)


def _miscount_labels(photo: Photo) -> None:
    OwnerLabel.objects.update(photos=3)


@pytest.mark.parametrize(("plant", "invariant", "mendable"), [
    (_lose_original, "I1", False),
    (_swap_original, "I1", False),
    (_forge_original, "I1", False),
    (_forget_jobs, "I2", True),
    (_orphan, "I4", True),
    (_lose_rendition, "I4", True),
    (_miscount_space, "I5", True),
    (_leak_reservation, "I5", True),
    (_miscount_labels, "I6", True),
])  # fmt: skip
def test_each_fault_is_found_and_mended_if_it_can_be(
    photo: Photo, plant: Callable[[Photo], None], invariant: str, mendable: bool
) -> None:
    plant(photo)
    assert [number for number, _ in found(read_bytes=True)] == [invariant]
    if mendable:
        repair()
        purge.due()
        Job.objects.update(ready_at=timezone.now() + timedelta(days=1))
        assert found() == []


def test_a_silent_job_is_found_and_a_word_is_sent(photo: Photo) -> None:
    _silence_job(photo)
    assert [number for number, _ in found()] == ["I2"]
    with mock.patch("gallery.pipeline.queue._send") as send:
        repair()
    assert send.called


def test_a_job_that_says_why_it_waits_is_no_fault(photo: Photo) -> None:
    _silence_job(photo)
    Job.objects.filter(step="labels").update(reason="Rekognition is busy.")
    assert found() == []


def test_what_is_on_its_way_in_or_out_is_no_fault(photo: Photo, alice: User) -> None:
    put("incoming", b"in")
    Upload.objects.create(owner=alice, key="incoming", byte_size=2, sha256="0", expires_at=timezone.now())
    User.objects.filter(pk=alice.pk).update(reserved_bytes=2)
    put("outgoing", b"out")
    Purge.objects.create(storage="originals", key="outgoing")
    assert found() == []


def test_young_rows_and_objects_are_in_progress(photo: Photo) -> None:
    _orphan(photo)
    Photo.objects.update(uploaded_at=timezone.now())
    _lose_rendition(photo)
    assert list(reconcile.findings()) == []


def test_what_is_off_is_the_exit_status(photo: Photo) -> None:
    _swap_original(photo)
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify", stdout=out)
    assert left.value.code == 1
    assert "4 were uploaded" in out.getvalue()


def test_a_bucket_that_can_not_be_asked_is_another(photo: Photo) -> None:
    with (
        mock.patch.object(storage, "listed", side_effect=storage.StorageAway("down")),
        pytest.raises(SystemExit) as left,
    ):
        call_command("verify", stderr=io.StringIO())
    assert left.value.code == 2
