"""The cache: Redis, and this process's own memory while Redis is away.

What the site keeps here are allauth's counters of sign-in attempts. Signing in must work while Redis is down,
and must still be limited: without Redis each web process counts for itself, so that a guesser gets at most
the limit times the number of processes. Never unlimited, and nobody is locked out for want of a server.
"""

import time
from collections.abc import Callable
from typing import Any, ClassVar, Final

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger("accounts.cache")

REST_SECONDS: Final = 5.0


class RedisOrMemoryCache(RedisCache):
    """Asks Redis; after a failure asks memory for REST_SECONDS, so that no page waits twice for a timeout."""

    _away_until: ClassVar[dict[str, float]] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._server = server
        self._memory = LocMemCache(f"while {server} is away", {})

    def _redis_or_memory(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until.get(self._server, 0.0):
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._away_until[self._server] = time.monotonic() + REST_SECONDS
                log.warning("redis is away, counting in memory", error=type(error).__name__)
        in_memory: Callable[..., Any] = getattr(self._memory, name)
        return in_memory(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._redis_or_memory("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._redis_or_memory("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._redis_or_memory("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._redis_or_memory("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._redis_or_memory("delete", *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(self._redis_or_memory("get_many", *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._redis_or_memory("has_key", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._redis_or_memory("incr", *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._redis_or_memory("set_many", *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._redis_or_memory("delete_many", *args, **kwargs)

    def clear(self) -> None:
        self._redis_or_memory("clear")
