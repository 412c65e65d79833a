"""What the command palette finds of one's own by its name."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.organise import albums, searches
from gallery.search.by_name import begins
from gallery.tests.making import NOON, make_detection, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def found(member: Client, words: str) -> list[tuple[str, str]]:
    """(what it is called, where it leads)."""
    page = member.get(reverse("palette"), {"q": words}).content.decode()
    rows = re.findall(r'data-href="([^"]*)"><span>([^<]*)</span>', page)
    return [(name, address.replace("&amp;", "&")) for address, name in rows]


def test_an_album_is_found_by_any_word_of_its_title(member: Client, alice: User, bob: User) -> None:
    rome = albums.make(alice, "Trip to Rome")
    albums.make(alice, "Chrome")
    albums.make(bob, "Rome")
    assert found(member, "rome") == [("Trip to Rome", reverse("album", args=[rome.pk]))]
    assert found(member, "  TRÍP to ") == [("Trip to Rome", reverse("album", args=[rome.pk]))]


def test_a_month_is_found_as_people_say_it(member: Client, alice: User) -> None:
    make_photo(alice)
    make_photo(alice, taken_local=NOON.replace(year=2023, month=7))
    for words in ("June 2024", "jun", "2024", "2024-06", "2024 june"):
        assert found(member, words)[0] == ("June 2024", "/?month=2024-06")
    assert found(member, "june 2023") == []


def test_a_kept_search_leads_to_what_it_finds(member: Client, alice: User, bob: User) -> None:
    searches.keep(alice, "My dogs", "dog -cat")
    searches.keep(bob, "Dogs of mine", "dog")
    assert found(member, "dogs") == [("My dogs", "/search/?q=dog+-cat")]


def test_a_label_is_found_by_how_its_whole_name_begins(member: Client, alice: User) -> None:
    make_detection(make_photo(alice), "Hot Dog")
    assert found(member, "hot d") == [("Hot Dog", "/search/?q=%22Hot+Dog%22")]
    assert found(member, '"hot') == [("Hot Dog", "/search/?q=%22Hot+Dog%22")]
    assert found(member, "dog") == []


def test_what_is_in_the_trash_is_not_jumped_to(member: Client, alice: User) -> None:
    make_photo(alice, trashed_at=NOON)
    assert found(member, "june") == []


@pytest.mark.parametrize("words", ["", "   ", "\x00", "%", "_", '"', "\\", "́", "x" * 5000, "(", "taken:"])
def test_whatever_is_typed_is_answered(member: Client, alice: User, words: str) -> None:
    albums.make(alice, "Rome")
    make_detection(make_photo(alice), "Dog")
    assert found(member, words) == []


def test_titles_are_words_not_markup(member: Client, alice: User) -> None:
    albums.make(alice, "<b>Rome</b>")
    assert "<b>" not in member.get(reverse("palette"), {"q": "<b>"}).content.decode()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("words", "name", "whether"),
    [
        ("jun 2024", "June 2024", True),
        ("une", "June 2024", False),
        ("", "June 2024", True),
        ("CAFE", "Le Café", True),
    ],
)
def test_words_begin_a_name(words: str, name: str, whether: Any) -> None:
    assert begins(words, name) is whether
