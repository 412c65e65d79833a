"""The wall of what is seen on somebody's photos."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import User
from gallery.models import Photo
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON, make_detection
from gallery.views import labels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def cat(alice: User) -> Photo:
    photo = make_finished(alice, filename="cat.jpg")
    make_detection(photo, "Cat", 96)
    make_detection(photo, "Sofa", 70)
    return photo


def wall(client: Client, **asked: str) -> list[tuple[str, str]]:
    """Names and counts, in their order."""
    page = client.get(reverse("labels"), asked).content.decode()
    return re.findall(r'<span class="name">([^<]+)</span> <span class="count">([\d,]+)<', page)


def covers(client: Client, **asked: str) -> list[str]:
    """The ids of the photos that hang there."""
    page = client.get(reverse("labels"), asked).content.decode()
    return re.findall(r'<img src="[^"]*/([0-9a-f-]{36})/thumb\?', page)


@pytest.mark.parametrize("said", ["\x00", "%", "'; --", "x" * 5000, "_at", "\u202e"])
@pytest.mark.parametrize("name", ["q", "category", "sort", "faint"])
def test_odd_words_break_nothing(member: Client, cat: Photo, said: str, name: str) -> None:
    assert member.get(reverse("labels"), {name: said}).status_code == 200


@pytest.mark.parametrize(
    "said", ["1", "x.1.a", "1.x.a", "1.1.\x00", "9" * 20 + ".1.a", "1." + "9" * 30, "²..a"]
)
def test_a_damaged_address_is_told(member: Client, cat: Photo, said: str) -> None:
    answer = member.get(reverse("labels"), {"after": said})
    assert answer.status_code == 422
    assert "damaged" in answer.content.decode()


def test_labels_hang_with_how_many_photos_surely_show_them(member: Client, alice: User, cat: Photo) -> None:
    make_detection(make_finished(alice), "Cat", 90)
    make_detection(cat, "Animal", 90)
    assert wall(member) == [("Cat", "2"), ("Animal", "1")]
    assert wall(member, sort="name") == [("Animal", "1"), ("Cat", "2")]


def test_less_certain_ones_hang_there_when_asked_for(member: Client, cat: Photo) -> None:
    assert wall(member) == [("Cat", "1")]
    assert wall(member, faint="yes") == [("Cat", "1"), ("Sofa", "1")]


def test_each_label_leads_to_a_search_that_finds_what_it_counts(member: Client, cat: Photo) -> None:
    make_detection(cat, "Hot Dog OR", 90)
    for asked in ({}, {"faint": "yes"}):
        page = member.get(reverse("labels"), asked).content.decode()
        for link in re.findall(r'<li><a href="(/search/[^"]+)"><img', page):
            assert f"/photos/{cat.pk}/" in member.get(html.unescape(link)).content.decode(), link


def test_the_newest_photo_that_surely_shows_it_hangs_there(member: Client, alice: User, cat: Photo) -> None:
    newer = make_finished(alice, taken_local=NOON + timedelta(days=1))
    make_detection(newer, "Cat", 85)
    newest = make_finished(alice, taken_local=NOON + timedelta(days=2))
    make_detection(newest, "Cat", 60)
    assert covers(member) == [str(newer.pk)]
    assert covers(member, faint="yes") == [str(newer.pk), str(cat.pk)]


def test_a_veiled_photo_and_one_in_the_trash_hang_nowhere(member: Client, alice: User, cat: Photo) -> None:
    for fields in ({"veiled": True}, {"trashed_at": timezone.now()}):
        photo = make_finished(alice, taken_local=NOON + timedelta(days=1), **fields)
        make_detection(photo, "Cat", 99)
    assert covers(member) == [str(cat.pk)]
    Photo.objects.update(veiled=True)
    assert covers(member) == []
    assert wall(member) == [("Cat", "2")]


def test_the_wall_is_narrowed_as_one_types(member: Client, cat: Photo) -> None:
    make_detection(cat, "Café", 90)
    assert wall(member, q="AFE") == [("Café", "1")]
    part = member.get(reverse("labels"), {"q": "cat"}, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="wall">')
    assert "No label has “xyz” in its name" in member.get(reverse("labels"), {"q": "xyz"}).content.decode()


@pytest.mark.parametrize("category", ["Animals and Pets", 'Été "92"'])
def test_the_wall_is_narrowed_to_a_category(member: Client, alice: User, cat: Photo, category: str) -> None:
    make_detection(cat, "Dog", 90, categories=[category])
    make_detection(cat, category, 90, kind="category")
    page = html.unescape(member.get(reverse("labels")).content.decode())
    assert f'href="{reverse("labels")}?{urlencode({"category": category})}">{category}</a>' in page
    assert wall(member, category=category) == [("Dog", "1")]
    assert wall(member, category="Dog") == []


def test_the_case_of_a_category_does_not_matter(member: Client, cat: Photo) -> None:
    make_detection(cat, "Dog", 90, categories=["Animals and Pets"])
    assert wall(member, category="animals AND pets") == [("Dog", "1")]


@pytest.mark.parametrize("order", [{}, {"sort": "name"}, {"faint": "yes"}])
def test_one_goes_from_page_to_page_and_misses_none(
    member: Client, cat: Photo, monkeypatch: pytest.MonkeyPatch, order: dict[str, str]
) -> None:
    for name in ("Ant", "Bee", "Fly", "Elk"):
        make_detection(cat, name, 90)
    every = wall(member, **order)
    monkeypatch.setattr(labels, "MOST_ON_A_PAGE", 2)
    seen, address = [], f"{reverse('labels')}?{urlencode(order)}"
    while address:
        page = member.get(address).content.decode()
        seen += re.findall(r'<span class="name">([^<]+)</span>', page)
        more = re.search(r'<a class="button" href="([^"]*after[^"]*)">', page)
        address = html.unescape(more[1]) if more else ""
    assert seen == [name for name, _ in every]
    assert len(seen) >= 5


def test_labels_of_others_do_not_hang_there(client: Client, bob: User, cat: Photo) -> None:
    client.force_login(bob)
    assert "No labels yet" in client.get(reverse("labels")).content.decode()
