"""Searching through the API: the words of the search page, what can't be read, and what hostile words do not do."""

import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.models import Album, Photo, Verdict
from gallery.search.tests import collection as library
from gallery.search.tests.searches import searches
from gallery.tests.asking import PHOTOS, address, program, read, told
from gallery.tests.making import make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
STATEMENTS = 12  # token and user, names, albums, places, photos, and what stands beside each photo


@pytest.fixture
def mine(alice: User, bob: User) -> Client:
    library.make_beside(bob)
    library.make(alice)
    return program(alice)


def found(client: Client, **query: Any) -> list[str]:
    return [photo["filename"].removesuffix(".jpg") for photo in read(client, PHOTOS, **query)["results"]]


def test_the_words_of_the_search_page_find_the_same_here(mine: Client) -> None:
    for search, expected in searches()[::20]:
        assert found(mine, q=search) == expected, search


def test_no_confidence_is_asked_for_unless_it_is_said(mine: Client) -> None:
    assert found(mine, q="dog") == ["duo", "rex", "maybe", "walk", "sure"]
    assert found(mine, q="dog", min_confidence=80) == ["duo", "rex", "walk", "sure"]
    assert found(mine, q="dog confidence:>=95", min_confidence=80) == ["rex", "sure"]


def test_a_search_and_the_other_parameters_must_all_be_met(mine: Client, alice: User) -> None:
    trip = Album.objects.get(owner=alice, title="Trip").pk
    assert found(mine, q="animal", label="cat") == ["puss", "duo"]
    assert found(mine, album=trip) == ["beach", "rex"]
    assert found(mine, album=trip, q="dog") == ["rex"]
    assert found(mine, q="dog", favourite="true") == ["rex", "sure"]
    assert found(mine, q="dog", trash="true") == ["binned"]
    assert found(mine, q="dog", taken_after="2024-01-01", taken_before="2024-05-31") == ["rex"]


def test_an_album_of_somebody_else_is_as_one_that_never_was(mine: Client, bob: User) -> None:
    bobs = Album.objects.get(owner=bob, title="Trip").pk
    never = "00000000-0000-4000-8000-000000000000"
    assert read(mine, PHOTOS, album=bobs) == read(mine, PHOTOS, album=never)
    told(mine.get(PHOTOS, {"album": "Trip"}), 422, "invalid")


def test_a_search_keeps_its_words_on_the_next_page(mine: Client) -> None:
    first = read(mine, PHOTOS, q="dog OR cat", limit=2)
    second = read(mine, first["next"])
    names = [photo["filename"] for page in (first, second) for photo in page["results"]]
    assert names == ["puss.jpg", "duo.jpg", "rex.jpg", "maybe.jpg"]
    assert [photo["id"] for photo in read(mine, second["previous"])["results"]] == [
        photo["id"] for photo in first["results"]
    ]


def test_what_can_t_be_read_is_told_with_its_place(mine: Client) -> None:
    problem = told(mine.get(PHOTOS, {"q": "dog OR"}), 422, "unreadable_query")
    assert (problem["start"], problem["end"]) == (4, 6)


def test_a_search_that_is_too_long_too_deep_or_too_wide_is_refused(mine: Client) -> None:
    for text in ("x" * 1001, "(" * 11 + "a" + ")" * 11, " ".join(["a"] * 41)):
        told(mine.get(PHOTOS, {"q": text}), 422, "unreadable_query")


def test_rejected_labels_are_told_only_when_they_are_asked_for(mine: Client, alice: User) -> None:
    wolf = Photo.objects.get(owner=alice, filename="wolf.jpg")
    assert Verdict.objects.filter(photo=wolf, state="rejected").exists()
    rejected = {"name": "Dog", "state": "rejected"}.items()
    asked_for: list[tuple[str, dict[str, Any]]] = [(address(wolf), {}), (PHOTOS, {"q": "wolf"})]
    for url, query in asked_for:
        for asked in (False, True):
            answer = read(mine, url, **query, rejected=str(asked).lower())
            (photo,) = answer.get("results", [answer])
            assert any(rejected <= label.items() for label in photo["labels"]) == asked


def test_labels_are_found_by_how_their_names_begin_whatever_case_and_accents(mine: Client) -> None:
    def names(**query: Any) -> list[str]:
        return [label["name"] for label in read(mine, "/api/v1/labels/", **query)]

    assert names(q="CÀ") == names(q="ca") == ["Cat", "Café", "Car"]
    assert names(q="%") == names(q="_") == names(q="\\") == []
    assert names(q="a", limit=1) == ["Animal"]


