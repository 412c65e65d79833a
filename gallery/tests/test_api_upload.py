"""Uploading through the API, against the real S3 server: 201, 200, or a problem that says what to do."""

import hashlib
import io
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery import storage
from gallery.models import Job, Photo, Upload
from gallery.tests.asking import PHOTOS, address, program, read, told
from tests.ports import free_port

pytestmark = pytest.mark.usefixtures("s3", "plain_pages")
CHELSEA = Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg"


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


def picture(seed: int = 0) -> bytes:
    """A small photograph of its own."""
    out = io.BytesIO()
    Image.new("RGB", (120, 90), (seed, 90, 90)).save(out, "JPEG", comment=b"%d" % seed)
    return out.getvalue()


def send(client: Client, data: bytes, name: str = "photo.jpg", key: str = "", **fields: str) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"file": SimpleUploadedFile(name, data, "text/html"), **fields}
    return client.post(PHOTOS, body, headers=headers)


def objects() -> set[str]:
    return {found.key for found in storage.listed("originals")}


def assert_nothing_was_kept(client: Client, before: set[str]) -> None:
    assert objects() == before
    assert not Photo.objects.exists()
    assert not Job.objects.exists()
    assert list(User.objects.values_list("used_bytes", "reserved_bytes").distinct()) == [(0, 0)]
    assert read(client, "/api/v1/account/")["photos"] == 0


def test_a_photo_is_taken_in(mine: Client) -> None:
    data = CHELSEA.read_bytes()
    response = send(mine, data, "Chelsea the cat.jpg")
    assert response.status_code == 201
    photo = response.json()
    assert photo.pop("duplicate") is False
    assert photo == read(mine, f"{PHOTOS}{photo['id']}/")
    assert photo["sha256"] == hashlib.sha256(data).hexdigest()
    assert (photo["bytes"], photo["width"], photo["height"]) == (len(data), 451, 300)
    assert (photo["filename"], photo["content_type"]) == ("Chelsea the cat.jpg", "image/jpeg")
    assert (photo["taken_at_source"], photo["processing"]["state"]) == ("upload", "pending")
    assert storage.original_sha256(Photo.objects.get().original_key) == photo["sha256"]
    assert read(mine, "/api/v1/account/")["used_bytes"] == len(data)


def test_the_sender_may_say_when_it_was_taken(mine: Client) -> None:
    photo = send(mine, picture(), taken_at="2019-07-04T12:34:56+10:00").json()
    assert photo["taken_at"] == "2019-07-04T12:34:56+10:00"
    assert (photo["taken_offset"], photo["taken_at_source"]) == (600, "user")


@pytest.mark.parametrize("taken_at", ["yesterday", "0001-01-01T00:00:00", "2019-07-04T12:34:56+10:00:01"])
def test_an_absurd_time_is_refused_before_anything_is_kept(mine: Client, taken_at: str) -> None:
    before = objects()
    told(send(mine, picture(), taken_at=taken_at), 422, "invalid")
    assert_nothing_was_kept(mine, before)


def test_the_same_bytes_are_the_same_photo(mine: Client) -> None:
    first = send(mine, picture())
    again = send(mine, picture(), "another name.jpg")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"duplicate": True}
    assert Photo.objects.count() == 1


def test_somebody_elses_bytes_are_no_duplicate(mine: Client, bob: User) -> None:
    first = send(mine, picture()).json()
    response = send(program(bob), picture())
    assert (response.status_code, response.json()["duplicate"]) == (201, False)
    assert response.json()["id"] != first["id"]


def test_a_repeated_key_answers_as_the_first_time(mine: Client) -> None:
    first = send(mine, picture(), key="once")
    again = send(mine, picture(), key="once")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Photo.objects.count() == 1


def test_a_key_belongs_to_its_bytes(mine: Client) -> None:
    send(mine, picture(1), key="once")
    told(send(mine, picture(2), key="once"), 422, "idempotency_key_reused")
    assert Photo.objects.count() == 1


def test_a_key_belongs_to_its_sender(mine: Client, bob: User) -> None:
    first = send(mine, picture(), key="once").json()
    assert send(program(bob), picture(), key="once").json()["id"] != first["id"]


