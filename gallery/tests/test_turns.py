"""Whose turn it is: nobody waits for all that somebody else has brought."""

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from gallery.models import Job, Photo
from gallery.pipeline import claims, jobs
from gallery.pipeline.turns import next_turn, next_turns
from gallery.tests.making import NOON, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_words() -> Iterator[None]:
    with mock.patch("gallery.pipeline.jobs.queue.announce"):
        yield


def upload(owner: User, count: int = 1, *, priority: int = 0) -> list[Photo]:
    photos = [make_photo(owner) for _ in range(count)]
    for photo in photos:
        jobs.add(photo, priority=priority)
    return photos


def work(count: int) -> list[UUID]:
    """Claims and finishes so many; whose they were."""
    owners = []
    for _ in range(count):
        job = claims.claim("renditions")
        assert job is not None
        jobs.finish(job, lambda: None)
        owners.append(job.owner_id)
    return owners


def test_one_photo_does_not_wait_for_twenty_of_somebody_else(alice: User, bob: User) -> None:
    upload(alice, 20)
    work(5)
    upload(bob)
    assert bob.pk in work(2)


def test_two_who_bring_much_take_turns(alice: User, bob: User) -> None:
    upload(alice, 6)
    upload(bob, 6)
    done = work(12)
    assert {frozenset(done[first : first + 2]) for first in range(0, 12, 2)} == {
        frozenset((alice.pk, bob.pk))
    }


def test_having_waited_while_idle_earns_nothing(alice: User, bob: User) -> None:
    """Who comes late goes on from where the queue stands, and does not catch up on what they never asked for."""
    upload(alice, 12)
    work(6)
    upload(bob, 6)
    assert work(6).count(alice.pk) == 3


def test_ones_own_photos_are_done_in_the_order_they_came(alice: User) -> None:
    photos = upload(alice, 5)
    claimed = [claims.claim("renditions") for _ in photos]
    assert [job.photo for job in claimed if job] == photos


def test_bulk_work_has_turns_of_its_own(alice: User, bob: User) -> None:
    upload(alice, 5, priority=1)
    assert next_turn(alice.pk, "renditions") == 0
    assert next_turn(alice.pk, "renditions", 1) == 5
    assert next_turns(bob.pk, "renditions", 1, 3) == range(3)


def test_who_waits_for_something_else_does_not_hold_up_the_time(alice: User, bob: User) -> None:
    upload(alice, 10)
    Job.objects.filter(turn__lt=5).update(ready_at=timezone.now() + timedelta(days=1))
    assert next_turn(bob.pk, "renditions") == 5


def test_a_job_put_off_keeps_its_turn(alice: User, bob: User) -> None:
    first, _ = upload(alice, 2)
    held = claims.claim("renditions")
    assert held is not None
    jobs.postpone(held, jobs.Postponed("busy", seconds=0))
    again = claims.claim("renditions")
    assert again is not None
    assert again.photo == first


def test_what_is_tried_again_comes_in_again(alice: User, bob: User) -> None:
    (photo,) = upload(alice)
    held = claims.claim("renditions")
    assert held is not None
    jobs.give_up(held, "The picture is broken.")
    upload(bob, 3)
    work(2)
    jobs.retry(photo)
    assert Job.objects.get(photo=photo, step="renditions").turn == 2


@pytest.fixture
def crowd(alice: User, bob: User) -> None:
    """2,000 photos that wait, the first 1,000 of them until tomorrow."""
    tomorrow = timezone.now() + timedelta(days=1)
    photo = make_photo(alice)
    photos = Photo.objects.bulk_create(
        Photo(
            owner=alice, original_key=str(number), sha256=str(number), byte_size=1, content_type="image/jpeg",
            filename="p", width=1, height=1, taken_local=NOON,
        )
        for number in range(2000)
    )  # fmt: skip
    Job.objects.bulk_create(
        Job(
            photo=one,
            owner=bob if turn % 200 else alice,  # or one index would serve her as well as the other
            step="labels",
            turn=turn,
            ready_at=tomorrow if turn < 1000 else NOON,
        )
        for turn, one in enumerate(photos)
    )
    photo.delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_a_claim_walks_the_index_and_sorts_nothing(crowd: None) -> None:
    due = Job.objects.due(timezone.now()).filter(step="labels").order_by("priority", "turn", "id")[:8]
    plan = due.explain().lower()
    assert "job_in_turn" in plan
    assert "sort" not in plan
    assert "temp b-tree" not in plan


def test_the_turns_are_two_ends_of_two_indexes(crowd: None, alice: User) -> None:
    with mock.patch.object(
        Job.objects.none().__class__, "first", lambda rows: plans.append(rows[:1].explain())
    ):
        plans: list[str] = []
        next_turn(alice.pk, "labels")
    assert ["job_owners_last_turn" in plan for plan in plans] == [True, False]
    assert "job_in_turn" in plans[1]
    assert not [plan for plan in plans if "sort" in plan.lower() or "temp b-tree" in plan.lower()]
