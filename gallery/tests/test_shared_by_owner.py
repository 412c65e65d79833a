"""How an owner shares by a link, on pages and by the API, and how they end it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import Album, Photo, Share
from gallery.organise import albums, shares
from gallery.organise import photos as organise
from gallery.tests.asking import program
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def photos(alice: User) -> list[Photo]:
    return make_library(alice, 2, labels=0)


@pytest.fixture
def rome(alice: User, photos: list[Photo]) -> Album:
    album = albums.make(alice, "Rome")
    albums.add(alice.pk, album.pk, [photo.pk for photo in photos])
    return album


def test_the_owner_makes_a_link_and_is_told_it_once(client: Client, alice: User, rome: Album) -> None:
    client.force_login(alice)
    address = reverse("album_share", args=[rome.pk])
    assert "Share “Rome” by a link" in client.get(address).content.decode()
    page = client.post(address, {"days": "7", "allow_download": "on"}).content.decode()
    found = re.search(r'value="[^"]*(/s/[^"]+)"', page)
    assert found is not None
    assert Client().get(found[1]).status_code == 200
    listed = client.get(reverse("shares")).content.decode()
    assert "Rome" in listed
    assert found[1] not in listed
    share = Share.objects.get()
    assert share.expires_at is not None
    assert timedelta(days=6, hours=23) < share.expires_at - timezone.now() < timedelta(days=7)


@pytest.mark.parametrize("days", ["", "5", "x"])
def test_what_no_form_offers_makes_no_link(client: Client, alice: User, rome: Album, days: str) -> None:
    client.force_login(alice)
    assert client.post(reverse("album_share", args=[rome.pk]), {"days": days}).status_code == 422
    assert not Share.objects.exists()


def test_what_is_anothers_or_in_the_trash_can_not_be_shared(
    client: Client, bob: User, photos: list[Photo]
) -> None:
    client.force_login(bob)
    for name, pk in (("photo_share", photos[0].pk), ("album_share", albums.make(photos[0].owner, "A").pk)):
        assert client.post(reverse(name, args=[pk]), {"days": "7"}).status_code == 404
    organise.trash(photos[0].owner_id, [photos[0].pk])
    client.force_login(photos[0].owner)
    assert client.get(reverse("photo_share", args=[photos[0].pk])).status_code == 404
    assert not Share.objects.exists()


def ask(client: Client, method: str, rest: str = "", **body: Any) -> Any:
    return getattr(client, method)(f"/api/v1/shares/{rest}", body, content_type="application/json")


def test_a_program_makes_lists_and_ends_a_link(alice: User, rome: Album) -> None:
    mine = program(alice)
    made = ask(mine, "post", album=str(rome.pk), password="sesame", allow_download=False)
    assert made.status_code == 201
    told = made.json()
    assert (told["album"], told["photo"], told["has_password"], told["allow_download"]) == (
        str(rome.pk), None, True, False,
    )  # fmt: skip
    path = told.pop("url").removeprefix("http://localhost:8000")
    assert Client().get(path).status_code == 200
    assert mine.get("/api/v1/shares/").json() == {"results": [told]}
    assert ask(mine, "delete", f"{told['id']}/").status_code == 204
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"album": "mine", "photo": "mine"},
        {"album": "mine", "expires_at": "2020-01-01T00:00:00Z"},
        {"album": "mine", "expires_at": "2099-01-01T00:00:00"},
        {"album": "mine", "password": "x" * 101},
        {"album": "mine", "colour": "red"},
    ],
)
def test_what_can_be_no_link_is_refused_and_nothing_is_made(
    alice: User, rome: Album, photos: list[Photo], wrong: dict[str, Any]
) -> None:
    ids = {"album": str(rome.pk), "photo": str(photos[0].pk)}
    body = {name: ids[name] if value == "mine" else value for name, value in wrong.items()}
    assert ask(program(alice), "post", **body).status_code == 422
    assert not Share.objects.exists()


def test_a_program_gets_at_no_share_of_others(alice: User, bob: User, rome: Album) -> None:
    share = shares.make(alice, album=rome.pk)[0]
    his = program(bob)
    assert his.get("/api/v1/shares/").json() == {"results": []}
    assert ask(his, "delete", f"{share.pk}/").status_code == 404
    assert ask(his, "post", album=str(rome.pk)).status_code == 404
    assert Share.objects.count() == 1


def test_both_or_none_is_refused_below_the_pages_too(alice: User, rome: Album, photos: list[Photo]) -> None:
    with pytest.raises(Refusal):
        shares.make(alice)
    with pytest.raises(Refusal):
        shares.make(alice, album=rome.pk, photo=photos[0].pk)
