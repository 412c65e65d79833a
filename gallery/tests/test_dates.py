"""Dates of many photos: shifted, said anew, undone; what copies and counts them follows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.models import Detection, OwnerMonth, Photo, PhotoText
from gallery.organise import changes, dates
from gallery.organise import photos as organise
from gallery.pipeline import reconcile
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import NOON, make_detection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
HOUR = timedelta(hours=1)


def taken(photo: Photo) -> datetime:
    return Photo.objects.get(pk=photo.pk).taken_local


def months(owner: User) -> dict[str, int]:
    return dict(OwnerMonth.objects.filter(owner=owner, photos__gt=0).values_list("month", "photos"))


def test_each_is_moved_by_as_much(alice: User) -> None:
    one, two = make_library(alice, 2)
    done = dates.shift(alice.pk, [one.pk, two.pk], -HOUR)
    assert done.changed == 2
    assert (taken(one), taken(two)) == (NOON - HOUR, NOON - timedelta(days=1) - HOUR)
    assert Photo.objects.get(pk=one.pk).taken_source == "user"


def test_what_copies_and_counts_it_follows(alice: User) -> None:
    photo = make_finished(alice)
    make_detection(photo, "Cat")
    trashed = make_finished(alice)
    organise.trash(alice.pk, [trashed.pk])
    dates.shift(alice.pk, [photo.pk, trashed.pk], timedelta(days=30))
    moved = NOON + timedelta(days=30)
    assert set(Detection.objects.values_list("taken_local", flat=True)) == {moved}
    assert set(PhotoText.objects.values_list("taken_local", flat=True)) == {moved}
    assert months(alice) == {"2024-07": 1}
    assert list(reconcile.counters()) == []


def test_all_were_taken_then(alice: User) -> None:
    photos = make_library(alice, 3)
    moment = datetime(1969, 7, 20, 20, 17, tzinfo=UTC)
    assert dates.say(alice.pk, [photo.pk for photo in photos], moment).changed == 3
    assert {taken(photo) for photo in photos} == {moment}
    assert months(alice) == {"1969-07": 3}


def test_undo_puts_back_time_zone_and_source_but_not_what_was_said_since(alice: User) -> None:
    one, two = (make_finished(alice, taken_offset=120, taken_source="exif") for _ in range(2))
    done = dates.shift(alice.pk, [one.pk, two.pk], HOUR)
    later = NOON + timedelta(days=400)
    dates.say(alice.pk, [two.pk], later)
    assert changes.undo(alice.pk, done.change.pk) == 1
    one.refresh_from_db()
    assert (one.taken_local, one.taken_offset, one.taken_source) == (NOON, 120, "exif")
    assert taken(two) == later
    assert list(reconcile.counters()) == []


@pytest.mark.parametrize(
    "by", [timedelta(days=-99_000), timedelta(days=99_000_00), timedelta(days=999_999_999)]
)
def test_no_photo_leaves_the_years_that_there_are(alice: User, by: timedelta) -> None:
    photo = make_finished(alice)
    assert dates.shift(alice.pk, [photo.pk], by).changed == 0
    assert taken(photo) == NOON


def test_nothing_of_others_is_changed(alice: User, bob: User) -> None:
    his = make_finished(bob)
    assert dates.shift(alice.pk, [his.pk], HOUR).changed == 0
    assert taken(his) == NOON


def test_thirty_cost_as_many_statements_as_three(alice: User) -> None:
    costs = []
    for count in (3, 30):
        photos = make_library(alice, count)
        with CaptureQueriesContext(connection) as queries:
            dates.shift(alice.pk, [photo.pk for photo in photos], HOUR)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def ask(client: Client, *photos: Photo, **said: Any) -> Any:
    told = {"photo": [str(photo.pk) for photo in photos], **said}
    return client.post(reverse("selection_dates"), told, follow=True)


def test_the_page_asks_and_then_shifts(member: Client, alice: User) -> None:
    photos = make_library(alice, 2)
    asked = ask(member, *photos).content.decode()
    assert "When were the 2 photos taken?" in asked
    assert asked.count('type="hidden" name="photo"') == 2
    page = ask(member, *photos, taken="", days="", hours="-1", minutes="30").content.decode()
    assert "2 photos have another date." in page
    assert taken(photos[0]) == NOON - timedelta(minutes=30)
    assert "/undo/" in page


def test_or_says_a_date(member: Client, alice: User) -> None:
    photos = make_library(alice, 2)
    ask(member, *photos, taken="1969-07-20T20:17", days="0", hours="0", minutes="0")
    assert {taken(photo) for photo in photos} == {datetime(1969, 7, 20, 20, 17, tzinfo=UTC)}


@pytest.mark.parametrize(
    "said",
    [
        {"taken": "", "minutes": "0"},
        {"taken": "1969-07-20T20:17", "minutes": "5"},
        {"taken": "yesterday", "minutes": "0"},
        {"taken": "", "minutes": "x"},
        {"taken": "", "days": "100001", "minutes": "0"},
    ],
)
def test_what_says_nothing_or_too_much_changes_nothing(
    member: Client, alice: User, said: dict[str, str]
) -> None:
    (photo,) = make_library(alice, 1)
    answer = ask(member, photo, **said)
    assert answer.status_code == 422
    assert str(photo.pk) in answer.content.decode()
    assert taken(photo) == NOON


def test_nothing_picked_says_how_to_pick(member: Client) -> None:
    assert "Pick some photos first" in ask(member).content.decode()
