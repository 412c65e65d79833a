"""What one has: photos, labels, months, space and paid calls, told by the API."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.models import Analysis, Photo
from gallery.pipeline import budget
from gallery.tests.asking import PHOTOS, program, read, told
from gallery.tests.making import make_detection, make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
ACCOUNT, LABELS, TIMELINE = "/api/v1/account/", "/api/v1/labels/", f"{PHOTOS}timeline/"


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


def call(photo: Photo, sent_at: datetime | None = None) -> Analysis:
    with mock.patch("gallery.pipeline.budget.timezone.now", return_value=sent_at or timezone.now()):
        return budget.charge(photo, "DetectLabels")


def test_a_new_account_has_nothing_but_room(mine: Client) -> None:
    assert read(mine, ACCOUNT) == {
        "email": "alice@example.org",
        "quota_bytes": 10 * 1024**3,
        "used_bytes": 0,
        "photos": 0,
        "trashed": 0,
        "calls_this_month": 0,
        "cost_usd_this_month": 0.0,
    }
    assert read(mine, LABELS) == read(mine, TIMELINE) == []


def test_trashed_photos_are_counted_apart(mine: Client, alice: User, bob: User) -> None:
    for trashed in (None, None, timezone.now()):
        make_photo(alice, trashed_at=trashed)
    make_photo(bob)
    account = read(mine, ACCOUNT)
    assert (account["photos"], account["trashed"]) == (2, 1)


def test_a_quota_of_ones_own_goes_before_the_sites(mine: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=5000, used_bytes=1200, reserved_bytes=300)
    account = read(mine, ACCOUNT)
    assert (account["quota_bytes"], account["used_bytes"]) == (5000, 1200)


def test_calls_of_this_month_count_also_those_perhaps_billed(mine: Client, alice: User, bob: User) -> None:
    this_month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    photo = make_photo(alice)
    call(photo)
    call(photo, this_month)
    call(photo, this_month - timedelta(microseconds=1))
    call(make_photo(bob))
    budget.refund(call(photo), "ThrottlingException")
    account = read(mine, ACCOUNT)
    assert (account["calls_this_month"], account["cost_usd_this_month"]) == (2, 0.002)


def test_labels_come_by_how_often_they_are_there(mine: Client, alice: User, bob: User) -> None:
    for names in (["Dog", "Animal"], ["Dog"], ["Cat"]):
        photo = make_photo(alice)
        for name in names:
            make_detection(
                photo, name, parents=["Animal"] if name == "Dog" else [], categories=["Animals and Pets"]
            )
    make_detection(make_photo(bob), "Submarine")
    labels = read(mine, LABELS)
    assert [(label["name"], label["count"]) for label in labels] == [("Dog", 2), ("Animal", 1), ("Cat", 1)]
    assert labels[0] == {"name": "Dog", "count": 2, "parents": ["Animal"], "categories": ["Animals and Pets"]}
    assert [label["name"] for label in read(mine, LABELS, limit=1)] == ["Dog"]


def test_labels_by_what_their_names_begin_with(mine: Client, alice: User) -> None:
    photo = make_photo(alice)
    for name in ("Dog", "Door", "Cat", "100%"):
        make_detection(photo, name)

    def found(prefix: str) -> set[str]:
        return {label["name"] for label in read(mine, LABELS, q=prefix)}

    assert found("do") == {"Dog", "Door"}
    assert found("100%") == {"100%"}
    for nothing in ("og", "%", "_", "\\", "\x00", "D\x00", "'", "x" * 100):
        assert found(nothing) == set()


@pytest.mark.parametrize("query", [
    {"q": "x" * 101}, {"q": "x" * 10_000}, {"limit": "0"}, {"limit": "1001"}, {"limit": "x"}, {"limit": "\x00"},
], ids=range(6))  # fmt: skip
def test_what_labels_cannot_be_asked_for(mine: Client, query: dict[str, str]) -> None:
    told(mine.get(LABELS, query), 422, "invalid")


def test_the_timeline_counts_by_month_newest_first(mine: Client, alice: User, bob: User) -> None:
    for year, month in ((2023, 12), (2024, 1), (2024, 1), (1999, 5), (1826, 1), (9998, 12)):
        make_photo(alice, taken_local=datetime(year, month, 28, 23, 59, 59, tzinfo=UTC))
    make_photo(alice, trashed_at=timezone.now())
    make_photo(bob)
    assert [(month["month"], month["count"]) for month in read(mine, TIMELINE)] == [
        ("9998-12", 1), ("2024-01", 2), ("2023-12", 1), ("1999-05", 1), ("1826-01", 1),
    ]  # fmt: skip
