"""Deleting through the API: into the trash, out of it, and for good; and what that does to the counts."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Analysis, OwnerLabel, Photo, Purge
from gallery.tests.asking import PHOTOS, address, edit, ids, program, read, told
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection

pytestmark = pytest.mark.usefixtures("plain_pages")


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def photo(alice: User) -> Photo:
    User.objects.filter(pk=alice.pk).update(used_bytes=3000)
    photo, other = make_finished(alice), make_finished(alice)
    make_detection(photo, "Dog")
    make_detection(photo, "Animal", 60)
    make_detection(other, "Dog")
    return photo


def counts(client: Client) -> dict[str, int]:
    return {label["name"]: label["count"] for label in read(client, "/api/v1/labels/")}


def delete(client: Client, photo: Photo, query: str = "") -> Any:
    return client.delete(address(photo) + query)


def test_deleting_moves_into_the_trash(mine: Client, photo: Photo) -> None:
    response = delete(mine, photo)
    assert (response.status_code, response.content) == (204, b"")
    assert read(mine, address(photo))["trashed_at"] is not None
    assert str(photo.pk) not in ids(read(mine))
    assert ids(read(mine, PHOTOS, trash="true")) == [str(photo.pk)]
    assert not Purge.objects.exists()


def test_what_is_in_the_trash_does_not_count(mine: Client, photo: Photo) -> None:
    assert counts(mine) == {"Dog": 2, "Animal": 1}
    delete(mine, photo)
    assert counts(mine) == {"Dog": 1}
    assert read(mine, f"{PHOTOS}timeline/") == [{"month": "2024-06", "count": 1}]
    mine.post(address(photo, "restore/"))
    assert counts(mine) == {"Dog": 2, "Animal": 1}
    assert read(mine, f"{PHOTOS}timeline/") == [{"month": "2024-06", "count": 2}]


def test_doing_it_twice_counts_once(mine: Client, photo: Photo) -> None:
    assert delete(mine, photo).status_code == delete(mine, photo).status_code == 204
    assert counts(mine) == {"Dog": 1}
    for _ in range(2):
        assert mine.post(address(photo, "restore/")).status_code == 200
    assert counts(mine) == {"Dog": 2, "Animal": 1}


def test_the_trash_remembers_when_it_was_filled(mine: Client, photo: Photo) -> None:
    delete(mine, photo)
    first = read(mine, address(photo))["trashed_at"]
    delete(mine, photo)
    assert read(mine, address(photo))["trashed_at"] == first


def test_restoring_answers_with_the_photo(mine: Client, photo: Photo) -> None:
    before = read(mine, address(photo))
    delete(mine, photo)
    assert mine.post(address(photo, "restore/")).json() == before


def test_a_photo_in_the_trash_can_still_be_edited_and_downloaded(mine: Client, photo: Photo) -> None:
    delete(mine, photo)
    assert edit(mine, photo, caption="farewell").json()["caption"] == "farewell"
    assert mine.get(address(photo, "original/")).status_code == 302


@pytest.mark.parametrize("trashed_first", [False, True])
def test_for_good_is_for_good(mine: Client, photo: Photo, alice: User, trashed_first: bool) -> None:
    Analysis.objects.create(owner=alice, photo=photo, operation="DetectLabels", cost_usd=0.001)
    if trashed_first:
        delete(mine, photo)
    assert delete(mine, photo, "?permanent=true").status_code == 204
    for response in (
        mine.get(address(photo)),
        delete(mine, photo, "?permanent=true"),
        mine.post(address(photo, "restore/")),
    ):
        told(response, 404, "not_found")
    assert counts(mine) == {"Dog": 1}
    assert OwnerLabel.objects.get(label__name="Animal").photos == 0
    assert read(mine, "/api/v1/account/")["used_bytes"] == 2000
    assert {purge.key for purge in Purge.objects.all()} >= {photo.original_key, f"{photo.pk}/thumb"}
    assert Analysis.objects.get().photo is None  # the bill outlives the photo


@pytest.mark.parametrize("permanent", ["perhaps", "\x00", "x" * 10_000], ids=range(3))
def test_whether_for_good_must_be_clear(mine: Client, photo: Photo, permanent: str) -> None:
    told(mine.delete(address(photo), query_params={"permanent": permanent}), 422, "invalid")
    assert read(mine, address(photo))["trashed_at"] is None


def test_not_for_good_is_the_trash(mine: Client, photo: Photo) -> None:
    delete(mine, photo, "?permanent=false")
    assert Photo.objects.trashed().get() == photo
