"""What the admin shows of people, and what it never shows."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.models import ApiToken, User


@pytest.fixture
def root(client: Client, db: None) -> User:
    user = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    client.force_login(user)
    return user


def test_people_are_found_by_their_address(client: Client, root: User, alice: User, bob: User) -> None:
    page = client.get(reverse("admin:accounts_user_changelist"), {"q": "alice"}).content.decode()
    assert alice.email in page
    assert bob.email not in page


def test_somebody_added_in_the_admin_can_sign_in_at_once(client: Client, root: User) -> None:
    form = {"email": "mara@example.org", "usable_password": "true"}
    form |= {"password1": "leaves fall in autumn", "password2": "leaves fall in autumn"}
    assert client.post(reverse("admin:accounts_user_add"), form).status_code == 302
    browser = Client()
    browser.post(reverse("account_login"), {"login": form["email"], "password": form["password1"]})
    assert "_auth_user_id" in browser.session


def test_changing_somebody_leaves_the_counters_of_an_upload_alone(
    client: Client, root: User, alice: User
) -> None:
    address = reverse("admin:accounts_user_change", args=[alice.pk])
    client.get(address)
    User.objects.filter(pk=alice.pk).update(used_bytes=500)
    client.post(address, {"email": alice.email, "is_active": "on", "analyse": "on", "quota_bytes": "1000"})
    alice.refresh_from_db()
    assert (alice.used_bytes, alice.quota_bytes) == (500, 1000)


def test_no_page_shows_a_token_or_its_hash(client: Client, root: User, alice: User) -> None:
    raw = tokens.issue(alice, "backup")
    token = ApiToken.objects.get()
    for name, args in (("changelist", []), ("change", [token.pk])):
        page = client.get(reverse(f"admin:accounts_apitoken_{name}", args=args)).content.decode()
        assert "backup" in page
        assert raw not in page
        assert token.token_hash not in page


@pytest.mark.parametrize("name", ["accounts_user_changelist", "accounts_apitoken_changelist"])
def test_an_ordinary_user_does_not_get_in(client: Client, alice: User, name: str) -> None:
    client.force_login(alice)
    assert client.get(reverse(f"admin:{name}")).status_code == 302
