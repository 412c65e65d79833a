"""All that failed of one owner is tried again, and nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from gallery.models import Job, Photo
from gallery.pipeline import jobs, retries
from gallery.pipeline.steps import STEPS
from gallery.tests.making import make_jobs, make_photo

pytestmark = pytest.mark.django_db


def make_failed(owner: User, **fields: Any) -> Photo:
    photo = make_photo(owner)
    make_jobs(photo, state=Job.State.FAILED, reason="No.", finished_at=timezone.now(), **fields)
    return photo


def job(photo: Photo, step: str) -> Job:
    found: Job = Job.objects.get(photo=photo, step=step)
    return found


def test_steps_wait_as_if_new_and_in_their_order(alice: User) -> None:
    photo = make_failed(alice, attempts=8, crashes=2)
    assert retries.retry_all(alice) == (1, False)
    for again in photo.jobs.all():
        assert (again.state, again.reason, again.attempts, again.crashes) == ("waiting", "", 0, 0)
        assert (again.ready_at is None) == bool(STEPS[again.step].after)


def test_a_step_whose_step_before_is_done_begins_at_once(alice: User) -> None:
    photo = make_failed(alice)
    Job.objects.filter(step="renditions").update(state=Job.State.DONE, reason="")
    assert retries.retry_all(alice) == (1, False)
    assert job(photo, "labels").ready_at is not None
    assert job(photo, "renditions").state == Job.State.DONE


def test_it_is_the_same_as_trying_each_again(alice: User, bob: User) -> None:
    for owner in (alice, bob):
        photos = [make_failed(owner), make_failed(owner)]
        Job.objects.filter(photo=photos[0], step="renditions").update(state=Job.State.DONE, reason="")
    for photo in Photo.objects.filter(owner=bob).order_by("pk"):
        jobs.retry(photo)
    retries.retry_all(alice)

    def stands(owner: User) -> list[Any]:
        rows = Job.objects.filter(owner=owner).order_by("step", "state", "ready_at")
        return [(row.step, row.state, row.ready_at is None, row.attempts) for row in rows]

    assert stands(alice) == stands(bob)


def test_each_has_a_turn_of_its_own_so_that_nobody_waits_behind_all_of_them(alice: User) -> None:
    for _ in range(3):
        make_failed(alice)
    retries.retry_all(alice)
    turns = list(Job.objects.filter(step="renditions").order_by("pk").values_list("turn", flat=True))
    assert turns == sorted(set(turns))


def test_what_did_not_fail_and_what_is_somebody_elses_stays(alice: User, bob: User) -> None:
    theirs, waits = make_failed(bob), make_photo(alice)
    make_jobs(waits, reason="Later.", attempts=2)
    assert retries.retry_all(alice) == (0, False)
    assert job(theirs, "labels").state == Job.State.FAILED
    assert job(waits, "labels").attempts == 2


def test_many_take_few_statements(alice: User) -> None:
    for _ in range(40):
        make_failed(alice)
    with CaptureQueriesContext(connection) as queries:
        assert retries.retry_all(alice) == (40, False)
    assert len(queries) < 10 * len(STEPS) + 5
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


def test_more_than_a_request_can_wait_for_is_left_for_the_next(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "_CHUNK", 2)
    monkeypatch.setattr(retries, "_LONGEST_SECONDS", -1.0)
    for _ in range(3):
        make_failed(alice)
    Job.objects.exclude(step="labels").delete()
    assert [retries.retry_all(alice) for _ in range(3)] == [(2, True), (1, False), (0, False)]
