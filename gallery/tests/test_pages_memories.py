"""What was photographed on this day of earlier years."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.organise import photos as organise
from gallery.search.memories import on_this_day
from gallery.tests.collection import make_finished

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
DAY = date(2026, 11, 26)


@pytest.fixture
def page(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> Any:
    client.force_login(alice)
    monkeypatch.setattr(timezone, "localdate", lambda: DAY)
    return lambda: client.get(reverse("memories")).content.decode()


def at(year: int, month: int = 11, day: int = 26, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_this_day_of_each_earlier_year_is_there_newest_first(page: Any, alice: User) -> None:
    first, last = (
        make_finished(alice, taken_local=moment)
        for moment in (at(2021, hour=0), at(2025, hour=23, minute=59))
    )
    others = [
        make_finished(alice, taken_local=moment)
        for moment in (
            at(2026, hour=8),
            at(2025, day=27, hour=0),
            at(2025, day=25, hour=23),
            at(2025, month=10),
        )
    ]
    shown = page()
    assert shown.index(str(last.pk)) < shown.index(str(first.pk))
    assert "a year ago" in shown
    assert "5 years ago" in shown
    assert not any(str(other.pk) in shown for other in others)


def test_without_any_the_days_around_it_are_there(page: Any, alice: User) -> None:
    near, far = (make_finished(alice, taken_local=at(2024, day=day)) for day in (23, 22))
    shown = page()
    assert "Around this day" in shown
    assert str(near.pk) in shown
    assert str(far.pk) not in shown


def test_without_anything_the_page_says_so(page: Any, alice: User, bob: User) -> None:
    make_finished(bob, taken_local=at(2025))
    thrown = make_finished(alice, taken_local=at(2025))
    organise.trash(alice.pk, [thrown.pk])
    assert "No memories of this day yet" in page()


@pytest.mark.parametrize(
    ("day", "years"),
    [(date(2028, 2, 29), [2024]), (date(2026, 12, 31), [2025, 2020]), (date(2026, 1, 1), [2025])],
)
def test_odd_days_have_memories_too(alice: User, day: date, years: list[int]) -> None:
    for year in years:
        make_finished(alice, taken_local=datetime(year, day.month, day.day, 12, tzinfo=UTC))
    make_finished(alice, taken_local=at(2023, month=2, day=28))
    make_finished(alice, taken_local=at(1826, month=1, day=2))
    assert [photo.taken_local.year for photo in on_this_day(alice, day)] == years
    list(on_this_day(alice, day, around=3))


def test_many_years_cost_as_many_queries_as_one(page: Any, alice: User) -> None:
    costs = []
    for years in (1, 20):
        for year in range(years):
            make_finished(alice, taken_local=at(2025 - year) + timedelta(minutes=years))
        with CaptureQueriesContext(connection) as queries:
            page()
        costs.append(len(queries))
    assert costs == [4, 4]  # session, user, months, photos
