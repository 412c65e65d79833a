"""What an owner does with a photo: edit, favourite, trash, restore, delete for good."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gallery.models import Detection, Photo
from gallery.models.photo import KEPT_IN_TRASH, PhotoQuerySet
from gallery.pipeline import copies, queue
from gallery.pipeline.deletion import delete_forever as delete_forever  # what an owner does is found here

_CHUNK: Final = 500
_EDITABLE: Final = {"caption", "filename", "favourite_at", "taken_local", "taken_offset", "taken_source"}


def edit(photo: Photo, **changes: Any) -> None:
    """Writes these fields and no other, so that a concurrent change to another field stays. A caption, also an empty
    one, is its owner's word from then on."""
    if unknown := set(changes) - _EDITABLE:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    if "caption" in changes:
        changes["caption_by_owner"] = True
    with transaction.atomic():
        before = Photo.objects.locked().get(pk=photo.pk)
        for name, value in changes.items():
            setattr(photo, name, value)
        photo.save(update_fields=list(changes))
        if "taken_local" in changes:
            copies.retimed(photo.pk, before.taken_local, photo.taken_local)
        if changes.keys() & {"caption", "filename"}:
            copies.retold(photo)


def favourite(photo: Photo, *, on: bool) -> None:
    if on != (photo.favourite_at is not None):
        edit(photo, favourite_at=timezone.now() if on else None)


def trash(owner_id: UUID, photo_ids: Sequence[UUID], at: datetime | None = None) -> list[UUID]:
    """Into the trash; their labels no longer count. The ids of those that were not there already."""
    return _move(owner_id, Photo.objects.live().filter(pk__in=photo_ids), at or timezone.now())


def restore(owner_id: UUID, photo_ids: Sequence[UUID]) -> list[UUID]:
    """Out of the trash. The ids of those that were there."""
    return _move(owner_id, Photo.objects.trashed().filter(pk__in=photo_ids), None)


def _move(owner_id: UUID, photos: PhotoQuerySet, trashed_at: datetime | None) -> list[UUID]:
    with transaction.atomic():
        moved = list(photos.filter(owner_id=owner_id).locked())
        found = [photo.pk for photo in moved]
        Photo.objects.filter(pk__in=found).update(trashed_at=trashed_at)
        Detection.objects.filter(photo__in=found).update(trashed=trashed_at is not None)
        copies.counted(owner_id, moved, -1 if trashed_at else 1)
    return found


def archive(owner_id: UUID, photo_ids: Sequence[UUID], at: datetime | None = None) -> list[UUID]:
    """Out of the timeline; nothing else changes. The ids of those that were in it."""
    moved = Photo.objects.in_timeline().filter(pk__in=photo_ids)
    return _shelve(owner_id, moved, at or timezone.now())


def unarchive(owner_id: UUID, photo_ids: Sequence[UUID]) -> list[UUID]:
    """Back into the timeline. The ids of those that were in the archive."""
    return _shelve(owner_id, Photo.objects.archived().filter(pk__in=photo_ids), None)


def _shelve(owner_id: UUID, photos: PhotoQuerySet, archived_at: datetime | None) -> list[UUID]:
    with transaction.atomic():
        moved = list(photos.filter(owner_id=owner_id).locked())
        found = [photo.pk for photo in moved]
        Photo.objects.filter(pk__in=found).update(archived_at=archived_at)
        copies.in_timeline(owner_id, moved, -1 if archived_at else 1)
    return found


def empty_trash(owner_id: UUID) -> int:
    """Whatever is in the trash has been there long enough: a worker deletes it for good. How many photos."""
    over = timezone.now() - KEPT_IN_TRASH
    there = Photo.objects.trashed().filter(owner_id=owner_id, trashed_at__gt=over)
    emptied = 0
    while chunk := _aged(there, over - timedelta(seconds=1)):
        emptied += chunk
    queue.announce_expired()
    return emptied


def _aged(photos: PhotoQuerySet, trashed_at: datetime) -> int:
    with transaction.atomic():
        found = list(photos.locked().values_list("pk", flat=True)[:_CHUNK])
        return Photo.objects.filter(pk__in=found).update(trashed_at=trashed_at)
