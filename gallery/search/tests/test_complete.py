"""What is offered while somebody types."""

from typing import Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Album
from gallery.search.complete import complete
from gallery.search.grammar import parse
from gallery.search.tests import collection as library
from gallery.tests.making import make_detection, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(alice: User, bob: User) -> User:
    library.make_beside(bob)
    library.make(alice)
    return alice


def queries(user: User, typed: str, limit: int = 20) -> list[str]:
    return [one.query for one in complete(user, typed, limit)]


OFFERED: Final[list[tuple[str, list[str]]]] = [
    ("do", ["Dog"]),
    ("DÓ", ["Dog"]),
    ("beach do", ["beach Dog"]),
    ("beach -do", ["beach -Dog"]),
    ("(cat OR do", ["(cat OR Dog"]),
    ("cafe", ["Café"]),
    ("hot", ['"Hot Dog"']),
    ('"hot d', ['"Hot Dog"']),
    ('x “hot d', ['x "Hot Dog"']),
    ("label:do", ["Dog"]),
    ("label:anim", ["Animal"]),
    ("anim", ["Animal", 'category:"Animals and Pets"']),
    ("category:anim", ['category:"Animals and Pets"']),
    ('category:"animals a', ['category:"Animals and Pets"']),
    ("tri", ["album:Trip"]),
    ('dog album:"ete', ['dog album:"Été 2024"']),
    ("taken:", [f"taken:{year}" for year in range(2024, 2014, -1)]),
    ("taken:202", ["taken:2024", "taken:2023", "taken:2022", "taken:2021", "taken:2020"]),
    ("taken:2024", ["taken:2024-07", "taken:2024-06", "taken:2024-05"]),
    ("taken:2024-0", ["taken:2024-07", "taken:2024-06", "taken:2024-05"]),
    ("fav", ["is:favourite"]),
    ("is:un", ["is:unlabelled"]),
    ("has:", ["has:location", "has:caption", "has:people"]),
    ("tak", ["taken:"]),
    ("zzz", []),
    ("taken:\x00", []),
    ("a\x00", []),
    ("%", []),
    ("", []),
    ("dog ", []),
    ('"dog"', []),
    ("dog>9", []),
    ("(", []),
    ("text:do", []),
    ("colour:re", []),
    ("confidence:8", []),
]  # fmt: skip


def test_the_last_word_is_completed_and_all_before_it_stays(hers: User) -> None:
    assert [(typed, queries(hers, typed)) for typed, _ in OFFERED] == OFFERED


def test_labels_come_first_and_by_how_often_they_are_shown(hers: User) -> None:
    found = complete(hers, "a", 20)
    assert [(one.kind, one.words, one.count) for one in found[:3]] == [
        ("label", "Animal", 5), ("label", "Ada Lovelace", 1), ("category", library.PETS, 5),
    ]  # fmt: skip
    assert [one.words for one in found[3:]] == ["album:", "is:archived"]


def test_no_more_are_offered_than_asked_for(hers: User) -> None:
    assert len(complete(hers, "c", 2)) == 2


def test_nobody_is_offered_what_another_has(hers: User, bob: User) -> None:
    Album.objects.create(owner=bob, title="Secret", folded="secret")
    make_detection(make_photo(bob), "Secretary")
    assert queries(hers, "secr") == []
    assert queries(bob, "secr") == ["Secretary", "album:Secret"]


def test_two_statements_at_most(hers: User) -> None:
    for typed in ("a", "label:a", "album:t", "taken:2", "dog " * 200 + "a"):
        with CaptureQueriesContext(connection) as captured:
            complete(hers, typed, 8)
        assert len(captured) <= 2


def test_each_completion_can_be_searched_for(hers: User) -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for one in complete(hers, letter, 50):
            if not one.query.endswith(":"):
                parse(one.query)
