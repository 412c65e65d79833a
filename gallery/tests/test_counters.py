"""Whatever owners and machines do at once, what is counted and copied is what a fresh count finds."""

import random
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.labelling.answer import FoundLabel
from gallery.models import Album, Change, Detection, Job, Photo
from gallery.organise import albums, bulk, changes, verdicts
from gallery.organise import photos as organise
from gallery.pipeline import jobs, reconcile
from gallery.pipeline.detections import replace_detections, settle
from gallery.tests.making import NOON, make_jobs, make_photo
from gallery.tests.saying import ANIMAL, CAT, DOG, machine

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8
PHOTOS = 12
FOUND = (
    DOG,
    replace(DOG, name="DOG", confidence=99),
    CAT,
    ANIMAL,
    FoundLabel("Tree", 60),
    FoundLabel("Car", 85),
)
NAMES = ("Dog", "Cat", "Animal", "Pet", "Tree", "Mine", "Animals and Pets")


@pytest.fixture(autouse=True)
def nobody_is_told() -> Iterator[None]:
    with mock.patch("gallery.pipeline.queue._send"):
        yield


class Person:
    """Somebody at work on a library that others work on, too."""

    def __init__(self, owner: User, seed: int) -> None:
        self.owner, self.chance = owner, random.Random(seed)
        self.fault: BaseException | None = None

    def some(self) -> list[uuid.UUID]:
        """A few photos, in any order; perhaps one that is gone."""
        found = list(Photo.objects.filter(owner=self.owner).values_list("pk", flat=True))
        return self.chance.sample(found, min(len(found), self.chance.randint(1, 4)))

    def work(self, operations: int) -> None:
        try:
            for _ in range(operations):
                act = self.chance.choice(OPERATIONS)
                with suppress(Refusal, Photo.DoesNotExist, jobs.Stale):
                    act(self)
        except BaseException as fault:  # noqa: BLE001 - told by the test
            self.fault = fault
        finally:
            connection.close()

    def relabel(self) -> None:
        token, later = uuid.uuid4(), timezone.now() + timedelta(hours=1)
        mine = Job.objects.filter(photo__in=self.some()[:1], step="labels")
        mine.update(state="waiting", finished_at=None, lease_token=token, lease_until=later)
        found = self.chance.sample(FOUND, 3)
        for job in Job.objects.filter(lease_token=token).select_related("photo"):
            jobs.finish(job, partial(replace_detections, job.photo, found, str(self.chance.random())))

    def judge(self) -> None:
        state = self.chance.choice(["confirmed", "rejected", None])
        verdicts.say(self.owner.pk, self.some(), self.chance.choice(NAMES), state)

    def undo(self) -> None:
        done = list(Change.objects.filter(owner=self.owner, undone_at=None).values_list("pk", flat=True))
        if done:
            changes.undo(self.owner.pk, self.chance.choice(done[-10:]))

    def trash(self) -> None:
        organise.trash(self.owner.pk, self.some())

    def restore(self) -> None:
        organise.restore(self.owner.pk, self.some())

    def change_many(self) -> None:
        album = Album.objects.get(owner=self.owner)
        action: bulk.Action = self.chance.choice([
            "trash", "restore", "restore", "favourite", "unfavourite", "add_to_album", "remove_from_album",
        ])  # fmt: skip
        about = album.pk if action in bulk.ABOUT_ALBUMS else None
        bulk.act(self.owner.pk, action, self.some(), album=about)

    def edit(self) -> None:
        for photo in Photo.objects.filter(pk__in=self.some()[:1]):
            taken = NOON.replace(year=self.chance.randint(2019, 2024), month=self.chance.randint(1, 12))
            organise.edit(photo, taken_local=taken, taken_source="user", caption=str(taken))

    def delete(self) -> None:
        for photo in Photo.objects.filter(pk__in=self.some()[:1]):
            organise.delete_forever(photo)

    def take_in(self) -> None:
        if Photo.objects.filter(owner=self.owner).count() < PHOTOS:
            with transaction.atomic():
                make_jobs(make_photo(self.owner))


OPERATIONS: tuple[Callable[[Person], None], ...] = (
    *[Person.relabel] * 4, *[Person.judge] * 4, *[Person.undo] * 3, Person.trash, *[Person.restore] * 2,
    *[Person.change_many] * 3, *[Person.edit] * 2, Person.delete, *[Person.take_in] * 2,
)  # fmt: skip


@pytest.mark.parametrize("operations", [pytest.param(10_000, marks=pytest.mark.long), 400])
def test_whatever_happens_at_once_the_counters_are_a_fresh_count(
    alice: User, bob: User, operations: int
) -> None:
    User.objects.update(used_bytes=10**12)
    for owner in (alice, bob):
        albums.make(owner, "Trip")
        for _ in range(PHOTOS):
            make_jobs(make_photo(owner))
    machine(Photo.objects.all()[0], *FOUND)  # so that what follows from a word is the same from now on
    people = [Person((alice, bob)[seed % 4 == 0], seed) for seed in range(PEOPLE)]
    threads = [threading.Thread(target=one.work, args=(operations // PEOPLE,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.fault for one in people if one.fault] == []
    assert [finding.sentence for finding in reconcile.counters()] == []
    stood = _rows()
    with transaction.atomic():
        settle(list(Photo.objects.values_list("pk", flat=True)))
    assert _rows() == stood, "what stands is what follows from what was said"


def _rows() -> list[Any]:
    return list(Detection.objects.order_by("pk").values())


def test_a_copy_that_is_not_its_photos_is_found_and_mended(alice: User) -> None:
    photo = make_photo(alice)
    with transaction.atomic():
        replace_detections(photo, FOUND, "3.0")
    assert list(reconcile.counters()) == []
    Detection.objects.filter(label__name="Cat").update(trashed=True)
    Detection.objects.filter(label__name="Tree").update(taken_local=NOON - timedelta(days=1))
    found = list(reconcile.counters())
    assert [finding.invariant for finding in found] == ["I6", "I6"]
    for finding in found:
        assert finding.repair
        finding.repair()
    assert list(reconcile.counters()) == []
