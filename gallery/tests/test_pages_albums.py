"""Albums on their pages: making, calling, showing, deleting."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Album, AlbumEntry, Photo
from gallery.organise import albums
from gallery.organise import photos as organise
from gallery.tests.collection import make_finished, make_library
from gallery.views import albums as views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def rome(alice: User) -> Album:
    return albums.make(alice, "Rome <2024>", "By train.\n\nIt rained.")


def wall(client: Client, query: str = "") -> str:
    return client.get(reverse("albums") + query).content.decode()


def page(client: Client, album: Album) -> str:
    return client.get(reverse("album", args=[album.pk])).content.decode()


def test_without_albums_the_page_says_how_one_comes_about(member: Client) -> None:
    assert "No albums yet" in wall(member)


def test_i_make_an_album_and_find_it_on_the_wall(member: Client, alice: User) -> None:
    answer = member.post(reverse("albums"), {"title": " Rome\n2024 ", "description": "By train"})
    album = Album.objects.get(owner=alice)
    assert answer.headers["Location"] == reverse("album", args=[album.pk])
    assert "This album is empty" in page(member, album)
    assert "Rome 2024" in wall(member)
    assert "By train" in page(member, album)


@pytest.mark.parametrize("title", ["", "   ", "x" * 101, "\u200b"])
def test_what_is_no_title_is_said_beside_it_and_nothing_is_made(member: Client, title: str) -> None:
    answer = member.post(reverse("albums"), {"title": title, "description": "kept"})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert "kept" in answer.content.decode()
    assert not Album.objects.exists()


def test_its_page_shows_its_photos_and_no_others(member: Client, alice: User, rome: Album) -> None:
    within, without = make_library(alice, 2)
    albums.add(alice.pk, rome.pk, [within.pk])
    shown = page(member, rome)
    assert f"/photos/{within.pk}/" in shown
    assert f"/photos/{without.pk}/" not in shown
    assert "Rome &lt;2024&gt;" in shown
    assert "<p>It rained.</p>" in shown


def test_i_call_it_something_else(member: Client, rome: Album) -> None:
    address = reverse("album", args=[rome.pk])
    answer = member.post(address, {"title": "Roma", "description": "", "order": "newest"}, follow=True)
    assert "The album is saved." in answer.content.decode()
    rome.refresh_from_db()
    assert (rome.title, rome.folded, rome.description) == ("Roma", "roma", "")
    assert member.post(address, {"title": "", "description": "x"}).status_code == 422
    assert member.post(address, {"title": "\u200b", "description": "x"}).status_code == 422
    rome.refresh_from_db()
    assert rome.title == "Roma"


def test_deleting_it_keeps_its_photos(member: Client, alice: User, rome: Album) -> None:
    (photo,) = make_library(alice, 1)
    albums.add(alice.pk, rome.pk, [photo.pk])
    answer = member.post(reverse("album_delete", args=[rome.pk]), follow=True)
    assert "its photos are all here" in answer.content.decode()
    assert not Album.objects.exists()
    assert Photo.objects.get() == photo


def test_the_wall_shows_the_newest_photo_or_the_chosen_cover(
    member: Client, alice: User, rome: Album
) -> None:
    new, old = make_library(alice, 2)
    albums.add(alice.pk, rome.pk, [new.pk, old.pk])
    assert f"{new.pk}/thumb" in wall(member)
    member.post(reverse("album_cover", args=[rome.pk]), {"photo": str(old.pk)})
    assert f"{old.pk}/thumb" in wall(member)
    organise.trash(alice.pk, [old.pk])
    assert f"{new.pk}/thumb" in wall(member), "a cover in the trash is not shown"
    organise.restore(alice.pk, [old.pk])
    albums.remove(alice.pk, rome.pk, [old.pk])
    assert f"{new.pk}/thumb" in wall(member), "nor one that was taken out"


def test_what_is_not_in_the_album_is_no_cover_of_it(member: Client, alice: User, rome: Album) -> None:
    photo = make_finished(alice)
    answer = member.post(reverse("album_cover", args=[rome.pk]), {"photo": str(photo.pk)})
    assert answer.status_code == 404
    rome.refresh_from_db()
    assert rome.cover is None


def test_all_albums_are_found_page_by_page(
    member: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_ON_A_PAGE", 2)
    made = [albums.make(alice, f"Album {number}") for number in range(5)][::-1]
    seen, query = [], ""
    for _ in range(3):
        shown = wall(member, query)
        seen += [album for album in made if f"/albums/{album.pk}/" in shown]
        query = f"?after={seen[-1].pk}"
    assert seen == made
    assert "No more albums" in wall(member, query)


@pytest.mark.parametrize("after", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_place_that_is_none_is_the_beginning(member: Client, rome: Album, after: str) -> None:
    assert f"/albums/{rome.pk}/" in wall(member, f"?after={after}")


def test_another_users_album_is_not_there(member: Client, bob: User) -> None:
    his, mine = albums.make(bob, "His"), make_finished(User.objects.get(email="alice@example.org"))
    own = make_finished(bob)
    albums.add(bob.pk, his.pk, [own.pk])
    for name in ("album", "album_delete", "album_cover", "album_take_out"):
        address = reverse(name, args=[his.pk])
        assert member.post(address, {"title": "Mine", "photo": str(own.pk)}).status_code == 404
    assert member.get(reverse("album", args=[his.pk])).status_code == 404
    assert "His" not in wall(member)
    chosen = {"photo": str(mine.pk), "album": str(his.pk)}
    assert member.post(reverse("selection_album"), chosen).status_code == 404
    assert AlbumEntry.objects.get().photo == own
