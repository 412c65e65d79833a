"""The steps of a photo's processing in words."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.models import Job
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


def step_lines(found: Iterable[Job]) -> list[StepLine]:
    """In the order in which they are done."""
    order = list(STEPS)
    return [
        _line(job)
        for job in sorted(found, key=lambda job: order.index(job.step) if job.step in order else 99)
    ]


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
    if job.ready_at is None:
        return str(_("comes after the step before"))
    if job.lease_until and job.lease_until > timezone.now():
        return str(_("at work"))
    return str(_("waiting"))


def _later(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()
