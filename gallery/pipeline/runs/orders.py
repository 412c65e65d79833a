"""Ordering a run: what it costs, and the rows that make it."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from accounts.models import User
from gallery.labelling.prices import micro_usd
from gallery.models import Job, Photo, Run, RunEntry
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline import budget, jobs, options
from gallery.pipeline.runs import control
from gallery.pipeline.runs.choose import askable, worth_asking
from gallery.pipeline.steps import STEPS

_CHUNK: Final = 500


@dataclasses.dataclass(frozen=True)
class Estimate:
    """What a run would ask for now: photos, and US dollars."""

    photos: int
    cost_usd: Decimal


def estimate(photos: PhotoQuerySet, step: str) -> Estimate:
    """Exactly what `order` would ask for at this moment. Writes nothing."""
    chosen = Photo.objects.filter(pk__in=askable(photos, step).order_by().values("pk"))
    counts = dict(chosen.order_by().values_list("owner").annotate(Count("pk")))
    return Estimate(sum(counts.values()), cost(step, counts))


def order(
    photos: PhotoQuerySet,
    step: str,
    *,
    asked_for: str,
    ordered_by: User | None,
    owner: User | None = None,
    anew: bool = True,
) -> Run:
    """Asks again for one step of each of these photos, behind new uploads. Answers the run, `photos` counted.

    `asked_for`: the choice in words; `owner`: whose photos they are, None for those of several users; `anew`: also
    what a step would leave as it is, since it is there. The run is
    paused until all its rows are there: an order that breaks off asks for nothing, and can be resumed or stopped.
    """
    chosen = _packed(photos, step)
    run: Run = Run.objects.create(
        owner=owner,
        ordered_by=ordered_by,
        step=step,
        asked_for=asked_for,
        anew=anew,
        state=Run.State.PAUSED,
    )
    for ids in _chunks(chosen):
        if not _take(run, ids):
            break
    control.resume(run)
    control.settle(run)
    run.refresh_from_db()
    return run


def _packed(photos: PhotoQuerySet, step: str) -> bytes:
    """Which photos, before the first is touched: 16 bytes each, since it may be all there are."""
    found = askable(photos, step).order_by().values_list("pk", flat=True)
    return b"".join(pk.bytes for pk in found.iterator())


def _chunks(packed: bytes) -> Iterator[list[UUID]]:
    size = _CHUNK * 16
    for first in range(0, len(packed), size):
        part = packed[first : first + size]
        yield [UUID(bytes=part[at : at + 16]) for at in range(0, len(part), 16)]


def _take(run: Run, ids: Sequence[UUID]) -> bool:
    """Takes these photos into the run, but for those that came into another one meanwhile. False: it was ended."""
    with transaction.atomic():
        if not control.locked(run, Run.State.PAUSED):
            return False
        here = list(Photo.objects.filter(pk__in=ids).locked().values_list("pk", flat=True))
        worth = worth_asking(Photo.objects.filter(pk__in=here), run.step)
        owners = dict(worth.values_list("pk", "owner"))
        was = _reopen(run, owners)
        RunEntry.objects.bulk_create(
            RunEntry(run=run, photo_id=photo, was=state, was_because=reason)
            for photo, (state, reason) in was.items()
        )
        _count(run, [owners[photo] for photo in was])
    return True


def _reopen(run: Run, owners: Mapping[UUID, UUID]) -> dict[UUID, tuple[str, str]]:
    """Jobs of the step that have ended wait, held back; so do new ones where there was none.

    Of each photo that was taken, what its job was: (state, reason), or ("", "").
    """
    known = Job.objects.filter(photo__in=owners, step=run.step)
    was = {photo: (state, reason) for photo, state, reason in known.values_list("photo", "state", "reason")}
    begin = {**jobs.FRESH, "run": run, "asked_at": timezone.now(), **control.HELD_BACK}
    known.filter(finished_at__isnull=False).update(**begin)
    Job.objects.bulk_create(
        (
            Job(photo_id=photo, owner_id=owner, step=run.step, **begin)
            for photo, owner in owners.items()
            if photo not in was
        ),
        ignore_conflicts=True,
    )
    return {
        photo: was.get(photo, ("", "")) for photo in known.filter(run=run).values_list("photo", flat=True)
    }


def _count(run: Run, owners: Sequence[UUID]) -> None:
    counts = {owner: owners.count(owner) for owner in set(owners)}
    Run.objects.filter(pk=run.pk).update(
        photos=F("photos") + len(owners), micro_usd=F("micro_usd") + micro_usd(cost(run.step, counts))
    )


def cost(step: str, counts: Mapping[UUID, int]) -> Decimal:
    """US dollars for so many photos of each owner, whose options count."""
    asked = STEPS[step]
    if not asked.operation:
        return Decimal(0)
    prices = (
        budget.estimate(count, asked.operation, *options.features_for(owner, asked))
        for owner, count in counts.items()
    )
    return sum(prices, Decimal(0))
