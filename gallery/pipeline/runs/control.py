"""A run under way: how far it is, and pausing, resuming and stopping it. What a worker holds is finished first.

The run's state is changed first, by a conditional UPDATE; its jobs follow in chunks, each in a transaction that holds
the run. Whatever breaks off in between, or a worker gives back later, the sweep carries through (`look_after`).
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from gallery.models import Job, Run, RunEntry
from gallery.pipeline import queue
from gallery.pipeline.jobs import HELD, next_turns
from gallery.pipeline.steps import STEPS

BULK: Final = 1
PAUSED: Final = "Paused with the bulk run that it belongs to."
HELD_BACK: Final[dict[str, Any]] = {"priority": HELD, "ready_at": None, "reason": PAUSED}
UNDER_WAY: Final = (Run.State.RUNNING, Run.State.PAUSED)
_CUT_SHORT: Final = (Run.State.STOPPED, Run.State.ROLLED_BACK)
_CHUNK: Final = 500
_RECENT: Final = timedelta(minutes=5)
_LATE: Final = timedelta(hours=1)  # after it no worker still holds a job of a run that was ended


@dataclasses.dataclass(frozen=True)
class Progress:
    """Photos of a run. `rest`: how long it will go on at the speed of the last minutes, None where that is unknown."""

    total: int
    done: int
    skipped: int
    failed: int
    put_back: int
    rest: timedelta | None

    @property
    def finished(self) -> int:
        return self.done + self.skipped + self.failed + self.put_back


def pause(run: Run) -> bool:
    """Holds back what nobody has begun. False: it was not running."""
    if not turned(run, [Run.State.RUNNING], Run.State.PAUSED):
        return False
    _throughout(run, Run.State.PAUSED, ~Q(priority=HELD, ready_at=None), _hold_back)
    return True


def resume(run: Run) -> bool:
    """Lets go of what is held back, in turn as if it came now. False: it was not paused."""
    if not turned(run, [Run.State.PAUSED], Run.State.RUNNING):
        return False
    _throughout(run, Run.State.RUNNING, Q(priority=HELD), _let_go)
    settle(run)
    return True


def stop(run: Run) -> bool:
    """Ends it: what nobody has begun is again as it was before. False: it had ended."""
    if not turned(run, UNDER_WAY, Run.State.STOPPED):
        return False
    restore(run)
    return True


def restore(run: Run) -> None:
    """What nobody has begun of a run that was ended is again as it was before."""
    _throughout(run, run.state, Q(), _restore)


def settle(run: Run) -> None:
    """Finishes the run with its last photo."""
    if not run.entries.filter(outcome="").exists():
        turned(run, [Run.State.RUNNING], Run.State.DONE)


def look_after() -> None:
    """The sweep's part: what broke off goes on, and what workers gave back late goes where the rest of its run is."""
    for run in Run.objects.filter(state__in=UNDER_WAY).order_by("created_at"):
        if run.state == Run.State.PAUSED:
            _throughout(run, run.state, ~Q(priority=HELD, ready_at=None), _hold_back)
        else:
            _throughout(run, run.state, Q(priority=HELD), _let_go)
        settle(run)
    late = timezone.now() - _LATE
    for run in Run.objects.filter(state__in=_CUT_SHORT, finished_at__gte=late).order_by("created_at"):
        restore(run)
    if Run.objects.filter(state=Run.State.ROLLED_BACK, entries__outcome=RunEntry.Outcome.DONE).exists():
        queue.announce_put_back()


def progress(run: Run) -> Progress:
    return progresses([run])[run.pk]


def progresses(some: Sequence[Run]) -> dict[UUID, Progress]:
    """By run, in as many statements for one as for many."""
    entries = RunEntry.objects.filter(run__in=some).order_by().values_list("run")
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for run_id, outcome, count in entries.values_list("run", "outcome").annotate(Count("pk")):
        counts[run_id][outcome] = count
    now = timezone.now()
    recent = dict(entries.filter(finished_at__gt=now - _RECENT).annotate(Count("pk")))
    return {run.pk: _progress(run, counts[run.pk], recent.get(run.pk, 0), now) for run in some}


