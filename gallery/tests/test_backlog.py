"""How long the queue is and how old, as staff and /metrics are told."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from gallery.models import Job
from gallery.pipeline import backlog
from gallery.pipeline.steps import STEPS
from gallery.tests.making import make_photo

NOW = timezone.now()


def make_job(owner: User, step: str = "labels", **fields: Any) -> Job:
    return Job.objects.create(photo=make_photo(owner), owner=owner, step=step, **{"ready_at": NOW, **fields})


def labels() -> backlog.Queue:
    return next(queue for queue in backlog.queues(NOW) if queue.step == "labels")


def test_every_step_has_a_queue_even_an_empty_one(db: None) -> None:
    found = backlog.queues(NOW)
    assert [queue.step for queue in found] == list(STEPS)
    assert all(not any(queue.states.values()) for queue in found)


def test_each_job_is_counted_where_it_stands(alice: User) -> None:
    lease: dict[str, Any] = {"lease_until": NOW + timedelta(seconds=20), "lease_token": uuid4()}
    make_job(alice, ready_at=NOW - timedelta(minutes=5))
    make_job(alice, ready_at=NOW - timedelta(minutes=1), **lease)
    make_job(alice, ready_at=NOW + timedelta(minutes=1))
    make_job(alice, ready_at=None)
    make_job(alice, state=Job.State.FAILED, finished_at=NOW, reason="It broke.")
    make_job(alice, state=Job.State.DONE, finished_at=NOW)
    make_job(alice, "renditions", ready_at=NOW - timedelta(hours=1))
    assert labels().states == {"due": 2, "held": 1, "later": 1, "behind": 1, "failed": 1}
    assert labels().oldest == timedelta(minutes=5)


def test_what_is_not_due_yet_is_not_old(alice: User) -> None:
    make_job(alice, ready_at=NOW + timedelta(hours=1))
    assert labels().oldest == timedelta(0)


def test_ages_are_told_apart(alice: User) -> None:
    for minutes in (0.5, 1.5, 30, 300):
        make_job(alice, ready_at=NOW - timedelta(minutes=minutes))
    make_job(alice, ready_at=NOW + timedelta(minutes=1))
    bounds = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)]
    assert backlog.ages(NOW, bounds) == {"labels": [1, 1, 1, 1]}
