"""Database against bucket, and the rows against each other: each invariant that is off, and its repair.

Both sides are walked in the order of their keys, a page at a time, so a million photos need no more memory than
ten. What is younger than fifteen minutes is in progress, not a fault, and each suspicion is looked at twice.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, ExtractMonth, ExtractYear, Substr
from django.utils import timezone

from accounts.models import User
from gallery import storage
from gallery.models import Detection, Import, Job, OwnerLabel, OwnerMonth, Photo, Purge, Rendition, Upload
from gallery.pipeline import bill, jobs, queue
from gallery.pipeline.steps import RENDITIONS

GRACE: Final = timedelta(minutes=15)
Row = TypeVar("Row")
Counts = QuerySet[Any, tuple[int, int, int, int]]
"""(1 for a fresh count and -1 for a stored one, key, photos, shown)."""
_STORED: Final = Value(-1)
_FRESH: Final = Value(1)


@dataclasses.dataclass(frozen=True)
class Finding:
    """What is off: the invariant (docs/architecture.md), a sentence, and what mends it (None: a person must)."""

    invariant: str
    sentence: str
    repair: Callable[[], object] | None = None


def findings(*, read_bytes: bool = False) -> Iterator[Finding]:
    """Everything that is off. `read_bytes`: also reads every original and compares its SHA-256."""
    settled = timezone.now() - GRACE
    yield from _originals(settled, read_bytes=read_bytes)
    yield from _parts(settled)
    yield from _renditions(settled)
    yield from _jobs(settled)
    yield from _space(settled)
    yield from counters()
    for sentence, repair in bill.errors():
        yield Finding("I3", sentence, repair)


def _pairs(
    rows: Iterator[tuple[str, Row]], objects: Iterator[storage.Stored]
) -> Iterator[tuple[str, Row | None, storage.Stored | None]]:
    """Merges two ascending walks: for each key its row, its object, or both."""
    row, found = next(rows, None), next(objects, None)
    while row or found:
        if row and (found is None or row[0] < found.key):
            yield row[0], row[1], None
            row = next(rows, None)
        elif found and (row is None or found.key < row[0]):
            yield found.key, None, found
            found = next(objects, None)
        elif row and found:
            yield found.key, row[1], found
            row, found = next(rows, None), next(objects, None)


def _originals(settled: datetime, *, read_bytes: bool) -> Iterator[Finding]:
    photos = Photo.objects.order_by("original_key").only("original_key", "byte_size", "sha256", "uploaded_at")
    rows = ((photo.original_key, photo) for photo in photos.iterator(chunk_size=1000))
    for key, photo, found in _pairs(rows, storage.listed("originals")):
        if photo is None and found:
            yield from _orphan("originals", found, settled)
        elif photo and found is None:
            yield from _lost_original(photo, settled)
        elif photo and found and found.size != photo.byte_size:
            yield Finding(
                "I1", f"photo {photo.pk}: {found.size} bytes in the bucket, {photo.byte_size} were uploaded"
            )
        elif photo and read_bytes and storage.original_sha256(key) != photo.sha256:
            yield Finding("I1", f"photo {photo.pk}: the bytes in the bucket are not those that were uploaded")


def _lost_original(photo: Photo, settled: datetime) -> Iterator[Finding]:
    still_there = photo.uploaded_at < settled and Photo.objects.filter(pk=photo.pk).exists()
    if still_there and not storage.exists("originals", photo.original_key):
        yield Finding("I1", f"photo {photo.pk}: its original is not in the bucket")


def _parts(settled: datetime) -> Iterator[Finding]:
    """Parts that no upload knows: their server died between telling S3 and writing it down."""
    for found in storage.opened_parts():
        known = Upload.objects.filter(key=found.key, multipart=found.multipart)
        if found.begun_at < settled and not known.exists():
            sentence = f"originals/{found.key}: parts were sent and no upload knows them"
            yield Finding("I4", sentence, partial(storage.abort_parts, found.key, found.multipart))


def _renditions(settled: datetime) -> Iterator[Finding]:
    made = Rendition.objects.order_by("key").select_related("photo")
    rows = ((rendition.key, rendition) for rendition in made.iterator(chunk_size=1000))
    for _, rendition, found in _pairs(rows, storage.listed("renditions")):
        if rendition is None and found:
            yield from _orphan("renditions", found, settled)
        elif rendition and found is None and rendition.photo.uploaded_at < settled:
            yield from _lost_rendition(rendition)


def _lost_rendition(rendition: Rendition) -> Iterator[Finding]:
    still_there = Rendition.objects.filter(pk=rendition.pk).exists()
    if still_there and not storage.exists("renditions", rendition.key):
        sentence = f"photo {rendition.photo_id}: its {rendition.spec} is not in the bucket"
        yield Finding("I4", sentence, partial(_render_again, rendition))


def _orphan(alias: str, found: storage.Stored, settled: datetime) -> Iterator[Finding]:
    """An object without a row, unless it is on its way in or out."""
    if found.modified_at >= settled or Purge.objects.filter(storage=alias, key=found.key).exists():
        return
    if alias == "originals":
        known = Photo.objects.filter(original_key=found.key).exists()
        known = known or Upload.objects.filter(key=found.key, state=Upload.State.OPEN).exists()
        known = known or Import.objects.waiting().filter(key=found.key).exists()
    else:
        known = Rendition.objects.filter(key=found.key).exists() or _is_being_made(found.key)
    if not known:
        yield Finding(
            "I4", f"{alias}/{found.key}: no row knows this object", partial(_purge, alias, found.key)
        )


def _is_being_made(key: str) -> bool:
    try:
        photo_id = UUID(key.partition("/")[0])
    except ValueError:
        return False
    return Job.objects.waiting().filter(step=RENDITIONS.name, photo_id=photo_id).exists()


def _purge(alias: str, key: str) -> None:
    Purge.objects.get_or_create(storage=alias, key=key)
    queue.announce_purge()


def _render_again(rendition: Rendition) -> None:
    with transaction.atomic():
        rendition.delete()
        jobs.redo(rendition.photo, RENDITIONS.name)


def _jobs(settled: datetime) -> Iterator[Finding]:
    without = Photo.objects.filter(~Exists(Job.objects.filter(photo=OuterRef("pk"))), uploaded_at__lt=settled)
    for photo in without.iterator():
        yield Finding("I2", f"photo {photo.pk}: no job was ever made for it", partial(jobs.add, photo))
    silent = Job.objects.filter(jobs.long_silent(settled)).order_by("pk")
    for job in silent.iterator():
        sentence = (
            f"photo {job.photo_id}: {job.step} waits since {job.ready_at:%Y-%m-%d %H:%M} and nobody says why"
        )
        yield Finding("I2", sentence, partial(queue.announce, job.step))


def _space(settled: datetime) -> Iterator[Finding]:
    for user in User.objects.order_by("pk").iterator():
        kept = Photo.objects.filter(owner=user).aggregate(total=Sum("byte_size", default=0))["total"]
        held = Upload.objects.filter(owner=user, state=Upload.State.OPEN)
        waiting = Import.objects.filter(owner=user, reserved=True)
        reserved = sum(rows.aggregate(total=Sum("byte_size", default=0))["total"] for rows in (held, waiting))
        now = User.objects.get(pk=user.pk)
        if (kept, reserved) == (now.used_bytes, now.reserved_bytes):
            continue
        if (
            held.exists()
            or waiting.exists()
            or Photo.objects.filter(owner=user, uploaded_at__gte=settled).exists()
        ):
            continue  # an upload is under way or was a moment ago: the sums move while they are read
        yield Finding(
            "I5",
            f"user {user.pk}: {now.used_bytes} bytes used and {now.reserved_bytes} reserved, "
            f"but the rows say {kept} and {reserved}",
            partial(_correct_space, user, kept, reserved),
        )


def _correct_space(user: User, kept: int, reserved: int) -> None:
    User.objects.filter(pk=user.pk).update(used_bytes=kept, reserved_bytes=reserved)


def counters() -> Iterator[Finding]:
    """Each owner's counts by label and by month against a fresh count, and what detections copy of their photos."""
    yield from _copies()
    for owner in User.objects.order_by("pk").values_list("pk", flat=True).iterator():
        for label, (photos, shown) in _off(_stored_labels(owner), _fresh_labels(owner)):
            sentence = (
                f"user {owner}: label {label} is counted wrong by {photos} photos and {shown} shown ones"
            )
            yield Finding("I6", sentence, partial(OwnerLabel.objects.add, owner, {label: (photos, shown)}))
        for month, (photos, _) in _off(_stored_months(owner), _fresh_months(owner)):
            name = f"{(month - 1) // 12:04}-{(month - 1) % 12 + 1:02}"
            sentence = f"user {owner}: month {name} is counted wrong by {photos} photos"
            yield Finding("I6", sentence, partial(OwnerMonth.objects.add, owner, {name: photos}))