def _progress(run: Run, counts: Mapping[str, int], recent: int, now: datetime) -> Progress:
    """`recent`: how many were finished in the last minutes."""
    span = min(_RECENT, now - run.created_at)
    knows = run.state == Run.State.RUNNING and recent
    return Progress(
        total=sum(counts.values()),
        done=counts[RunEntry.Outcome.DONE],
        skipped=counts[RunEntry.Outcome.SKIPPED],
        failed=counts[RunEntry.Outcome.FAILED],
        put_back=counts[RunEntry.Outcome.PUT_BACK],
        rest=counts[""] * span / recent if knows else None,
    )


def turned(run: Run, states: Collection[str], state: str) -> bool:
    """Whether the run was in one of `states` and is now in `state`; then the caller's object says so, too."""
    finished_at = None if state in UNDER_WAY else timezone.now()
    rows = Run.objects.filter(pk=run.pk, state__in=states)
    if not rows.update(state=state, finished_at=finished_at):
        return False
    run.state, run.finished_at = state, finished_at
    return True


def locked(run: Run, state: str) -> bool:
    """Whether the run is in this state, and stays so until the transaction ends."""
    return bool(Run.objects.select_for_update(no_key=True).filter(pk=run.pk, state=state).values_list("pk"))


def _throughout(run: Run, state: str, which: Q, change: Callable[[Run, list[Job]], None]) -> None:
    """Changes those of a run's jobs that are unfinished and that nobody holds, while the run is in this state."""
    after: int | None = 0
    while after is not None:
        after = _change_some(run, state, which & Q(pk__gt=after), change)


def _change_some(run: Run, state: str, which: Q, change: Callable[[Run, list[Job]], None]) -> int | None:
    """The last of a chunk, or None: there are no more. One that failed in the run and is tried again is left alone."""
    nobody = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    with transaction.atomic():
        if not locked(run, state):
            return None
        rows = Job.objects.waiting().select_for_update(of=("self",)).filter(nobody, which, run=run)
        some = list(rows.order_by("pk")[:_CHUNK])
        entries = RunEntry.objects.filter(run=run, photo__in=[job.photo_id for job in some], outcome="")
        unfinished = set(entries.values_list("photo", flat=True))
        if mine := [job for job in some if job.photo_id in unfinished]:
            change(run, mine)
    return some[-1].pk if len(some) == _CHUNK else None


def _hold_back(_run: Run, some: list[Job]) -> None:
    _rows(some).update(**HELD_BACK, lease_until=None, lease_token=None)


def _let_go(run: Run, some: list[Job]) -> None:
    """Each behind its owner's last; at once, unless the step before is being done anew."""
    mine: dict[UUID, list[Job]] = defaultdict(list)
    for job in some:
        mine[job.owner_id].append(job)
    for owner, theirs in mine.items():
        turns = next_turns(owner, run.step, BULK, len(theirs))
        for job, turn in zip(theirs, turns, strict=True):
            job.turn = turn
    Job.objects.bulk_update(some, ["turn"], batch_size=200)
    before = Job.objects.waiting().filter(photo=OuterRef("photo"), step=STEPS[run.step].after)
    ready_at = Case(When(Exists(before), then=Value(None)), default=Value(timezone.now()))
    _rows(some).update(priority=BULK, ready_at=ready_at, reason="")
    queue.announce(run.step, jobs=len(some))


def _restore(run: Run, some: list[Job]) -> None:
    """Its state, its reason; and none where there was none."""
    entry = RunEntry.objects.filter(run=run, photo=OuterRef("photo"))
    had_none = _rows(some).filter(Exists(entry.filter(was="")))
    had_none.delete()
    _rows(some).update(
        state=Subquery(entry.values("was")[:1]),
        reason=Subquery(entry.values("was_because")[:1]),
        finished_at=timezone.now(),
        priority=0,
        run=None,
        lease_until=None,
        lease_token=None,
    )


def _rows(some: list[Job]) -> Any:
    return Job.objects.filter(pk__in=[job.pk for job in some])
