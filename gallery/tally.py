"""What happens, counted over all processes: gathered in memory, kept in Redis, told by /metrics.

To count never waits and never fails. While Redis is away counts gather here; those of the last seconds before a
process is killed are lost. Whoever counts sees to it that there are few different labels.
"""

import atexit
import functools
import os
import threading
from collections import Counter
from typing import Final

import redis
from django.conf import settings

Name = tuple[str, ...]
"""What is counted: a family, and the values of its labels."""

FLUSH_SECONDS: Final = 5.0
_KEY: Final = "photosite:tally"
_BETWEEN: Final = "\x1f"

_counts: Counter[Name] = Counter()
_lock = threading.Lock()


def add(family: str, *labels: str, amount: int = 1) -> None:
    with _lock:
        _counts[(family, *labels)] += amount


def flush() -> bool:
    """Adds what was gathered to what Redis keeps. False: it is away, and all is kept for the next time."""
    with _lock:
        gathered = dict(_counts)
        _counts.clear()
    if not gathered:
        return True
    try:
        with _connection().pipeline() as pipe:
            for name, amount in gathered.items():
                pipe.hincrby(_KEY, _BETWEEN.join(name), amount)
            pipe.execute()
    except redis.RedisError:
        with _lock:
            _counts.update(gathered)
        return False
    return True


def read() -> dict[Name, int]:
    """All that was counted since Redis was empty. Raises redis.RedisError."""
    flush()
    kept: dict[bytes, bytes] = _connection().hgetall(_KEY)  # type: ignore[assignment]  # not awaited
    return {tuple(field.decode().split(_BETWEEN)): int(amount) for field, amount in kept.items()}


def start() -> None:
    """From now on this process flushes by itself, and when it ends."""
    threading.Thread(target=_flush_for_ever, name="tally", daemon=True).start()
    atexit.register(flush)


def _flush_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(FLUSH_SECONDS):
        flush()


def _begin_anew() -> None:
    """A child counts from nothing: what its parent had gathered is its parent's, and so may the lock be."""
    global _lock
    _lock = threading.Lock()
    _counts.clear()


os.register_at_fork(after_in_child=_begin_anew)


@functools.cache
def _connection() -> "redis.Redis":
    return redis.Redis.from_url(settings.CACHE_URL, **settings.REDIS_TIMEOUTS)
