"""One limiter over all workers: each call reserves its moment in Redis (the generic cell rate algorithm).

A reservation is one Lua script, so any number of threads and processes line up at the same quota, which
Celery's own rate_limit (one per worker) can't do.
"""

import functools
import time
from typing import Any, Final

import redis
from django.conf import settings

_MOST_WAIT_SECONDS: Final = 10.0
_KEY: Final = "photosite:rate:"

# KEYS[1]: the moment of the next free call. ARGV: seconds between two calls, longest wait accepted.
# Answers the wait in seconds as text (Redis would cut a number), or "-1" and reserves nothing.
_RESERVE: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local free_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = free_at - now
if wait > tonumber(ARGV[2]) then return '-1' end
redis.call('SET', KEYS[1], string.format('%.6f', free_at + tonumber(ARGV[1])), 'EX', 3600)
return string.format('%.6f', wait)
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


def wait_for_slot(operation: str) -> float:
    """Sleeps until this call may be made and returns the seconds it slept. Raises NoSlot; never longer than 10 s."""
    try:
        answer = _script(_RESERVE)(
            keys=[_KEY + operation], args=[1 / settings.REKOGNITION_TPS, _MOST_WAIT_SECONDS]
        )
    except redis.RedisError as error:
        raise NoSlot("The site's queue is not answering; the photo is tried again.") from error
    wait = float(answer)
    if wait < 0:
        raise NoSlot("Waiting for its turn: the site may only ask so many questions a second.")
    time.sleep(wait)
    return wait


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
