"""The limiter, against the real Valkey: one quota for all workers, new uploads before bulk work."""

import itertools
import threading
import types
import uuid
from typing import Any

import pytest
import redis

from gallery.labelling import rate

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("queue")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """This process's clock, in seconds: whoever sleeps moves it on instead. Valkey's own goes on as ever."""
    now = [1000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(rate, "time", types.SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    return now


@pytest.fixture
def operation() -> str:
    return f"Operation-{uuid.uuid4()}"


def test_the_first_call_goes_at_once(clock: list[float], operation: str) -> None:
    assert rate.reserve(operation).at == clock[0]


def test_each_call_gets_a_moment_of_its_own(clock: list[float], operation: str, settings: Any) -> None:
    settings.REKOGNITION_TPS = 2
    moments: list[float] = []
    threads = [threading.Thread(target=lambda: moments.append(rate.reserve(operation).at)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moments.sort()
    assert moments[-1] > clock[0] + 3.5, "the tenth at two a second waits over four, less what this test took"
    least = 1 / (2 * rate._UNDER_QUOTA)
    assert all(later - earlier <= least + 0.001 for earlier, later in itertools.pairwise(moments))


def test_what_was_done_meanwhile_shortens_the_wait(clock: list[float], operation: str) -> None:
    slot = rate.Slot(operation, clock[0] + 3)
    clock[0] += 1
    slot.wait()
    assert clock[0] == slot.at
    clock[0] += 1
    slot.wait()
    assert clock[0] == slot.at + 1, "who comes late does not wait"


def test_who_comes_late_does_not_meet_who_is_on_time(
    clock: list[float], operation: str, settings: Any
) -> None:
    settings.REKOGNITION_TPS = 3
    late = [rate.reserve(operation) for _ in range(4)]
    clock[0] += 60
    for slot in late[:3]:
        slot.wait()
    assert clock[0] == 1060, "as many as the quota allows in a second"
    late[3].wait()
    assert clock[0] > 1060, "one more waits"


def test_a_clock_that_was_set_back_stops_nobody(
    clock: list[float], operation: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REKOGNITION_TPS = 3
    monkeypatch.setattr(rate, "_enter", lambda *_: 3600.0)
    rate.reserve(operation).wait()
    assert clock[0] < 1000 + 3


def test_nobody_stands_in_a_long_queue_for_more_than_ten_seconds(
    clock: list[float], operation: str, settings: Any
) -> None:
    settings.REKOGNITION_TPS = 0.1
    rate.hold(operation, 60)
    with pytest.raises(rate.NoSlot):
        rate.wait_for_slot(operation)
    assert 1010 <= clock[0] < 1011


def test_bulk_work_takes_the_next_moment_or_none(clock: list[float], operation: str, settings: Any) -> None:
    settings.REKOGNITION_TPS = 2
    for _ in range(4):
        rate.reserve(operation)
    with pytest.raises(rate.NoSlot):
        rate.reserve(operation, bulk=True)
    clock[0] = 1000
    assert rate.reserve(operation).at > 1001.5, "a new upload lines up where bulk work may not"


def test_bulk_work_goes_where_nobody_else_wants_to(clock: list[float], operation: str) -> None:
    assert rate.reserve(operation, bulk=True).at == clock[0]


def test_a_throttle_slows_everybody_down(clock: list[float], operation: str) -> None:
    rate.hold(operation, 5)
    assert clock[0] + 3 < rate.reserve(operation).at <= clock[0] + 5


def test_without_its_store_nobody_gets_a_slot(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(rate, "_script", lambda source: away)
    with pytest.raises(rate.NoSlot):
        rate.wait_for_slot(operation)
    rate.hold(operation, 1)
