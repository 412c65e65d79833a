"""The link on the page instead of a mail: where there is no mail server and nobody else, and nowhere else."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tests.test_signing_up import FORM, link_in, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_a_mail_server(settings: Settings) -> None:
    settings.SHOW_MAILED_LINKS = True


def test_the_page_shows_the_link_that_confirms_the_address(client: Client) -> None:
    page = sign_up(client)
    assert "Confirm my address" in page
    client.post(link_in(page))
    assert "_auth_user_id" in client.session


def test_a_reload_keeps_the_link_and_signing_in_takes_it_away(client: Client) -> None:
    link = link_in(sign_up(client))
    sent = reverse("account_email_verification_sent")
    assert link in client.get(sent).content.decode()
    client.post(link)
    assert link not in client.get(sent).content.decode()


def test_the_page_shows_the_link_to_a_new_password(client: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    page = client.post(
        reverse("account_reset_password"), {"email": alice.email}, follow=True
    ).content.decode()
    assert "Choose a new password" in page
    assert 'name="password1"' in client.get(link_in(page), follow=True).content.decode()


def test_with_a_mail_server_or_off_loopback_no_page_shows_a_link(
    client: Client, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.SHOW_MAILED_LINKS = False
    page = sign_up(client)
    assert link_in(str(mailoutbox[0].body)) not in page
    assert "would have been mailed" not in page
    assert "mailed_link" not in client.session


def test_a_link_remembered_before_a_mail_server_was_set_is_not_shown(
    client: Client, settings: Settings
) -> None:
    sign_up(client)
    settings.SHOW_MAILED_LINKS = False
    assert (
        "would have been mailed"
        not in client.get(reverse("account_email_verification_sent")).content.decode()
    )


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"])
def test_who_comes_through_a_proxy_sees_no_link(client: Client, name: str) -> None:
    page = client.post(reverse("account_signup"), FORM, follow=True, headers={name: "203.0.113.9"})
    assert "would have been mailed" not in page.content.decode()
    assert "mailed_link" not in client.session


def test_another_browser_sees_nothing_of_it(client: Client) -> None:
    sign_up(client)
    page = Client().get(reverse("account_email_verification_sent")).content.decode()
    assert "would have been mailed" not in page
