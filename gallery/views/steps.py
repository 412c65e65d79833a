"""The steps of a photo's processing in words."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models import Job
from gallery.pipeline.jobs import HELD
from gallery.pipeline.steps import STEPS

_NAMES: Final = {"renditions": _("Facts and smaller pictures"), "labels": _("Labels")}


@dataclasses.dataclass(frozen=True)
class StepLine:
    """`again_at`: when a waiting step is tried next, if that is not now."""

    name: str
    state: str
    said: str
    reason: str
    attempts: int
    again_at: datetime | None

    @property
    def again_soon(self) -> bool:
        return self.again_at is not None and self.again_at < timezone.now() + timedelta(minutes=1)


def step_lines(found: Iterable[Job]) -> list[StepLine]:
    """In the order in which they are done. A reason that a step only inherited is said once."""
    order = list(STEPS)
    lines = [
        _line(job)
        for job in sorted(found, key=lambda job: order.index(job.step) if job.step in order else 99)
    ]
    inherited = {line.name for before, line in pairwise(lines) if line.reason == before.reason}
    return [dataclasses.replace(line, reason="") if line.name in inherited else line for line in lines]


def _line(job: Job) -> StepLine:
    return StepLine(
        name=str(_NAMES.get(job.step, job.step)),
        state=job.state,
        said=_said(job),
        reason=job.reason,
        attempts=job.attempts,
        again_at=job.ready_at if job.state == Job.State.WAITING and _later(job.ready_at) else None,
    )


def _said(job: Job) -> str:
    if job.state != Job.State.WAITING:
        return job.get_state_display()
    if job.priority == HELD and job.ready_at is None:
        return str(_("paused"))
    if job.ready_at is None:
        return str(_("comes after the step before"))
    if job.lease_until and job.lease_until > timezone.now():
        return str(_("at work"))
    return str(_("waiting"))


def _later(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()
