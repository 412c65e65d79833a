"""Lists in parts, for pages that grow by script: shapes of all there is, tiles of what is looked at."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import OwnerMonth, Photo
from gallery.organise import albums, dates
from gallery.organise import photos as organise_photos
from gallery.pipeline import copies
from gallery.search.library import look, told, with_shapes
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import NOON
from gallery.views import lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
SIZES = [(4000, 3000), (3000, 4000), (1000, 1000), (6000, 1000), (900, 4000)]


def library(member: Client) -> dict[str, str]:
    """Shapes by month, as the page is told."""
    months = member.get("/?part=shapes").json()["months"]
    return {key: shapes for key, _name, _said, shapes in months}


def expected(owner: User) -> dict[str, str]:
    found: dict[str, str] = {}
    for photo in Photo.objects.visible_to(owner).live().newest_first():
        month = f"{photo.taken_local:%Y-%m}"
        found[month] = found.get(month, "") + told([(photo.width, photo.height)])
    return found


def keys(html: str) -> list[str]:
    return re.findall(r'<a href="/photos/([^/]+)/', html)


@pytest.fixture
def several(alice: User) -> list[Photo]:
    """Of three months, newest first, in all shapes."""
    return [
        make_finished(alice, taken_local=NOON - timedelta(days=9 * day), width=width, height=height)
        for day, (width, height) in enumerate(SIZES * 2)
    ]


def turn(photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).update(width=photo.height, height=photo.width)
    copies.reshaped(photo)


CHANGES: dict[str, Callable[[Photo], Any]] = {
    "trash": lambda photo: organise_photos.trash(photo.owner_id, [photo.pk]),
    "another month": lambda photo: dates.shift(photo.owner_id, [photo.pk], timedelta(days=-40)),
    "another place in its month": lambda photo: dates.shift(photo.owner_id, [photo.pk], timedelta(days=-10)),
    "said by hand": lambda photo: organise_photos.edit(photo, taken_local=NOON - timedelta(days=20)),
    "shape": turn,
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_timeline_tells_its_shapes_month_by_month_after_each_change(
    member: Client, alice: User, several: list[Photo], name: str
) -> None:
    assert library(member) == expected(alice) != {}
    before = member.get("/?part=shapes")["ETag"]
    CHANGES[name](several[1])
    assert library(member) == expected(alice)
    assert member.get("/?part=shapes")["ETag"] != before


def test_what_comes_back_from_the_trash_is_in_its_place(
    member: Client, alice: User, several: list[Photo]
) -> None:
    organise_photos.trash(alice.pk, [several[2].pk])
    library(member)
    organise_photos.restore(alice.pk, [several[2].pk])
    assert library(member) == expected(alice)


def test_shapes_that_are_known_are_not_told_again(member: Client, several: list[Photo]) -> None:
    first = member.get("/?part=shapes")
    assert member.get("/?part=shapes", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert OwnerMonth.objects.filter(shapes=None).count() == 0


def test_shapes_of_a_month_that_changed_while_they_were_read_are_not_kept(
    alice: User, several: list[Photo]
) -> None:
    stale = OwnerMonth.objects.filter(owner=alice, shapes=None).first()
    assert stale is not None
    OwnerMonth.objects.add(alice.pk, {stale.month: 0})
    stale.shapes = "old"
    with_shapes(alice, look(alice))
    OwnerMonth.objects.filter(pk=stale.pk, version=stale.version).update(shapes=stale.shapes)
    assert OwnerMonth.objects.get(pk=stale.pk).shapes != "old"


def test_tiles_come_from_the_middle_of_a_month_and_go_on_into_older_ones(
    member: Client, several: list[Photo]
) -> None:
    answer = member.get(f"/?part=tiles&month={NOON:%Y-%m}&skip=1")
    assert keys(answer.content.decode()) == [str(photo.pk) for photo in several[1:]]
    assert answer["X-Library-Version"] == str(member.get("/?part=shapes").json()["version"])


@pytest.mark.parametrize(
    "told_so", ["month=2024-06", "skip=0", "month=x&skip=0", "month=2024-06&skip=-1", ""]
)
def test_a_place_that_is_none_is_refused(member: Client, told_so: str) -> None:
    assert member.get(f"/?part=tiles&{told_so}").status_code == 422


def test_a_list_goes_on_from_run_to_run(
    member: Client, alice: User, several: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "RUN", 4)
    monkeypatch.setattr(lists, "CHUNK", 2)
    Photo.objects.update(favourite_at=timezone.now())
    shapes, found, cursor = "", [], None
    while cursor != "":
        run = member.get("/favourites/", {"part": "shapes", **({"cursor": cursor} if cursor else {})}).json()
        shapes += run["shapes"]
        for one in run["cursors"]:
            tiles = member.get("/favourites/", {"part": "tiles", "cursor": one})
            found += keys(tiles.content.decode())
        cursor = run["next"]
    assert shapes == told((photo.width, photo.height) for photo in several)
    assert found == [str(photo.pk) for photo in several]


def test_every_list_tells_its_shapes(member: Client, alice: User) -> None:
    photos = make_library(alice, 3)
    album = albums.make(alice, "Some")
    albums.add(alice.pk, album.pk, [photos[0].pk, photos[1].pk])
    organise_photos.trash(alice.pk, [photos[2].pk])
    Photo.objects.filter(pk=photos[0].pk).update(favourite_at=timezone.now())
    counts = {
        reverse("album", args=[album.pk]): 2,
        reverse("trash"): 1,
        reverse("favourites"): 1,
        "/search/?q=%22label+0%22": 2,
    }
    for address, count in counts.items():
        joint = "&" if "?" in address else "?"
        assert len(member.get(f"{address}{joint}part=shapes").json()["shapes"]) == count, address
        assert len(keys(member.get(f"{address}{joint}part=tiles").content.decode())) == count, address


def test_a_photo_is_one_of_the_list_it_is_looked_at_in(member: Client, alice: User) -> None:
    photos = make_library(alice, 5)
    album = albums.make(alice, "Every second")
    albums.add(alice.pk, album.pk, [photo.pk for photo in photos[::2]])
    page = member.get(f"/albums/{album.pk}/").content.decode()
    inside = f"?album={album.pk}"
    assert f'/photos/{photos[2].pk}/{inside}"' in page
    page = member.get(f"/photos/{photos[2].pk}/{inside}").content.decode()
    assert f"/photos/{photos[0].pk}/{inside}" in page
    assert f"/photos/{photos[4].pk}/{inside}" in page
    assert f'href="/albums/{album.pk}/"' in page
    page = member.get(f"/photos/{photos[2].pk}/?album=nonsense").content.decode()
    assert f"/photos/{photos[1].pk}/" in page


def test_a_picture_is_led_to_in_each_size(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    for size, part in (("preview", "/preview"), ("full", "/full"), ("original", photo.original_key)):
        answer = member.get(f"/photos/{photo.pk}/picture/", {"size": size})
        assert answer.status_code == 302
        assert part in answer["Location"]
        assert "max-age" in answer["Cache-Control"]
    assert member.get(f"/photos/{photo.pk}/picture/", {"size": "huge"}).status_code == 404


def test_the_original_of_a_turned_photo_is_not_shown_as_it_lies(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    Photo.objects.filter(pk=photo.pk).update(quarter_turns=2)
    assert "/full" in member.get(f"/photos/{photo.pk}/picture/?size=original")["Location"]
