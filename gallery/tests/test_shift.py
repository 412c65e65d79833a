"""What a worker does for one word from the queue: jobs as long as there are any, for a while."""

from typing import Any
from unittest import mock

import pytest

from accounts.models import User
from gallery import tasks
from gallery.models import Job
from gallery.pipeline import queue, run
from gallery.pipeline.sweep import sweep
from gallery.tests.answering import Service, new

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(service: Service, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The words that were sent: of which step, how many at once. The workers' queue is empty."""
    words: list[tuple[str, int]] = []

    def send(_task: str, arguments: list[str], _queue: str, _after: float, times: int) -> None:
        words.append((arguments[0], times))

    monkeypatch.setattr(queue, "_send", send)
    monkeypatch.setattr(queue, "length", lambda _queue: 0)
    return words


def waiting() -> int:
    return Job.objects.waiting().filter(step="labels").count()


@pytest.mark.django_db(transaction=True)
def test_one_word_is_enough_for_all_that_is_due(alice: User, said: list[Any]) -> None:
    for _ in range(3):
        new(alice)
    tasks.work("labels")
    assert waiting() == 0
    assert ("labels", 1) not in said


@pytest.mark.django_db(transaction=True)
def test_what_is_left_at_the_end_of_a_shift_is_told_again(
    alice: User, said: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_SHIFT_SECONDS", 0)
    for _ in range(3):
        new(alice)
    said.clear()
    tasks.work("labels")
    assert waiting() == 2
    assert said == [("labels", 1)]


def test_nothing_due_ends_with_its_word(said: list[Any]) -> None:
    tasks.work("labels")
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_a_crowd_is_told_in_as_many_words_as_there_can_be_workers(alice: User, said: list[Any]) -> None:
    for _ in range(queue.MOST_WORDS + 5):
        new(alice)
    said.clear()
    sweep()
    assert said == [("labels", queue.MOST_WORDS)]
    said.clear()
    with mock.patch.object(queue, "length", lambda _queue: queue.MOST_WORDS - 2):
        sweep()
    assert said == [("labels", 2)], "what waits in the queue already goes on by itself"
