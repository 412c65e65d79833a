"""Searching a library: what is found, in which order, and how often the database is asked."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from gallery.models import Album, Photo
from gallery.search import statement
from gallery.search.grammar import Unreadable, parse
from gallery.search.photos import Wanted, count, every, page
from gallery.search.tests import collection as library
from gallery.search.tests.searches import searches
from gallery.tests.making import make_detection, make_photo

pytestmark = pytest.mark.django_db
USUAL = 80


@pytest.fixture
def hers(alice: User, bob: User) -> User:
    """Alice, with her library; Bob has the same photos, and an album of his own."""
    library.make_beside(bob)
    library.make(alice)
    return alice


def names(photos: list[Photo]) -> list[str]:
    return [photo.filename.removesuffix(".jpg") for photo in photos]


def found(user: User, search: str, **wanted: Any) -> list[str]:
    return names(page(user, Wanted(query=parse(search), **wanted), "", 200).photos)


def leaf(user: User, wanted: Wanted, limit: int) -> tuple[list[str], list[str]]:
    """All names from the first page to the last, and all from the last to the first."""
    shown = page(user, wanted, "", limit)
    forwards, last = names(shown.photos), ""
    while shown.next:
        last = shown.next
        shown = page(user, wanted, last, limit)
        forwards += names(shown.photos)
    backwards = names(shown.photos)
    while shown.previous:
        shown = page(user, wanted, shown.previous, limit)
        backwards = names(shown.photos) + backwards
    return forwards, backwards


def test_there_are_two_hundred_searches() -> None:
    assert len(searches()) >= 200
    assert len(dict(searches())) == len(searches())


def test_each_search_finds_what_its_words_say_newest_first(hers: User) -> None:
    wrong = {search: got for search, expected in searches() if (got := found(hers, search)) != expected}
    assert wrong == {}


def test_all_that_a_search_finds_is_what_bulk_work_is_done_on(hers: User) -> None:
    for search, expected in searches():
        assert sorted(names(list(every(hers, Wanted(query=parse(search)))))) == sorted(expected), search


@pytest.mark.parametrize("work", [statement.MOST_WORK, 1, 9], ids=["far", "one by one", "not far"])
def test_leafing_through_a_search_shows_each_photo_once_both_ways(
    hers: User, monkeypatch: pytest.MonkeyPatch, work: int
) -> None:
    """However little a page may look at."""
    monkeypatch.setattr(statement, "MOST_WORK", work)
    for search, expected in searches()[work % 4 :: 4]:
        assert leaf(hers, Wanted(query=parse(search)), 2) == (expected, expected), search


@pytest.mark.parametrize(("search", "expected"), [
    ("dog", "duo rex walk sure"),
    ("dog>50", "duo rex maybe walk sure"),
    ("dog confidence:>=60", "duo rex maybe walk sure"),
    ("animal -dog", "puss maybe wolf"),
    ('category:"animals and pets"', "puss duo rex walk sure wolf"),
    ("has:people", "face crowd"),
    ("is:unlabelled", "face nothing unicorn"),
])  # fmt: skip
def test_what_is_not_sure_enough_is_not_found_on_pages(hers: User, search: str, expected: str) -> None:
    assert (
        found(hers, search if search != "animal -dog" else "animal>0 -dog", min_confidence=USUAL)
        == expected.split()
    )


def test_what_the_address_says_beside_the_search_must_be_met_too(hers: User) -> None:
    trip = Album.objects.get(owner=hers, title="Trip").pk
    assert found(hers, "dog", labels=("cat",)) == ["duo"]
    assert found(hers, "animal", labels=("hound", "hound"), min_confidence=90) == ["rex", "walk", "sure"]
    assert found(hers, "", album=trip) == ["beach", "rex"]
    assert found(hers, "", album=trip, trash=True) == ["binned"]
    assert found(hers, "dog", trash=True) == ["binned"]
    assert found(hers, "dog OR cat", trash=True, favourite=False) == []
    assert found(hers, "dog", favourite=False) == ["duo", "maybe", "walk"]


def test_an_album_of_somebody_else_holds_nothing_for_her(hers: User, bob: User) -> None:
    bobs = Album.objects.get(owner=bob, title="Trip").pk
    assert found(hers, "", album=bobs) == []


def test_a_name_that_two_labels_share_finds_the_photos_of_both_once(alice: User) -> None:
    one, both = (make_photo(alice, filename=f"{name}.jpg") for name in ("one", "both"))
    make_detection(one, "Automobile", 90, aliases=["Wheels"])
    make_detection(both, "Automobile", 90)
    make_detection(both, "Bicycle", 90, aliases=["Wheels"])
    assert sorted(found(alice, "wheels")) == ["both", "one"]
    assert found(alice, "wheels bicycle") == ["both"]
    assert found(alice, "-wheels") == []


def test_two_albums_of_one_title_are_both_meant(hers: User) -> None:
    more = Album.objects.create(owner=hers, title="TRIP", folded="trip")
    for name in ("car.jpg", "rex.jpg"):
        more.entries.create(photo=Photo.objects.get(owner=hers, filename=name))
    assert found(hers, "album:trip") == ["beach", "rex", "car"]


def test_a_large_album_is_looked_for_along_the_timeline(hers: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.search.wanted.FEW_ENTRIES", 1)
    assert found(hers, "album:trip") == ["beach", "rex"]
    assert found(hers, "album:trip -dog") == ["beach"]


STATEMENTS = 4  # names of labels, albums, places, photos


def test_no_search_asks_more_often_than_another(hers: User) -> None:
    cheap, rich = Wanted(query=parse("dog cat")), Wanted(query=parse(" ".join(["dog -cat"] * 20)))
    for wanted in (
        cheap,
        rich,
        Wanted(query=parse("dog OR has:people album:trip is:trashed OR cat camera:canon")),
    ):
        with CaptureQueriesContext(connection) as captured:
            page(hers, wanted, "", 50)
        assert len(captured) <= STATEMENTS


def test_counting_ends_where_it_is_told_to(hers: User) -> None:
    assert count(hers, Wanted(query=parse("dog"))) == (5, True)
    assert count(hers, Wanted(query=parse("dog")), most=5) == (5, True)
    assert count(hers, Wanted(query=parse("dog")), most=4) == (4, False)
    assert count(hers, Wanted(query=parse("unicorn"))) == (0, True)


def test_a_search_that_found_nothing_yet_says_how_far_it_looked(
    hers: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement, "MOST_WORK", 9)
    shown = page(hers, Wanted(query=parse("-text:jpg")), "", 50)
    assert shown.photos == []
    assert shown.next
    assert shown.looked_to is not None
    assert count(hers, Wanted(query=parse("-text:jpg"))) == (0, False)


def test_a_photo_that_went_into_the_trash_is_found_there_at_once(hers: User) -> None:
    Photo.objects.filter(owner=hers, filename="wolf.jpg").update(trashed_at=timezone.now())
    Photo.objects.get(owner=hers, filename="wolf.jpg").detections.update(trashed=True)
    assert found(hers, "wolf") == []
    assert found(hers, "wolf is:trashed") == ["wolf"]


def test_what_can_t_be_read_is_not_searched(hers: User) -> None:
    with pytest.raises(Unreadable):
        found(hers, "dog OR")
