"""Trying again all that failed of one owner: in statements for many, each job in turn behind what already waits."""

import time
from collections import defaultdict
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils import timezone

from accounts.models import User
from gallery.models import Job
from gallery.models.job import JobQuerySet
from gallery.pipeline import queue
from gallery.pipeline.jobs import FRESH, next_turns
from gallery.pipeline.steps import STEPS, Step

_CHUNK: Final = 500
_LONGEST_SECONDS: Final = 5.0  # what a request can wait for


class Retried(NamedTuple):
    """How many photos are tried again, and whether there are more than could be had in one go."""

    photos: int
    more: bool


def retry_all(owner: User) -> Retried:
    """Failed steps of this owner's photos wait again, as if new; as many as can be had in some seconds."""
    photos, until = 0, time.monotonic() + _LONGEST_SECONDS
    while some := _some(owner):
        if photos and time.monotonic() > until:
            return Retried(photos, more=True)
        with transaction.atomic():
            for step in STEPS.values():
                _reopen(owner, step, some)
        photos += len(some)
    return Retried(photos, more=False)


def _some(owner: User) -> list[UUID]:
    """The next photos with a step that failed, oldest first."""
    rows = Job.objects.visible_to(owner).filter(state=Job.State.FAILED, step__in=STEPS).order_by("pk")
    return list(dict.fromkeys(rows.values_list("photo_id", flat=True)[:_CHUNK]))


def _reopen(owner: User, step: Step, photos: list[UUID]) -> None:
    """At once, unless the step before has not been done."""
    failed = Job.objects.filter(photo__in=photos, step=step.name, state=Job.State.FAILED)
    some = list(failed.select_for_update(of=("self",)).order_by("pk"))
    if not some:
        return
    _line_up(owner, step, some)
    before = Job.objects.waiting().filter(photo=OuterRef("photo"), step=step.after)
    ready_at = Case(When(Exists(before), then=Value(None)), default=Value(timezone.now()))
    _rows(some).update(**FRESH, ready_at=ready_at)
    queue.announce(step.name, jobs=len(some))


def _line_up(owner: User, step: Step, some: list[Job]) -> None:
    """New uploads and bulk work are two queues."""
    by_priority: dict[int, list[Job]] = defaultdict(list)
    for job in some:
        by_priority[job.priority].append(job)
    for priority, jobs in by_priority.items():
        for job, turn in zip(jobs, next_turns(owner.pk, step.name, priority, len(jobs)), strict=True):
            job.turn = turn
    Job.objects.bulk_update(some, ["turn"], batch_size=200)


def _rows(some: list[Job]) -> JobQuerySet:
    rows: JobQuerySet = Job.objects.filter(pk__in=[job.pk for job in some])
    return rows
