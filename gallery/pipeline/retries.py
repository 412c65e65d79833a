"""Trying again what failed: in statements for many photos, each job in turn behind what already waits."""

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
    return retry_failed(Job.objects.visible_to(owner))


def retry_failed(rows: JobQuerySet) -> Retried:
    """All that failed of the photos that have a failed job among these."""
    photos, until = 0, time.monotonic() + _LONGEST_SECONDS
    while some := _some(rows):
        if photos and time.monotonic() > until:
            return Retried(photos, more=True)
        with transaction.atomic():
            for step in STEPS.values():
                _reopen(step, some)
        photos += len(some)
    return Retried(photos, more=False)


def _some(rows: JobQuerySet) -> list[UUID]:
    """The next photos with a step that failed, oldest first."""
    failed = rows.failed().filter(step__in=STEPS).order_by("pk")
    return list(dict.fromkeys(failed.values_list("photo_id", flat=True)[:_CHUNK]))


def _reopen(step: Step, photos: list[UUID]) -> None:
    """At once, unless the step before has not been done."""
    failed = Job.objects.failed().filter(photo__in=photos, step=step.name)
    some = list(failed.select_for_update(of=("self",)).order_by("pk"))
    if not some:
        return
    _line_up(step, some)
    before = Job.objects.waiting().filter(photo=OuterRef("photo"), step=step.after)
    ready_at = Case(When(Exists(before), then=Value(None)), default=Value(timezone.now()))
    _rows(some).update(**FRESH, ready_at=ready_at)
    queue.announce(step.name, jobs=len(some))


def _line_up(step: Step, some: list[Job]) -> None:
    """Each user has a turn of their own; new uploads and bulk work are two queues."""
    lines: dict[tuple[UUID, int], list[Job]] = defaultdict(list)
    for job in some:
        lines[job.owner_id, job.priority].append(job)
    for (owner, priority), jobs in lines.items():
        for job, turn in zip(jobs, next_turns(owner, step.name, priority, len(jobs)), strict=True):
            job.turn = turn
    Job.objects.bulk_update(some, ["turn"], batch_size=200)


def _rows(some: list[Job]) -> JobQuerySet:
    rows: JobQuerySet = Job.objects.filter(pk__in=[job.pk for job in some])
    return rows
