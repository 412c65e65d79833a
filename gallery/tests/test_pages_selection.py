"""What is done at once to photos that were picked."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Album, AlbumEntry, Change, Photo
from gallery.organise import albums
from gallery.tests.collection import make_finished, make_library
from gallery.views import picked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def ids(*photos: Photo) -> list[str]:
    return [str(photo.pk) for photo in photos]


def act(client: Client, action: str, *photos: Photo, **more: Any) -> Any:
    told = {"action": action, "photo": ids(*photos), **more}
    return client.post(reverse("selection"), told, follow=True)


def into(client: Client, *photos: Photo, **more: Any) -> Any:
    return client.post(reverse("selection_album"), {"photo": ids(*photos), **more}, follow=True)


def undo(client: Client, page: str) -> None:
    found = re.search(r"/changes/[^/]+/undo/", page)
    assert found is not None
    client.post(found[0])


@pytest.mark.parametrize("address", ["home", "favourites"])
def test_each_photo_of_a_page_can_be_picked(member: Client, alice: User, address: str) -> None:
    photos = make_library(alice, 2)
    act(member, "favourite", *photos)
    page = member.get(reverse(address)).content.decode()
    assert page.count('class="pick"') == 2
    for photo in photos:
        assert f'name="photo" value="{photo.pk}" form="picked"' in page


def test_picked_photos_go_into_the_trash_and_come_back_by_undo(member: Client, alice: User) -> None:
    one, two, three = make_library(alice, 3)
    page = act(member, "trash", one, two).content.decode()
    assert "2 photos are in the trash." in page
    assert list(Photo.objects.live()) == [three]
    undo(member, page)
    assert Photo.objects.live().count() == 3


def test_they_become_favourites_and_stop_being_it(member: Client, alice: User) -> None:
    one, two = make_library(alice, 2)
    assert "1 photo is a favourite now." in act(member, "favourite", one).content.decode()
    page = act(member, "unfavourite", one, two).content.decode()
    assert "1 photo is no favourite any more." in page
    undo(member, page)
    assert list(Photo.objects.filter(favourite_at__isnull=False)) == [one]


def test_what_is_as_wanted_already_is_said_and_leaves_nothing_to_undo(member: Client, alice: User) -> None:
    (photo,) = make_library(alice, 1)
    act(member, "favourite", photo)
    page = act(member, "favourite", photo).content.decode()
    assert "Nothing had to be changed." in page
    assert "/undo/" not in page


@pytest.mark.parametrize("name", ["selection", "selection_album"])
def test_picking_nothing_says_how_to_pick(member: Client, name: str) -> None:
    page = member.post(reverse(name), {"action": "trash"}, follow=True).content.decode()
    assert "Pick some photos first" in page


@pytest.mark.parametrize("action", ["", "delete", "confirm_label", "add_to_album"])
def test_what_no_page_offers_is_refused(member: Client, alice: User, action: str) -> None:
    (photo,) = make_library(alice, 1)
    assert act(member, action, photo).status_code == 422
    assert not Change.objects.exists()


@pytest.mark.parametrize("name", ["selection", "selection_album"])
def test_what_is_no_photo_is_refused(member: Client, name: str) -> None:
    told = {"action": "trash", "photo": ["nonsense", "\x00"]}
    assert member.post(reverse(name), told).status_code == 422


def test_nothing_is_done_to_another_users_photos(member: Client, bob: User) -> None:
    his = make_finished(bob)
    page = act(member, "trash", his).content.decode()
    assert "Nothing had to be changed." in page
    his.refresh_from_db()
    assert his.trashed_at is None
    into(member, his, title="Stolen")
    assert not AlbumEntry.objects.exists()


def test_all_that_a_search_finds_is_meant_whatever_is_picked(member: Client, alice: User) -> None:
    photos = make_library(alice, 3)
    other = make_finished(alice)
    page = act(member, "favourite", photos[0], all="yes", of='?q="label 0"').content.decode()
    assert "3 photos are favourites now." in page
    other.refresh_from_db()
    assert other.favourite_at is None


@pytest.mark.parametrize(("query", "status"), [("(", 422), ("unheard", 422)])
def test_a_search_that_finds_nothing_or_cannot_be_read_is_refused(
    member: Client, query: str, status: int
) -> None:
    assert act(member, "trash", all="yes", of=f"?q={query}").status_code == status


@pytest.mark.parametrize(
    ("of", "count"), [("", 3), ("?in=favourites", 1), ("?in=archive", 1), ("?album={}", 2), ("?q=", 4)]
)
def test_all_of_a_list_is_meant(member: Client, alice: User, of: str, count: int) -> None:
    one, two, three, four = make_library(alice, 4)
    act(member, "favourite", one)
    act(member, "archive", four)
    into(member, two, four, title="Both")
    page = act(member, "turn_left", three, all="yes", of=of.format(Album.objects.get().pk)).content.decode()
    assert f"{count} photo" in page
    assert Photo.objects.exclude(quarter_turns=0).count() == count


def test_all_of_the_trash_comes_back(member: Client, alice: User) -> None:
    gone, *_ = make_library(alice, 3)
    act(member, "trash", gone)
    assert "1 photo is back" in act(member, "restore", all="yes", of="?in=trash").content.decode()


@pytest.mark.parametrize(
    "of", [None, "?in=else", "?album=x", "?album={}", "?in=", "?album=", "?other=1", "x"]
)
def test_of_no_list_of_mine_nothing_is_done(member: Client, alice: User, bob: User, of: str | None) -> None:
    make_library(alice, 1)
    told = {} if of is None else {"of": of.format(albums.make(bob, "His").pk)}
    answer = act(member, "trash", all="yes", q="is:favourite", **told)
    assert answer.status_code == 422
    assert "not there any more" in answer.content.decode()
    assert Photo.objects.live().count() == 1


def test_i_come_back_to_the_page_i_was_on_and_to_no_other_site(member: Client, alice: User) -> None:
    (photo,) = make_library(alice, 1)
    told = {"action": "favourite", "photo": ids(photo), "next": "/search/?q=cat"}
    assert member.post(reverse("selection"), told).headers["Location"] == "/search/?q=cat"
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = member.post(reverse("selection"), {**told, "next": elsewhere})
        assert answer.headers["Location"] == reverse("home")


def test_i_am_asked_which_album_and_no_photo_is_forgotten(member: Client, alice: User) -> None:
    photos = make_library(alice, 2)
    rome = albums.make(alice, "Rome")
    page = into(member, *photos, next="/favourites/").content.decode()
    assert "Which album should the 2 photos go into?" in page
    assert all(f'name="photo" value="{photo.pk}"' in page for photo in photos)
    assert f'name="album" value="{rome.pk}"' in page
    assert 'name="next" value="/favourites/"' in page
    assert not AlbumEntry.objects.exists()


def test_they_go_into_an_album_of_mine_and_out_by_undo(member: Client, alice: User) -> None:
    photos = make_library(alice, 2)
    rome = albums.make(alice, "Rome <b>")
    page = into(member, *photos, album=str(rome.pk)).content.decode()
    assert "2 photos were added to" in page
    assert "Rome &lt;b&gt;" in page
    assert rome.entries.count() == 2
    undo(member, page)
    assert rome.entries.count() == 0


def test_they_go_into_a_new_album(member: Client, alice: User) -> None:
    photos = make_library(alice, 2)
    into(member, *photos, title="Rome")
    assert set(Album.objects.get(owner=alice).entries.values_list("photo", flat=True)) == {
        photo.pk for photo in photos
    }


def test_all_of_a_search_goes_into_a_new_album(member: Client, alice: User) -> None:
    make_library(alice, 3)
    asked = into(member, all="yes", of='?q="label 0"').content.decode()
    assert "the 3 photos" in asked
    assert 'name="photo"' not in asked
    into(member, all="yes", of='?q="label 0"', title="Those")
    assert Album.objects.get().entries.count() == 3


def test_a_title_that_is_none_is_said_and_no_photo_is_forgotten(member: Client, alice: User) -> None:
    (photo,) = make_library(alice, 1)
    answer = into(member, photo, title="  ")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A name needs at least one letter" in page
    assert f'name="photo" value="{photo.pk}"' in page
    assert not Album.objects.exists()


@pytest.mark.parametrize("album", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_an_album_that_is_not_there_is_said(member: Client, alice: User, album: str) -> None:
    (photo,) = make_library(alice, 1)
    assert into(member, photo, album=album).status_code == 404


def test_they_are_taken_out_of_an_album_and_come_back_by_undo(member: Client, alice: User) -> None:
    one, two = make_library(alice, 2)
    rome = albums.make(alice, "Rome")
    albums.add(alice.pk, rome.pk, [one.pk, two.pk])
    address = reverse("album_take_out", args=[rome.pk])
    page = member.post(address, {"photo": ids(one)}, follow=True).content.decode()
    assert "1 photo is no longer in “Rome”; it stays among your photos." in page
    assert [entry.photo for entry in rome.entries.all()] == [two]
    undo(member, page)
    assert rome.entries.count() == 2
    assert "Pick some photos first" in member.post(address, follow=True).content.decode()


def test_more_than_can_be_done_at_once_is_refused_and_nothing_is_done(
    member: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picked, "MOST", 2)
    photos = make_library(alice, 3)
    asked = {"action": "trash", "photos": " ".join(ids(*photos))}
    answer = member.post(reverse("selection"), asked)
    assert answer.status_code == 422
    assert "more than 2 photos" in answer.content.decode()
    assert not Photo.objects.trashed().exists()
