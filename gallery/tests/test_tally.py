"""Counting over all processes: nothing waits, nothing is counted twice, nothing is lost while Redis is away."""

import functools
import multiprocessing
import uuid

import pytest
import redis

from gallery import tally
from tests.ports import free_port

pytestmark = pytest.mark.pure


@pytest.fixture
def family(queue: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A name that nobody has counted under."""
    monkeypatch.setattr(tally, "_KEY", f"photosite:tally:{uuid.uuid4()}")
    tally._begin_anew()
    return "uploads"


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = redis.Redis(port=free_port(), socket_connect_timeout=1)
    monkeypatch.setattr(tally, "_connection", functools.cache(lambda: nobody))
    tally._begin_anew()


def test_what_was_counted_is_read(family: str) -> None:
    tally.add(family, "too_large")
    tally.add(family, "too_large", amount=2)
    tally.add(family, "empty")
    assert tally.read() == {(family, "too_large"): 3, (family, "empty"): 1}
    assert tally.read() == {(family, "too_large"): 3, (family, "empty"): 1}


def _count(family: str) -> None:
    tally.add(family, "child")
    assert tally.flush()


def test_processes_count_together_and_a_child_does_not_count_its_parents_again(family: str) -> None:
    tally.add(family, "parent")
    children = [multiprocessing.get_context("fork").Process(target=_count, args=[family]) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    assert tally.read() == {(family, "parent"): 1, (family, "child"): 2}


def test_without_redis_nothing_is_lost_and_nothing_fails(away: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tally.add("uploads", "empty")
    assert not tally.flush()
    tally.add("uploads", "empty")
    assert not tally.flush()
    assert tally._counts == {("uploads", "empty"): 2}
    tally._begin_anew()
