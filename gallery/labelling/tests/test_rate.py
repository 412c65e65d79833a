"""The limiter, against the real Valkey: one quota for all workers."""

import itertools
import threading
import uuid
from typing import Any

import pytest
import redis

from gallery.labelling import rate

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("queue")]


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each caller would have slept; nobody does."""
    waits: list[float] = []
    monkeypatch.setattr("gallery.labelling.rate.time.sleep", waits.append)
    return waits


@pytest.fixture
def operation() -> str:
    return f"Operation-{uuid.uuid4()}"


def test_the_first_call_goes_at_once(slept: list[float], operation: str) -> None:
    assert rate.wait_for_slot(operation) == 0


def test_each_call_gets_a_moment_of_its_own(slept: list[float], operation: str, settings: Any) -> None:
    settings.REKOGNITION_TPS = 2
    threads = [threading.Thread(target=rate.wait_for_slot, args=(operation,)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits = sorted(slept)
    assert waits[-1] > 3.5, "the tenth at two a second waits more than four seconds, less what this test took"
    assert all(later - earlier <= 0.5001 for earlier, later in itertools.pairwise(waits))


def test_nobody_stands_in_a_long_queue(slept: list[float], operation: str, settings: Any) -> None:
    settings.REKOGNITION_TPS = 0.1
    rate.wait_for_slot(operation)
    rate.wait_for_slot(operation)
    with pytest.raises(rate.NoSlot):
        rate.wait_for_slot(operation)


def test_a_throttle_slows_everybody_down(slept: list[float], operation: str) -> None:
    rate.hold(operation, 5)
    assert 3 < rate.wait_for_slot(operation) <= 5


def test_without_its_store_nobody_gets_a_slot(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(rate, "_script", lambda source: away)
    with pytest.raises(rate.NoSlot):
        rate.wait_for_slot(operation)
    rate.hold(operation, 1)
