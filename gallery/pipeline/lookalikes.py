"""Puts photos that look alike together, so that a page has only to read which they are.

A photo is compared once, when its perceptual hash is known: with those of its owner that share a band of it, which
indexes tell. It joins the group of the one that it resembles most. A group takes so many that are not in the trash;
photos that their owner told apart are never put together again.
"""

import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import IntegerField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from gallery import storage
from gallery.imaging.darkroom import develop
from gallery.imaging.errors import Interrupted, Refused
from gallery.likeness import BAND, BANDS, NEAREST_UNLIKE, distance, near_bands, turned
from gallery.models import Apart, Photo, Rendition
from gallery.models.photo import PhotoQuerySet

log: Final = structlog.get_logger("photosite.lookalikes")
MOST: Final = 100  # in one group; fewer of them are shown side by side
# A pile of scanned forms has one hash, and whoever finds so many of them need not find all.
_MOST_CANDIDATES: Final = 2000
_MOST_NEAR: Final = 100
_SHIFT_SECONDS: Final = 1.5  # as run.py has it
_BATCH: Final = 50
_MOST_FAILURES: Final = 3


def compare(photo: Photo) -> None:
    """Puts a photo beside those that look like it, if that was not done. It says `phash`, as the row does.

    Of two that come at once each is there before they are compared, and the second one waits for the first.
    """
    if photo.compared_at:
        return
    near = _near(photo) if photo.phash is not None else []
    with transaction.atomic():
        rows = {row.pk: row for row in _locked([photo.pk, *near])}
        one = rows.get(photo.pk)
        if one is None or one.compared_at:
            return
        others = [rows[pk] for pk in near if pk in rows]
        if others:
            _join(photo.owner_id, one, others)
        Photo.objects.filter(pk=one.pk).update(compared_at=timezone.now())


def earlier() -> PhotoQuerySet:
    """Photos that were never compared, although there is a thumb of them to do it by: those of an earlier release."""
    found: PhotoQuerySet = Photo.objects.filter(compared_at=None, renditions__spec="thumb").order_by("pk")
    return found


def compare_earlier() -> None:
    """Some of them, for a moment; the sweep asks again. It begins anywhere, so that one that can't be read holds up
    no other; where the bucket or the machine is in trouble it ends soon.
    """
    over, failed, somewhere = time.monotonic() + _SHIFT_SECONDS, 0, uuid.uuid4()
    for photo in [
        *earlier().filter(pk__gte=somewhere)[:_BATCH],
        *earlier().filter(pk__lt=somewhere)[:_BATCH],
    ]:
        try:
            _know(photo)
            compare(photo)
        except (storage.StorageAway, Interrupted) as error:
            failed += 1
            log.warning("not_compared", photo=str(photo.pk), error=type(error).__name__)
        if failed >= _MOST_FAILURES or time.monotonic() >= over:
            return


def _know(photo: Photo) -> None:
    """Finds the hash by the photo's thumb, a hundredth of the original. What has no readable one stays unknown."""
    if photo.phash is None:
        photo.phash = _hash_of_thumb(Rendition.objects.get(photo=photo, spec="thumb"))
        Photo.objects.filter(pk=photo.pk).update(phash=photo.phash)


def _hash_of_thumb(thumb: Rendition) -> int | None:
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        file = Path(folder) / "thumb"
        try:
            file.write_bytes(storage.read_rendition(thumb.key))
            phash = develop(file, thumb.content_type, Path(folder), specs=()).phash
        except (storage.ObjectMissing, Refused):
            return None
    return None if phash is None else turned(phash, -thumb.quarter_turns)


def _near(photo: Photo) -> list[UUID]:
    """Its owner's photos that look like it, the most alike first."""
    first, *rest = (_sharing(photo, shift) for shift in BANDS)
    candidates = first.union(*rest, all=True)[:_MOST_CANDIDATES]
    found = {pk: distance(photo.phash or 0, phash) for pk, phash in candidates}
    alike = (pk for pk in sorted(found, key=lambda pk: (found[pk], pk)) if found[pk] < NEAREST_UNLIKE)
    return [pk for pk in alike if pk != photo.pk][:_MOST_NEAR]


def _sharing(photo: Photo, shift: int) -> Any:
    """(key, hash) of those that nearly share a band with it. In the words of the index: SQLite compares numbers in it
    with numbers only, not with parameters."""
    band = RawSQL(f"phash >> {shift} & {BAND}", (), output_field=IntegerField())  # noqa: S611 - numbers of ours
    found = Photo.objects.alias(band=band).filter(owner=photo.owner_id, phash__isnull=False)
    return found.filter(band__in=list(near_bands(photo.phash or 0, shift))).values_list("pk", "phash")


def _locked(photo_ids: Collection[UUID]) -> Iterable[Photo]:
    rows: Iterable[Photo] = (
        Photo.objects.filter(pk__in=photo_ids).locked().only("alike", "compared_at", "trashed_at")
    )
    return rows


def _join(owner_id: UUID, one: Photo, others: Sequence[Photo]) -> None:
    """Into the group of the one that it resembles most and that has room; with those of the others that have none."""
    named = {row.alike for row in (one, *others)} - {None}
    rows = Photo.objects.filter(owner=owner_id, alike__in=named).values_list("pk", "alike", "trashed_at")
    members = {pk: group for pk, group, _trashed in rows}
    live = Counter(group for _pk, group, trashed in rows if trashed is None)
    single = [row.pk for row in others if row.alike is None]
    apart = _told_apart([one.pk, *members, *single])
    shut = {group for pk, group in members.items() if live[group] >= MOST or pk in apart.get(one.pk, set())}
    seen_first = sorted(others, key=lambda row: row.trashed_at is not None)
    group = (
        one.alike or next((row.alike for row in seen_first if row.alike not in shut), None) or uuid.uuid4()
    )
    inside = {pk for pk, their in members.items() if their == group} | {one.pk}
    for pk in single:
        if len(inside) < MOST and not apart.get(pk, set()) & inside:
            inside.add(pk)
    Photo.objects.filter(pk__in=inside - members.keys() | {one.pk}).update(alike=group)


def _told_apart(photo_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By photo: those of these that their owner said it is not the same as."""
    found: dict[UUID, set[UUID]] = {}
    among = Q(photo__in=photo_ids) & Q(other__in=photo_ids)
    for photo, other in Apart.objects.filter(among).values_list("photo", "other"):
        found.setdefault(photo, set()).add(other)
        found.setdefault(other, set()).add(photo)
    return found
