"""Searching on a page."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Photo
from gallery.organise import searches
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import make_detection
from gallery.views.tiles import PAGE_SIZE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def cat(alice: User) -> Photo:
    photo = make_finished(alice, filename="cat.jpg", camera_make="Canon", camera_model="Canon EOS R5")
    make_detection(photo, "Cat", 96, parents=["Animal"])
    make_detection(photo, "Sofa", 70)
    make_detection(photo, "Animal", 96)
    make_detection(photo, "Animals and Pets", 96, kind="category")
    return photo


BOX_FIRST = re.compile(r'<input type="search" id="q"[^>]* autofocus')


def look(client: Client, query: str | None = None, **more: Any) -> str:
    asked = more if query is None else {"q": query, **more}
    answer = client.get(reverse("search"), asked, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def found(client: Client, query: str | None = None, **more: Any) -> set[str]:
    return set(
        re.findall(r'<div class="tile [^>]*><a href="/photos/([^/]+)/[^"]*"', look(client, query, **more))
    )


def led_to(client: Client, **asked: Any) -> str:
    """The search that an address is turned into."""
    target = urlsplit(client.get(reverse("search"), asked).headers["Location"])
    assert target.path == reverse("search")
    return parse_qs(target.query)["q"][0]


def links(page: str, words: str) -> list[str]:
    """The searches that the links of these words lead to."""
    pattern = rf'<a [^>]*href="/search/\?q=([^"]*)"[^>]*>(?:<span>)?{re.escape(html.escape(words))}\s*<'
    return [parse_qs(f"q={html.unescape(query)}")["q"][0] for query in re.findall(pattern, page)]


def test_a_label_finds_its_photos_whatever_the_case(member: Client, cat: Photo) -> None:
    assert found(member, "Cat") == found(member, " cAT ") == {str(cat.pk)}
    assert found(member, "Dog") == set()


def test_two_labels_find_what_carries_both(member: Client, alice: User, cat: Photo) -> None:
    both = make_finished(alice)
    make_detection(both, "Cat", 90)
    make_detection(both, "Dog", 90)
    assert found(member, "cat dog") == {str(both.pk)}
    assert found(member, "cat -dog") == {str(cat.pk)}


def test_the_box_keeps_what_i_typed(member: Client, cat: Photo) -> None:
    assert 'value="cAt  OR &quot;hot dog&quot;"' in look(member, 'cAt  OR "hot dog"')


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ({"label": ["Dog", "Hot Dog", "Dog"], "min_confidence": "55"}, 'Dog "Hot Dog" confidence:>=55'),
        ({"label": "OR"}, '"OR"'),
        ({"label": "Dog", "min_confidence": "80"}, "Dog"),
        ({"label": "Dog", "min_confidence": "many"}, "Dog"),
        ({"label": "Dog", "min_confidence": "nan"}, "Dog"),
        ({"label": "Dog", "min_confidence": "101"}, "Dog"),
        ({"q": "cat", "min_confidence": "90"}, "cat confidence:>=90"),
        ({"q": "cat confidence:>=90", "min_confidence": "80"}, "cat"),
        ({"q": "cat OR dog", "min_confidence": "62.5"}, "(cat OR dog) confidence:>=62.5"),
    ],
)
def test_what_an_address_says_beside_the_query_becomes_a_part_of_it(
    member: Client, asked: dict[str, Any], query: str
) -> None:
    assert led_to(member, **asked) == query


def test_what_is_less_certain_is_found_when_asked_for(member: Client, cat: Photo) -> None:
    assert found(member, "Sofa") == set()
    assert links(look(member, "Sofa"), "1 photo less certain") == ["Sofa confidence:>=55"]
    assert links(look(member, "cat"), "Less certain ones, too") == ["cat confidence:>=55"]
    assert found(member, "Sofa confidence:>=55") == {str(cat.pk)}
    assert links(look(member, "Sofa confidence:>=55"), "Only certain ones") == ["Sofa"]


def test_each_part_of_a_search_can_be_taken_away(member: Client, cat: Photo) -> None:
    page = look(member, 'cat (dog OR wolf) -"Dog & co" confidence:>=90')
    assert links(page, "cat") == ['(dog OR wolf) -"Dog & co" confidence:>=90']
    assert links(page, "dog OR wolf") == ['cat -"Dog & co" confidence:>=90']
    assert links(page, '-"Dog & co"') == ["cat (dog OR wolf) confidence:>=90"]
    assert links(page, "at least 90 % sure") == ['cat (dog OR wolf) -"Dog & co"']


@pytest.mark.parametrize(("count", "said"), [(1, "1 photo"), (3, "3 photos")])
def test_i_am_told_how_many_there_are(member: Client, alice: User, count: int, said: str) -> None:
    make_library(alice, count)
    assert re.search(rf'role="status"[^>]*>{said}<', look(member, '"Label 0"'))


def test_a_result_is_narrowed_by_what_is_on_its_photos(member: Client, alice: User, cat: Photo) -> None:
    other = make_finished(alice, taken_local=cat.taken_local.replace(year=2020))
    make_detection(other, "Cat", 96)
    page = look(member, "cat")
    assert links(page, "Animal") == ["cat Animal"]
    assert links(page, "Animals and Pets") == ['cat category:"Animals and Pets"']
    assert links(page, "2020") == ["cat taken:2020"]
    assert links(page, "Canon EOS R5") == ['cat camera:"Canon EOS R5"']
    assert found(member, "cat taken:2020") == {str(other.pk)}


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("(cat", "("),
        ("cat)", ")"),
        ('cat "dog', "&quot;"),
        ("cat taken:soon", "taken:soon"),
        ("<b>bold</b>", "&lt;"),
        ("colour:<b>", "colour:&lt;"),
    ],
)
def test_what_can_not_be_read_is_shown_with_its_place(member: Client, query: str, marked: str) -> None:
    answer = member.get(reverse("search"), {"q": query})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"<mark>{marked}" in page
    assert f'value="{html.escape(query)}"' in page
    assert re.search(r'aria-invalid="true" aria-describedby="problem"', page)
    assert "<b>" not in page


def test_a_search_that_is_too_long_says_so(member: Client) -> None:
    answer = member.get(reverse("search"), {"q": "cat " * 300})
    assert answer.status_code == 422
    assert "at most 1000 characters" in answer.content.decode()


def test_without_a_result_there_is_something_else_to_try(member: Client, alice: User, cat: Photo) -> None:
    make_detection(make_finished(alice), "Beach", 90)
    assert links(look(member, "beech"), "Beach") == [
        "Beach",
        "Beach",
    ]  # written like it; among the usual ones
    assert links(look(member, "sofa"), "1 photo less certain") == ["sofa confidence:>=55"]
    make_detection(make_finished(User.objects.create_user("carol@example.org")), "Lion", parents=["Animal"])
    assert "Animal" in links(look(member, "lion"), "Animal")


def test_without_any_photo_the_page_says_so(member: Client) -> None:
    assert "None of your photos has a label yet." in look(member, "cat")
    assert "None of your photos has a label yet." in look(member)


@pytest.mark.parametrize("said", ["\x00", "%", "'; --", "_at", "\u202e", "\ud7ff", "é" * 300])
def test_odd_words_find_nothing_and_break_nothing(member: Client, cat: Photo, said: str) -> None:
    assert cat.filename
    for asked in (
        {"q": said},
        {"label": said},
        {"q": "cat", "cursor": said},
        {"q": "cat", "min_confidence": said},
    ):
        assert member.get(reverse("search"), asked, follow=True).status_code in (200, 422)
    assert member.get(reverse("search_complete"), {"q": said}).status_code == 200


def test_the_trash_is_not_searched(member: Client, cat: Photo) -> None:
    member.post(reverse("photo_trash", args=[cat.pk]))
    assert found(member, "cat") == set()
    assert found(member, "cat is:trashed") == {str(cat.pk)}


def test_pages_follow_each_other(member: Client, alice: User) -> None:
    make_library(alice, 83, labels=1)
    page = look(member, '"Label 0"')
    (older,) = re.findall(r'href="\?(q=[^"]*cursor=[^"]*)">Older', page)
    rest = member.get(f"{reverse('search')}?{html.unescape(older)}").content.decode()
    assert rest.count('<div class="tile ') == 83 - PAGE_SIZE
    assert "Newer photos" in rest


def test_a_search_begins_with_what_i_keep_and_what_is_seen_most(
    member: Client, alice: User, cat: Photo
) -> None:
    searches.keep(alice, "My cats", "cat taken:2024")
    page = look(member)
    assert links(page, "My cats") == ["cat taken:2024"]
    assert links(page, "Animal") == ["Animal"]
    assert links(page, "Sofa") == []  # too uncertain for what a click would find
    assert BOX_FIRST.search(page)
    assert not BOX_FIRST.search(look(member, "cat"))


def test_a_kept_search_is_known_again(member: Client, alice: User, cat: Photo) -> None:
    assert "Keep this search" in look(member, "cat")
    searches.keep(alice, "My cats", "cat")
    assert "Kept as “My cats”" in look(member, " cat ")


def test_what_is_found_can_be_labelled_again_once_the_price_was_shown(member: Client, cat: Photo) -> None:
    page = look(member, "cat -dog")
    assert f'action="{reverse("runs")}"' in page
    answer = member.post(reverse("runs"), {"q": "cat -dog"})
    assert answer.status_code == 200
    assert "$" in answer.content.decode()


def test_every_example_of_the_help_can_be_read(member: Client) -> None:
    page = look(member)
    examples = re.findall(r'<dt><a href="([^"]+)">', page)
    assert len(examples) == page.count("<dt>") > 10
    for address in examples:
        assert member.get(html.unescape(address)).status_code == 200


def complete(client: Client, typed: str) -> list[str]:
    answer = client.get(reverse("search_complete"), {"q": typed})
    assert answer.status_code == 200
    assert {"max-age=60", "private"} == set(answer.headers["Cache-Control"].split(", "))
    assert "Cookie" in answer.headers["Vary"]
    return [html.unescape(query) for query in re.findall(r'data-q="([^"]*)"', answer.content.decode())]


def test_words_are_completed_as_i_type(member: Client, cat: Photo) -> None:
    assert complete(member, "sofa OR an") == ["sofa OR Animal", 'sofa OR category:"Animals and Pets"']
    assert "camera:" in complete(member, "ca")
    assert complete(member, "taken:20") == ["taken:2024"]
    assert complete(member, "is:fav") == ["is:favourite"]
    assert complete(member, "") == complete(member, "(") == []


def test_nothing_of_others_is_found_counted_or_completed(client: Client, bob: User, cat: Photo) -> None:
    client.force_login(bob)
    assert found(client, "cat") == set()
    page = look(client, "ct")
    assert "Cat" not in page
    assert complete(client, "sofa") == complete(client, "anim") == []


def test_markup_in_labels_stays_text(member: Client, alice: User) -> None:
    name = "<img src=x onerror=alert(1)>"
    photo = make_finished(alice)
    make_detection(photo, name, 99)
    make_detection(photo, "Cat", 99)
    make_detection(make_finished(alice), "Cat", 99)
    pages = [look(member), look(member, "cat"), look(member, f'"{name}"'), look(member, "caat")]
    pages.append(member.get(reverse("search_complete"), {"q": '"<img'}).content.decode())
    for page in pages:
        assert "&lt;img src" in page
        assert "<img src=x" not in page
