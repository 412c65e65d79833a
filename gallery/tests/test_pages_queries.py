"""How often a page asks the database depends on the page, never on how much somebody has."""

from typing import Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Job, Photo
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]

# Session and user are two of them everywhere.
QUERIES: Final = {
    "home": 7,  # months, photos, renditions, jobs, whether anything waits
    "favourites": 5,
    "trash": 5,
    "labels": 3,
    "search": 6,  # the label's id before the photos
    "activity": 10,  # for what failed and for what waits: found jobs, photos, renditions, all jobs
    "upload": 2,
}


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def address_of(name: str) -> str:
    return reverse(name) + ("?label=Label+0" if name == "search" else "")


def arrange(name: str) -> None:
    """Puts everything there is where this page shows it."""
    if name == "favourites":
        Photo.objects.update(favourite_at=timezone.now())
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
    few = count(client, address_of(name))
    make_library(alice, 27, labels=6)
    arrange(name)
    assert count(client, address_of(name)) == few == QUERIES[name]


def test_a_photo_with_many_labels_costs_as_much_as_one_with_few(client: Client, alice: User) -> None:
    client.force_login(alice)
    (plain,) = make_library(alice, 1, labels=2)
    (rich,) = make_library(alice, 1, labels=40)
    costs = [count(client, reverse("photo", args=[photo.pk])) for photo in (plain, rich)]
    # session, user, photo, renditions, jobs, detections, labels, instances, verdicts, older, newer
    assert costs == [11, 11]
