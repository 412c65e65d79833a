"""What every page keeps to: one heading, landmarks, and nothing inline that the security policy would block."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from gallery.models import Photo
from gallery.tests.collection import make_library

pytestmark = [pytest.mark.one_database, pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]

OUTSIDE = [
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/unknown/",
    "/accounts/inactive/",
]
INSIDE = [
    "/",
    "/upload/",
    "/favourites/",
    "/labels/",
    "/search/",
    "/search/?label=Label+0",
    "/runs/",
    "/activity/",
    "/trash/",
    "/accounts/settings/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
]
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]


def keeps_the_rules(page: str) -> None:
    assert page.startswith("<!doctype html>")
    assert re.search(r'<html lang="\w+[-\w]*" dir="(ltr|rtl)">', page)
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert page.count("<main ") == 1
    assert re.search(r"<title>[^<]+ · Photosite</title>", page)
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<(script(?! type=\"module\" src=\"[^\"]+\"></script>)|style)[ >]", page)
    assert not re.search(r"<[^>]+\son\w+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for label in re.findall(r'<label for="([^"]+)"', page):
        assert label in ids
    for image in re.findall(r"<img [^>]+>", page):
        assert re.search(r'width="\d+" height="\d+" alt="', image)
    # A picture that a link's own words name beside it needs no words of its own.
    for link in re.findall(
        r"<a [^>]*>(?:(?!</a>).)*<img [^>]*alt=\"\"[^>]*>(?:(?!</a>).)*</a>", page, re.DOTALL
    ):
        assert re.sub(r"<[^>]+>", "", link).strip()
    assert page.count('alt=""') == len(
        re.findall(r"<a [^>]*>(?:(?!</a>).)*<img [^>]*alt=\"\"", page, re.DOTALL)
    )


@pytest.mark.parametrize("address", OUTSIDE)
def test_pages_for_strangers(client: Client, address: str) -> None:
    keeps_the_rules(client.get(address).content.decode())


@pytest.mark.parametrize("address", INSIDE)
def test_pages_for_members(client: Client, alice: User, address: str) -> None:
    client.force_login(alice)
    keeps_the_rules(client.get(address, follow=True).content.decode())
    make_library(alice, 3)
    keeps_the_rules(client.get(address, follow=True).content.decode())


def test_the_pages_of_a_photo(client: Client, alice: User) -> None:
    client.force_login(alice)
    (photo,) = make_library(alice, 1, labels=20)
    keeps_the_rules(client.get(reverse("photo", args=[photo.pk])).content.decode())
    Photo.objects.update(trashed_at=timezone.now())
    keeps_the_rules(client.get(reverse("photo", args=[photo.pk])).content.decode())
    keeps_the_rules(client.get(reverse("photo_delete", args=[photo.pk])).content.decode())


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_need_nothing_to_be_shown(name: str) -> None:
    keeps_the_rules(render_to_string(name))


def test_a_page_names_its_place_in_the_navigation(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get("/labels/").content.decode()
    assert page.count('aria-current="page"') == 1
    assert re.search(r'<a href="/labels/" aria-current="page">', page)


@pytest.mark.parametrize("name", ["gallery/welcome.html", "404.html"])
def test_right_to_left_languages_turn_the_page_round(name: str) -> None:
    with translation.override("he"):
        assert '<html lang="he" dir="rtl">' in render_to_string(name)


def test_styles_know_no_left_and_no_right() -> None:
    """Logical properties only, so that a page turns round with its language."""
    for file in (Path(settings.BASE_DIR) / "static/css").glob("*.css"):
        assert not re.search(r"(margin|padding|border|inset)?-?(left|right)\s*:", file.read_text()), file.name
