"""Jobs: add, finish, postpone, give up, retry. Each change is a conditional UPDATE whose row count decides.

A claim gives a lease with a token. Attempts are counted before the work. Whoever comes back with a token that
is no longer in the row has lost the job, and what it brought is thrown away with its transaction.
"""

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from gallery.models import Job, Photo, RunEntry, by_hand
from gallery.models.job import JobQuerySet
from gallery.pipeline import options, queue
from gallery.pipeline.steps import STEPS, Step, following
from gallery.pipeline.turns import next_turn as next_turn  # whoever adds jobs of their own finds it here
from gallery.pipeline.turns import next_turns as next_turns

log: Final = structlog.get_logger("photosite.jobs")
MOST_ATTEMPTS: Final = 8
CANCELLED: Final = "The site's staff stopped this. It can be tried again."
TRIED_OFTEN: Final = "%(why)s This was tried %(count)s times."
_LONGEST_BACKOFF_SECONDS: Final = 300
_LONGEST_WORD_SECONDS: Final = 600  # a worker would keep a later word in memory; the sweep finds what is due
HELD: Final = 2  # the priority of what a paused run holds back, behind all that may go on

FRESH: Final[dict[str, Any]] = {
    "state": Job.State.WAITING,
    "finished_at": None,
    "reason": "",
    "attempts": 0,
    "crashes": 0,
    "postponed": 0,
    "lease_until": None,
    "lease_token": None,
}
"""What a job that waits as if new has."""


class Stale(Exception):
    """The lease ended and somebody else holds the job, or its photo is gone. Nothing was written."""


