"""Leafing through photos: each once, none lost, forwards and backwards, at any depth for the same price."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import User
from gallery.models import Photo
from gallery.tests.asking import PHOTOS, address, ids, program, read, told
from gallery.tests.collection import make_library
from gallery.tests.making import NOON, make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
Measure = Callable[[Callable[[], Any]], int]


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def queries(db: None) -> Measure:
    """Counts the queries of a call."""

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


def leaf(client: Client, url: str, way: str) -> list[dict[str, Any]]:
    """All pages from this one on, following `next` or `previous`."""
    pages = []
    following: str | None = url
    while following:
        pages.append(read(client, following))
        following = pages[-1][way]
        assert len(pages) <= 100
    return pages


def in_order(owner: User) -> list[str]:
    return [
        str(photo.pk)
        for photo in sorted(Photo.objects.filter(owner=owner), key=lambda p: (p.taken_local, p.pk))[::-1]
    ]


def assert_each_once_both_ways(client: Client, owner: User, limit: int) -> None:
    forwards = leaf(client, f"{PHOTOS}?limit={limit}", "next")
    assert [photo for page in forwards for photo in ids(page)] == in_order(owner)
    assert forwards[0]["previous"] is None
    last = len(forwards) - 1
    back_from = forwards[last - 1]["next"] if last else f"{PHOTOS}?limit={limit}"
    backwards = leaf(client, back_from, "previous")
    assert [ids(page) for page in reversed(backwards)] == [ids(page) for page in forwards]


def test_25_photos_of_the_same_moment_come_each_once(mine: Client, alice: User, bob: User) -> None:
    for _ in range(25):
        make_photo(alice)
    make_photo(bob)
    assert_each_once_both_ways(mine, alice, 4)


@hypothesis_settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(days=[0] * 10, limit=5)
@example(days=[], limit=1)
@given(days=st.lists(st.integers(-2, 2), max_size=12), limit=st.integers(1, 13))
def test_whatever_the_times_and_the_pages(mine: Client, alice: User, days: list[int], limit: int) -> None:
    Photo.objects.all().delete()
    for day in days:
        make_photo(alice, taken_local=NOON + timedelta(days=day))
    assert_each_once_both_ways(mine, alice, limit)


def test_next_and_previous_are_whole_urls_that_keep_the_question(mine: Client, alice: User) -> None:
    make_library(alice, 3, labels=2)
    first = read(mine, PHOTOS, limit=1, label=["Label 0", "label 1"], min_confidence=50)
    address = urlsplit(first["next"])
    assert (address.scheme, address.netloc, address.path) == ("http", "testserver", PHOTOS)
    query = parse_qs(address.query)
    assert query.pop("cursor")
    assert query == {"limit": ["1"], "label": ["Label 0", "label 1"], "min_confidence": ["50"]}
    second = read(mine, first["next"])
    assert urlsplit(second["previous"]).netloc == "testserver"
    assert ids(read(mine, second["previous"])) == ids(first)


def test_a_photo_that_arrives_meanwhile_moves_no_other(mine: Client, alice: User) -> None:
    photos = make_library(alice, 4, labels=0)
    first = read(mine, PHOTOS, limit=2)
    make_photo(alice, taken_local=NOON + timedelta(days=1))
    assert ids(read(mine, first["next"])) == [str(photo.pk) for photo in photos[2:]]


def test_a_photo_that_goes_meanwhile_moves_no_other(mine: Client, alice: User) -> None:
    photos = make_library(alice, 4, labels=0)
    first = read(mine, PHOTOS, limit=2)
    photos[1].delete()
    assert ids(read(mine, first["next"])) == [str(photo.pk) for photo in photos[2:]]


def test_nobody_leafs_with_the_cursor_of_another_into_anothers_photos(
    mine: Client, alice: User, bob: User
) -> None:
    make_library(alice, 3, labels=0)
    photo = make_photo(bob, taken_local=NOON - timedelta(days=9))
    following = read(mine, PHOTOS, limit=1)["next"]
    assert ids(read(program(bob), following)) == [str(photo.pk)]


def test_an_empty_list_has_no_neighbours(mine: Client) -> None:
    assert read(mine) == {"results": [], "next": None, "previous": None}


def test_fifty_photos_a_page_unless_told_otherwise(mine: Client, alice: User) -> None:
    for _ in range(51):
        make_photo(alice)
    assert len(read(mine)["results"]) == 50
    assert len(read(mine, PHOTOS, limit=200)["results"]) == 51


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1e3", "x", "", "1.5", "٣x", "9" * 5000, "\x00"])
def test_a_limit_that_is_none_is_refused_in_words(mine: Client, limit: str) -> None:
    assert told(mine.get(PHOTOS, {"limit": limit}), 422, "invalid")["errors"][0]["loc"] == ["query", "limit"]


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("cursor", [
    "x", "====", "é", "\x00", "a" * 10_000, "../../etc/passwd", "' OR 1=1 --", packed("n"), packed("n|"),
    packed("x2024-06-15T12:00:00+00:00|" + "0" * 32),
    packed("n2024-06-15T12:00:00|" + "0" * 32),
    packed("n2024-06-15T12:00:00+00:00|zz"),
    packed("n2024-13-45T12:00:00+00:00|" + "0" * 32),
    packed("n0001-01-01T00:00:00+23:59|" + "0" * 32),
    packed("p9999-12-31T23:59:59-23:59|" + "0" * 32),
], ids=range(15))  # fmt: skip
def test_a_cursor_that_is_none_of_ours_is_refused_in_words(mine: Client, alice: User, cursor: str) -> None:
    make_photo(alice)
    told(mine.get(PHOTOS, {"cursor": cursor}), 422, "bad_cursor")


@pytest.mark.parametrize("direction", "np")
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_a_cursor_at_the_end_of_all_times_finds_nothing_or_all(
    mine: Client, alice: User, direction: str, moment: str
) -> None:
    photo = make_photo(alice)
    cursor = packed(f"{direction}{moment}+00:00|{'0' * 32}")
    found = (direction == "n") == moment.startswith("9999")
    assert ids(read(mine, PHOTOS, cursor=cursor)) == ([str(photo.pk)] if found else [])


@pytest.mark.parametrize("path", ["", "?label=Label 0&label=Label 1", "timeline/"])
def test_a_list_costs_the_same_for_3_photos_and_for_30(
    mine: Client, alice: User, queries: Measure, path: str
) -> None:
    read(mine)  # notes the token's use
    make_library(alice, 3)
    few = queries(lambda: read(mine, PHOTOS + path))
    make_library(alice, 27, labels=3)
    assert queries(lambda: read(mine, PHOTOS + path)) == few


def test_a_deep_page_costs_what_the_first_costs(mine: Client, alice: User, queries: Measure) -> None:
    make_library(alice, 12)
    pages = leaf(mine, f"{PHOTOS}?limit=3", "next")
    first = queries(lambda: read(mine, f"{PHOTOS}?limit=3"))
    assert queries(lambda: read(mine, pages[2]["next"])) == first


def test_a_photo_costs_the_same_however_much_is_on_it(mine: Client, alice: User, queries: Measure) -> None:
    read(mine)
    (plain,), (rich,) = make_library(alice, 1, labels=3), make_library(alice, 1, labels=30)
    few = queries(lambda: read(mine, address(plain)))
    assert queries(lambda: read(mine, address(rich))) == few


@pytest.mark.parametrize("path", ["/api/v1/labels/", "/api/v1/account/"])
def test_what_one_has_costs_the_same_for_3_photos_and_for_30(
    mine: Client, alice: User, queries: Measure, path: str
) -> None:
    read(mine)
    make_library(alice, 3, labels=3)
    few = queries(lambda: read(mine, path))
    make_library(alice, 27, labels=20)
    assert queries(lambda: read(mine, path)) == few
