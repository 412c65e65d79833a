"""How often a page asks the database depends on the page, never on how much somebody has."""

from typing import Final
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, Job, OwnerMonth, Photo
from gallery.organise import albums, searches, shares
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]

# Session and user are two of them everywhere.
QUERIES: Final = {
    "home": 5,  # months, photos, whether anything waits and there are samples
    "favourites": 3,
    "archive": 3,
    "duplicates": 5,  # groups, their photos, names of albums
    "trash": 3,
    "albums": 5,  # albums, their covers, kept searches
    "labels": 6,  # the wall, its covers and their renditions, categories
    # At work, counts by state, what is waited for, refusals, reasons, runs; the newest that failed and that wait, their
    # photos and jobs.
    "activity": 13,
    "upload": 2,
    # Calls by month and operation, this month's sum, photos, those of them in the archive, what waits for budget.
    "usage": 7,
    "shares": 3,
    "recognition": 4,  # what is switched on, what is denied
    "samples": 4,
    "shortcuts": 2,
}


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def arrange(name: str) -> None:
    """Puts everything there is where this page shows it."""
    if name == "favourites":
        Photo.objects.update(favourite_at=timezone.now())
    if name == "archive":
        Photo.objects.update(archived_at=timezone.now())
    if name == "duplicates":
        for place, photo in enumerate(Photo.objects.order_by("taken_local")):
            Photo.objects.filter(pk=photo.pk).update(alike=UUID(int=place // 3))
    if name == "albums":
        for photo in Photo.objects.all():
            album = albums.make(photo.owner, "One of its own")
            albums.add(photo.owner_id, album.pk, [photo.pk])
    if name == "shares":
        for photo in Photo.objects.all():
            shares.make(photo.owner, photo=photo.pk)
            shares.make(photo.owner, album=albums.make(photo.owner, "One of its own").pk)
    if name == "trash":
        Photo.objects.update(trashed_at=timezone.now())
    if name == "activity":
        Job.objects.filter(step="labels").update(state="failed", reason="Why.")
        Job.objects.filter(step="renditions").update(state="waiting", finished_at=None)


@pytest.mark.parametrize("name", QUERIES)
def test_thirty_photos_cost_as_many_queries_as_three(client: Client, alice: User, name: str) -> None:
    client.force_login(alice)
    make_library(alice, 3)
    arrange(name)
    few = count(client, reverse(name))
    make_library(alice, 27, labels=6)
    arrange(name)
    assert count(client, reverse(name)) == few == QUERIES[name]


def test_a_photo_with_many_labels_costs_as_much_as_one_with_few(client: Client, alice: User) -> None:
    client.force_login(alice)
    (plain,) = make_library(alice, 1, labels=2)
    (rich,) = make_library(alice, 1, labels=40)
    costs = [count(client, reverse("photo", args=[photo.pk])) for photo in (plain, rich)]
    # session, user, photo, renditions, jobs, labels, instances, verdicts, answers, own labels, faces, lines,
    # appearance, older, newer, albums
    assert costs == [16, 16]


PARTS: Final = ("", "?part=shapes", "?part=tiles")
# One more where places are found first and then their photos.
ORDERS: Final = {Album.Order.NEWEST: 1, Album.Order.BY_HAND: 0}


@pytest.mark.parametrize("order", ORDERS)
def test_an_album_of_thirty_costs_as_many_queries_as_one_of_three(
    client: Client, alice: User, order: Album.Order
) -> None:
    client.force_login(alice)
    album = albums.make(alice, "Ordered")
    albums.edit(album, order=order)
    address = reverse("album", args=[album.pk])
    costs = []
    for photos in (3, 27):
        albums.add(alice.pk, album.pk, [photo.pk for photo in make_library(alice, photos)])
        costs.append([count(client, address + part) for part in PARTS])
    assert costs == [[4 + ORDERS[order]] * 3] * 2  # session, user, album, photos with their renditions


@pytest.mark.parametrize("order", ORDERS)
def test_a_shared_album_costs_its_visitors_as_many_queries_with_thirty_photos_as_with_three(
    client: Client, alice: User, order: Album.Order
) -> None:
    album = albums.make(alice, "Ordered")
    albums.edit(album, order=order)
    _share, token = shares.make(alice, album=album.pk, show_labels=True)
    costs = []
    for photos in (3, 27):
        rows = make_library(alice, photos, labels=photos)
        albums.add(alice.pk, album.pk, [photo.pk for photo in rows])
        addresses = [reverse("shared", args=[token]) + part for part in PARTS]
        addresses.append(reverse("shared_photo", args=[token, rows[1].pk]))
        costs.append([count(client, address) for address in addresses])
    more = ORDERS[order]
    # The link, its visit, photos with their renditions; of one photo its labels and what lies beside it.
    assert costs == [[3 + more, 2 + more, 2 + more, 8]] * 2


def test_a_shared_photo_costs_its_visitors_as_many_queries_however_much_is_on_it(
    client: Client, alice: User
) -> None:
    costs = []
    for labels in (2, 40):
        (photo,) = make_library(alice, 1, labels=labels)
        _share, token = shares.make(alice, photo=photo.pk, show_labels=True)
        costs.append(count(client, reverse("shared", args=[token])))
    assert costs == [5, 5]  # the link, its visit, photo, renditions, labels


def test_the_timelines_parts_cost_as_many_queries_with_thirty_photos_as_with_three(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    costs = []
    for photos in (3, 27):
        make_library(alice, photos)
        first = OwnerMonth.objects.order_by("-month").values_list("month", flat=True)[0]
        client.get("/?part=shapes")  # writes those of each month down
        costs.append([count(client, "/?part=shapes"), count(client, f"/?part=tiles&month={first}&skip=0")])
    assert costs == [[3, 4]] * 2  # the months; photos with their renditions


SEARCHES: Final = {
    "/search/": 4,  # kept searches, labels seen most
    "/search/?q=%22label+0%22": 12,  # the page, the count and the facets look the names up and find photos
    "/search/?q=%22label+0%22+-cat+taken:2024+confidence:>=90": 12,
    "/search/?q=%22label+0%22&part=shapes": 5,
    "/search/?q=%22label+0%22&part=tiles": 5,
    "/search/?q=lable": 7,
    "/search/complete/?q=lab": 4,
    "/search/verdict/?q=%22label+0%22&state=rejected": 8,
    "/searches/": 3,
    "/palette/?q=lab": 6,  # months, albums, kept searches, labels
}


@pytest.mark.parametrize("address", SEARCHES)
def test_a_search_costs_as_many_queries_among_thirty_photos_as_among_three(
    client: Client, alice: User, address: str
) -> None:
    client.force_login(alice)
    costs = []
    for photos, kept in ((3, 1), (27, 9)):
        make_library(alice, photos, labels=kept)
        for number in range(kept):
            searches.keep(alice, f"{photos} {number}", "cat")
        costs.append(count(client, address))
    assert costs == [SEARCHES[address]] * 2