class Postponed(Exception):
    """Not now. `seconds` until the next attempt (None: backs off); `counted`: whether this was an attempt."""

    def __init__(self, reason: str, *, seconds: float | None = None, counted: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.seconds, self.counted = reason, seconds, counted


class GivenUp(Exception):
    """This photo can't be done. The sentence says why; the photo stays."""


class Skipped(Exception):
    """There is nothing to do for this photo. The sentence says why."""


class NotAsAnnounced(Exception):
    """The bytes that were sent are not those that their sender announced: there is no such photo."""


class Redo(Exception):
    """What the step before made is missing: do that step again first."""


def add(*photos: Photo, priority: int = 0) -> None:
    """All steps of photos of one owner, in the caller's transaction; words to the workers follow its commit."""
    now, owner_id = timezone.now(), photos[0].owner_id
    steps = options.steps_for(owner_id)
    Job.objects.bulk_create(
        Job(
            photo=photo,
            owner_id=owner_id,
            step=step.name,
            priority=priority,
            turn=turn,
            ready_at=None if step.after else now,
        )
        for step in steps
        for photo, turn in zip(photos, next_turns(owner_id, step.name, priority, len(photos)), strict=True)
    )
    for step in steps:
        if not step.after:
            queue.announce(step.name, jobs=len(photos))


def finish(job: Job, save: Callable[[], None]) -> None:
    """Writes what the work brought and ends the job, in one transaction. Raises Stale and writes nothing."""
    with transaction.atomic():
        _end(job, Job.State.DONE, "")
        save()


def skip(job: Job, reason: str) -> None:
    with transaction.atomic():
        _end(job, Job.State.SKIPPED, reason)


def give_up(job: Job, reason: str) -> None:
    """Fails the job, and with it what would have needed its result."""
    with transaction.atomic():
        _end(job, Job.State.FAILED, reason)


def postpone(job: Job, why: Postponed) -> None:
    """Gives the job back until later; fails it when its counted attempts are used up."""
    if why.counted and job.attempts >= MOST_ATTEMPTS:
        give_up(job, TRIED_OFTEN % {"why": why.reason, "count": job.attempts})
        return
    seconds = _backoff(job.attempts if why.counted else job.postponed) if why.seconds is None else why.seconds
    with transaction.atomic():
        released = _mine(job).update(
            lease_until=None,
            lease_token=None,
            ready_at=timezone.now() + timedelta(seconds=seconds),
            reason=why.reason,
            attempts=F("attempts") if why.counted else F("attempts") - 1,
            postponed=F("postponed") + 1,
        )
        if not released:
            raise Stale
        if seconds <= _LONGEST_WORD_SECONDS:
            queue.announce(job.step, after_seconds=seconds)


def redo_before(job: Job) -> None:
    """Sends the photo back to the step that this one needs."""
    before = STEPS[job.step].after
    with transaction.atomic():
        if not _mine(job).update(lease_until=None, lease_token=None, ready_at=None):
            raise Stale
        redo(job.photo, before)


def redo(photo: Photo, step: str) -> None:
    """A finished step of a photo waits again, in the caller's transaction."""
    _reopen(photo, STEPS[step])
    queue.announce(step)


def redo_all(owner_id: uuid.UUID, photo_ids: Sequence[uuid.UUID], step: str) -> None:
    """A step of these photos waits again as if new, before all bulk work, in the caller's transaction that holds them.

    Whoever is at it just now has lost the job.
    """
    found = list(
        Job.objects.filter(photo__in=photo_ids, step=step).order_by("pk").values_list("pk", flat=True)
    )
    turns = next_turns(owner_id, step, 0, len(found))
    Job.objects.filter(pk__in=found).update(**FRESH, priority=0, ready_at=timezone.now())
    lined_up = [Job(pk=pk, turn=turn) for pk, turn in zip(found, turns, strict=True)]
    Job.objects.bulk_update(lined_up, ["turn"], batch_size=200)
    queue.announce(step, jobs=len(found))


def retry(photo: Photo) -> int:
    """Failed steps of a photo wait again, as if new; what was skipped for their sake with them."""
    with transaction.atomic():
        failed = set(photo.jobs.filter(state=Job.State.FAILED).values_list("step", flat=True))
        changed = 0
        for step in STEPS.values():
            if step.name in failed:
                blocked = step.after in failed
                changed += _reopen(photo, step, ready=not blocked)
                if not blocked:
                    queue.announce(step.name)
        return changed


def cancel(photo: Photo, reason: str) -> int:
    """What waits of a photo fails with this reason, also what a worker holds: its result comes too late."""
    with transaction.atomic():
        list(Photo.objects.filter(pk=photo.pk).locked().values_list("pk"))
        rows = Job.objects.waiting().filter(photo=photo).select_for_update(of=("self",))
        waiting = list(rows.order_by("pk"))
        ended = {**FRESH, "state": Job.State.FAILED, "reason": reason, "finished_at": timezone.now()}
        Job.objects.filter(pk__in=[job.pk for job in waiting]).update(**ended)
        for job in waiting:
            _note(job.run_id, job.photo_id, Job.State.FAILED)
    return len(waiting)


def _reopen(photo: Photo, step: Step, *, ready: bool = True) -> int:
    """It comes in again, as a new one of its priority."""
    jobs = Job.objects.filter(photo=photo, step=step.name)
    priority = jobs.values_list("priority", flat=True).first()
    if priority is None:
        return 0
    return jobs.update(
        **FRESH,
        turn=next_turn(photo.owner_id, step.name, priority),
        ready_at=timezone.now() if ready else None,
    )


def _mine(job: Job) -> JobQuerySet:
    return Job.objects.waiting().filter(pk=job.pk, lease_token=job.lease_token)


def _end(job: Job, state: str, reason: str) -> None:
    now = timezone.now()
    # The photo first and then its jobs, as whoever deletes it locks them.
    list(Photo.objects.filter(pk=job.photo_id).locked().values_list("pk"))
    if not by_hand.end_job(job, state, reason, now):
        raise Stale
    _note(job.run_id, job.photo_id, state)
    for step in following(job.step):
        _unblock(job, step.name, state, reason)


def _unblock(job: Job, step: str, state: str, reason: str) -> None:
    waiting = Job.objects.waiting().filter(photo_id=job.photo_id, step=step, ready_at=None)
    if state == Job.State.FAILED:
        run = waiting.values_list("run", flat=True).first()
        if waiting.update(state=state, reason=reason, finished_at=timezone.now()):
            _note(run, job.photo_id, state)
    elif waiting.exclude(priority=HELD).update(ready_at=timezone.now()):
        queue.announce(step)


def _note(run: uuid.UUID | None, photo: uuid.UUID, outcome: str) -> None:
    """What came of a photo in the bulk run that asked for it."""
    if run is not None:
        entry = RunEntry.objects.filter(run=run, photo=photo, outcome="")
        entry.update(outcome=outcome, finished_at=timezone.now())


def _backoff(count: int) -> float:
    """Seconds: 2, 4, 8 … 300, each a little more or less so that a crowd does not come back at once."""
    return min(2.0 ** min(count + 1, 12), _LONGEST_BACKOFF_SECONDS) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


def long_silent(since: datetime) -> Q:
    """Waiting jobs that are due since then, that nobody works on, and that give no reason."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return free & Q(state=Job.State.WAITING, reason="", ready_at__lt=since)
