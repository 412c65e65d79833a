"""One limiter over all workers: each call reserves its moment in Redis (the generic cell rate algorithm).

A reservation is one Lua script, so any number of threads and processes line up at the same quota, which
Celery's own rate_limit (one per worker) can't do. Bulk work reserves only the next free moment, so that a new
upload never stands behind it; new uploads reserve as far ahead as a worker should wait. On a busy machine some come
late to their moment and would meet those that are on time: calls are counted once more when they are made.
"""

import dataclasses
import functools
import time
import uuid
from typing import Any, Final

import redis
from django.conf import settings

from gallery import tally

IN_TURN: Final = "Waiting for its turn: the site may only ask so many questions a second."
NO_QUEUE: Final = "The site's queue is not answering; the photo is tried again."
_MOST_WAIT_SECONDS: Final = 10.0
_SHORTEST_PAUSE_SECONDS: Final = 0.02
_LONGEST_PAUSE_SECONDS: Final = 0.5
# Between a call's counting and its arrival a little time goes by, and not always the same.
_UNDER_QUOTA: Final = 0.965
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
# KEYS[1]: when the last calls were made. ARGV: how many there may be, in how many seconds, a name for this one.
# Answers 0 if it may be made now, or else the wait in seconds as text.
_ENTER: Final = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], string.format('%.6f', now), ARGV[3])
    redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[2]))
    return '0'
end
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return string.format('%.6f', tonumber(first[2]) + ARGV[2] - now)
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

    operation: str
    at: float

    def wait(self) -> None:
        """Sleeps until the moment has come; what was done since it was reserved shortens the sleep.

        Then as long as others crowd this second, but never longer than a crowd can last: a clock that was set back
        must not stop everybody.
        """
        time.sleep(max(0.0, self.at - time.monotonic()))
        calls, seconds = _crowd()
        over = time.monotonic() + seconds
        while (wait := _enter(self.operation, calls, seconds)) and time.monotonic() < over:
            time.sleep(min(wait, seconds))


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
            return Slot(operation, time.monotonic() + wait)
        if time.monotonic() >= give_up_at:
            raise NoSlot(IN_TURN)
        time.sleep(min(max(wait - reach, _SHORTEST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS))


def wait_for_slot(operation: str, *, bulk: bool = False) -> None:
    """Sleeps until this call may be made: at most 20 s. Raises NoSlot."""
    reserve(operation, bulk=bulk).wait()


def _ask(operation: str, between: float, reach: float) -> tuple[bool, float]:
    try:
        reserved, wait = _script(_RESERVE)(keys=[_KEY + operation], args=[between, reach])
    except redis.RedisError as error:
        raise NoSlot(NO_QUEUE) from error
    return bool(reserved), float(wait)


def _crowd() -> tuple[int, float]:
    """How many calls there may be, and in how many seconds."""
    calls = max(1, int(settings.REKOGNITION_TPS))
    return calls, calls / (settings.REKOGNITION_TPS * _UNDER_QUOTA)


def _enter(operation: str, calls: int, seconds: float) -> float:
    """0 when the call may be made now, or else the seconds until it is worth asking again."""
    keys, arguments = [f"{_KEY}{operation}:made"], [calls, seconds, uuid.uuid4().hex]
    try:
        return float(_script(_ENTER)(keys=keys, args=arguments))
    except redis.RedisError:
        return 0.0  # its moment was reserved


def hold(operation: str, seconds: float) -> None:
    """Slows all workers down after a throttle."""
    tally.add("throttles", operation)
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
