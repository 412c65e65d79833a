"""A photo's page as one of a list: what is done there stays in it, and what it tells of lists."""

import re
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.organise import albums
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
DONE: Final = {
    "photo_favourite": {"on": "yes"},
    "photo_archive": {"on": "yes"},
    "photo_turn": {"action": "turn_left"},
    "photo_caption": {"caption": "By the sea"},
    "photo_labels": {"name": "Harbour", "state": "confirmed"},
}


@pytest.mark.parametrize("action", DONE)
def test_it_stays_one_of_its_list_whatever_is_done(member: Client, alice: User, action: str) -> None:
    photo, _other = make_library(alice, 2)
    here = f"/photos/{photo.pk}/?q=%22label+0%22"
    page = member.get(here).content.decode()
    address = reverse(action, args=[photo.pk])
    forms = re.findall(rf'<form[^>]*action="{address}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert forms
    assert all(f'name="next" value="{here}"' in form for form in forms)
    assert member.post(address, {**DONE[action], "next": here}).headers["Location"] == here
    elsewhere = member.post(address, {**DONE[action], "next": "https://elsewhere.example.org/"})
    assert elsewhere.headers["Location"] == f"/photos/{photo.pk}/"


def test_a_caption_that_can_not_be_leaves_the_list_as_it_was(member: Client, alice: User) -> None:
    photo, other = make_library(alice, 2)
    inside = "?q=%22label+0%22"
    asked = {"caption": "x" * 20_000, "next": f"/photos/{photo.pk}/{inside}"}
    answer = member.post(reverse("photo_caption", args=[photo.pk]), asked)
    assert answer.status_code == 422
    assert f"/photos/{other.pk}/{inside}" in answer.content.decode()


def test_asking_for_less_certain_labels_keeps_the_list(member: Client, alice: User) -> None:
    (photo,) = make_library(alice, 1)
    page = member.get(f"/photos/{photo.pk}/?q=%22label+0%22&from=60").content.decode()
    (form,) = re.findall(r'<form class="least".*?</form>', page, re.DOTALL)
    assert '<input type="hidden" name="q" value="&quot;label 0&quot;">' in form
    assert form.count('name="from"') == 1


def test_its_albums_stand_on_its_page(member: Client, alice: User, bob: User) -> None:
    (photo,) = make_library(alice, 1)
    assert "in-albums" not in member.get(f"/photos/{photo.pk}/").content.decode()
    for title in ("Rome <b>", "Athens"):
        albums.add(alice.pk, albums.make(alice, title).pk, [photo.pk])
    page = member.get(f"/photos/{photo.pk}/").content.decode()
    assert re.findall(r'<a class="chip" href="/albums/[^"]+">([^<]+)</a>', page) == [
        "Athens",
        "Rome &lt;b&gt;",
    ]


def test_its_date_can_be_changed_from_its_page(member: Client, alice: User) -> None:
    (photo,) = make_library(alice, 1)
    here = f"/photos/{photo.pk}/?in=favourites"
    asked = member.post(reverse("selection_dates"), {"photo": str(photo.pk), "next": here}).content.decode()
    assert "When was the photo taken?" in asked
    said = {
        "photo": str(photo.pk),
        "next": here,
        "taken": "2001-02-03T04:05",
        "days": 0,
        "hours": 0,
        "minutes": 0,
    }
    assert member.post(reverse("selection_dates"), said).headers["Location"] == here
    photo.refresh_from_db()
    assert f"{photo.taken_local:%Y-%m-%d %H:%M}" == "2001-02-03 04:05"
