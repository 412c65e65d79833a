"""Deleting for good: a photo with all that is known of it, at once or when its days in the trash are over."""

import time
from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts import quota
from gallery.models import Analysis, Photo, Purge
from gallery.models.photo import KEPT_IN_TRASH, PhotoQuerySet
from gallery.pipeline import copies, queue
from gallery.pipeline.develop import rendition_key, specs

_SHIFT_SECONDS: Final = 60  # far less than a word may take (CELERY_TASK_TIME_LIMIT)
_BATCH: Final = 50


def delete_forever(photo: Photo) -> None:
    """Removes the photo and all rows about it; its objects are written down to be purged.

    The bill stays, without what the answers told of the picture.
    """
    _delete(photo, Photo.objects.all())


def expired() -> PhotoQuerySet:
    """What has been in the trash for as long as it is kept there."""
    found: PhotoQuerySet = Photo.objects.trashed().filter(trashed_at__lte=timezone.now() - KEPT_IN_TRASH)
    return found


def delete_expired() -> None:
    """Deletes for good what is expired, oldest first, for a while; says so if there is more."""
    over = time.monotonic() + _SHIFT_SECONDS
    while found := list(expired().order_by("trashed_at")[:_BATCH]):
        for photo in found:
            _delete(photo, expired())
        if time.monotonic() >= over:
            queue.announce_expired()
            return


def _delete(photo: Photo, among: PhotoQuerySet) -> None:
    """Nothing if it is none of these any more: somebody took it out of the trash."""
    with transaction.atomic():
        locked = among.select_for_update().filter(pk=photo.pk).first()
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
        rendition_key(photo, spec) for spec in specs()
    }
    yield Purge(storage=Purge.Storage.ORIGINALS, key=photo.original_key)
    for key in sorted(made):
        yield Purge(storage=Purge.Storage.RENDITIONS, key=key)
