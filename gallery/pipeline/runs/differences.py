"""What a run changed: the labels that each photo won, lost and has with another confidence, and their sums."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from gallery.folding import fold
from gallery.models import Analysis, Job, Run, RunEntry
from gallery.pipeline.runs.answers import standing, told

LEAST_CHANGE: Final = 1.0  # points of confidence: models differ by less on the same picture
_SAMPLES: Final = 3
Found = Mapping[str, tuple[str, float]]
"""By folded name: the name as it was told, and how sure the machine was, 0 to 100."""


@dataclasses.dataclass(frozen=True)
class Difference:
    """Names, but for `changed`: (name, confidence before, confidence after)."""

    won: list[str]
    lost: list[str]
    changed: list[tuple[str, float, float]]


@dataclasses.dataclass(frozen=True)
class Count:
    """A label and on how many photos it came, went or changed, with some of them. `shift`: mean change in points."""

    name: str
    photos: int
    samples: tuple[UUID, ...]
    shift: float = 0.0


@dataclasses.dataclass(frozen=True)
class Summary:
    """What a run changed on `photos` photos that were answered, most frequent first."""

    photos: int
    won: list[Count]
    lost: list[Count]
    changed: list[Count]


def note_answer(job: Job, analysis: Analysis) -> None:
    """Writes into the job's run what this answer changed, once. In the transaction that saves it.

    Nothing without a run; nor for what had failed in one that was rolled back since, and was tried again: that answer
    is no longer the run's, and counts.
    """
    if job.run_id is None:
        return
    of_the_run = Q(outcome=RunEntry.Outcome.DONE) | ~Q(run__state=Run.State.ROLLED_BACK)
    entries = RunEntry.objects.filter(of_the_run, run=job.run_id, photo=job.photo_id, after=None)
    others = standing(analysis.operation).filter(photo=job.photo_id).exclude(pk=analysis.pk)
    before, after = others.first(), Analysis.objects.get(pk=analysis.pk)
    found = difference(_told(job.step, before), _told(job.step, after))
    entries.update(
        before=before,
        after=after,
        won=found.won,
        lost=found.lost,
        changed=[list(item) for item in found.changed],
        outcome=RunEntry.Outcome.DONE,
        finished_at=timezone.now(),
    )


def difference(before: Found, after: Found) -> Difference:
    """What came, what went, and what changed by more than a point; each by name."""
    both = sorted(before.keys() & after.keys())
    return Difference(
        won=[after[key][0] for key in sorted(after.keys() - before.keys())],
        lost=[before[key][0] for key in sorted(before.keys() - after.keys())],
        changed=[
            (after[key][0], before[key][1], after[key][1])
            for key in both
            if abs(before[key][1] - after[key][1]) > LEAST_CHANGE
        ],
    )


def _told(step: str, analysis: Analysis | None) -> Found:
    return {fold(label.name): (label.name, label.confidence) for label in told(step, analysis)}


def summary(run: Run, most: int | None = None) -> Summary:
    """Over the whole run, or over `most` of its answered photos."""
    tallies = {name: _Tally() for name in ("won", "lost", "changed")}
    photos = 0
    answered = run.entries.filter(after__isnull=False).order_by("pk")
    rows: Iterable[Any] = answered.values_list("photo", *tallies)[:most].iterator(chunk_size=1000)
    for photo, won, lost, changed in rows:
        photos += 1
        for name in won:
            tallies["won"].add(name, photo)
        for name in lost:
            tallies["lost"].add(name, photo)
        for name, was, now in changed:
            tallies["changed"].add(name, photo, now - was)
    return Summary(photos, *(tally.counts() for tally in tallies.values()))


class _Tally:
    def __init__(self) -> None:
        self.photos: dict[str, int] = defaultdict(int)
        self.shifts: dict[str, float] = defaultdict(float)
        self.samples: dict[str, list[UUID]] = defaultdict(list)

    def add(self, name: str, photo: UUID, shift: float = 0.0) -> None:
        self.photos[name] += 1
        self.shifts[name] += shift
        if len(self.samples[name]) < _SAMPLES:
            self.samples[name].append(photo)

    def counts(self) -> list[Count]:
        ordered = sorted(self.photos.items(), key=lambda item: (-item[1], item[0]))
        return [
            Count(name, photos, tuple(self.samples[name]), self.shifts[name] / photos)
            for name, photos in ordered
        ]
