"""Who tries too often is shut out for a while, and nobody else is, also where all come through one proxy."""

from typing import Any, Final

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
_TRIES: Final = 31  # allauth lets an address try 30 times a minute


@pytest.fixture(autouse=True)
def _at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(ratelimit.time, "time", lambda: 1_800_000_000.0)


def tries(client: Client, forwarded: str) -> int:
    form = {"login": "nobody@example.org", "password": "wrong"}
    answer: Any = client.post("/accounts/login/", form, headers={"X-Forwarded-For": forwarded})
    return int(answer.status_code)


def test_behind_a_trusted_proxy_each_address_is_counted_by_itself(client: Client, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert [tries(client, f"198.51.100.{number}, 203.0.113.66") for number in range(_TRIES)][-1] == 429
    assert tries(client, "203.0.113.77") == 200


def test_without_one_nobody_gets_more_tries_by_naming_addresses(client: Client) -> None:
    assert [tries(client, f"203.0.113.{number}") for number in range(_TRIES)][-1] == 429
