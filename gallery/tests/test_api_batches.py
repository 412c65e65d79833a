"""Many uploads in one request, with the real S3 server: each is taken or refused by itself."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Album, AlbumEntry, Photo, Upload
from gallery.organise import albums
from gallery.organise import photos as organise
from gallery.tests.asking import program
from gallery.tests.making import make_photo
from gallery.tests.sending import CHELSEA, UPLOADS, put, sha256, space
from gallery.tests.together import together
from tests.site.pictures import fresh

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def client(alice: User) -> Client:
    return program(alice)


def announced(data: bytes, **other: Any) -> dict[str, Any]:
    return {"filename": "a.jpg", "size": len(data), "sha256": sha256(data), **other}


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(f"{UPLOADS}{address}", body, content_type="application/json")


def begin(client: Client, *uploads: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = post(client, "batch/", uploads=uploads, **more)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def finish(client: Client, ids: list[str], **more: Any) -> list[dict[str, Any]]:
    answer = post(client, "batch/complete/", uploads=[{"id": one} for one in ids], **more)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_each_is_begun_sent_and_completed(client: Client, alice: User) -> None:
    datas = [fresh(), fresh(), fresh()]
    begun = begin(client, *(announced(data, filename=f"{n}.jpg") for n, data in enumerate(datas)))
    for result, data in zip(begun, datas, strict=True):
        assert put(result["upload"]["parts"][0], data) == 200
    ids = [result["upload"]["id"] for result in begun]
    done = finish(client, ids)
    assert [result["photo"] for result in done] == [
        {"id": one, "duplicate": False, "trashed": False} for one in ids
    ]
    assert {str(photo.pk): photo.filename for photo in Photo.objects.all()} == dict(
        zip(ids, ("0.jpg", "1.jpg", "2.jpg"), strict=True)
    )
    assert space(alice) == (sum(map(len, datas)), 0)
    assert finish(client, ids) == done


def test_one_that_is_refused_hinders_no_other(client: Client, alice: User) -> None:
    good, nothing = begin(client, announced(CHELSEA), announced(b"", sha256=64 * "0"))
    assert (good["refused"], nothing["upload"]) == (None, None)
    assert (nothing["refused"]["status"], nothing["refused"]["code"]) == (422, "empty")
    assert space(alice) == (0, len(CHELSEA))
    put(good["upload"]["parts"][0], CHELSEA)
    missing, done = finish(client, [str(uuid.uuid4()), good["upload"]["id"]])
    assert (missing["refused"]["status"], missing["refused"]["code"]) == (404, "not_found")
    assert done["photo"]["id"] == good["upload"]["id"]


def test_what_is_not_there_yet_can_be_sent_and_completed_later(client: Client) -> None:
    (begun,) = begin(client, announced(CHELSEA))
    (early,) = finish(client, [begun["upload"]["id"]])
    assert (early["refused"]["status"], early["refused"]["code"]) == (409, "not_sent")
    put(begun["upload"]["parts"][0], CHELSEA)
    (done,) = finish(client, [begun["upload"]["id"]])
    assert done["photo"]["id"] == begun["upload"]["id"]


def test_bytes_that_are_here_are_told_with_where_they_are(client: Client, alice: User) -> None:
    (begun,) = begin(client, announced(CHELSEA))
    put(begun["upload"]["parts"][0], CHELSEA)
    (done,) = finish(client, [begun["upload"]["id"]])
    (again,) = begin(client, announced(CHELSEA))
    assert again["photo"] == {"id": done["photo"]["id"], "duplicate": True, "trashed": False}
    organise.trash(alice.pk, [Photo.objects.get().pk])
    (again,) = begin(client, announced(CHELSEA))
    assert again["photo"]["trashed"] is True


def test_the_same_twice_in_one_request_is_one_upload(client: Client) -> None:
    first, second = begin(client, announced(CHELSEA), announced(CHELSEA, filename="b.jpg"))
    assert first["upload"]["id"] == second["upload"]["id"]
    put(first["upload"]["parts"][0], CHELSEA)
    assert [one["photo"]["id"] for one in finish(client, [first["upload"]["id"]] * 2)] == [
        first["upload"]["id"]
    ] * 2
    assert Photo.objects.count() == 1


def test_they_go_into_an_album_of_ones_own_only(client: Client, alice: User, bob: User) -> None:
    mine, theirs = albums.make(alice, "Rome"), albums.make(bob, "Rome")
    (begun,) = begin(client, announced(CHELSEA))
    put(begun["upload"]["parts"][0], CHELSEA)
    body = {"uploads": [{"id": begun["upload"]["id"]}], "album": str(theirs.pk)}
    assert post(client, "batch/complete/", **body).status_code == 404
    assert Upload.objects.get().state == "open"
    finish(client, [begun["upload"]["id"]], album=str(mine.pk))
    assert in_album(mine) == [begun["upload"]["id"]]


def test_what_is_here_already_goes_into_the_album_when_it_is_announced(
    client: Client, alice: User, bob: User
) -> None:
    photo, mine = make_photo(alice, sha256=sha256(CHELSEA)), albums.make(alice, "Rome")
    theirs = albums.make(bob, "Rome")
    assert post(client, "batch/", uploads=[announced(CHELSEA)], album=str(theirs.pk)).status_code == 404
    (there,) = begin(client, announced(CHELSEA), album=str(mine.pk))
    assert there["photo"]["duplicate"] is True
    assert in_album(mine) == [str(photo.pk)]
    assert in_album(theirs) == []


def in_album(album: Album) -> list[str]:
    return [str(entry.photo_id) for entry in AlbumEntry.objects.filter(album=album)]


def test_where_there_is_no_room_for_all_those_that_fit_are_taken(client: Client, alice: User) -> None:
    datas = [fresh(), fresh(), fresh()]
    alice.quota_bytes = len(datas[0]) + len(datas[1])
    alice.save()
    results = begin(client, *map(announced, datas))
    assert [bool(one["upload"]) for one in results] == [True, True, False]
    assert (results[2]["refused"]["status"], results[2]["refused"]["code"]) == (507, "quota_exceeded")
    assert space(alice) == (0, len(datas[0]) + len(datas[1]))


def test_one_that_came_another_way_meanwhile_is_told_and_the_others_are_made(
    client: Client, alice: User
) -> None:
    datas = [fresh(), fresh()]
    begun = begin(client, *map(announced, datas))
    for result, data in zip(begun, datas, strict=True):
        put(result["upload"]["parts"][0], data)
    there = make_photo(alice, sha256=sha256(datas[0]))
    first, second = finish(client, [result["upload"]["id"] for result in begun])
    assert first["photo"] == {"id": str(there.pk), "duplicate": True, "trashed": False}
    assert second["photo"] == {"id": begun[1]["upload"]["id"], "duplicate": False, "trashed": False}
    assert Photo.objects.count() == 2
    assert space(alice)[1] == 0


def test_statements_do_not_grow_with_the_batch(client: Client) -> None:
    counts = []
    for many in (1, 2, 12):  # the first one says when its token was used
        datas = [fresh() for _ in range(many)]
        with CaptureQueriesContext(connection) as beginning:
            begun = begin(client, *map(announced, datas))
        for result, data in zip(begun, datas, strict=True):
            put(result["upload"]["parts"][0], data)
        with CaptureQueriesContext(connection) as finishing:
            finish(client, [result["upload"]["id"] for result in begun])
        counts.append((len(beginning), len(finishing)))
    assert counts[1] == counts[2]


def test_many_at_once_who_finish_the_same_make_it_once(client: Client, alice: User) -> None:
    (begun,) = begin(client, announced(CHELSEA))
    put(begun["upload"]["parts"][0], CHELSEA)
    done: list[str] = []
    together(*[lambda: done.append(finish(client, [begun["upload"]["id"]])[0]["photo"]["id"])] * 8)
    assert done == [begun["upload"]["id"]] * 8
    assert (Photo.objects.count(), space(alice)) == (1, (len(CHELSEA), 0))


def test_somebody_elses_upload_is_as_if_it_were_not_there(client: Client, bob: User) -> None:
    (begun,) = begin(program(bob), announced(CHELSEA))
    put(begun["upload"]["parts"][0], CHELSEA)
    (answer,) = finish(client, [begun["upload"]["id"]])
    assert answer["refused"]["status"] == 404
    assert Upload.objects.get().state == "open"


@pytest.mark.parametrize("count", [0, 51])
def test_a_batch_has_one_to_fifty(client: Client, count: int) -> None:
    answer = post(client, "batch/", uploads=[announced(CHELSEA)] * count)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    answer = post(client, "batch/complete/", uploads=[{"id": str(uuid.uuid4())}] * count)
    assert answer.status_code == 422
