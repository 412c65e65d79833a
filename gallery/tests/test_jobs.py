"""Jobs: claimed once, kept by a lease, given back, given up; late results are thrown away."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from gallery.models import Job, Photo
from gallery.pipeline import claims, jobs
from gallery.tests.making import make_jobs, make_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def words() -> Iterator[list[tuple[str, float]]]:
    """What was announced: (step, after how many seconds)."""
    said: list[tuple[str, float]] = []

    def note(step: str, *, after_seconds: float = 0, jobs: int = 1) -> None:
        said.extend([(step, after_seconds)] * jobs)

    with mock.patch("gallery.pipeline.jobs.queue.announce", note):
        yield said


@pytest.fixture
def photo(alice: User) -> Photo:
    photo = make_photo(alice)
    jobs.add(photo)
    return photo


def job(photo: Photo, step: str = "renditions") -> Job:
    found: Job = Job.objects.get(photo=photo, step=step)
    return found


def claimed(step: str = "renditions") -> Job:
    found = claims.claim(step)
    assert found is not None
    return found


def expire() -> None:
    Job.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_new_photo_has_a_job_a_step_and_only_the_first_is_due(photo: Photo, words: list[Any]) -> None:
    assert job(photo).ready_at is not None
    assert job(photo, "labels").ready_at is None
    assert words == [("renditions", 0)]
    assert claims.claim("labels") is None


def test_a_job_is_claimed_once(photo: Photo) -> None:
    first = claimed()
    assert (first.photo, first.attempts) == (photo, 1)
    assert claims.claim("renditions") is None


@pytest.mark.parametrize("claimers", [8])
def test_of_many_claimers_each_job_goes_to_one(alice: User, claimers: int) -> None:
    for _ in range(claimers):
        jobs.add(make_photo(alice))
    barrier, got = threading.Barrier(claimers), []

    def claim() -> None:
        barrier.wait()
        while found := claims.claim("renditions"):
            got.append(found.pk)
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(claimers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got))
    assert Job.objects.filter(attempts=0, step="renditions").count() == claimers - len(got)


def test_new_uploads_come_before_bulk_work(alice: User) -> None:
    jobs.add(make_photo(alice), priority=1)
    new = make_photo(alice)
    jobs.add(new)
    assert claimed().photo == new


def test_finishing_makes_the_next_step_due(photo: Photo, words: list[Any]) -> None:
    jobs.finish(claimed(), lambda: None)
    assert job(photo).state == "done"
    assert words[-1] == ("labels", 0)
    assert claimed("labels").photo == photo


def test_what_a_finished_job_brought_is_written_with_it_or_not_at_all(photo: Photo) -> None:
    def save() -> None:
        Photo.objects.filter(pk=photo.pk).update(caption="half")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        jobs.finish(claimed(), save)
    photo.refresh_from_db()
    assert photo.caption == ""
    assert job(photo).state == "waiting"


def test_a_late_result_is_thrown_away(photo: Photo) -> None:
    written: list[str] = []
    late = claimed()
    expire()
    now = claimed()
    with pytest.raises(jobs.Stale):
        jobs.finish(late, lambda: written.append("late"))
    jobs.finish(now, lambda: written.append("in time"))
    assert written == ["in time"]


def test_a_result_for_a_photo_that_is_gone_is_thrown_away(photo: Photo) -> None:
    held = claimed()
    Photo.objects.all().delete()
    with pytest.raises(jobs.Stale):
        jobs.finish(held, lambda: None)


def test_a_lease_is_kept_alive_while_the_work_goes_on(photo: Photo, settings: Any) -> None:
    settings.LEASE_SECONDS = 0.3
    held = claimed()
    renewed = threading.Event()
    real = claims._renew

    def watch(*of: Any) -> None:
        real(*of)
        renewed.set()

    with mock.patch.object(claims, "_renew", watch), claims.held(held):
        assert renewed.wait(20)
    assert job(photo).lease_until != held.lease_until
    assert job(photo).lease_token == held.lease_token


def test_a_job_that_kills_its_worker_three_times_is_failed_and_says_so(photo: Photo) -> None:
    for _ in range(3):
        claimed()
        expire()
    assert claims.claim("renditions") is None
    failed = job(photo)
    assert (failed.state, failed.reason, failed.attempts) == ("failed", claims.CRASHED, 3)
    assert job(photo, "labels").state == "failed"


def test_waiting_is_no_attempt_and_is_never_given_up(photo: Photo, words: list[Any]) -> None:
    for _ in range(20):
        jobs.postpone(claimed(), jobs.Postponed("busy", seconds=0))
    waiting = job(photo)
    assert (waiting.state, waiting.reason, waiting.attempts, waiting.postponed) == ("waiting", "busy", 0, 20)
    assert words[-1] == ("renditions", 0)


def test_a_counted_attempt_is_given_up_in_the_end(photo: Photo) -> None:
    for _ in range(jobs.MOST_ATTEMPTS):
        jobs.postpone(claimed(), jobs.Postponed("It broke.", counted=True))
        Job.objects.update(ready_at=timezone.now())
    assert job(photo).state == "failed"
    assert job(photo).reason == f"It broke. This was tried {jobs.MOST_ATTEMPTS} times."


def test_waiting_grows_longer_and_never_longer_than_six_minutes() -> None:
    waits = [jobs._backoff(count) for count in range(30)]
    assert waits[0] < 5
    assert waits[4] > waits[0]
    assert max(waits) <= 360


def test_giving_up_takes_the_steps_behind_it_along(photo: Photo) -> None:
    jobs.give_up(claimed(), "The picture is broken.")
    assert [(found.state, found.reason) for found in photo.jobs.all()] == [
        ("failed", "The picture is broken.")
    ] * 2


def test_trying_again_begins_anew(photo: Photo, words: list[Any]) -> None:
    jobs.give_up(claimed(), "The picture is broken.")
    assert jobs.retry(photo) == 2
    assert (job(photo).state, job(photo).attempts, job(photo).reason) == ("waiting", 0, "")
    assert job(photo, "labels").ready_at is None
    assert words[-1] == ("renditions", 0)
    jobs.finish(claimed(), lambda: None)
    assert claimed("labels").photo == photo


def test_trying_again_leaves_what_is_done(photo: Photo) -> None:
    jobs.finish(claimed(), lambda: None)
    jobs.give_up(claimed("labels"), "No.")
    assert jobs.retry(photo) == 1
    assert job(photo).state == "done"
    assert claimed("labels").photo == photo


def test_a_missing_result_sends_the_photo_back_a_step(photo: Photo, words: list[Any]) -> None:
    jobs.finish(claimed(), lambda: None)
    jobs.redo_before(claimed("labels"))
    assert claims.claim("labels") is None
    assert words[-1] == ("renditions", 0)
    jobs.finish(claimed(), lambda: None)
    assert claimed("labels").photo == photo


@pytest.mark.parametrize("end", [
    lambda held: jobs.finish(held, lambda: None),
    lambda held: jobs.skip(held, "why"),
    lambda held: jobs.give_up(held, "why"),
    lambda held: jobs.postpone(held, jobs.Postponed("why")),
    lambda held: jobs.redo_before(held),
], ids=["finish", "skip", "give_up", "postpone", "redo"])  # fmt: skip
def test_who_has_lost_the_lease_changes_nothing(alice: User, end: Any) -> None:
    found = make_jobs(make_photo(alice))["labels"]
    found.lease_token = uuid.uuid4()
    with pytest.raises(jobs.Stale):
        end(found)
    after = Job.objects.get(pk=found.pk)
    assert (after.state, after.lease_token) == ("waiting", None)
