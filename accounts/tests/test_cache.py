"""Signing in while Redis is away: it works, and it is still limited."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.cache import RedisOrMemoryCache
from accounts.models import User
from tests.ports import free_port


@pytest.fixture
def without_redis(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "accounts.cache.RedisOrMemoryCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/1",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }


def sign_in(client: Client, password: str) -> int:
    answer = client.post(reverse("account_login"), {"login": "alice@example.org", "password": password})
    return answer.status_code


def test_signing_in_works_without_redis(without_redis: None, alice: User, client: Client) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    assert sign_in(client, "correct horse battery") == 302
    assert "_auth_user_id" in client.session


def test_guessing_is_still_stopped_without_redis(without_redis: None, alice: User, client: Client) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    assert {sign_in(client, "wrong") for _attempt in range(10)} == {200}
    sign_in(client, "correct horse battery")
    assert "_auth_user_id" not in client.session


def test_every_call_is_answered_without_redis(without_redis: None) -> None:
    assert isinstance(caches["default"], RedisOrMemoryCache)
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    cache.set("b", 5)
    cache.set_many({"c": 7, "d": 8})
    assert cache.incr("b") == 6
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 6, "c": 7}
    assert cache.touch("a")
    assert cache.has_key("a")
    assert cache.delete("a")
    cache.delete_many(["b", "c"])
    assert cache.get("b", "gone") == "gone"
    cache.clear()
    assert cache.get("d") is None


def test_after_one_failure_redis_is_left_alone_for_a_while(
    without_redis: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.get("first")
    monkeypatch.setattr(
        "django.core.cache.backends.redis.RedisCache.get", lambda *_a, **_k: pytest.fail("asked")
    )
    assert cache.get("second") is None


def test_redis_is_asked_again_when_it_may_be_back(
    without_redis: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.get("first")
    RedisOrMemoryCache._away_until.clear()
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_a, **_k: "from redis")
    assert cache.get("second") == "from redis"
