"""Does jobs: claim, work, finish. Whatever happens to the work, the row says it."""

import time
from typing import Final

import structlog

from gallery import tally
from gallery.models import Job
from gallery.pipeline import analyse, checking, claims, develop, jobs, queue
from gallery.pipeline.steps import STEPS

log: Final = structlog.get_logger("photosite.jobs")
UNEXPECTED: Final = "Something went wrong on our side; the photo is tried again."
# With the last job of it less than a worker has to end in (photosite/processes.py).
_SHIFT_SECONDS: Final = 1.5


def shift(step: str) -> None:
    """Does due jobs of this step for a while, and passes the word on if there may be more.

    A word from the queue costs as much as half of a job.
    """
    over = time.monotonic() + _SHIFT_SECONDS
    while one(step):
        if time.monotonic() >= over:
            queue.announce(step)
            return


def one(step: str) -> bool:
    """Does the next due job of this step. False: there was none."""
    job = claims.claim(step)
    if job is None:
        return False
    with structlog.contextvars.bound_contextvars(job=job.pk, photo=str(job.photo_id), step=step):
        began = time.perf_counter()
        try:
            with claims.held(job):
                outcome = _attempt(job)
        except jobs.Stale:
            outcome = "stale"
            develop.clean_up(job.photo)
        seconds = time.perf_counter() - began
        log.info("step", outcome=outcome, attempt=job.attempts, ms=round(seconds * 1000, 1))
        tally.add("steps", step, outcome)
        tally.add("step_micros", step, amount=round(seconds * 1_000_000))
    return True


def _attempt(job: Job) -> str:
    try:
        work = analyse.work if STEPS[job.step].asks else develop.work
        work(job)
    except jobs.Skipped as why:
        jobs.skip(job, str(why))
        return "skipped"
    except jobs.GivenUp as why:
        jobs.give_up(job, str(why))
        return "failed"
    except jobs.Postponed as why:
        jobs.postpone(job, why)
        return "postponed"
    except jobs.NotAsAnnounced:
        checking.end(job.photo)
        return "not as announced"
    except jobs.Redo:
        jobs.redo_before(job)
        return "redo"
    except jobs.Stale:
        raise
    except Exception as error:
        log.exception("step_fault", error=type(error).__name__)
        jobs.postpone(job, jobs.Postponed(UNEXPECTED, counted=True))
        return "fault"
    return "done"
