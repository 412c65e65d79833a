"""What an owner does with a photo: edit, favourite, trash, restore, delete for good."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts import quota
from gallery.imaging.specs import SPECS
from gallery.models import Detection, OwnerLabel, Photo, Purge
from gallery.pipeline import queue
from gallery.pipeline.develop import rendition_key

_EDITABLE: Final = {"caption", "filename", "favourite_at", "taken_local", "taken_offset", "taken_source"}


def edit(photo: Photo, **changes: Any) -> None:
    """Writes these fields and no other, so that a concurrent change to another field stays."""
    if unknown := set(changes) - _EDITABLE:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    for name, value in changes.items():
        setattr(photo, name, value)
    with transaction.atomic():
        photo.save(update_fields=list(changes))
        if "taken_local" in changes:
            Detection.objects.filter(photo=photo).update(taken_local=photo.taken_local)


def favourite(photo: Photo, *, on: bool) -> None:
    if on != (photo.favourite_at is not None):
        edit(photo, favourite_at=timezone.now() if on else None)


def trash(photo: Photo) -> bool:
    """Into the trash; its labels no longer count. False if it was there already."""
    with transaction.atomic():
        moved = Photo.objects.live().filter(pk=photo.pk).update(trashed_at=timezone.now())
        if moved:
            _count_labels(photo, -1)
    return bool(moved)


def restore(photo: Photo) -> bool:
    """Out of the trash. False if it was not there."""
    with transaction.atomic():
        moved = Photo.objects.trashed().filter(pk=photo.pk).update(trashed_at=None)
        if moved:
            _count_labels(photo, +1)
    return bool(moved)


def delete_forever(photo: Photo) -> None:
    """Removes the photo and all rows about it; its objects are written down to be purged, its bill stays."""
    with transaction.atomic():
        locked = Photo.objects.select_for_update().filter(pk=photo.pk).first()
        if locked is None:
            return
        if locked.trashed_at is None:
            _count_labels(locked, -1)
        Purge.objects.bulk_create(_objects(locked), ignore_conflicts=True)
        quota.free(locked.owner, locked.byte_size)
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


def _count_labels(photo: Photo, change: int) -> None:
    labels = Detection.objects.filter(photo=photo).values_list("label_id", flat=True)
    OwnerLabel.objects.add(photo.owner_id, dict.fromkeys(labels, change))
