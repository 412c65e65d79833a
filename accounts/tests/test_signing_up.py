"""A stranger makes an account in a browser, and comes back to it."""

import re
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User

PASSWORD = "leaves fall in autumn"
FORM = {"email": "Mara@Example.org", "password1": PASSWORD, "password2": PASSWORD}

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]


def sign_up(client: Client, **changes: str) -> str:
    """The page after the form."""
    return client.post(reverse("account_signup"), FORM | changes, follow=True).content.decode()


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/\s\"]+(/accounts/\S+?/)[\s\"]", text)
    assert found
    return found[1]


def sign_in(client: Client, password: str = PASSWORD, **headers: str) -> bool:
    client.post(
        reverse("account_login"), {"login": "mara@example.org", "password": password}, headers=headers or None
    )
    return "_auth_user_id" in client.session


def test_a_stranger_signs_up_follows_the_mailed_link_and_is_in(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    assert "check your mail" in sign_up(client)
    assert "_auth_user_id" not in client.session

    (mail,) = mailoutbox
    assert mail.subject == "Photosite: Confirm your address"
    link = link_in(str(mail.body))
    assert "mara@example.org" in client.get(link).content.decode()
    client.post(link)

    assert "_auth_user_id" in client.session
    assert User.objects.get().email == "mara@example.org"


def test_nobody_signs_in_before_the_address_is_confirmed(client: Client) -> None:
    sign_up(client)
    assert not sign_in(client)


def test_an_address_that_is_taken_is_told_by_mail_only(
    client: Client, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    taken, free = sign_up(client, email=alice.email), sign_up(Client())
    assert "check your mail" in taken
    assert "check your mail" in free
    assert [mail.subject for mail in mailoutbox] == [
        "Photosite: You have an account already",
        "Photosite: Confirm your address",
    ]


def test_the_sign_up_page_says_that_photos_go_to_image_recognition(client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert "Amazon may keep such images" in page
    assert "switch this off" in page


@pytest.mark.parametrize(("mode", "words"), [("invite", "By invitation only"), ("closed", "No new accounts")])
def test_a_closed_site_says_so_and_adds_nobody(
    client: Client, settings: Settings, mode: str, words: str
) -> None:
    settings.SIGNUP = mode
    assert words in client.get(reverse("account_signup")).content.decode()
    assert words in sign_up(client)
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()
    assert not User.objects.exists()


def test_a_forgotten_password_is_replaced_by_the_mailed_link_once(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(client)
    EmailAddress.objects.update(verified=True)
    client.post(reverse("account_reset_password"), {"email": "mara@example.org"})
    link = link_in(str(mailoutbox[-1].body))

    form = client.get(link, follow=True)
    new = {"password1": "snow falls in winter", "password2": "snow falls in winter"}
    client.post(form.redirect_chain[-1][0], new)

    assert sign_in(Client(), "snow falls in winter")
    assert not sign_in(Client())
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_a_password_is_changed_by_whoever_knows_the_old_one(client: Client) -> None:
    sign_up(client)
    EmailAddress.objects.update(verified=True)
    assert sign_in(client)
    change = {
        "oldpassword": PASSWORD,
        "password1": "snow falls in winter",
        "password2": "snow falls in winter",
    }
    client.post(reverse("account_change_password"), change | {"oldpassword": "wrong"})
    assert not sign_in(Client(), "snow falls in winter")
    client.post(reverse("account_change_password"), change)
    assert sign_in(Client(), "snow falls in winter")


def test_signing_out_needs_the_form(client: Client) -> None:
    sign_up(client)
    EmailAddress.objects.update(verified=True)
    sign_in(client)
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_guessing_passwords_is_stopped_after_a_few(client: Client) -> None:
    sign_up(client)
    EmailAddress.objects.update(verified=True)
    for _attempt in range(10):
        sign_in(client, "wrong")
    assert not sign_in(client)


def test_a_mail_server_that_does_not_answer_breaks_no_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def away(message: EmailMessage, fail_silently: bool = False) -> int:
        raise SMTPServerDisconnected("away")

    monkeypatch.setattr(EmailMessage, "send", away)
    settings.SHOW_MAILED_LINKS = True
    page = sign_up(client)
    assert "could not be sent" in page
    assert "Confirm my address" not in page


def test_recognition_is_switched_off_and_on_in_the_account(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post(reverse("account_settings"), {})
    alice.refresh_from_db()
    assert not alice.analyse
    client.post(reverse("account_settings"), {"analyse": "on"})
    alice.refresh_from_db()
    assert alice.analyse


def test_saving_the_account_page_leaves_the_counters_of_an_upload_alone(
    client: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(alice)
    with django_assert_num_queries(3) as queries:  # session, user, one field
        client.post(reverse("account_settings"), {})
    assert "used_bytes" not in queries.captured_queries[-1]["sql"]
