"""Photos that the Immich CLI sends, against the real S3 server; and by which SHA-1 it finds what came otherwise."""

import hashlib
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from gallery.imaging.tests.pictures import corners, exif, saved
from gallery.intake import receive
from gallery.models import Photo
from gallery.organise import photos as organise
from gallery.pipeline import run
from gallery.tests.asking import PHOTOS, program, read
from gallery.tests.sending import begun, complete, objects, put
from gallery.tests.test_immich import check, immich_cli, post, refused, sha1

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]
CHELSEA: Final = (Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg").read_bytes()
HEX: Final = sha1(CHELSEA).hex()


@pytest.fixture
def cli(alice: User) -> Client:
    return immich_cli(alice)


def send(client: Client, data: bytes = CHELSEA, name: str = "IMG 1.JPG", **more: Any) -> Any:
    """As the client sends it: it says of no file what it is."""
    fields = {
        "fileCreatedAt": "2019-06-08T13:20:00.000Z",
        "fileModifiedAt": "2019-06-08T13:20:00.000Z",
        "fileSize": str(len(data)),
        "isFavorite": "false",
    }
    file = SimpleUploadedFile(name, data, "application/octet-stream")
    return client.post("/api/assets", {**fields, "assetData": file, **more})


def test_a_photo_arrives_once_and_is_found_by_its_sha1(cli: Client, alice: User) -> None:
    assert check(cli, a=HEX) == {"a": {"action": "accept"}}
    created, again = send(cli), send(cli, name="twin.jpg")
    assert (created.status_code, created.json()["status"]) == (201, "created")
    assert (again.status_code, again.json()) == (200, {**created.json(), "status": "duplicate"})
    assert check(cli, a=HEX)["a"]["assetId"] == created.json()["id"]
    photo = read(program(alice), PHOTOS)["results"][0]
    assert (photo["id"], photo["filename"], photo["bytes"]) == (
        created.json()["id"],
        "IMG 1.JPG",
        len(CHELSEA),
    )
    assert photo["sha256"] == hashlib.sha256(CHELSEA).hexdigest()
    assert (photo["taken_at"], photo["taken_at_source"]) == ("2019-06-08T13:20:00+00:00", "file")


@pytest.mark.parametrize(("name", "told", "taken", "source"), [
    ("IMG_20200102_030405.jpg", "2019-06-08T13:20:00Z", "2020-01-02T03:04:05", "file"),
    ("a.jpg", "2019-06-08T15:20:00+02:00", "2019-06-08T13:20:00", "file"),
    ("a.jpg", "2019-06-08T13:20:00", "2019-06-08T13:20:00", "file"),
    ("a.jpg", "1601-01-01T00:00:00Z", "20", "upload"),
    ("a.jpg", "9999-12-31T23:59:59-14:00", "20", "upload"),
    ("a.jpg", "0001-01-01T00:00:00+14:00", "20", "upload"),
])  # fmt: skip
def test_the_files_own_time_is_taken_where_nothing_better_is_told(
    cli: Client, alice: User, name: str, told: str, taken: str, source: str
) -> None:
    assert send(cli, name=name, fileCreatedAt=told).status_code == 201
    photo = read(program(alice), PHOTOS)["results"][0]
    assert photo["taken_at"].startswith(taken)
    assert photo["taken_at_source"] == source


def test_what_the_camera_says_comes_before_the_files_own_time(cli: Client) -> None:
    send(cli, saved(corners(), "JPEG", exif=exif(photo={0x9003: "2021:05:06 07:08:09"})))
    assert run.one("renditions")
    photo = Photo.objects.get()
    assert (photo.taken_source, f"{photo.taken_local:%F %T}") == ("exif", "2021-05-06 07:08:09")


def test_a_favourite_and_what_goes_to_the_archive(cli: Client) -> None:
    send(cli, isFavorite="true", visibility="archive")
    photo = Photo.objects.get()
    assert photo.favourite_at is not None
    assert photo.archived_at is not None


def test_a_duplicate_stays_where_it_is(cli: Client) -> None:
    send(cli)
    send(cli, isFavorite="true", visibility="archive")
    photo = Photo.objects.get()
    assert photo.favourite_at is photo.archived_at is None


@pytest.mark.parametrize("visibility", ["hidden", "locked", "", "x" * 1000])
def test_what_is_to_be_out_of_sight_is_not_put_in_sight(cli: Client, visibility: str) -> None:
    before = objects()
    assert "no visibility" in refused(send(cli, visibility=visibility), 422)
    assert (objects(), Photo.objects.count()) == (before, 0)


def test_a_sidecar_may_come_along(cli: Client) -> None:
    sidecar = SimpleUploadedFile("IMG 1.xmp", b"<x:xmpmeta/>", "application/octet-stream")
    assert send(cli, sidecarData=sidecar).status_code == 201
    assert Photo.objects.count() == 1


@pytest.mark.parametrize(("data", "status"), [
    (b"", 422), (b"Dear diary,", 415), (CHELSEA[:5000], 422), (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", 415),
])  # fmt: skip
def test_what_is_no_whole_photo_is_refused_in_words(
    cli: Client, alice: User, data: bytes, status: int
) -> None:
    before = objects()
    refused(send(cli, data, "photo.jpg"), status)
    alice.refresh_from_db()
    assert (objects(), Photo.objects.count(), alice.reserved_bytes) == (before, 0, 0)


def test_what_is_too_large_and_what_has_no_room_are_refused(cli: Client, alice: User, settings: Any) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(CHELSEA) - 1)
    assert "no room" in refused(send(cli), 507)
    settings.MAX_UPLOAD_BYTES = len(CHELSEA) - 1
    assert "larger than" in refused(send(cli), 413)
    assert not Photo.objects.exists()


@pytest.mark.parametrize("more", [
    {"assetData": "text in place of a file"}, {"assetData": ""}, {"isFavorite": "perhaps"}, {"fileCreatedAt": "noon"},
    {"fileCreatedAt": "\x00"}, {"fileCreatedAt": "-1e400"},
], ids=str)  # fmt: skip
def test_a_form_that_says_nonsense_is_refused(cli: Client, more: dict[str, Any]) -> None:
    refused(send(cli, **more), 400)
    assert not Photo.objects.exists()


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\n--x--", b"\xff" * 1000])
def test_what_is_no_form_is_refused(cli: Client, body: bytes) -> None:
    refused(cli.generic("POST", "/api/assets", body, content_type="multipart/form-data; boundary=x"), 400)


def test_somebody_elses_bytes_are_no_duplicate(cli: Client, bob: User) -> None:
    first = send(cli).json()
    other = send(immich_cli(bob))
    assert (other.status_code, other.json()["id"] != first["id"]) == (201, True)


def test_one_in_the_trash_is_told_of_and_stays_there(cli: Client, alice: User) -> None:
    photo = send(cli).json()["id"]
    organise.trash(alice.pk, [photo])
    assert check(cli, a=HEX)["a"]["isTrashed"] is True
    assert send(cli).json() == {"id": photo, "status": "duplicate"}
    assert Photo.objects.get().trashed_at is not None


def test_what_came_in_by_a_form_is_found(cli: Client, alice: User) -> None:
    stored = receive.store_upload(alice, SimpleUploadedFile("a.jpg", CHELSEA), filename="a.jpg")
    assert check(cli, a=HEX)["a"]["assetId"] == str(stored.photo.pk)


def test_what_went_straight_to_the_bucket_is_found_once_a_worker_has_read_it(
    cli: Client, alice: User
) -> None:
    sender = program(alice)
    upload = begun(sender)
    put(upload["parts"][0], CHELSEA)
    assert complete(sender, upload).status_code == 201
    assert check(cli, a=HEX) == {"a": {"action": "accept"}}
    assert run.one("renditions")
    assert check(cli, a=HEX)["a"]["assetId"] == upload["id"]


def test_one_of_long_ago_is_found_once_it_was_sent_again(cli: Client) -> None:
    photo = send(cli).json()["id"]
    Photo.objects.update(sha1=None)
    assert check(cli, a=HEX) == {"a": {"action": "accept"}}
    assert send(cli).json() == {"id": photo, "status": "duplicate"}
    assert check(cli, a=HEX)["a"]["assetId"] == photo


def test_what_was_sent_goes_into_an_album(cli: Client, alice: User) -> None:
    photo = send(cli).json()["id"]
    album = post(cli, "/api/albums", {"albumName": "Trip"}).json()["id"]
    body = {"ids": [photo, photo]}
    added = cli.put(f"/api/albums/{album}/assets", body, content_type="application/json")
    assert added.json() == [{"id": photo, "success": True}]
    assert read(program(alice), f"{PHOTOS}?album={album}")["results"][0]["id"] == photo
