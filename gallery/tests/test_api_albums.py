"""Albums through the API: make, fill, list, rename, delete; and a photo that is uploaded right into one."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.intake import receive
from gallery.models import Album, AlbumEntry, Photo, Upload
from gallery.organise import albums
from gallery.organise import photos as organise
from gallery.tests.asking import PHOTOS, browser, ids, program, read, told
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON, make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
ALBUMS = "/api/v1/albums/"
CHELSEA = Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg"


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def album(alice: User) -> Album:
    return albums.make(alice, "Trip")


def send(client: Client, method: str, url: str, **body: Any) -> Any:
    return getattr(client, method)(url, body, content_type="application/json")


def of(album: Album, rest: str = "") -> str:
    return f"{ALBUMS}{album.pk}/{rest}"


def fill(client: Client, album: Album, *photos: Photo, method: str = "put") -> Any:
    return send(client, method, of(album, "photos/"), ids=[str(photo.pk) for photo in photos])


def test_an_album_is_made_read_and_listed(mine: Client) -> None:
    made = send(mine, "post", ALBUMS, title="  Rome\n2024 ", description="by train")
    assert made.status_code == 201
    album = made.json()
    assert album.keys() == {"id", "title", "description", "order", "photos", "cover", "created_at"}
    assert (album["title"], album["description"], album["photos"], album["cover"]) == (
        "Rome 2024", "by train", 0, None,
    )  # fmt: skip
    assert read(mine, f"{ALBUMS}{album['id']}/") == album
    assert read(mine, ALBUMS) == {"results": [album], "next": None}


def test_photos_go_in_once_and_out_again_and_stay_in_the_library(
    mine: Client, alice: User, album: Album
) -> None:
    photos = [make_finished(alice, taken_local=NOON - timedelta(days=day)) for day in range(3)]
    assert fill(mine, album, *photos[1:]).json()["photos"] == 2
    assert fill(mine, album, *photos).json()["photos"] == 3
    assert ids(read(mine, PHOTOS, album=str(album.pk))) == [str(photo.pk) for photo in photos]
    assert str(photos[0].pk) in read(mine, of(album))["cover"], "the newest is the cover"
    assert fill(mine, album, *photos[:2], method="delete").json()["photos"] == 1
    assert mine.delete(of(album)).status_code == 204
    assert Photo.objects.live().count() == 3


def test_what_is_in_the_trash_does_not_count_until_it_is_back(
    mine: Client, alice: User, album: Album
) -> None:
    photo = make_finished(alice)
    fill(mine, album, photo)
    organise.trash(alice.pk, [photo.pk])
    seen = read(mine, of(album))
    assert (seen["photos"], seen["cover"]) == (0, None)
    organise.restore(alice.pk, [photo.pk])
    assert read(mine, of(album))["photos"] == 1


def test_only_what_is_sent_is_changed(mine: Client, album: Album) -> None:
    assert send(mine, "patch", of(album), description="x").json()["title"] == "Trip"
    assert send(mine, "patch", of(album), title="Été").json()["description"] == "x"
    assert Album.objects.values_list("title", "folded").get() == ("Été", "ete")
    assert send(mine, "patch", of(album)).json()["title"] == "Été"


@pytest.mark.parametrize("body", [
    {"title": ""}, {"title": " \n"}, {"title": "x" * 101}, {"title": "\u200b"}, {"title": None}, {"title": 5}, {},
    {"title": "x", "description": "y" * 2001}, {"title": "x", "colour": "red"},
], ids=lambda body: str(body)[:40])  # fmt: skip
def test_what_can_be_no_album_is_refused(mine: Client, album: Album, body: dict[str, Any]) -> None:
    assert send(mine, "post", ALBUMS, **body).status_code == 422
    if body not in ({}, {"title": None}):
        assert send(mine, "patch", of(album), **body).status_code == 422
    assert Album.objects.values_list("title", "description").get() == ("Trip", "")


def test_a_photo_of_somebody_else_is_as_if_it_never_was(
    mine: Client, alice: User, bob: User, album: Album
) -> None:
    own, his = make_photo(alice), make_photo(bob)
    refused = fill(mine, album, own, his)
    told(refused, 404, "not_found")
    assert refused.content == fill(mine, album, own, Photo(pk=uuid.uuid4())).content
    assert not AlbumEntry.objects.exists()
    assert fill(mine, album, his, method="delete").json()["photos"] == 0


def test_an_album_of_somebody_else_is_as_if_it_never_was(alice: User, bob: User, album: Album) -> None:
    his, photo = program(bob), make_photo(bob)
    for answer in (
        his.get(of(album)),
        send(his, "patch", of(album), title="Mine now"),
        his.delete(of(album)),
        fill(his, album, photo),
        fill(his, album, photo, method="delete"),
    ):
        told(answer, 404, "not_found")
    assert read(his, ALBUMS)["results"] == []
    assert Album.objects.get().title == "Trip"


def test_only_who_may_write_can_change(alice: User) -> None:
    told(send(program(alice, "read"), "post", ALBUMS, title="x"), 403, "read_only_token")
    told(send(browser(alice, csrf=False), "post", ALBUMS, title="x"), 403, "csrf_failed")
    assert send(browser(alice), "post", ALBUMS, title="x").status_code == 201


def test_all_albums_are_found_page_by_page_newest_first(mine: Client, alice: User) -> None:
    made = [str(albums.make(alice, f"Album {number}").pk) for number in range(5)]
    Album.objects.filter(pk__in=made[1:3]).update(created_at=NOON)  # of one moment
    url, found = f"{ALBUMS}?limit=2", []
    while url:
        page = read(mine, url)
        found += [album["id"] for album in page["results"]]
        url = page["next"]
    assert found == [*reversed([made[0], *made[3:]]), *sorted(made[1:3], reverse=True)]


@pytest.mark.parametrize("cursor", [
    "x", "2024-01-01T00:00:00_x", "_", "\x00", f"2024-01-01_{uuid.UUID(int=7)}",
    *(f"{moment}_{uuid.UUID(int=7)}" for moment in (
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-01-01T00:00:00+23:59:59.999999",
        "2024-01-01T00:00:00+01:00",
    )),
])  # fmt: skip
def test_a_damaged_cursor_is_said(mine: Client, cursor: str) -> None:
    told(mine.get(ALBUMS, {"cursor": cursor}), 422, "bad_cursor")


def test_many_albums_cost_as_many_queries_as_few(mine: Client, alice: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(mine, ALBUMS)
        return len(queries)

    fill(mine, albums.make(alice, "First"), make_finished(alice))
    few = cost()
    for number in range(5):
        fill(mine, albums.make(alice, f"Album {number}"), *[make_finished(alice) for _ in range(3)])
    assert cost() == few


@pytest.mark.usefixtures("s3", "queue")
@pytest.mark.django_db(transaction=True)
class TestUploads:
    def upload(self, client: Client, **form: Any) -> Any:
        return client.post(PHOTOS, {"file": SimpleUploadedFile("c.jpg", CHELSEA.read_bytes()), **form})

    def test_a_photo_goes_right_into_an_album_also_one_that_was_here(self, alice: User) -> None:
        mine = program(alice)
        first, second = albums.make(alice, "Trip"), albums.make(alice, "Cats")
        assert self.upload(mine, album=str(first.pk)).status_code == 201
        assert self.upload(mine, album=str(second.pk)).json()["duplicate"] is True
        assert self.upload(mine).status_code == 200
        assert [album["photos"] for album in read(mine, ALBUMS)["results"]] == [1, 1]

    def test_without_the_album_nothing_is_stored(self, alice: User, bob: User) -> None:
        mine = program(alice)
        his = albums.make(bob, "His")
        told(self.upload(mine, album=str(his.pk)), 404, "not_found")
        told(self.upload(mine, album=str(uuid.uuid4())), 404, "not_found")
        told(self.upload(mine, album="trip"), 422, "invalid")
        assert not Upload.objects.exists()
        assert not Photo.objects.exists()

    def test_a_photo_is_in_the_library_when_its_album_is_deleted_while_it_comes_in(
        self, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        album, store = albums.make(alice, "Trip"), receive.store_upload

        def store_and_delete_the_album(*upload: Any, **about: Any) -> Any:
            stored = store(*upload, **about)
            albums.delete(album)
            return stored

        monkeypatch.setattr(receive, "store_upload", store_and_delete_the_album)
        sent = self.upload(program(alice), album=str(album.pk))
        assert sent.status_code == 201
        assert sent.json()["id"] == str(Photo.objects.get().pk)
        assert not AlbumEntry.objects.exists()


def test_its_cover_is_chosen_and_taken_back(mine: Client, alice: User, album: Album) -> None:
    new, old = make_finished(alice), make_finished(alice, taken_local=NOON - timedelta(days=1))
    fill(mine, album, new, old)
    assert f"{old.pk}/thumb" in send(mine, "patch", of(album), cover=str(old.pk)).json()["cover"]
    assert f"{old.pk}/thumb" in send(mine, "patch", of(album), title="Other").json()["cover"]
    assert f"{new.pk}/thumb" in send(mine, "patch", of(album), cover=None).json()["cover"]


def test_a_cover_from_elsewhere_changes_nothing(mine: Client, alice: User, album: Album) -> None:
    stranger = make_finished(alice)
    answer = send(mine, "patch", of(album), title="Other", cover=str(stranger.pk))
    assert answer.status_code == 404
    album.refresh_from_db()
    assert (album.title, album.cover) == ("Trip", None)
