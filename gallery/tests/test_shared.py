"""What a visitor with a link sees and does not see, and for how long."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery import storage
from gallery.models import Album, Photo, Share
from gallery.organise import albums, shares
from gallery.organise import photos as organise
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON, make_detection
from gallery.views import shared as views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
SECRETS = ("secret name", "alice@example.org", "Canon", "47.37", "8.54")


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def photos(alice: User) -> list[Photo]:
    """Three of a day each, newest first, which tell a lot."""
    return [
        make_finished(
            alice,
            filename=f"secret name {day}.jpg",
            caption=f"Day {day}",
            taken_local=NOON - timedelta(days=day),
            camera_make="Canon",
            latitude=47.37,
            longitude=8.54,
        )
        for day in range(3)
    ]


@pytest.fixture
def rome(alice: User, photos: list[Photo]) -> Album:
    album = albums.make(alice, "Rome", "By train")
    albums.add(alice.pk, album.pk, [photo.pk for photo in photos[:2]])
    return album


def link(owner: User, **what: Any) -> str:
    return shares.make(owner, **what)[1]


def get(client: Client, token: str, photo: Photo | None = None, name: str = "") -> Any:
    route = name or ("shared_photo" if photo else "shared")
    return client.get(reverse(route, args=[token, *([photo.pk] if photo else [])]))


def test_a_visitor_sees_the_album_and_each_of_its_photos(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    token = link(alice, album=rome.pk)
    page = get(client, token).content.decode()
    assert "Rome" in page
    assert "By train" in page
    assert all(f"/s/{token}/{photo.pk}/" in page for photo in photos[:2])
    assert str(photos[2].pk) not in page
    one = get(client, token, photos[0]).content.decode()
    assert "Day 0" in one
    assert f"/s/{token}/{photos[1].pk}/" in one, "the next one"
    assert get(client, token, photos[2]).status_code == 404


def test_a_shared_photo_leads_to_no_other(client: Client, alice: User, photos: list[Photo]) -> None:
    token = link(alice, photo=photos[1].pk)
    page = get(client, token).content.decode()
    assert "Day 1" in page
    assert not any(str(photo.pk) in page for photo in (photos[0], photos[2]))
    assert get(client, token, photos[1]).status_code == 200
    assert get(client, token, photos[0]).status_code == 404


def test_nothing_tells_names_of_files_places_or_cameras(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    token = link(alice, album=rome.pk, show_labels=True)
    photos[0].renditions.all().delete()
    for answer in (get(client, token), get(client, token, photos[0]), get(client, token, photos[1])):
        page = answer.content.decode()
        assert [secret for secret in SECRETS if secret in page] == []
        assert "originals/" not in page


def test_nobody_else_keeps_the_page_or_finds_it(client: Client, alice: User, rome: Album) -> None:
    answer = get(client, link(alice, album=rome.pk))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_only_the_hash_of_the_link_is_kept(alice: User, rome: Album) -> None:
    token = link(alice, album=rome.pk)
    kept = repr(Share.objects.values().get())
    assert len(token) >= 32
    assert token not in kept


@pytest.mark.parametrize("token", ["nothing", "%00", "é" * 32, "a" * 500])
def test_a_link_that_leads_nowhere_is_said_in_words(client: Client, token: str) -> None:
    answer = client.get(f"/s/{token}/")
    assert answer.status_code == 404
    assert "This link leads nowhere" in answer.content.decode()


def test_it_ends_when_it_was_to_end(client: Client, alice: User, rome: Album) -> None:
    token = link(alice, album=rome.pk, expires_at=timezone.now() + timedelta(hours=1))
    assert get(client, token).status_code == 200
    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert get(client, token).status_code == 404


def test_it_ends_when_its_owner_ends_it(client: Client, alice: User, rome: Album) -> None:
    token = link(alice, album=rome.pk)
    owner = Client()
    owner.force_login(alice)
    owner.post(reverse("share_end", args=[Share.objects.get().pk]))
    assert get(client, token).status_code == 404


@pytest.mark.parametrize("what", ["album", "account"])
def test_it_ends_with_what_it_leads_to(client: Client, alice: User, rome: Album, what: str) -> None:
    token = link(alice, album=rome.pk)
    if what == "album":
        albums.delete(rome)
    else:
        User.objects.filter(pk=alice.pk).update(is_active=False)
    assert get(client, token).status_code == 404


def test_what_is_in_the_trash_is_not_shown_and_comes_back(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    of_album, of_photo = link(alice, album=rome.pk), link(alice, photo=photos[0].pk)
    organise.trash(alice.pk, [photos[0].pk])
    assert str(photos[0].pk) not in get(client, of_album).content.decode()
    assert get(client, of_album, photos[0]).status_code == 404
    assert get(client, of_photo).status_code == 404
    organise.restore(alice.pk, [photos[0].pk])
    assert get(client, of_photo).status_code == 200


def test_a_picture_may_be_downloaded_without_what_the_original_tells(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    answer = get(client, link(alice, album=rome.pk), photos[0], "shared_picture")
    assert answer.status_code == 302
    assert f"{photos[0].pk}/full" in answer["Location"]
    assert "photo-2024-06-15.jpg" in answer["Location"]
    assert "originals" not in answer["Location"]


def test_all_pictures_of_an_album_come_as_one_file(
    client: Client, alice: User, rome: Album, photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "stream_original", lambda key: iter([key.encode()]))
    token = link(alice, album=rome.pk)
    assert reverse("shared_download", args=[token]) in get(client, token).content.decode()
    answer = get(client, token, name="shared_download")
    assert 'filename="Rome.zip"' in answer["Content-Disposition"]
    kept = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    assert kept.namelist() == ["photo-2024-06-14.jpg", "photo-2024-06-15.jpg"]
    assert kept.read("photo-2024-06-15.jpg").decode() == f"{photos[0].pk}/full"


def test_of_one_photo_or_of_nothing_there_is_no_such_file(
    client: Client, alice: User, photos: list[Photo]
) -> None:
    assert get(client, link(alice, photo=photos[0].pk), name="shared_download").status_code == 404
    empty = albums.make(alice, "Empty")
    answer = get(client, link(alice, album=empty.pk), name="shared_download")
    assert answer.status_code == 404
    assert "no photo to download" in answer.content.decode()


def test_script_is_told_no_more_than_the_page_tells(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    token = link(alice, album=rome.pk)
    address = reverse("shared", args=[token])
    told = client.get(address, {"part": "shapes"}).json()
    assert len(told["shapes"]) == 2
    tiles = client.get(address, {"part": "tiles"})
    assert tiles.content.decode().count('<div class="tile') == 2
    assert str(photos[2].pk) not in tiles.content.decode()
    assert [secret for secret in SECRETS if secret in tiles.content.decode()] == []
    assert "no-store" in tiles["Cache-Control"]
    assert client.get(reverse("shared", args=["nothing"]), {"part": "tiles"}).status_code == 404


def test_a_picture_to_be_looked_at_needs_no_leave_to_keep_it(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    token = link(alice, album=rome.pk, allow_download=False)
    address = reverse("shared_picture", args=[token, photos[0].pk])
    answer = client.get(address, {"size": "preview"})
    assert f"{photos[0].pk}/preview" in answer["Location"]
    assert "attachment" not in answer["Location"]
    for size in ("original", "nothing"):
        assert client.get(address, {"size": size}).status_code == 404
    stranger = reverse("shared_picture", args=[token, photos[2].pk])
    assert client.get(stranger, {"size": "preview"}).status_code == 404


def test_where_it_may_not_nothing_offers_it(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    token = link(alice, album=rome.pk, allow_download=False)
    assert "/picture/" not in get(client, token, photos[0]).content.decode()
    assert "/download/" not in get(client, token).content.decode()
    assert get(client, token, name="shared_download").status_code == 404
    assert get(client, token, photos[0], "shared_picture").status_code == 404


@pytest.mark.parametrize("shown", [True, False])
def test_labels_are_shown_where_the_owner_said_so(
    client: Client, alice: User, rome: Album, photos: list[Photo], shown: bool
) -> None:
    make_detection(photos[0], "Garden", 95)
    make_detection(photos[0], "Rumour", 60)
    page = get(client, link(alice, album=rome.pk, show_labels=shown), photos[0]).content.decode()
    assert ("Garden" in page) == shown
    assert "Rumour" not in page


def test_a_veiled_photo_stays_veiled(client: Client, alice: User, rome: Album, photos: list[Photo]) -> None:
    Photo.objects.filter(pk=photos[0].pk).update(veiled=True)
    token = link(alice, album=rome.pk)
    assert 'class="tile a58 veiled"' in get(client, token).content.decode()
    assert 'id="unveil"' in get(client, token, photos[0]).content.decode()


def test_a_password_is_asked_for_first_everywhere(
    client: Client, alice: User, rome: Album, photos: list[Photo]
) -> None:
    token = link(alice, album=rome.pk, password="sesame")
    for answer in (
        get(client, token),
        get(client, token, photos[0]),
        get(client, token, photos[0], "shared_picture"),
        get(client, token, name="shared_download"),
    ):
        page = answer.content.decode()
        assert "This link has a password" in page
        assert "Rome" not in page
        assert "X-Amz" not in page
    wrong = client.post(reverse("shared", args=[token]), {"password": "Sesame"})
    assert wrong.status_code == 422
    right = client.post(reverse("shared", args=[token]), {"password": "sesame"}, follow=True)
    assert "Rome" in right.content.decode()
    assert get(client, token, photos[0]).status_code == 200
    assert "sesame" not in repr(Share.objects.values().get())
    assert "This link has a password" in get(Client(), token).content.decode(), "another visitor is asked"


def test_one_password_opens_one_link(client: Client, alice: User, rome: Album) -> None:
    one, other = (link(alice, album=rome.pk, password="sesame") for _ in range(2))
    client.post(reverse("shared", args=[one]), {"password": "sesame"})
    assert "This link has a password" in get(client, other).content.decode()


def test_guessing_ends_after_ten_tries(
    client: Client, alice: User, rome: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = link(alice, album=rome.pk, password="sesame")
    monkeypatch.setattr(views, "_TRIES", 2)
    address = reverse("shared", args=[token])
    answers = [client.post(address, {"password": word}).status_code for word in ("a", "b", "sesame")]
    assert answers == [422, 422, 429]
    assert Client().post(address, {"password": "sesame"}).status_code == 429


def test_visits_are_counted_but_not_the_owners(client: Client, alice: User, rome: Album) -> None:
    token = link(alice, album=rome.pk)
    get(client, token)
    get(client, token)
    owner = Client()
    owner.force_login(alice)
    get(owner, token)
    assert Share.objects.get().visits == 2


def test_whatever_a_messenger_hangs_on_a_link_it_is_a_visit_and_script_makes_none(
    client: Client, alice: User, rome: Album
) -> None:
    address = reverse("shared", args=[link(alice, album=rome.pk)])
    client.get(address, {"fbclid": "x"})
    client.get(address, {"part": "shapes"})
    assert Share.objects.get(owner=alice).visits == 1


def test_a_cursor_that_is_none_is_said_in_words(client: Client, alice: User, rome: Album) -> None:
    answer = client.get(reverse("shared", args=[link(alice, album=rome.pk)]) + "?cursor=nonsense")
    assert answer.status_code == 422
