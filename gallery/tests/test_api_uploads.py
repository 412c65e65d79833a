"""Photos that their senders put into the bucket themselves, with the real S3 server: all of it or nothing of it."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery import signing, storage
from gallery.exceptions import Refusal
from gallery.intake import direct
from gallery.models import Photo, Purge, Upload
from gallery.organise import photos as organise
from gallery.tests.asking import program, read, told
from gallery.tests.sending import (
    CHELSEA,
    UPLOADS,
    ask,
    begun,
    complete,
    is_clean,
    put,
    sha256,
    space,
)
from gallery.tests.together import together

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def client(alice: User) -> Client:
    return program(alice)


def test_one_that_is_there_needs_not_be_sent_again(client: Client) -> None:
    """The answer of the bucket, or the page that waited for it, was lost."""
    upload = begun(client)
    (part,) = upload["parts"]
    assert (begun(client)["parts"][0]["number"], begun(client)["present"]) == (1, [])
    assert put(part, CHELSEA) == 200
    again = begun(client)
    assert (again["id"], again["parts"]) == (upload["id"], [])
    assert [(one["number"], one["size"]) for one in again["present"]] == [(1, len(CHELSEA))]
    assert complete(client, again).status_code == 201


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


def test_of_twenty_at_once_one_is_opened(alice: User) -> None:
    found: list[Any] = []

    def begin() -> None:
        found.append(direct.begin(alice, direct.Asked("a.jpg", len(CHELSEA), sha256(CHELSEA))))

    together(*[begin] * 20)
    assert len({progress.upload.pk for progress in found}) == 1
    assert (len(found), space(alice)) == (20, (0, len(CHELSEA)))


def test_of_fifty_files_with_room_for_one_one_is_opened(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(CHELSEA) + 60)
    found: list[Any] = []

    def begin(data: bytes) -> None:
        try:
            found.append(direct.begin(alice, direct.Asked("a.jpg", len(data), sha256(data))))
        except Refusal as refusal:
            found.append(refusal.code)

    together(*[partial(begin, CHELSEA + bytes(number)) for number in range(50)])
    (opened,) = [one for one in found if not isinstance(one, str)]
    assert found.count("quota_exceeded") == 49
    assert space(alice) == (0, opened.upload.byte_size)


def test_twenty_who_complete_make_one_photo(client: Client, alice: User) -> None:
    upload = begun(client)
    put(upload["parts"][0], CHELSEA)
    found: list[Any] = []

    def finish() -> None:
        found.append(direct.finish(Upload.objects.get(pk=upload["id"]), {}).photo.pk)

    together(*[finish] * 20)
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
