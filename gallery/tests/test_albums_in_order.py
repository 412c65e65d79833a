"""Albums in an order of their own: on their page, from photo to photo, for visitors and for programs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import Album, AlbumEntry, Photo
from gallery.organise import albums, bulk, changes, shares
from gallery.organise import photos as organise
from gallery.organise.record import Done
from gallery.search import photos as search
from gallery.search.wanted import Wanted
from gallery.tests.asking import program
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON
from gallery.views.lists import CHUNK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def photos(alice: User) -> list[Photo]:
    """Five, the newest first."""
    return [make_finished(alice, taken_local=NOON - timedelta(days=day)) for day in range(5)]


@pytest.fixture
def rome(alice: User, photos: list[Photo]) -> Album:
    """In the order by hand, which is that of adding: as they were taken, until somebody moves them."""
    album = albums.make(alice, "Rome")
    albums.add(alice.pk, album.pk, [photo.pk for photo in photos])
    albums.edit(album, order="by_hand")
    return album


def in_order(album: Album) -> list[Any]:
    return [
        key
        for (key,) in AlbumEntry.objects.filter(album=album)
        .order_by("position", "photo")
        .values_list("photo")
    ]


def shown(client: Client, address: str) -> list[str]:
    return re.findall(
        r'<div class="tile[^>]*><a href="[^"]*?([-0-9a-f]{36})/[^/"]*"', client.get(address).content.decode()
    )


def keys(photos: list[Photo]) -> list[str]:
    return [str(photo.pk) for photo in photos]


def page(album: Album) -> str:
    return reverse("album", args=[album.pk])


@pytest.mark.parametrize("order", ["newest", "oldest", "by_hand"])
def test_a_page_shows_it_in_its_order(member: Client, photos: list[Photo], rome: Album, order: str) -> None:
    albums.move(rome.owner_id, rome.pk, [photos[2].pk], photos[4].pk)
    member.post(page(rome), {"title": "Rome", "description": "", "order": order})
    newest = keys(photos)
    by_hand = [newest[2], newest[4], newest[3], newest[1], newest[0]]
    expected = {"newest": newest, "oldest": newest[::-1], "by_hand": by_hand}[order]
    assert shown(member, page(rome)) == expected
    visitor = Client()
    _, token = shares.make(rome.owner, album=rome.pk)
    assert shown(visitor, reverse("shared", args=[token])) == expected


@pytest.mark.parametrize("order", ["newest", "oldest", "by_hand"])
def test_leafing_shows_each_photo_once_both_ways(
    alice: User, photos: list[Photo], rome: Album, order: str
) -> None:
    wanted, cursor, there = Wanted(album=rome.pk, order=order), "", []
    first = search.page(alice, wanted, "", 2)
    assert first.previous == ""
    pages = [first]
    while pages[-1].next:
        pages.append(search.page(alice, wanted, pages[-1].next, 2))
    there = [photo.pk for one in pages for photo in one.photos]
    assert there == [photo.pk for photo in (photos if order == "newest" else photos[::-1])]
    cursor, back = pages[-1].previous, [photo.pk for photo in pages[-1].photos]
    while cursor:
        before = search.page(alice, wanted, cursor, 2)
        back, cursor = [photo.pk for photo in before.photos] + back, before.previous
    assert back == there


@pytest.mark.parametrize("order", ["newest", "oldest", "by_hand"])
def test_from_photo_to_photo_it_is_the_same_order(
    member: Client, photos: list[Photo], rome: Album, order: str
) -> None:
    albums.edit(rome, order=order)
    line = keys(photos if order == "newest" else photos[::-1])
    text = member.get(f"/photos/{line[1]}/?album={rome.pk}").content.decode()
    assert f'href="/photos/{line[0]}/?album={rome.pk}" aria-label="Previous photo"' in text
    assert f'href="/photos/{line[2]}/?album={rome.pk}" aria-label="Next photo"' in text
    _, token = shares.make(rome.owner, album=rome.pk)
    text = Client().get(f"/s/{token}/{line[1]}/").content.decode()
    assert f'href="/s/{token}/{line[0]}/" aria-label="Previous photo"' in text
    assert f'href="/s/{token}/{line[2]}/" aria-label="Next photo"' in text


@pytest.mark.one_database
@pytest.mark.parametrize("order", ["oldest", "by_hand"])
def test_script_is_told_of_runs_in_the_same_order(member: Client, rome: Album, order: str) -> None:
    albums.edit(rome, order=order)
    for taken in range(CHUNK + 10):
        photo = make_finished(rome.owner, taken_local=NOON + timedelta(days=1 + taken))
        albums.add(rome.owner_id, rome.pk, [photo.pk])
    told = member.get(page(rome), {"part": "shapes"}).json()
    assert len(told["shapes"]) == CHUNK + 15
    first, second = (shown(member, f"{page(rome)}?part=tiles&cursor={cursor}") for cursor in told["cursors"])
    assert len(first) == CHUNK
    assert len(second) == 15
    assert [*first, *second] == [str(key) for key in in_order(rome)]


@pytest.mark.parametrize(
    ("moved", "to", "expected"),
    [
        ([3], "front", [3, 0, 1, 2, 4]),
        ([1], "end", [0, 2, 3, 4, 1]),
        ([4, 0], 2, [1, 0, 4, 2, 3]),
        ([1, 3], 1, [0, 1, 3, 2, 4]),
        ([3, 4], 3, [0, 1, 2, 3, 4]),
        ([2], 4, [0, 1, 3, 2, 4]),
    ],
)
def test_photos_are_moved(
    member: Client, rome: Album, moved: list[int], to: Any, expected: list[int]
) -> None:
    line = in_order(rome)
    where = to if isinstance(to, str) else str(line[to])
    address = reverse("album_move", args=[rome.pk])
    answer = member.post(address, {"photos": " ".join(str(line[one]) for one in moved), "to": where})
    assert answer.headers["Location"] == page(rome)
    assert in_order(rome) == [line[one] for one in expected]


def test_nothing_moves_before_what_is_elsewhere(member: Client, alice: User, rome: Album) -> None:
    before = in_order(rome)
    for to in (str(make_finished(alice).pk), "nowhere", ""):
        assert (
            member.post(
                reverse("album_move", args=[rome.pk]), {"photo": str(before[0]), "to": to}
            ).status_code
            == 404
        )
    assert in_order(rome) == before


def test_what_is_in_the_trash_keeps_its_place(alice: User, photos: list[Photo], rome: Album) -> None:
    wanted = Wanted(album=rome.pk, order="by_hand")
    organise.trash(alice.pk, [photos[3].pk])
    assert photos[3] not in search.page(alice, wanted, "", 10).photos
    organise.restore(alice.pk, [photos[3].pk])
    assert [photo.pk for photo in search.page(alice, wanted, "", 10).photos] == in_order(rome)


def test_undo_puts_back_what_was_taken_out_where_it_was(
    alice: User, photos: list[Photo], rome: Album
) -> None:
    before = in_order(rome)
    done = bulk.act(alice.pk, "remove_from_album", before[1:3], album=rome.pk)
    assert in_order(rome) == [before[0], *before[3:]]
    assert changes.undo(alice.pk, done.change.pk) == 2
    assert in_order(rome) == before


def test_a_damaged_address_is_refused_in_words(alice: User, rome: Album) -> None:
    for cursor in ("x", "bm90aGluZw", "b" * 500, "bzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5fDA"):
        with pytest.raises(Refusal, match="damaged"):
            search.page(alice, Wanted(album=rome.pk, order="by_hand"), cursor, 10)


def test_a_program_orders_it(alice: User, rome: Album) -> None:
    client, line = program(alice), in_order(rome)
    address = f"/api/v1/albums/{rome.pk}/"
    assert client.get(address).json()["order"] == "by_hand"
    answer = client.post(
        f"{address}photos/move/",
        {"ids": [str(line[4])], "before": str(line[0])},
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert in_order(rome) == [line[4], *line[:4]]
    told = client.patch(address, {"order": "oldest"}, content_type="application/json").json()
    assert told["order"] == "oldest"
    assert client.patch(address, {"order": "size"}, content_type="application/json").status_code == 422


def test_somebody_elses_album_stays_as_it_is(bob: User, rome: Album) -> None:
    before = in_order(rome)
    with pytest.raises(Refusal):
        albums.move(bob.pk, rome.pk, before[:1], None)
    assert in_order(rome) == before


def moved(photos: list[Photo], rome: Album, places: list[int], before: int | None) -> Done:
    """The photos at these places of the album, put before another one of it."""
    line = in_order(rome)
    there = None if before is None else line[before]
    return bulk.move(rome.owner_id, rome.pk, [line[place] for place in places], there)


@pytest.mark.parametrize("places", [[0], [4], [1, 2], [0, 2, 4], [0, 1, 3]])
@pytest.mark.parametrize("before", [0, 2, None])
def test_a_move_is_taken_back(
    photos: list[Photo], rome: Album, places: list[int], before: int | None
) -> None:
    then = in_order(rome)
    done = moved(photos, rome, places, before)
    assert done.changed == len(places)
    assert changes.undo(rome.owner_id, done.change.pk) == len(places)
    assert in_order(rome) == then


def test_what_was_moved_again_since_stays(photos: list[Photo], rome: Album) -> None:
    first, second, *others = in_order(rome)
    done = moved(photos, rome, [0, 1], None)
    bulk.move(rome.owner_id, rome.pk, [first], others[1])
    assert changes.undo(rome.owner_id, done.change.pk) == 1
    assert in_order(rome) == [second, others[0], first, *others[1:]]


def test_what_has_no_place_to_go_back_to_stays(photos: list[Photo], rome: Album) -> None:
    first, second, *others = in_order(rome)
    done = moved(photos, rome, [0], None)
    albums.remove(rome.owner_id, rome.pk, [second])
    assert changes.undo(rome.owner_id, done.change.pk) == 0
    assert in_order(rome) == [*others, first]
    last = moved(photos, rome, [3], 0)
    albums.delete(rome)
    assert changes.undo(rome.owner_id, last.change.pk) == 0


def test_moving_is_said_and_can_be_undone(member: Client, photos: list[Photo], rome: Album) -> None:
    then = in_order(rome)
    asked = {"photos": str(then[0]), "to": "end"}
    text = member.post(reverse("album_move", args=[rome.pk]), asked, follow=True).content.decode()
    assert "1 photo was moved." in text
    (undo,) = re.findall(r'action="(/changes/[^"]+)"', text)
    member.post(undo)
    assert in_order(rome) == then
