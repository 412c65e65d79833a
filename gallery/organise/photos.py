"""What an owner does with a photo: edit, favourite, trash, restore, delete for good."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import quota
from gallery.imaging.specs import SPECS
from gallery.models import Analysis, Detection, Photo, Purge
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline import copies, queue
from gallery.pipeline.develop import rendition_key

_EDITABLE: Final = {"caption", "filename", "favourite_at", "taken_local", "taken_offset", "taken_source"}


def edit(photo: Photo, **changes: Any) -> None:
    """Writes these fields and no other, so that a concurrent change to another field stays."""
    if unknown := set(changes) - _EDITABLE:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
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


def delete_forever(photo: Photo) -> None:
    """Removes the photo and all rows about it; its objects are written down to be purged.

    The bill stays, without what the answers told of the picture.
    """
    with transaction.atomic():
        locked = Photo.objects.select_for_update().filter(pk=photo.pk).first()
        if locked is None:
            return
        if locked.trashed_at is None:
            copies.counted(locked.owner_id, [locked], -1)
        Purge.objects.bulk_create(_objects(locked), ignore_conflicts=True)
        quota.free(locked.owner, locked.byte_size)
        Analysis.objects.filter(photo=locked).update(answer=None)
        locked.delete()
        queue.announce_purge()


def _objects(photo: Photo) -> Iterable[Purge]:
    """Everything that may lie in the bucket for this photo, also what a worker is storing just now."""
    made = set(photo.renditions.values_list("key", flat=True)) | {
        rendition_key(photo, spec) for spec in SPECS
    }
    yield Purge(storage=Purge.Storage.ORIGINALS, key=photo.original_key)
    for key in sorted(made):
        yield Purge(storage=Purge.Storage.RENDITIONS, key=key)
