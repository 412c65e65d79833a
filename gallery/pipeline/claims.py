"""Whose job is next, and holding it: a claim gives a lease with a token, which is renewed while the work goes on."""

import contextlib
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from gallery.models import Job, by_hand
from gallery.pipeline import budget, circuit, jobs, unpaid
from gallery.pipeline.steps import STEPS, Step

log: Final = structlog.get_logger("photosite.jobs")
MOST_CRASHES: Final = 3
CRASHED: Final = "Three workers in a row died of this photo. It is kept untouched; try again after an update."
_CANDIDATES: Final = 8


def claim(step: str) -> Job | None:
    """The next due job of this step, leased to the caller, with its photo and owner; or None. Never waits.

    New uploads before bulk work, then the user whose turn it is, then the oldest.
    """
    operation = STEPS[step].operation
    while candidates := by_hand.due_jobs(step, operation, timezone.now(), _CANDIDATES):
        job, again = _first_of(candidates, STEPS[step])
        if job or not again:
            return job
    return None


def _first_of(candidates: Sequence[Any], step: Step) -> tuple[Job | None, bool]:
    """The first that could be had, and whether looking again may find one: each was taken, ended or put off.

    What is optional and the site may not ask is had, too: to be skipped.
    """
    operation = step.operation
    limited = {one.owner_id for one in candidates if one.limited}
    full = budget.blocked(operation, budget.limits(limited)) if operation else None
    for candidate in candidates:
        if candidate.lease_token and candidate.crashes + 1 >= MOST_CRASHES:
            _fail_crashed(candidate)
        elif full and full.why(candidate.owner_id):
            continue
        elif candidate.shut and not (
            (step.optional and operation in circuit.denied()) or circuit.may_call(operation)
        ):
            return None, False
        elif job := _lease(candidate):
            return job, False
    if full:
        unpaid.put_off(operation, full)
    return None, True


def _fail_crashed(candidate: Job) -> None:
    crashed = Job.objects.filter(pk=candidate.pk, lease_token=candidate.lease_token).first()
    if crashed:
        with contextlib.suppress(jobs.Stale):
            jobs.give_up(crashed, CRASHED)


def _lease(candidate: Job) -> Job | None:
    now, token = timezone.now(), uuid.uuid4()
    if not by_hand.lease_job(candidate, token, now, now + timedelta(seconds=settings.LEASE_SECONDS)):
        return None
    return by_hand.leased_job(candidate.pk, token)


_lock: Final = threading.Lock()
_held: Final[dict[uuid.UUID, int]] = {}
_keeper: threading.Thread | None = None


@contextlib.contextmanager
def held(job: Job) -> Iterator[None]:
    """Keeps the lease alive while the work goes on, from one thread for all that this process holds."""
    token = job.lease_token
    if token is None:
        raise ValueError(f"nobody has claimed {job}")
    with _lock:
        _held[token] = job.pk
        _start_keeper()
    try:
        yield
    finally:
        with _lock:
            del _held[token]


def _start_keeper() -> None:
    global _keeper
    if _keeper is None or not _keeper.is_alive():
        _keeper = threading.Thread(target=_keep, name="leases", daemon=True)
        _keeper.start()


def _keep() -> None:
    """Renews what is held until nothing is; each lease on its own, so that no row waits for another."""
    while leases := _held_for_a_while():
        try:
            for token, pk in leases.items():
                _renew(pk, token)
        except DatabaseError as error:
            log.warning("leases_not_renewed", jobs=len(leases), error=type(error).__name__)
        finally:
            connection.close()


def _held_for_a_while() -> dict[uuid.UUID, int]:
    global _keeper
    time.sleep(settings.LEASE_SECONDS / 3)
    with _lock:
        if not _held:
            _keeper = None
        return dict(_held)


def _renew(pk: int, token: uuid.UUID) -> None:
    until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    Job.objects.waiting().filter(pk=pk, lease_token=token).update(lease_until=until)
