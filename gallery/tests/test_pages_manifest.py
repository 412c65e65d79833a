"""What a browser needs to install the site as an app."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User

pytestmark = [pytest.mark.one_database, pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
ICONS = Path(settings.BASE_DIR) / "static" / "icons"


def test_everybody_is_told_how_to_install_it(client: Client) -> None:
    page = client.get("/").content.decode()
    address = re.search(r'<link rel="manifest" href="([^"]+)">', page)
    assert address
    answer = client.get(address[1])
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}


def test_its_icons_are_as_large_as_it_says(client: Client) -> None:
    for icon in client.get(reverse("manifest")).json()["icons"]:
        assert icon["src"].startswith("/static/icons/")
        with Image.open(ICONS / Path(icon["src"]).name) as picture:
            assert icon["sizes"] == f"{picture.width}x{picture.height}"
            corner = picture.convert("RGBA").getpixel((0, 0))
        assert (corner[3] == 255) is (icon["purpose"] == "maskable")  # type: ignore[index]  # four bands


def test_its_shortcuts_lead_to_pages(client: Client, alice: User) -> None:
    client.force_login(alice)
    for shortcut in client.get(reverse("manifest")).json()["shortcuts"]:
        assert client.get(shortcut["url"]).status_code == 200


def test_an_apple_telephone_finds_its_own(client: Client) -> None:
    assert (
        '<link rel="apple-touch-icon" href="/static/icons/apple-touch-icon.png">'
        in client.get("/").content.decode()
    )
    with Image.open(ICONS / "apple-touch-icon.png") as picture:
        assert picture.size == (180, 180)
