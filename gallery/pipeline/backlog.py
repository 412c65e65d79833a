"""How long the queue is and how old: counted from what the index of unfinished jobs and that of failed ones hold."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Min, Q

from gallery.models import Job
from gallery.models.job import JobQuerySet
from gallery.pipeline.steps import STEPS

_FRONT: Final = 1000


@dataclasses.dataclass(frozen=True)
class Queue:
    """One step's jobs. `due`: may begin, those that are begun among them; `held`: begun, looked for among the first
    1,000 in turn; `later`: at a time that is set; `behind`: after a step that is not done, or in a paused run.

    `oldest`: how long the one that came first has been due.
    """

    step: str
    due: int
    held: int
    later: int
    behind: int
    failed: int
    oldest: timedelta

    @property
    def states(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("due", "held", "later", "behind", "failed")}


def queues(now: datetime) -> list[Queue]:
    """Each step's, in the order in which they are done."""
    waiting = {row["step"]: row for row in _waiting(now)}
    failed = _failed()
    return [_queue(step, waiting.get(step, {}), failed.get(step, 0), now) for step in STEPS]


def ages(now: datetime, bounds: list[timedelta]) -> dict[str, list[int]]:
    """By step: how many jobs have been due for less than the first bound, less than the second, … and longer."""
    edges = [now, *(now - bound for bound in bounds)]
    counts = {
        f"age{place}": Count("pk", filter=_between(edges[place + 1 : place + 2], until))
        for place, until in enumerate(edges)
    }
    rows: Any = Job.objects.unfinished().order_by().values("step").annotate(**counts)
    return {row["step"]: [row[name] for name in counts] for row in rows}


@dataclasses.dataclass(frozen=True)
class Since:
    """When the oldest of a step's jobs came that wait behind another step, failed, were skipped; None: there are none.

    `skipped` says how many of the last there are.
    """

    behind: datetime | None
    failed: datetime | None
    skipping: datetime | None
    skipped: int


def since() -> dict[str, Since]:
    """By step. Looks at the rows themselves: for people, not for every few seconds."""
    behind = _least(Job.objects.unfinished().filter(ready_at=None), "created_at")
    failed = _least(Job.objects.failed(), "finished_at")
    skipped = Job.objects.filter(state=Job.State.SKIPPED)
    skipping = _least(skipped, "finished_at")
    counts: Any = dict(skipped.order_by().values_list("step").annotate(Count("pk")))
    return {
        step: Since(behind.get(step), failed.get(step), skipping.get(step), counts.get(step, 0))
        for step in STEPS
    }


def _least(rows: JobQuerySet, time: str) -> dict[str, datetime]:
    found: Any = rows.order_by().values_list("step").annotate(Min(time))
    return dict(found)


def _between(since: list[datetime], until: datetime) -> Q:
    due = Q(ready_at__lte=until)
    return due & Q(ready_at__gt=since[0]) if since else due


def _waiting(now: datetime) -> Any:
    return (
        Job.objects.unfinished()
        .order_by()
        .values("step")
        .annotate(
            due=Count("pk", filter=Q(ready_at__lte=now)),
            later=Count("pk", filter=Q(ready_at__gt=now)),
            behind=Count("pk", filter=Q(ready_at=None)),
            first=Min("ready_at"),
        )
    )


def _failed() -> dict[str, int]:
    rows: Any = Job.objects.failed().order_by().values_list("step").annotate(Count("pk"))
    return dict(rows)


def _queue(step: str, row: Mapping[str, Any], failed: int, now: datetime) -> Queue:
    first = row.get("first")
    return Queue(
        step,
        due=row.get("due", 0),
        held=_held(step, now) if row else 0,
        later=row.get("later", 0),
        behind=row.get("behind", 0),
        failed=failed,
        oldest=max(now - first, timedelta(0)) if first else timedelta(0),
    )


def _held(step: str, now: datetime) -> int:
    front = Job.objects.unfinished().filter(step=step).order_by("priority", "turn", "pk")[:_FRONT]
    return sum(until is not None and until > now for until in front.values_list("lease_until", flat=True))