def test_a_key_that_is_still_being_answered_says_when_to_ask_again(mine: Client, alice: User) -> None:
    now = timezone.now()
    sha256 = hashlib.sha256(picture()).hexdigest()
    Upload.objects.create(
        owner=alice, key="under way", byte_size=1, sha256=sha256, idempotency_key="once",
        expires_at=now + timedelta(minutes=15),
    )  # fmt: skip
    response = send(mine, picture(), key="once")
    told(response, 409, "idempotency_key_in_use")
    assert int(response.headers["Retry-After"]) > 0
    assert not Photo.objects.exists()


@pytest.mark.parametrize("key", ["x" * 201, "é", "x" * 10_000], ids=["long", "accent", "endless"])
def test_a_key_that_is_none_is_refused(mine: Client, key: str) -> None:
    before = objects()
    told(send(mine, picture(), key=key), 422, "invalid")
    assert_nothing_was_kept(mine, before)


@pytest.mark.parametrize(("data", "status", "code"), [
    (b"", 422, "empty"),
    (b"Dear diary,\ntoday", 415, "unsupported_format"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_format"),
    (picture()[:300], 422, "truncated"),
], ids=["empty", "text", "svg", "half"])  # fmt: skip
def test_what_is_no_whole_photo_is_refused(mine: Client, data: bytes, status: int, code: str) -> None:
    before = objects()
    told(send(mine, data), status, code)
    assert_nothing_was_kept(mine, before)


def test_a_file_over_the_limit_is_refused(mine: Client, settings: Any) -> None:
    before = objects()
    settings.MAX_UPLOAD_BYTES = len(picture()) - 1
    told(send(mine, picture()), 413, "too_large")
    assert_nothing_was_kept(mine, before)
    settings.MAX_UPLOAD_BYTES = len(picture())
    assert send(mine, picture()).status_code == 201


def test_without_room_nothing_is_taken(mine: Client, alice: User) -> None:
    before = objects()
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(picture()) - 1)
    told(send(mine, picture()), 507, "quota_exceeded")
    assert_nothing_was_kept(mine, before)
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(picture()))
    assert send(mine, picture()).status_code == 201


@pytest.fixture
def bucket_away(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    nobody = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{free_port()}",
        region_name="us-west-2",
        config=settings.S3_CONFIG,
    )
    monkeypatch.setattr(storage, "_shared_client", lambda: nobody)


def test_a_bucket_that_is_away_says_when_to_come_back(
    mine: Client, bucket_away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = send(mine, picture(), key="again")
    told(response, 503, "storage_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    monkeypatch.undo()
    assert_nothing_was_kept(mine, objects())
    assert send(mine, picture(), key="again").status_code == 201


@pytest.mark.usefixtures("bucket_away")
def test_looking_goes_on_without_the_bucket(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    photo = send(mine, picture()).json()
    monkeypatch.setattr(storage, "_shared_client", lambda: pytest.fail("the bucket was asked"))
    assert read(mine)["results"][0]["id"] == photo["id"]
    assert mine.get(address(Photo.objects.get(), "original/")).status_code == 302


@pytest.mark.parametrize(
    "body", [{}, {"file": "no file but text"}, {"photo": "x"}], ids=["none", "text", "other"]
)
def test_a_form_without_a_file_is_told_so(mine: Client, body: dict[str, str]) -> None:
    problem = told(mine.post(PHOTOS, body), 422, "invalid")
    assert problem["errors"][0]["loc"] == ["file", "file"]


@pytest.mark.parametrize("content_type", [
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/json",
    "text/plain", "multipart/form-data; boundary=" + "x" * 10_000,
], ids=range(6))  # fmt: skip
def test_a_body_that_is_no_form_is_refused(mine: Client, content_type: str) -> None:
    response = mine.post(PHOTOS, b"garbage", content_type=content_type)
    assert response.status_code in (400, 422)
    assert response.json()["code"] in ("unreadable", "invalid")


@pytest.mark.parametrize(
    "name", ["../../x.jpg", "a\x00b.jpg", "x" * 300 + ".jpg", "日本.jpg", "..", "C:\\x.jpg"], ids=range(6)
)
def test_no_file_name_becomes_a_key(mine: Client, name: str) -> None:
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + picture() + b"\r\n--edge--\r\n"
    response = mine.post(PHOTOS, body, content_type="multipart/form-data; boundary=edge")
    assert response.status_code == (422 if name == ".." else 201)
    for photo in Photo.objects.all():
        assert str(uuid.UUID(photo.original_key)) == photo.original_key
        assert photo.filename.endswith(".jpg")
