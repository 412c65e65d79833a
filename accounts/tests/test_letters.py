"""Every mail there is: a subject that says whose it is, plain words, and the same as a page in the site's look."""

import html
import math
import re
from pathlib import Path
from typing import Any, Final

import pytest
from allauth import account
from allauth.core.context import request_context
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from accounts.adapter import AccountAdapter
from accounts.mail import LINKS
from accounts.tests.test_signing_up import link_in, sign_up

FOLDERS: Final = (Path(settings.BASE_DIR) / "templates", Path(account.__file__).parent.parent / "templates")
NAMES: Final = sorted(
    {
        path.name.removesuffix("_message.txt")
        for folder in FOLDERS
        for path in (folder / "account/email").glob("*_message.txt")
        if not path.name.startswith("base_")
    }
)
LETTER: Final = FOLDERS[0] / "account/email/letter.html"
SITE: Final = "http://photos.example.org/"
LINK: Final = f"{SITE}accounts/confirm-email/a-key/?x=1&y=2"
HOSTILE: Final = 'A browser <script>alert("1")</script> & more'


class Here:
    """The site that a mail is from."""

    domain = "photos.example.org"
    name = "photos.example.org"


def rendered(name: str, **more: Any) -> EmailMultiAlternatives:
    request = RequestFactory().get("/", headers={"host": "photos.example.org"})
    context = {
        "request": request,
        "current_site": Here(),
        "email": "mara@example.org",
        "deleted_email": "old@example.org",
        "from_email": "old@example.org",
        "to_email": "mara@example.org",
        "code": "A1B2C3",
        "timestamp": timezone.now(),
        "ip": "203.0.113.9",
        "user_agent": HOSTILE,
        **more,
    }
    with request_context(request):
        return AccountAdapter(request).render_mail(f"account/email/{name}", "mara@example.org", context)


def page_of(mail: EmailMultiAlternatives) -> str:
    ((content, kind),) = mail.alternatives
    assert kind == "text/html"
    return str(content)


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<body")[2])).split())


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_says_whose_it_is_and_the_same_in_words_and_as_a_page(name: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["photos.example.org"]
    mail = rendered(name, **dict.fromkeys(LINKS, LINK))
    assert re.fullmatch(r"Photosite: \S.*", str(mail.subject))
    page = page_of(mail)
    words = words_of(page)
    for paragraph in str(mail.body).split("\n\n"):
        assert " ".join(paragraph.split()) in words
    assert "<script" not in page
    assert not re.search(r"<(img|link|iframe|table)\b|@import|url\(", page)
    assert set(re.findall(r'href="([^"]+)"', page)) <= {SITE, html.escape(LINK)}
    assert re.search(r'<html lang="\w+[-\w]*" dir="ltr">', page)


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("email_confirmation_signup", "activate_url"),
        ("password_reset_key", "password_reset_url"),
        ("unknown_account", "signup_url"),
    ],
)
def test_the_link_of_a_mail_is_a_button_and_can_be_copied(name: str, link: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["photos.example.org"]
    mail = rendered(name, **{link: LINK})
    assert f"\n\n{LINK}\n\n" in str(mail.body)
    page = page_of(mail)
    assert re.search(rf'<a class="button" href="{re.escape(html.escape(LINK))}"[^>]*>{LINKS[link]}</a>', page)
    assert words_of(page).count(LINK) == 1


def test_what_a_stranger_wrote_is_only_words(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["photos.example.org"]
    mail = rendered("password_changed")
    assert HOSTILE in words_of(page_of(mail))
    assert html.escape(HOSTILE) in page_of(mail)


def test_a_mail_turns_round_with_its_language(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["photos.example.org"]
    with translation.override("he"):
        assert '<html lang="he" dir="rtl">' in page_of(rendered("password_changed"))


@pytest.mark.django_db
def test_who_signs_up_is_sent_both(client: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client)
    (mail,) = mailoutbox
    assert isinstance(mail, EmailMultiAlternatives)
    assert link_in(str(mail.body)) in page_of(mail)


def test_mails_have_the_colours_of_the_pages() -> None:
    css = (Path(settings.BASE_DIR) / "static/css/base.css").read_text()
    ours = {
        _as_hex(float(light) / 100, float(chroma), float(hue))
        for light, chroma, hue in re.findall(r"oklch\(([\d.]+)% ([\d.]+) (\d+)\)", css)
    }
    assert set(re.findall(r"#[0-9a-f]{6}\b", LETTER.read_text())) <= ours


def _as_hex(lightness: float, chroma: float, hue: float) -> str:
    """Björn Ottosson's OKLCH as sRGB."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(min(max(one, 0), 1))):02x}" for one in linear)


def _encoded(linear: float) -> float:
    return 1.055 * linear ** (1 / 2.4) - 0.055 if linear > 0.0031308 else 12.92 * linear
