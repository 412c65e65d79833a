"""People and tokens from the command line."""

import getpass
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db
PASSWORD = "leaves fall in autumn"


def run(*command: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def may_sign_in(email: str, password: str = PASSWORD) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return "_auth_user_id" in client.session


def typed(*answers: str) -> Callable[[str], str]:
    left = list(answers)
    return lambda _prompt: left.pop(0)


def test_a_superuser_from_the_environment_signs_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "root@example.org")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    run("createsuperuser", interactive=False)
    assert User.objects.get().is_superuser
    assert may_sign_in("root@example.org")


def test_an_added_user_is_ordinary_and_signs_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHOTOSITE_PASSWORD", PASSWORD)
    assert "can sign in now" in run("add_user", " Mara@Example.org ")
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("mara@example.org", False, False)
    assert may_sign_in("MARA@example.org")


def test_without_a_password_it_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTOSITE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", typed(PASSWORD, PASSWORD))
    run("add_user", "mara@example.org")
    assert may_sign_in("mara@example.org")


def test_two_different_passwords_add_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTOSITE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", typed(PASSWORD, "another one"))
    with pytest.raises(CommandError, match="differ"):
        run("add_user", "mara@example.org")
    assert not User.objects.exists()


def test_nobody_there_to_type_a_password_is_told_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv("PHOTOSITE_PASSWORD", raising=False)
    monkeypatch.setattr(getpass, "getpass", nobody)
    with pytest.raises(CommandError, match="PHOTOSITE_PASSWORD"):
        run("add_user", "mara@example.org")


@pytest.mark.parametrize(
    ("email", "password", "told"),
    [
        ("alice@example.org", PASSWORD, "has an account already"),
        ("ALICE@EXAMPLE.ORG", PASSWORD, "has an account already"),
        ("not an address", PASSWORD, "valid email"),
        ("mara@example.org", "short", "at least 8"),
        ("mara@example.org", "password", "too common"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(
    monkeypatch: pytest.MonkeyPatch, alice: User, email: str, password: str, told: str
) -> None:
    monkeypatch.setenv("PHOTOSITE_PASSWORD", password)
    with pytest.raises(CommandError, match=told):
        run("add_user", email)
    assert list(User.objects.all()) == [alice]


def test_a_token_is_all_that_is_printed_and_it_works(alice: User) -> None:
    printed = run("api_token", "Alice@example.org", scope="read", name="backup")
    token = tokens.resolve(printed.strip())
    assert printed == printed.strip() + "\n"
    assert token
    assert (token.user, token.scope, token.name) == (alice, ApiToken.Scope.READ, "backup")


def test_a_token_for_nobody_is_refused_with_the_way_out(alice: User) -> None:
    with pytest.raises(CommandError, match=r"add_user bob@example\.org"):
        run("api_token", "bob@example.org")


def test_a_deactivated_user_gets_no_token(alice: User) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="Nobody active"):
        run("api_token", alice.email)
