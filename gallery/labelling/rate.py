"""One limiter over all workers: each call reserves its moment in Redis (the generic cell rate algorithm).

A reservation is one Lua script, so any number of threads and processes line up at the same quota, which
Celery's own rate_limit (one per worker) can't do. Bulk work reserves only the next free moment, so that a new
upload never stands behind it; new uploads reserve as far ahead as a worker should wait.
"""

import dataclasses
import functools
import time
from typing import Any, Final

import redis
from django.conf import settings

_MOST_WAIT_SECONDS: Final = 10.0
_SHORTEST_PAUSE_SECONDS: Final = 0.02
_LONGEST_PAUSE_SECONDS: Final = 0.5
# Calls are made a little later than their moment, never earlier: what is late must not meet what is on time.
_UNDER_QUOTA: Final = 0.97
_KEY: Final = "photosite:rate:"

# KEYS[1]: the moment of the next free call. ARGV: seconds between two calls, longest wait accepted.
# Answers {1 if reserved, the wait in seconds as text (Redis would cut a number)}.
_RESERVE: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local free_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = string.format('%.6f', free_at - now)
if free_at - now > tonumber(ARGV[2]) then return {0, wait} end
redis.call('SET', KEYS[1], string.format('%.6f', free_at + tonumber(ARGV[1])), 'EX', 3600)
return {1, wait}
"""
# Pushes the next free call away by ARGV[1] seconds from now, when the service says that we are too fast.
_HOLD: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local free_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.6f', free_at), 'EX', 3600)
return 'OK'
"""


class NoSlot(Exception):
    """The queue at the quota is longer than a worker should stand in, or its store is away. Come back later."""


@dataclasses.dataclass(frozen=True)
class Slot:
    """A moment that is ours. `at`: on this process's monotonic clock, in seconds."""

    at: float

    def wait(self) -> None:
        """Sleeps until the moment has come; what was done since it was reserved shortens the sleep."""
        time.sleep(max(0.0, self.at - time.monotonic()))


def reserve(operation: str, *, bulk: bool = False) -> Slot:
    """The moment of one call, at most 10 s ahead. Raises NoSlot after asking for 10 s in vain.

    `bulk`: takes no moment but the next one.
    """
    between = 1 / (settings.REKOGNITION_TPS * _UNDER_QUOTA)
    reach = between if bulk else _MOST_WAIT_SECONDS
    give_up_at = time.monotonic() + _MOST_WAIT_SECONDS
    while True:
        reserved, wait = _ask(operation, between, reach)
        if reserved:
            return Slot(time.monotonic() + wait)
        if time.monotonic() >= give_up_at:
            raise NoSlot("Waiting for its turn: the site may only ask so many questions a second.")
        time.sleep(min(max(wait - reach, _SHORTEST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS))


def wait_for_slot(operation: str, *, bulk: bool = False) -> None:
    """Sleeps until this call may be made: at most 20 s. Raises NoSlot."""
    reserve(operation, bulk=bulk).wait()


def _ask(operation: str, between: float, reach: float) -> tuple[bool, float]:
    try:
        reserved, wait = _script(_RESERVE)(keys=[_KEY + operation], args=[between, reach])
    except redis.RedisError as error:
        raise NoSlot("The site's queue is not answering; the photo is tried again.") from error
    return bool(reserved), float(wait)


def hold(operation: str, seconds: float) -> None:
    """Slows all workers down after a throttle."""
    try:
        _script(_HOLD)(keys=[_KEY + operation], args=[seconds])
    except redis.RedisError:
        return  # without its store nobody gets a slot anyway


@functools.cache
def _connection() -> "redis.Redis":
    return redis.Redis.from_url(settings.CACHE_URL, **settings.REDIS_TIMEOUTS)


@functools.cache
def _script(source: str) -> Any:
    return _connection().register_script(source)
