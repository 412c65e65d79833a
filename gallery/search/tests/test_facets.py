"""What a result has in common, and where each narrows it to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.search.facets import Facet, facets
from gallery.search.grammar import MOST_TERMS, parse
from gallery.search.photos import Wanted, page
from gallery.search.tests import collection as library

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(alice: User, bob: User) -> User:
    library.make_beside(bob)
    library.make(alice)
    return alice


def counted(found: list[Facet]) -> dict[str, int]:
    return {facet.name: facet.count for facet in found}


def wanted(search: str, **beside: object) -> Wanted:
    return Wanted(query=parse(search), **beside)  # type: ignore[arg-type]  # each test names what there is


def test_labels_categories_years_and_cameras_are_counted(hers: User) -> None:
    found = facets(hers, wanted("animal"))
    assert counted(found.labels) == {"Dog": 5, "Cat": 2, "Beach": 1, "Wolf": 1}
    assert counted(found.years) == {"2024": 3, "2023": 1, "2022": 1, "2020": 2}
    assert list(counted(found.years)) == ["2024", "2023", "2022", "2020"]
    assert counted(found.cameras) == {"Canon EOS R5": 2, "Apple iPhone 15 Pro": 1}
    assert counted(facets(hers, wanted("taken:2024")).categories) == {library.PETS: 3, "Travel": 1}
    assert (found.photos, found.bounded) == (7, False)


def test_each_finds_as_many_as_it_says(hers: User) -> None:
    for search in ("", "animal", "dog OR beach", "-dog", "is:trashed OR cat", "has:caption taken:2018.."):
        found = facets(hers, wanted(search))
        offered = [*found.labels, *found.categories, *found.years, *found.cameras]
        assert offered
        for facet in offered:
            narrowed = page(hers, Wanted(query=parse(facet.query)), "", 100).photos
            assert len(narrowed) == facet.count, facet


def test_what_is_asked_for_already_or_narrows_nothing_is_left_out(hers: User) -> None:
    assert "Dog" not in counted(facets(hers, wanted("dog")).labels)
    assert "Animal" not in counted(facets(hers, wanted("dog")).labels)
    assert "Dog" not in counted(facets(hers, wanted("hound")).labels)
    assert "Dog" not in counted(facets(hers, wanted("", labels=("dog",))).labels)
    assert facets(hers, wanted("taken:2024")).years == []


def test_labels_that_are_not_sure_enough_do_not_count(hers: User) -> None:
    assert counted(facets(hers, wanted("taken:2023..", min_confidence=80)).labels)["Dog"] == 2
    assert counted(facets(hers, wanted("taken:2023..")).labels)["Dog"] == 3


def test_only_so_many_photos_are_looked_at_and_that_is_said(hers: User) -> None:
    found = facets(hers, wanted("animal"), most=2)
    assert (found.photos, found.bounded) == (2, True)
    assert counted(found.labels) == {"Cat": 2, "Dog": 1}


def test_a_search_that_can_t_grow_offers_nothing(hers: User) -> None:
    assert facets(hers, wanted(" OR ".join(["dog"] * MOST_TERMS))).labels == []


def test_nothing_found_has_nothing_in_common(hers: User) -> None:
    found = facets(hers, wanted("unicorn"))
    assert (found.labels, found.categories, found.years, found.cameras, found.photos) == ([], [], [], [], 0)


def test_four_statements_however_much_is_found(hers: User) -> None:
    for search in ("animal", "-unicorn", "dog OR cat OR beach OR sea"):
        with CaptureQueriesContext(connection) as captured:
            facets(hers, wanted(search))
        assert len(captured) == 4  # names, places, labels, cameras
