"""Photos that their senders put into the bucket themselves, with the real S3 server: all of it or nothing of it."""

import hashlib
import threading
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery import signing, storage
from gallery.exceptions import Refusal
from gallery.intake import direct
from gallery.models import Photo, Purge, Upload
from gallery.organise import photos as organise
from gallery.pipeline import checking, purge, reconcile, run
from gallery.pipeline.sweep import sweep
from gallery.tests.asking import program, read, told
from gallery.tests.sending import send

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]
UPLOADS = "/api/v1/uploads/"
CHELSEA = (Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg").read_bytes()
MIB = 1024 * 1024
LARGE = CHELSEA + bytes(
    11 * MIB
)  # bytes after the picture's end belong to it, as a motion photo's video does


@pytest.fixture
def client(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three parts for LARGE; S3 takes none below 5 MiB but the last one."""
    monkeypatch.setattr(direct, "MOST_AT_ONCE", MIB)
    monkeypatch.setattr(direct, "PART_BYTES", 5 * MIB)


in_parts = pytest.mark.usefixtures("_small_parts")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pieces(data: bytes) -> list[bytes]:
    return [data[start : start + 5 * MIB] for start in range(0, len(data), 5 * MIB)]


def ask(client: Client, data: bytes = CHELSEA, **other: Any) -> Any:
    body = {
        "filename": "a.jpg",
        "size": len(data),
        "sha256": sha256(data),
        "content_type": "image/jpeg",
        **other,
    }
    return client.post(UPLOADS, body, content_type="application/json")


def begun(client: Client, data: bytes = CHELSEA, **other: Any) -> dict[str, Any]:
    answer = ask(client, data, **other)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def put(part: dict[str, Any], data: bytes) -> int:
    return send(part["url"], data, part["headers"])[0]


def put_all(upload: dict[str, Any], data: bytes) -> list[dict[str, Any]]:
    """What S3 answered to each part."""
    found = []
    for part in upload["parts"]:
        start = (part["number"] - 1) * 5 * MIB
        status, etag = send(part["url"], data[start : start + part["size"]], part["headers"])
        assert status == 200
        found.append({"number": part["number"], "etag": etag})
    return found


def complete(client: Client, upload: dict[str, Any], parts: list[dict[str, Any]] | None = None) -> Any:
    body = {} if parts is None else {"parts": parts}
    return client.post(f"{UPLOADS}{upload['id']}/complete/", body, content_type="application/json")


def space(user: User) -> tuple[int, int]:
    user.refresh_from_db()
    return user.used_bytes, user.reserved_bytes


def objects() -> set[str]:
    return {found.key for found in storage.listed("originals")}


def is_open(upload: dict[str, Any]) -> bool:
    """Whether the bucket still waits for parts of it."""
    return upload["id"] in {found.key for found in storage.opened_parts()}


def is_clean(user: User) -> bool:
    """Nothing is left of any upload: no photo, no space, and after purge and sweep no object and no part."""
    sweep()
    purge.due()
    left = {found.key for found in storage.opened_parts()} | objects()
    sent = set(Upload.objects.values_list("key", flat=True))
    return not Photo.objects.exists() and space(user) == (0, 0) and not left & sent


def test_a_small_one_is_one_put(client: Client, alice: User) -> None:
    upload = begun(client, filename="..\\Chelsea the cat.jpg")
    (part,) = upload["parts"]
    assert (upload["status"], part["number"], part["method"], part["size"]) == (
        "open",
        1,
        "PUT",
        len(CHELSEA),
    )
    assert space(alice) == (0, len(CHELSEA))
    assert put(part, CHELSEA) == 200
    answer = complete(client, upload)
    photo = answer.json()
    assert (answer.status_code, photo["id"], photo["duplicate"]) == (201, upload["id"], False)
    assert (photo["filename"], photo["content_type"]) == ("Chelsea the cat.jpg", "image/jpeg")
    assert (photo["width"], photo["height"], photo["sha256"]) == (451, 300, sha256(CHELSEA))
    assert space(alice) == (len(CHELSEA), 0)
    assert storage.original_sha256(upload["id"]) == sha256(CHELSEA)
    assert sorted(Photo.objects.get().jobs.values_list("step", flat=True)) == ["labels", "renditions"]
    assert read(client, f"{UPLOADS}{upload['id']}/")["status"] == "done"


def test_asked_again_it_answers_the_same(client: Client, alice: User) -> None:
    upload = begun(client)
    assert begun(client)["id"] == upload["id"]
    assert put(upload["parts"][0], CHELSEA) == 200
    answers = [complete(client, upload) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert space(alice) == (len(CHELSEA), 0)


def test_bytes_that_are_here_are_not_sent_again(client: Client, alice: User) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    complete(client, upload)
    organise.trash(alice.pk, [Photo.objects.get().pk])
    answer = ask(client)
    assert (answer.status_code, answer.json()["duplicate"]) == (200, True)
    assert (answer.json()["photo"]["id"], answer.json()["photo"]["trashed_at"] is None) == (
        upload["id"],
        False,
    )
    assert space(alice) == (len(CHELSEA), 0)


def test_somebody_elses_bytes_answer_nothing(client: Client, bob: User) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    complete(client, upload)
    assert begun(program(bob))["id"] != upload["id"]


@pytest.mark.parametrize("method", ["get", "delete", "post"])
def test_somebody_elses_upload_is_like_none(client: Client, bob: User, method: str) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    foreign = program(bob)
    for key in (upload["id"], uuid.uuid4()):
        path = f"{UPLOADS}{key}/{'complete/' if method == 'post' else ''}"
        told(getattr(foreign, method)(path, content_type="application/json"), 404, "not_found")
    assert complete(client, upload).status_code == 201


def test_what_was_not_sent_can_be_sent_and_completed(client: Client) -> None:
    upload = begun(client)
    told(complete(client, upload), 409, "not_sent")
    assert put(upload["parts"][0], CHELSEA) == 200
    assert complete(client, upload).status_code == 201


def test_other_bytes_do_not_get_in(client: Client, alice: User) -> None:
    upload = begun(client)
    swapped = CHELSEA[:-1] + b"!"
    assert put(upload["parts"][0], swapped) in (400, 403)
    assert put(upload["parts"][0], CHELSEA + b"more") in (400, 403)
    told(complete(client, upload), 409, "not_sent")
    assert client.delete(f"{UPLOADS}{upload['id']}/").status_code == 204
    assert is_clean(alice)


def test_nothing_is_swapped_after_it_was_completed(client: Client) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    complete(client, upload)
    assert put(upload["parts"][0], CHELSEA) == 412
    assert storage.original_sha256(upload["id"]) == sha256(CHELSEA)


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"<html><script>alert(1)</script>" + bytes(100_000), 415, "unsupported_format"),
        (b"%PDF-1.7" + bytes(100_000), 415, "unsupported_format"),
        (b"\x7fELF" + bytes(100_000), 415, "unsupported_format"),
        (CHELSEA[:5000], 422, "truncated"),
        (b"\xff\xd8\xff\xd9" + bytes(100_000), 422, "damaged"),
    ],
    ids=["page", "pdf", "program", "half", "empty picture"],
)
def test_what_is_no_picture_is_refused_and_cleaned(
    client: Client, alice: User, data: bytes, status: int, code: str
) -> None:
    upload = begun(client, data)
    assert put(upload["parts"][0], data) == 200
    told(complete(client, upload), status, code)
    assert read(client, f"{UPLOADS}{upload['id']}/")["status"] == "failed"
    told(complete(client, upload), 409, "upload_over")
    assert is_clean(alice)


def test_what_the_bucket_is_told_is_a_picture_or_nothing(client: Client) -> None:
    page = begun(client, content_type="text/html")
    assert page["parts"][0]["headers"]["content-type"] == "application/octet-stream"
    assert put(page["parts"][0], CHELSEA) == 200
    assert complete(client, page).json()["content_type"] == "image/jpeg"


def test_there_must_be_room(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(CHELSEA) - 1)
    told(ask(client), 507, "quota_exceeded")
    told(ask(client, size=0), 422, "empty")
    told(ask(client, size=2**50), 413, "too_large")
    assert not Upload.objects.exists()
    assert space(alice) == (0, 0)


def test_another_size_of_the_same_bytes_is_refused(client: Client) -> None:
    begun(client)
    told(ask(client, size=7), 409, "upload_differs")


@pytest.mark.parametrize(
    "body",
    [
        {"sha256": "abc"},
        {"sha256": 64 * "G"},
        {"size": -1},
        {"size": "many"},
        {"filename": None},
        {"part_sha256s": ["abc"]},
        {"part_sha256s": [64 * "0"]},
        {"owner": "bob"},
    ],
)
def test_what_is_announced_badly_is_refused(client: Client, body: dict[str, Any]) -> None:
    assert ask(client, **body).status_code == 422
    assert not Upload.objects.exists()


def test_of_twenty_at_once_one_is_opened(client: Client, alice: User) -> None:
    found: list[Any] = []

    def begin() -> None:
        try:
            found.append(direct.begin(alice, direct.Asked("a.jpg", len(CHELSEA), sha256(CHELSEA))))
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({progress.upload.pk for progress in found}) == 1
    assert (len(found), space(alice)) == (20, (0, len(CHELSEA)))


def test_of_fifty_files_with_room_for_one_one_is_opened(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(CHELSEA) + 60)
    files = [CHELSEA + bytes(number) for number in range(50)]
    found: list[Any] = []

    def begin(data: bytes) -> None:
        try:
            found.append(direct.begin(alice, direct.Asked("a.jpg", len(data), sha256(data))))
        except Refusal as refusal:
            found.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=[data]) for data in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (opened,) = [one for one in found if not isinstance(one, str)]
    assert found.count("quota_exceeded") == 49
    assert space(alice) == (0, opened.upload.byte_size)


def test_twenty_who_complete_make_one_photo(client: Client, alice: User) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    found: list[Any] = []

    def finish() -> None:
        try:
            found.append(direct.finish(Upload.objects.get(pk=upload["id"]), {}).photo.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=finish) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (20, 1)
    assert space(alice) == (len(CHELSEA), 0)


def test_what_is_given_up_gives_its_space_back(client: Client, alice: User) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    assert [client.delete(f"{UPLOADS}{upload['id']}/").status_code for _ in range(2)] == [204, 204]
    told(complete(client, upload), 409, "upload_over")
    assert is_clean(alice)


def test_what_is_not_completed_in_a_day_is_over(client: Client, alice: User) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    again = begun(client)
    assert again["id"] != upload["id"]
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert is_clean(alice)


@in_parts
def test_a_large_one_comes_in_parts_and_goes_on_where_it_was(client: Client, alice: User) -> None:
    upload = begun(client, LARGE, part_sha256s=[sha256(piece) for piece in pieces(LARGE)])
    assert [part["size"] for part in upload["parts"]] == [5 * MIB, 5 * MIB, len(LARGE) - 10 * MIB]
    second = upload["parts"][1]
    assert put(second, bytes(7)) in (400, 403)
    assert put(second, bytes(5 * MIB)) == 200
    told(complete(client, upload, []), 409, "parts_missing")
    rest = read(client, f"{UPLOADS}{upload['id']}/")
    assert ([part["number"] for part in rest["parts"]], [part["number"] for part in rest["present"]]) == (
        [1, 3],
        [2],
    )
    sent = [*put_all(rest, LARGE), *rest["present"]]
    told(complete(client, upload, [{"number": 1, "etag": '"another"'}]), 409, "parts_differ")
    answer = complete(client, upload, [{"number": one["number"], "etag": one["etag"]} for one in sent])
    assert (answer.status_code, answer.json()["id"]) == (201, upload["id"])
    assert read(client, f"{UPLOADS}{upload['id']}/")["status"] == "checking"
    assert run.one("renditions")
    assert read(client, f"{UPLOADS}{upload['id']}/")["status"] == "done"
    assert storage.original_sha256(upload["id"]) == sha256(LARGE)
    assert (space(alice), is_open(upload)) == ((len(LARGE), 0), False)


@in_parts
@pytest.mark.parametrize("checked", [True, False])
def test_parts_of_another_file_are_found_out_before_anything_is_made(
    client: Client, alice: User, checked: bool
) -> None:
    """Each part is what it was announced to be, and together they are not what was announced."""
    checksums = [sha256(piece) for piece in pieces(LARGE)] if checked else []
    upload = begun(client, LARGE, sha256=64 * "0", part_sha256s=checksums)
    put_all(upload, LARGE)
    assert complete(client, upload).status_code == 201
    told(ask(client, LARGE, sha256=64 * "0"), 409, "being_checked")
    assert run.one("renditions")
    failed = read(client, f"{UPLOADS}{upload['id']}/")
    assert (failed["status"], failed["reason"]) == ("failed", checking.OTHER_BYTES)
    assert not Photo.objects.exists()
    assert is_clean(alice)


@in_parts
def test_until_it_is_checked_it_is_nobodys_duplicate(client: Client, alice: User) -> None:
    upload = begun(client, LARGE, sha256=sha256(CHELSEA))
    put_all(upload, LARGE)
    assert complete(client, upload).status_code == 201
    told(ask(client), 409, "being_checked")
    assert run.one("renditions")
    true = begun(client)
    assert put(true["parts"][0], CHELSEA) == 200
    assert complete(client, true).status_code == 201


@in_parts
def test_an_answer_that_was_lost_is_given_again(client: Client) -> None:
    upload = begun(client, LARGE)
    put_all(upload, LARGE)
    row = Upload.objects.get()
    storage.join_parts(row.key, row.multipart, storage.parts(row.key, row.multipart), [])
    assert read(client, f"{UPLOADS}{upload['id']}/")["present"] == []
    assert complete(client, upload).status_code == 201


@in_parts
def test_parts_that_are_given_up_are_gone(client: Client, alice: User) -> None:
    upload = begun(client, LARGE)
    put(upload["parts"][0], LARGE[: 5 * MIB])
    client.delete(f"{UPLOADS}{upload['id']}/")
    assert is_open(upload)
    assert is_clean(alice)


@in_parts
def test_parts_that_nobody_knows_are_found_and_thrown_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, key = begun(client, LARGE), str(uuid.uuid4())
    storage.begin_parts(key, content_type="image/jpeg", checked=False)
    assert not [found for found in reconcile.findings() if key in found.sentence]
    monkeypatch.setattr(reconcile, "GRACE", timedelta(minutes=-1))
    assert not [found for found in reconcile.findings() if upload["id"] in found.sentence]
    (found,) = [found for found in reconcile.findings() if key in found.sentence]
    assert found.repair is not None
    found.repair()
    assert not is_open({"id": key})
    assert is_open(upload)


def test_while_the_store_is_away_nothing_is_lost(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)

    def away(*_: object, **__: object) -> None:
        raise storage.StorageAway("it is switched off")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "original_head", away)
        assert told(complete(client, upload), 503, "storage_unavailable")
    assert complete(client, upload).status_code == 201


def test_addresses_live_an_hour(client: Client) -> None:
    assert f"X-Amz-Expires={signing.UPLOAD_LIFE_SECONDS}&" in begun(client)["parts"][0]["url"]
    assert not Purge.objects.exists()
