"""Searches that somebody keeps."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import SavedSearch
from gallery.organise import searches
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON, make_detection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def dogs(alice: User) -> SavedSearch:
    return searches.keep(alice, "My dogs", "dog taken:2024")


def keep(client: Client, query: str, name: str = "", **more: Any) -> Any:
    return client.post(reverse("searches"), {"q": query, "name": name}, **more)


def listed(client: Client) -> str:
    return client.get(reverse("searches")).content.decode()


def test_i_keep_a_search_and_find_it_again(member: Client) -> None:
    answer = keep(member, "dog  taken:2024", "My dogs")
    assert unquote_plus(answer.headers["Location"]) == "/search/?q=dog taken:2024"
    page = listed(member)
    assert "My dogs" in page
    assert 'href="/search/?q=dog+taken%3A2024"' in page


def test_without_a_name_its_words_are_its_name(member: Client, alice: User) -> None:
    keep(member, "dog OR cat", " ")
    assert SavedSearch.objects.get(owner=alice).name == "dog OR cat"


def test_a_name_is_there_once(member: Client, dogs: SavedSearch) -> None:
    answer = keep(member, "wolf", "My dogs")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "You keep a search called “My dogs” already: dog taken:2024." in page
    assert 'value="wolf"' in page
    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "name"), [("", "Nothing"), ("(dog", "Open"), ("x" * 1001, ""), ("dog", "y" * 101)]
)
def test_what_no_search_or_no_name_is_is_not_kept(member: Client, query: str, name: str) -> None:
    assert keep(member, query, name).status_code == 422
    assert not SavedSearch.objects.exists()


def test_two_hundred_are_kept_and_no_more(member: Client, alice: User) -> None:
    SavedSearch.objects.bulk_create(
        SavedSearch(owner=alice, name=f"Search {n}", query="dog") for n in range(searches.MOST)
    )
    answer = keep(member, "cat")
    assert answer.status_code == 422
    assert "You keep 200 searches already" in answer.content.decode()


def test_i_call_it_something_else(member: Client, dogs: SavedSearch) -> None:
    for name in ("Rex", "Rex"):
        member.post(reverse("search_rename", args=[dogs.pk]), {"name": f" {name} "})
    assert SavedSearch.objects.get().name == "Rex"


@pytest.mark.parametrize(
    ("name", "why"), [("Cats", "already"), ("", "at least one"), ("x" * 101, "at most 100")]
)
def test_a_name_that_can_not_be_is_told_and_changes_nothing(
    member: Client, alice: User, dogs: SavedSearch, name: str, why: str
) -> None:
    searches.keep(alice, "Cats", "cat")
    answer = member.post(reverse("search_rename", args=[dogs.pk]), {"name": name}, follow=True)
    assert why in answer.content.decode()
    assert SavedSearch.objects.get(pk=dogs.pk).name == "My dogs"


def test_what_i_forget_can_be_searched_for_again(member: Client, dogs: SavedSearch) -> None:
    page = member.post(reverse("search_forget", args=[dogs.pk]), follow=True).content.decode()
    assert "“My dogs” is forgotten." in page
    assert 'href="/search/?q=dog+taken%3A2024"' in page
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("name", ["search_rename", "search_forget"])
def test_nobody_elses_search_is_there(client: Client, bob: User, dogs: SavedSearch, name: str) -> None:
    client.force_login(bob)
    assert client.post(reverse(name, args=[dogs.pk]), {"name": "Mine"}).status_code == 404
    assert "My dogs" not in listed(client)
    assert keep(client, "dog", "My dogs").status_code == 302  # names of others are free


def test_markup_in_a_name_or_a_search_stays_text(member: Client, alice: User) -> None:
    name, query = "<b>bold</b>", '"<script>alert(1)</script>"'
    assert "<b>bold" not in keep(member, query, name, follow=True).content.decode()
    page = listed(member)
    assert escape(name) in page
    assert escape(query) in page
    assert "<script>alert" not in page
    gone = member.post(reverse("search_forget", args=[SavedSearch.objects.get().pk]), follow=True)
    assert "<b>bold" not in gone.content.decode()


def test_searches_are_listed_by_name(member: Client, alice: User) -> None:
    for name in ("Wolves", "Ants"):
        searches.keep(alice, name, "animal")
    page = listed(member)
    assert page.index("Ants") < page.index("Wolves")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_kept_at_once_under_one_name_one_is_refused(alice: User) -> None:
    refused, together = [], Barrier(2)

    def at_once(work: Callable[[], object]) -> None:
        together.wait()
        try:
            work()
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=at_once, args=[lambda: searches.keep(alice, "Dogs", "dog")]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["name_taken"]
    assert SavedSearch.objects.count() == 1


def test_a_kept_search_is_an_album_that_fills_itself(member: Client, alice: User, dogs: SavedSearch) -> None:
    cover = reverse("search_cover", args=[dogs.pk])
    wall = member.get(reverse("albums")).content.decode()
    assert f'<a href="/search/?q=dog+taken%3A2024"><img src="{cover}"' in wall
    assert "nothing_found" in member.get(cover).headers["Location"]
    photo = make_finished(alice, taken_local=NOON)
    make_detection(photo, "Dog", 99)
    answer = member.get(cover)
    assert f"/{photo.pk}/thumb" in answer.headers["Location"]
    assert "X-Amz-Signature" in answer.headers["Location"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_search_that_can_no_longer_be_read_has_a_cover_of_its_own(member: Client, alice: User) -> None:
    old = SavedSearch.objects.create(owner=alice, name="Old", query="cat (dog")
    assert "nothing_found" in member.get(reverse("search_cover", args=[old.pk])).headers["Location"]
