"""Taking photos in, against the real S3 server: all of it or nothing of it."""

import hashlib
import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.models import User
from gallery import storage
from gallery.exceptions import Refusal
from gallery.intake import receive
from gallery.intake.taken import Taken
from gallery.models import Job, Photo, Purge, Upload
from gallery.organise import photos as organise
from gallery.pipeline import purge
from gallery.pipeline.sweep import sweep

pytestmark = [pytest.mark.usefixtures("s3", "queue"), pytest.mark.django_db(transaction=True)]
PHOTOS = Path(__file__).parents[2] / "tests" / "photos"


def jpeg(seed: int = 0) -> bytes:
    """A small photograph of its own."""
    out = io.BytesIO()
    Image.new("RGB", (120, 90), (seed % 256, seed // 256 % 256, 90)).save(
        out, "JPEG", comment=str(seed).encode()
    )
    return out.getvalue()


def send(user: User, data: bytes, name: str = "photo.jpg", **more: Any) -> receive.Stored:
    return receive.store_upload(user, SimpleUploadedFile(name, data), filename=name, **more)


def refused(user: User, data: bytes, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        send(user, data, **more)
    return refusal.value


def objects() -> set[str]:
    return {found.key for found in storage.listed("originals")}


def space(user: User) -> tuple[int, int]:
    user.refresh_from_db()
    return user.used_bytes, user.reserved_bytes


def test_a_photo_is_stored_with_its_jobs_and_its_space(alice: User) -> None:
    data = (PHOTOS / "chelsea.jpg").read_bytes()
    stored = send(alice, data, "Chelsea the cat.jpg")
    photo = stored.photo
    assert not stored.duplicate
    assert (photo.width, photo.height, photo.byte_size) == (451, 300, len(data))
    assert photo.sha256 == hashlib.sha256(data).hexdigest() == storage.original_sha256(photo.original_key)
    assert sorted(photo.jobs.values_list("step", flat=True)) == ["labels", "renditions"]
    assert space(alice) == (len(data), 0)
    assert Upload.objects.get(pk=photo.pk).state == "done"


def test_bytes_after_the_end_are_kept(alice: User) -> None:
    data = jpeg() + b"a motion photo's video, for example"
    assert storage.original_sha256(send(alice, data).photo.original_key) == hashlib.sha256(data).hexdigest()


def test_the_same_bytes_are_the_same_photo(alice: User) -> None:
    first = send(alice, jpeg())
    again = send(alice, jpeg(), "another name.jpg")
    assert again.duplicate
    assert again.photo == first.photo
    assert space(alice)[0] == len(jpeg())


def test_two_people_may_have_the_same_picture(alice: User, bob: User) -> None:
    assert send(alice, jpeg()).photo != send(bob, jpeg()).photo


@pytest.mark.parametrize(("data", "code", "status"), [
    (b"", "empty", 422),
    (b"Dear diary,\ntoday", "unsupported_format", 415),
    (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported_format", 415),
    (jpeg()[:400], "truncated", 422),
], ids=["empty", "text", "svg", "half"])  # fmt: skip
def test_what_is_no_whole_photo_is_refused_and_leaves_nothing(
    alice: User, data: bytes, code: str, status: int
) -> None:
    before = objects()
    refusal = refused(alice, data)
    assert (refusal.code, refusal.status) == (code, status)
    assert refusal.sentence.endswith(".")
    assert objects() == before
    assert space(alice) == (0, 0)
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_refused(alice: User, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    assert refused(alice, jpeg()).status == 413


def test_no_room_is_said_before_a_byte_is_stored(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(jpeg()) - 1)
    before = objects()
    assert (refused(alice, jpeg()).code, objects()) == ("quota_exceeded", before)


def test_a_store_that_is_away_keeps_nothing_and_says_when_to_come_back(alice: User) -> None:
    with mock.patch.object(storage, "put_original", side_effect=storage.StorageAway("down")):
        refusal = refused(alice, jpeg())
    assert (refusal.status, refusal.retry_after) == (503, 10)
    assert space(alice) == (0, 0)
    assert Purge.objects.count() == 1, "whether the put arrived is unknown, so its key must go"
    assert send(alice, jpeg()).photo.byte_size == len(jpeg())


def test_an_idempotency_key_answers_as_the_first_time(alice: User) -> None:
    first = send(alice, jpeg(1), idempotency_key="k")
    again = send(alice, jpeg(1), idempotency_key="k")
    assert (again.photo, again.duplicate) == (first.photo, False)
    assert refused(alice, jpeg(2), idempotency_key="k").code == "idempotency_key_reused"


def test_an_idempotency_key_of_a_failed_upload_may_be_used_again(alice: User) -> None:
    with mock.patch.object(storage, "put_original", side_effect=storage.StorageAway("down")):
        refused(alice, jpeg(), idempotency_key="k")
    assert not send(alice, jpeg(), idempotency_key="k").duplicate


def test_an_upload_that_died_is_cleaned_by_the_sweep(alice: User) -> None:
    with (
        mock.patch.object(receive, "complete", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        send(alice, jpeg())
    key = Upload.objects.get().key
    assert storage.exists("originals", key)
    assert space(alice) == (0, len(jpeg()))
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sweep().uploads == 1
    purge.due()
    assert not storage.exists("originals", key)
    assert space(alice) == (0, 0)


def test_a_request_that_died_gives_its_key_to_the_one_that_repeats_it(alice: User) -> None:
    with (
        mock.patch.object(receive, "_store", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        send(alice, jpeg(), idempotency_key="k")
    assert refused(alice, jpeg(), idempotency_key="k").code == "idempotency_key_in_use"
    Upload.objects.update(created_at=timezone.now() - timedelta(seconds=21))
    assert not send(alice, jpeg(), idempotency_key="k").duplicate
    assert space(alice) == (len(jpeg()), 0)


def test_an_idempotency_key_of_a_photo_that_was_deleted_may_be_used_again(alice: User) -> None:
    organise.delete_forever(send(alice, jpeg(), idempotency_key="k").photo)
    assert not send(alice, jpeg(), idempotency_key="k").duplicate


def test_ended_uploads_are_forgotten_after_a_day(alice: User) -> None:
    send(alice, jpeg(), idempotency_key="k")
    sweep()
    assert Upload.objects.exists()
    Upload.objects.update(created_at=timezone.now() - timedelta(hours=25))
    sweep()
    assert not Upload.objects.exists()
    assert send(alice, jpeg(), idempotency_key="k").duplicate


def test_an_upload_that_was_ended_meanwhile_makes_no_photo(alice: User) -> None:
    real = storage.put_original

    def slow(key: str, *arguments: Any, **more: Any) -> None:
        real(key, *arguments, **more)
        Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        sweep()

    with mock.patch.object(storage, "put_original", slow):
        assert refused(alice, jpeg()).code == "upload_expired"
    assert not Photo.objects.exists()
    assert space(alice) == (0, 0)


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Runs `work` in threads that begin at once; their results or exceptions."""
    barrier = threading.Barrier(count)
    results: list[object] = [None] * count

    def one(number: int) -> None:
        barrier.wait()
        try:
            results[number] = work(number)
        except Refusal as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_parallel_sends_of_the_same_bytes_make_one_photo(alice: User) -> None:
    results = together(20, lambda _: send(alice, jpeg()))
    assert all(isinstance(result, receive.Stored) for result in results)
    assert Photo.objects.count() == 1
    assert space(alice) == (len(jpeg()), 0)
    purge.due()
    assert len([key for key in objects() if key == Photo.objects.get().original_key]) == 1
    assert not Purge.objects.exists()


def test_of_many_parallel_uploads_only_those_come_in_for_which_there_is_room(alice: User) -> None:
    size = max(len(jpeg(seed)) for seed in range(12))
    User.objects.filter(pk=alice.pk).update(quota_bytes=size * 2)
    results = together(12, lambda seed: send(alice, jpeg(seed)))
    stored = [result for result in results if isinstance(result, receive.Stored)]
    assert 1 <= len(stored) <= 2
    assert space(alice) == (sum(result.photo.byte_size for result in stored), 0)


def test_a_large_upload_is_read_from_where_it_lies(alice: User) -> None:
    data = jpeg() + bytes(2_000_000)
    file = TemporaryUploadedFile("big.jpg", "image/jpeg", len(data), None)
    file.write(data)
    with file:
        stored = receive.store_upload(alice, file, filename="big.jpg")
    assert stored.photo.byte_size == len(data)


def test_when_it_was_taken_can_be_said(alice: User) -> None:
    taken = Taken(datetime(2001, 2, 3, 4, 5, tzinfo=UTC), 60)
    photo = send(alice, jpeg(), taken=taken).photo
    assert (photo.taken_local, photo.taken_offset, photo.taken_source) == (taken.local, 60, "user")


def test_without_that_the_name_of_the_file_may_tell_it(alice: User) -> None:
    photo = send(alice, jpeg(), "IMG_20190704_123456.jpg").photo
    assert (photo.taken_local.isoformat(), photo.taken_source) == ("2019-07-04T12:34:56+00:00", "file")


def test_a_message_that_can_not_be_sent_does_not_matter(alice: User, settings: Any) -> None:
    with mock.patch("gallery.pipeline.queue.current_app.send_task", side_effect=OSError("no broker")):
        photo = send(alice, jpeg()).photo
    assert Job.objects.filter(photo=photo, state="waiting").count() == 2


@pytest.mark.parametrize(("sent", "kept"), [
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\me\\Bild.jpg", "Bild.jpg"),
    ("a\r\nb\x00.jpg", "ab.jpg"),
    ("gpj.\u202egnp", "gpj.gnp"),
    ("", "photo"),
    ("...", "photo"),
    ("x" * 300 + ".jpeg", "x" * 250 + ".jpeg"),
])  # fmt: skip
def test_a_file_name_is_made_harmless(sent: str, kept: str) -> None:
    assert receive.clean_filename(sent) == kept


@given(st.text(max_size=600))
def test_any_file_name_can_be_kept(name: str) -> None:
    clean = receive.clean_filename(name)
    assert 0 < len(clean) <= 255
    assert clean.isprintable()
    assert "/" not in clean
    assert receive.clean_filename(clean) == clean
