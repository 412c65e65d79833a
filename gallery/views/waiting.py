"""How many of one's photos are worked on, what the others wait for, and what failed: in words and counts.

All of it comes from the index of jobs by owner and state; no photo is looked at.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, Count, F, Min, Q, QuerySet, TextField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.models import Circuit, Job, Run
from gallery.pipeline import budget
from gallery.pipeline.jobs import HELD
from gallery.pipeline.reasons import said
from gallery.pipeline.runs.control import UNDER_WAY
from gallery.views.steps import again

_MOST_REASONS: Final = 5


@dataclasses.dataclass(frozen=True)
class Wait:
    """Photos that wait for the same: for what, why, and where something can be done about it (address, words)."""

    count: int
    name: str
    why: str
    link: tuple[str, str] | None = None


@dataclasses.dataclass(frozen=True)
class Standing:
    """Photos by how they stand. `at_work`: their ids. `reasons`: why most of them failed, with counts."""

    at_work: list[UUID]
    waiting: int
    failed: int
    waits: list[Wait]
    reasons: list[tuple[str, int]]
    runs: int

    @property
    def under_way(self) -> int:
        return len(self.at_work) + self.waiting


def standing(user: User) -> Standing:
    """In as many queries for ten thousand photos as for one."""
    mine = Job.objects.visible_to(user)
    held = mine.waiting().filter(lease_until__gt=timezone.now()).values_list("photo_id", flat=True)
    at_work = list(dict.fromkeys(held.order_by("-id")))
    photos = _by(mine.filter(state__in=[Job.State.WAITING, Job.State.FAILED]), "state")
    return Standing(
        at_work=at_work,
        waiting=max(dict(photos).get(Job.State.WAITING, 0) - len(at_work), 0),
        failed=dict(photos).get(Job.State.FAILED, 0),
        waits=_waits(mine.waiting().exclude(photo__in=at_work)),
        reasons=[
            (said(reason), count)
            for reason, count in _by(mine.filter(state=Job.State.FAILED), "reason")[:_MOST_REASONS]
        ],
        runs=Run.objects.visible_to(user).filter(state__in=UNDER_WAY).count(),
    )


def _by(jobs: QuerySet[Job], field: str) -> list[Any]:
    """(value, how many photos), most first."""
    counted = jobs.order_by().values_list(field).annotate(photos=Count("photo", distinct=True))
    return list(counted.order_by("-photos", field))


# What a waiting job waits for. What comes after another step is left out: its photo waits for that.
_KIND: Final = Case(
    When(priority=HELD, ready_at=None, then=Value("paused")),
    When(~Q(reason=""), then=Value("told")),
    When(priority__gt=0, then=Value("bulk")),
    default=Value("turn"),
)


def _waits(jobs: QuerySet[Job]) -> list[Wait]:
    kinds = jobs.exclude(~Q(priority=HELD), ready_at=None).order_by().annotate(kind=_KIND)
    said = kinds.annotate(why=Case(When(kind="told", then=F("reason")), default=Value("", TextField())))
    rows: Any = said.values_list("kind", "why").annotate(Count("photo", distinct=True), Min("ready_at"))
    refusals = set(Circuit.objects.values_list("reason", flat=True))
    waits = [_wait(refusals, *row) for row in rows]
    return sorted(waits, key=lambda wait: (-wait.count, wait.name, wait.why))


def _wait(refusals: set[str], kind: str, reason: str, count: int, ready_at: datetime | None) -> Wait:
    if kind != "told":
        return Wait(count, *_plain()[kind])
    if reason.startswith(budget.PREFIX):
        return Wait(count, _("Room in the budget"), said(reason), (reverse("usage"), _("See what is used")))
    if reason in refusals:
        goes_on = _(
            "The operator has been told. It is asked again each minute, and your photos go on by themselves."
        )
        return Wait(count, _("Access to image recognition"), f"{said(reason)} {goes_on}")
    return Wait(count, _("Another attempt"), f"{said(reason)} {again(ready_at)}".strip())


def _plain() -> Mapping[str, Any]:
    """What needs no reason of its own."""
    runs = (reverse("runs"), _("See the bulk runs"))
    return {
        "turn": (_("Their turn"), _("Everybody's photos are taken in turn. There is nothing for you to do.")),
        "bulk": (_("Their turn in a bulk run"), _("New photos go first."), runs),
        "paused": (_("A bulk run that is paused"), _("It goes on when you say so."), runs),
    }
