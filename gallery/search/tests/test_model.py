"""Whatever the library and whatever the search: what is found is what the plainest reading of its words finds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.models import User
from gallery.models import Photo
from gallery.search import statement
from gallery.search.grammar import parse
from gallery.search.photos import Wanted, every, page
from gallery.search.tests.collection import Made, make_one
from gallery.search.tests.trees import finds, known_queries, libraries
from gallery.search.tree import Query

pytestmark = pytest.mark.django_db
NAMES = "abcde"
STATEMENTS = 4


def lasting(examples: int) -> settings:
    healthy = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(deadline=None, max_examples=examples, suppress_health_check=healthy)


def leafed(user: User, wanted: Wanted) -> list[str]:
    found, cursor = [], ""
    while True:
        with CaptureQueriesContext(connection) as captured:
            shown = page(user, wanted, cursor, 2)
        assert len(captured) <= STATEMENTS
        found += [photo.filename[0] for photo in shown.photos]
        cursor = shown.next
        if not cursor:
            return found


def compare(alice: User, bob: User, library: list[Made], query: Query, work: int) -> None:
    Photo.objects.all().delete()
    for name, made in zip(NAMES, library, strict=False):
        make_one(alice, name, made)
        make_one(bob, name, made)
    mine = set(Photo.objects.filter(owner=alice).values_list("pk", flat=True))
    for least in (0, 80):
        wanted = Wanted(query=parse(str(query)), min_confidence=least)
        expected = sorted(
            name for name, made in zip(NAMES, library, strict=False) if finds(query, least, name, made)
        )
        found = every(alice, wanted)
        assert {photo.pk for photo in found} <= mine
        assert sorted(photo.filename[0] for photo in found) == expected
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(statement, "MOST_WORK", work)
            assert sorted(leafed(alice, wanted)) == expected


@lasting(25)
@given(library=libraries, query=known_queries)
def test_a_search_finds_what_its_words_say(alice: User, bob: User, library: list[Made], query: Query) -> None:
    compare(alice, bob, library, query, work=statement.MOST_WORK)


@lasting(25)
@given(library=libraries, query=known_queries)
def test_so_it_does_when_a_page_may_look_at_little(
    alice: User, bob: User, library: list[Made], query: Query
) -> None:
    compare(alice, bob, library, query, work=1)


@pytest.mark.long
@lasting(2000)
@given(library=libraries, query=known_queries)
def test_so_it_does_however_long_one_looks(alice: User, bob: User, library: list[Made], query: Query) -> None:
    compare(alice, bob, library, query, work=3)