def _off(stored: Counts, fresh: Counts) -> Iterator[tuple[int, tuple[int, int]]]:
    """(key, what is missing of each count). Asked in one statement, so that both are of the same moment."""
    missing: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for sign, key, photos, shown in stored.union(fresh, all=True):
        missing[key][0] += sign * photos
        missing[key][1] += sign * shown
    for key in sorted(missing):
        photos, shown = missing[key]
        if photos or shown:
            yield key, (photos, shown)


def _stored_labels(owner: UUID) -> Counts:
    return OwnerLabel.objects.filter(owner=owner).values_list(_STORED, "label_id", "photos", "shown")


def _fresh_labels(owner: UUID) -> Counts:
    shown = Count("pk", filter=Q(certainty__gte=settings.SHOWN_CONFIDENCE))
    found = Detection.objects.filter(owner=owner, photo__trashed_at=None, certainty__gte=0)
    return found.values_list(_FRESH, "label_id").annotate(every=Count("pk"), shown=shown).order_by()


def _stored_months(owner: UUID) -> Counts:
    year, month = (Cast(Substr("month", *part), IntegerField()) for part in ((1, 4), (6, 2)))
    return OwnerMonth.objects.filter(owner=owner).values_list(_STORED, year * 12 + month, "photos", Value(0))


