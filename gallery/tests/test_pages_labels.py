"""Finding photos by what is on them."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def cat(alice: User) -> Photo:
    photo = make_finished(alice, filename="cat.jpg")
    make_detection(photo, "Cat", 96)
    make_detection(photo, "Sofa", 70)
    return photo


def found(client: Client, *labels: str, **more: str) -> set[str]:
    page = client.get(reverse("search"), {"label": list(labels), **more}).content.decode()
    return set(re.findall(r'<div class="tile [^>]*><a href="/photos/([^/]+)/"', page))


def test_a_label_finds_its_photos_whatever_the_case(member: Client, cat: Photo) -> None:
    assert found(member, "Cat") == found(member, " cAT ") == {str(cat.pk)}
    assert found(member, "Dog") == set()


def test_two_labels_find_what_carries_both(member: Client, alice: User, cat: Photo) -> None:
    both = make_finished(alice)
    make_detection(both, "Cat", 90)
    make_detection(both, "Dog", 90)
    assert found(member, "Cat", "Dog") == {str(both.pk)}


def test_what_is_less_certain_is_found_when_asked_for(member: Client, cat: Photo) -> None:
    assert found(member, "Sofa") == set()
    page = member.get(reverse("search"), {"label": "Sofa"}).content.decode()
    assert "label=Sofa&amp;min_confidence=55" in page
    assert found(member, "Sofa", min_confidence="55") == {str(cat.pk)}


@pytest.mark.parametrize("said", ["", "many", "-1", "101", "nan"])
def test_a_confidence_that_can_not_be_read_is_the_usual_one(member: Client, cat: Photo, said: str) -> None:
    assert found(member, "Sofa", min_confidence=said) == set()
    assert found(member, "Cat", min_confidence=said) == {str(cat.pk)}


def test_each_label_of_a_search_can_be_taken_away(member: Client, cat: Photo) -> None:
    page = member.get(reverse("search"), {"label": ["Cat", "Dog & co"]}).content.decode()
    assert f'href="{reverse("search")}?label=Dog+%26+co"' in page
    assert f'href="{reverse("search")}?label=Cat"' in page


def test_without_a_result_what_there_is_is_offered(member: Client, cat: Photo) -> None:
    page = member.get(reverse("search"), {"label": "Zebra"}).content.decode()
    assert "No photo found with" in page
    assert "Most seen on your photos" in page


@pytest.mark.parametrize("said", ["\x00", "%", "'; --", "x" * 5000, "_at", "\u202e"])
def test_odd_words_find_nothing_and_break_nothing(member: Client, cat: Photo, said: str) -> None:
    assert found(member, said) == set()
    assert member.get(reverse("labels"), {"q": said}).status_code == 200


def test_the_trash_is_not_searched(member: Client, cat: Photo) -> None:
    Photo.objects.update(trashed_at=timezone.now())
    assert found(member, "Cat") == set()


def test_labels_are_listed_with_how_many_photos_they_are_on(member: Client, alice: User, cat: Photo) -> None:
    make_detection(make_finished(alice), "Cat", 90)
    page = member.get(reverse("labels")).content.decode()
    listed = re.findall(r"<span>([^<]+)</span> <span class=\"quiet\">(\d+)</span>", page)
    assert listed == [("Cat", "2"), ("Sofa", "1")]


def test_the_list_is_narrowed_by_how_a_label_begins(member: Client, cat: Photo) -> None:
    page = member.get(reverse("labels"), {"q": "so"}).content.decode()
    assert "Sofa" in page
    assert ">Cat<" not in page
    assert "No label begins with “xyz”" in member.get(reverse("labels"), {"q": "xyz"}).content.decode()


def test_labels_of_others_are_not_listed(client: Client, bob: User, cat: Photo) -> None:
    client.force_login(bob)
    assert "No labels yet" in client.get(reverse("labels")).content.decode()
