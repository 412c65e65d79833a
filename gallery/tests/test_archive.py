"""The archive: out of the timeline, and of nothing else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.models import OwnerMonth, Photo
from gallery.organise import albums, bulk, changes, dates
from gallery.organise import photos as organise
from gallery.pipeline import reconcile
from gallery.search.memories import on_this_day
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def months(owner: User) -> dict[str, int]:
    return dict(OwnerMonth.objects.filter(owner=owner, photos__gt=0).values_list("month", "photos"))


def has(client: Client, address: str, photo: Photo) -> bool:
    return str(photo.pk) in client.get(address).content.decode()


def archived(*photos: Photo) -> None:
    assert bulk.act(photos[0].owner_id, "archive", [photo.pk for photo in photos]).changed == len(photos)


def test_it_leaves_the_timeline_and_stays_everywhere_else(member: Client, alice: User) -> None:
    one, other = make_library(alice, 2)
    organise.favourite(one, on=True)
    album = albums.make(alice, "Trip")
    albums.add(alice.pk, album.pk, [one.pk])
    archived(one)
    assert not has(member, reverse("home"), one)
    assert has(member, reverse("home"), other)
    everywhere = (
        reverse("archive"), reverse("favourites"), reverse("album", args=[album.pk]),
        reverse("search") + "?q=%22label+0%22", reverse("search") + "?q=is:archived",
        reverse("search") + "?q=has:caption+OR+is:archived",
    )  # fmt: skip
    for address in everywhere:
        assert has(member, address, one), address
    assert not has(member, reverse("search") + "?q=-is:archived", one)
    assert not has(member, reverse("archive"), other)


def test_months_memories_and_neighbours_are_of_the_timeline(member: Client, alice: User) -> None:
    one, two, three = make_library(alice, 3)
    archived(two)
    assert months(alice) == {"2024-06": 2}
    day = two.taken_local.date()
    assert list(on_this_day(alice, day.replace(year=2025))) == []
    assert has(member, reverse("photo", args=[one.pk]), three)
    assert has(member, reverse("photo", args=[two.pk]), three)
    assert not has(member, reverse("photo", args=[two.pk]) + "?in=archive", three)
    assert member.get("/api/v1/photos/timeline/").json() == [{"month": "2024-06", "count": 2}]
    assert member.get("/api/v1/account/").json()["photos"] == 3


def test_what_counts_it_follows_through_trash_dates_and_back(alice: User) -> None:
    one, two = make_library(alice, 2)
    archived(one)
    dates.shift(alice.pk, [one.pk, two.pk], timedelta(days=31))
    assert months(alice) == {"2024-07": 1}
    organise.trash(alice.pk, [one.pk, two.pk])
    assert months(alice) == {}
    organise.restore(alice.pk, [one.pk, two.pk])
    assert months(alice) == {"2024-07": 1}
    assert Photo.objects.archived().get() == one
    organise.unarchive(alice.pk, [one.pk])
    assert months(alice) == {"2024-07": 2}
    assert list(reconcile.counters()) == []


def test_only_the_owners_photos_outside_the_trash_are_archived(alice: User, bob: User) -> None:
    (theirs,), (mine,) = make_library(bob, 1), make_library(alice, 1)
    organise.trash(alice.pk, [mine.pk])
    assert bulk.act(alice.pk, "archive", [theirs.pk, mine.pk]).changed == 0


def test_undo_goes_both_ways(alice: User) -> None:
    one, two = make_library(alice, 2)
    done = bulk.act(alice.pk, "archive", [one.pk, two.pk])
    since = Photo.objects.get(pk=one.pk).archived_at
    back = bulk.act(alice.pk, "unarchive", [one.pk])
    assert changes.undo(alice.pk, back.change.pk) == 1
    assert Photo.objects.get(pk=one.pk).archived_at == since
    assert changes.undo(alice.pk, done.change.pk) == 2
    assert not Photo.objects.archived().exists()


def test_on_pages_it_is_one_click_each_way(member: Client, alice: User) -> None:
    (photo,) = make_library(alice, 1)
    address = reverse("photo_archive", args=[photo.pk])
    assert "It is in the archive" in member.post(address, {"on": "yes"}, follow=True).content.decode()
    assert "It is back in the timeline" in member.post(address, {"on": "no"}, follow=True).content.decode()
    told = {"action": "archive", "photo": str(photo.pk), "next": reverse("archive")}
    page = member.post(reverse("selection"), told, follow=True).content.decode()
    assert "1 photo is in the archive." in page
    assert 'value="unarchive"' in page


def test_the_api_tells_it_and_changes_it(member: Client, alice: User) -> None:
    one, _ = make_library(alice, 2)
    address = f"/api/v1/photos/{one.pk}/"

    def patch(value: bool) -> Any:
        return member.patch(address, json.dumps({"archived": value}), content_type="application/json").json()

    assert patch(True)["archived"] is True
    assert [found["id"] for found in member.get("/api/v1/photos/?archived=true").json()["results"]] == [
        str(one.pk)
    ]
    assert len(member.get("/api/v1/photos/?archived=false").json()["results"]) == 1
    assert len(member.get("/api/v1/photos/").json()["results"]) == 2
    assert patch(False)["archived"] is False


@pytest.mark.parametrize(("address", "index"), [("home", "photo_timeline"), ("archive", "photo_archive")])
def test_the_page_is_one_range_of_an_index(member: Client, alice: User, address: str, index: str) -> None:
    photos = make_library(alice, 100, labels=0)  # enough to tell one index from another
    archived(*(photos[:90] if address == "home" else photos[:10]))
    with CaptureQueriesContext(connection) as asked:
        member.get(reverse(address))
    (statement,) = [
        query["sql"] for query in asked if 'ORDER BY "gallery_photo"."taken_local" DESC' in query["sql"]
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "ANALYZE gallery_photo; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; "
                "SET LOCAL enable_sort = off"
            )
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {statement}")
        assert index in str(cursor.fetchall())


def test_an_old_undo_leaves_alone_what_a_later_change_holds(alice: User) -> None:
    """Take-out, in again, take-out: undoing the first take-out does not undo the last."""
    one, two = make_library(alice, 2)
    album = albums.make(alice, "Trip")
    ids = [one.pk, two.pk]
    for action, again in (
        ("add_to_album", "remove_from_album"),
        ("favourite", "unfavourite"),
        ("trash", "restore"),
        ("archive", "unarchive"),
    ):
        about: Any = {"album": album.pk} if "album" in action else {}
        bulk.act(alice.pk, action, ids, **about)  # type: ignore[arg-type]  # actions
        first = bulk.act(alice.pk, again, ids, **about)  # type: ignore[arg-type]
        bulk.act(alice.pk, action, [one.pk], **about)  # type: ignore[arg-type]
        bulk.act(alice.pk, again, [one.pk], **about)  # type: ignore[arg-type]
        assert changes.undo(alice.pk, first.change.pk) == 1, again
        if action in ("trash", "archive"):
            assert Photo.objects.in_timeline().get() == one
            bulk.act(alice.pk, again, [two.pk])  # type: ignore[arg-type]


def test_what_a_later_change_of_another_album_did_is_no_hindrance(alice: User) -> None:
    (photo,) = make_library(alice, 1)
    trip, home = albums.make(alice, "Trip"), albums.make(alice, "Home")
    for album in (trip, home):
        bulk.act(alice.pk, "add_to_album", [photo.pk], album=album.pk)
    first = bulk.act(alice.pk, "remove_from_album", [photo.pk], album=trip.pk)
    bulk.act(alice.pk, "remove_from_album", [photo.pk], album=home.pk)
    assert changes.undo(alice.pk, first.change.pk) == 1
    assert trip.entries.count() == 1