def _fresh_months(owner: UUID) -> Counts:
    year, month = (part("taken_local", tzinfo=UTC) for part in (ExtractYear, ExtractMonth))
    live = Photo.objects.in_timeline().filter(owner=owner).annotate(taken_month=year * 12 + month)
    return live.values_list(_FRESH, "taken_month").annotate(every=Count("pk"), none=Value(0)).order_by()


def _copies() -> Iterator[Finding]:
    """Detections whose copies of owner, time or trash are not their photo's: searches would go wrong."""
    photo = Q(owner=F("photo__owner"), taken_local=F("photo__taken_local"))
    photo &= Q(trashed=True, photo__trashed_at__isnull=False) | Q(trashed=False, photo__trashed_at=None)
    off = Detection.objects.exclude(photo).order_by("pk").values_list("pk", "photo")
    for pk, photo_id in off.iterator():
        sentence = f"photo {photo_id}: detection {pk} has another owner, time or trash than its photo"
        yield Finding("I6", sentence, partial(_copy_again, photo_id))


def _copy_again(photo_id: UUID) -> None:
    with transaction.atomic():
        for photo in Photo.objects.locked().filter(pk=photo_id):
            Detection.objects.filter(photo=photo).update(
                owner=photo.owner_id, taken_local=photo.taken_local, trashed=photo.trashed_at is not None
            )
