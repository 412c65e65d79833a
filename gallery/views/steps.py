"""The steps of a photo's processing in words."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.models import Job
from gallery.pipeline import budget
from gallery.pipeline.jobs import HELD, MOST_ATTEMPTS
from gallery.pipeline.reasons import said
from gallery.pipeline.steps import STEPS


@dataclasses.dataclass(frozen=True)
class StepLine:
    """`state`: that of the job, or "working" while somebody holds it; then why it waited is over.

    `tries`: how often it was tried and when it is tried next, in sentences; "" where that is nothing to tell.
    """

    name: str
    state: str
    said: str
    reason: str
    tries: str


def step_lines(found: Iterable[Job]) -> list[StepLine]:
    """In the order in which they are done. A reason that a step only inherited is said once."""
    order = list(STEPS)
    jobs = sorted(found, key=lambda job: order.index(job.step) if job.step in order else 99)
    reasons = {job.step: job.reason for job in jobs}
    return [_line(job, inherited=job.reason == reasons.get(_before(job))) for job in jobs]


def _before(job: Job) -> str:
    return STEPS[job.step].after if job.step in STEPS else ""


def _line(job: Job, *, inherited: bool) -> StepLine:
    return StepLine(
        name=str(STEPS[job.step].title) if job.step in STEPS else job.step,
        state="working" if at_work(job) else job.state,
        said=_said(job),
        reason="" if at_work(job) else said(job.reason),
        tries=_tries(job),
    )


def again(moment: datetime | None) -> str:
    """When something is tried again, as a sentence; "" if that is now."""
    now = timezone.now()
    if moment is None or moment <= now:
        return ""
    if moment < now + timedelta(minutes=1):
        return _("Tried again in less than a minute.")
    return _("Tried again in %(time)s.") % {"time": timeuntil(moment, now, depth=1)}


def _tries(job: Job) -> str:
    """Nothing of a first attempt, and nothing that the reason says already."""
    if job.state == Job.State.FAILED:
        return _times(job.attempts) if 1 < job.attempts < MOST_ATTEMPTS else ""
    if job.state != Job.State.WAITING:
        return ""
    if at_work(job):
        return _("This is attempt %(count)d.") % {"count": job.attempts} if job.attempts > 1 else ""
    if job.ready_at is None and job.priority != HELD:
        return _("It comes after the step before.")
    until = "" if job.reason.startswith(budget.PREFIX) else again(job.ready_at)
    return f"{_times(job.attempts)} {until}".strip()


def _times(attempts: int) -> str:
    told = ngettext("Tried once.", "Tried %(count)d times.", attempts) % {"count": attempts}
    return told if attempts else ""


def _said(job: Job) -> str:
    if job.state != Job.State.WAITING:
        return job.get_state_display()
    if job.priority == HELD and job.ready_at is None:
        return _("paused")
    return _("at work") if at_work(job) else _("waiting")


def at_work(job: Job) -> bool:
    """Whether somebody holds it."""
    return job.lease_until is not None and job.lease_until > timezone.now()
