"""Everybody reads the site in their own language and time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import mail, preferences
from accounts.models import User

_SETTINGS = reverse("account_settings")
_LOGIN = reverse("account_login")


@pytest.fixture(autouse=True)
def two_languages(settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def language_of(client: Client, path: str = _SETTINGS, **headers: str) -> str:
    page = client.get(path, headers=headers).text
    return page.partition('<html lang="')[2].partition('"')[0]


def test_a_browsers_language_is_spoken(client: Client) -> None:
    assert language_of(client, _LOGIN) == "en"
    assert language_of(client, _LOGIN, accept_language="de-AT, en;q=0.5") == "de"
    assert language_of(client, _LOGIN, accept_language="fr") == "en"


def test_a_visitor_chooses_and_stays_where_they_were(client: Client) -> None:
    answer = client.post(reverse("visitor_language"), {"language": "de", "next": "/accounts/signup/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/signup/")
    assert language_of(client, _LOGIN, accept_language="en") == "de"


def test_a_visitor_is_led_nowhere_else(client: Client) -> None:
    answer = client.post(reverse("visitor_language"), {"language": "de", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_users_choice_counts_before_the_browsers(member: Client, alice: User) -> None:
    member.cookies["language"] = "en"
    assert member.post(reverse("account_language"), {"language": "de"}).status_code == 302
    assert language_of(member, accept_language="en") == "de"
    assert not member.cookies["language"].value
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone) == ("de", "")


def test_whoever_chose_nothing_reads_what_the_browser_asks_for(member: Client) -> None:
    member.post(reverse("account_language"), {"language": "", "time_zone": ""})
    assert language_of(member, accept_language="de") == "de"


def test_a_language_that_the_site_lost_breaks_nothing(
    member: Client, alice: User, settings: Settings
) -> None:
    User.objects.filter(pk=alice.pk).update(language="de", time_zone="Atlantis/Capital")
    settings.LANGUAGES = [("en", "English")]
    assert language_of(member) == "en"


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"time_zone": "Europe/Atlantis"}, {"time_zone": "/etc/passwd"}]
)
def test_what_is_not_to_be_chosen_is_refused_in_words(
    member: Client, alice: User, wrong: dict[str, str]
) -> None:
    answer = member.post(reverse("account_language"), wrong)
    assert answer.status_code == 422
    assert 'class="errorlist"' in answer.text
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone) == ("", "")


@pytest.mark.parametrize("fields", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_the_admin_takes_no_other_values(alice: User, fields: dict[str, str]) -> None:
    for name, value in fields.items():
        setattr(alice, name, value)
    with pytest.raises(ValidationError):
        alice.full_clean()


def test_times_are_those_of_the_readers_place(member: Client, alice: User) -> None:
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("UTC"))
    shown = Template('{{ moment|date:"H:i T" }}')
    with preferences.reading("", "Asia/Kolkata"):
        assert shown.render(Context({"moment": summer})) == "17:30 IST"
    assert shown.render(Context({"moment": summer})) == "12:00 UTC"
    assert member.post(reverse("account_language"), {"time_zone": "Asia/Kolkata"}).status_code == 302
    assert '<option value="Asia/Kolkata" selected>' in member.get(_SETTINGS).text
    assert timezone.get_current_timezone_name() == "UTC"  # nothing is left for the next request


def test_nobodys_choice_is_left_for_the_next_request(member: Client, client: Client) -> None:
    member.post(reverse("account_language"), {"language": "de"})
    assert language_of(member) == "de"
    assert language_of(Client(), _LOGIN) == "en"


def test_a_probe_asks_no_database_for_anybodys_choice(
    member: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert member.get("/healthz").status_code == 200


def test_a_mail_is_written_in_its_receivers_language_and_time(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="de", time_zone="Asia/Kolkata")
    with mail.for_reader("Alice@example.org", {}):
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("de", "Asia/Kolkata")
    with translation.override("de"), mail.for_reader("nobody@example.org", {}):
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("de", "UTC")
    assert translation.get_language() == "en"


def test_light_or_dark_is_as_the_device_is_set_or_as_a_user_chose(member: Client, alice: User) -> None:
    page = member.get(_SETTINGS).text
    assert "data-scheme" not in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert member.post(reverse("account_language"), {"scheme": "dark"}).status_code == 302
    page = member.get(_SETTINGS).text
    assert 'data-scheme="dark"' in page
    assert '<meta name="color-scheme" content="dark">' in page
    assert page.count('name="theme-color"') == 1
    assert member.post(reverse("account_language"), {"scheme": "pink"}).status_code == 422
    alice.refresh_from_db()
    assert alice.scheme == "dark"