READABLE: Final = """
dog cat animal unicorn hound dog>90 cat<=90 label:dog category:travel text:sea text:% taken:2024 taken:..2023
taken:9999 camera:canon album:trip is:favourite is:trashed is:unlabelled is:failed is:confirmed has:people has:location
has:caption size:>1MB size:<9GB é ' ; 1e9 🐕
"""
TYPED: Final = r"""
dog cat animal unicorn OR AND NOT - -- ( ) ( ) " ' ; > >= < <= 90 101 1e9 % _ \ é “ ” 🐕 * /* -- label:dog label: : ..
category:travel text:sea text: taken:2024 taken:2024-05.. taken:..2023 taken:9999 camera:canon album:trip is:favourite
is:trashed is:unlabelled is:failed is:confirmed is:x has:people has:location has:caption size:>1MB size:<9GB size: '; OR
confidence:>=80 confidence:50 foo:bar
"""
WORDS: Final = [*TYPED.split(), "\x00", "\u202e", "\t"]


def fuzzed(seed: int, count: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(count):
        if chance.random() < 0.6:
            words, joint = READABLE.split(), chance.choice([" ", " -", " OR "])
        else:
            words, joint = WORDS, chance.choice(["", " "])
        yield joint.join(chance.choices(words, k=chance.randint(1, 30)))


def assert_never_broken(client: Client, seed: int, count: int) -> None:
    read(client)  # notes the token's use
    answers = []
    for text in fuzzed(seed, count):
        reset_queries()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(PHOTOS, {"q": text, "limit": "3"})
        answers.append(response.status_code)
        assert response.status_code in (200, 422), text
        assert len(captured) <= STATEMENTS, text
        if response.status_code == 422:
            told(response, 422, "unreadable_query")
    assert 0.2 * count < answers.count(200) < 0.8 * count


def test_three_hundred_searches_of_random_words_break_nothing(mine: Client) -> None:
    assert_never_broken(mine, seed=1, count=300)


@pytest.mark.long
def test_ten_thousand_searches_of_random_words_break_nothing(mine: Client) -> None:
    assert_never_broken(mine, seed=2, count=10_000)


def assert_no_page_breaks(client: Client, seed: int, count: int) -> None:
    for text in fuzzed(seed, count):
        for page in ("search", "search_complete"):
            response = client.get(reverse(page), {"q": text})
            assert response.status_code in (200, 422), (page, text)


def test_a_hundred_searches_of_random_words_break_no_page(mine: Client, client: Client, alice: User) -> None:
    client.force_login(alice)
    assert_no_page_breaks(client, seed=3, count=100)


@pytest.mark.long
def test_three_thousand_searches_of_random_words_break_no_page(
    mine: Client, client: Client, alice: User
) -> None:
    client.force_login(alice)
    assert_no_page_breaks(client, seed=4, count=3000)


def test_a_long_phrase_of_a_caption_and_of_a_file_name_is_found(alice: User) -> None:
    caption = " ".join(f"word{number}" for number in range(200))
    make_photo(alice, filename="a" * 100 + "-" + "b" * 100 + "ﷺ" * 20 + " end.jpg", caption=caption)
    for phrase in (caption[130:240], caption[-50:], "a" * 60 + "-" + "b" * 60, "end.jpg"):
        assert len(read(program(alice), PHOTOS, q=f'text:"{phrase}"')["results"]) == 1, phrase


def test_neither_case_nor_accents_of_a_camera_matter(alice: User) -> None:
    make_photo(alice, camera_make="Müller", camera_model="Ö1 Café")
    for words in ("camera:müller", "camera:MULLER", 'camera:"muller o1"', 'camera:"ö1 CAFE"'):
        assert len(read(program(alice), PHOTOS, q=words)["results"]) == 1, words
    assert not read(program(alice), PHOTOS, q="camera:leica")["results"]


HOSTILE: Final = (
    "' OR '1'='1", "'); DROP TABLE gallery_photo; --x", '") UNION SELECT password FROM accounts_user --x',
    "text:')||(SELECT(1))||('", 'album:"%\' OR 1=1 OR \'"', "camera:\\'", "text:%s", "text:%(id)s", "%s%s%s", "{0}",
    'label:"dog\') OR (1=1"', "taken:2024'--", "size:>1'", "dog>90'", "\\\\'", "text:\\%", "text:\\",
)  # fmt: skip


def test_no_words_are_taken_for_sql(mine: Client) -> None:
    before = Photo.objects.count()
    for text in HOSTILE:
        response = mine.get(PHOTOS, {"q": text})
        assert response.status_code in (200, 422)
        if response.status_code == 200:
            assert {photo["filename"] for photo in response.json()["results"]} <= {"unicorn.jpg"}
    assert Photo.objects.count() == before
