"""When photos were taken, put right for many at once: a clock that went wrong, a day that nobody had written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from gallery.imaging.facts import FIRST_PHOTOGRAPH
from gallery.models import Change, Photo
from gallery.organise.record import Before, Done, carry_out
from gallery.pipeline import copies

ACTION: Final = "date_photos"
_LAST_YEAR: Final = 9998  # a month has to have one after it
_WRITTEN: Final = ("taken_local", "taken_offset", "taken_source")
_BATCH: Final = 200


def shift(owner_id: UUID, photo_ids: Iterable[UUID], by: timedelta) -> Done:
    """Moves the owner's photos among these in time, by the clock on the wall. What would leave the years that a
    photograph can be of stays, and is not counted."""
    return carry_out(owner_id, ACTION, photo_ids, partial(_redate, owner_id, lambda taken: taken + by))


def say(owner_id: UUID, photo_ids: Iterable[UUID], taken: datetime) -> Done:
    """All of the owner's photos among these were taken then. Nothing where that can't be."""
    return carry_out(owner_id, ACTION, photo_ids, partial(_redate, owner_id, lambda _before: taken))


def put_back(change: Change) -> int:
    """Those whose time is still the one that this change gave them."""
    rows = Photo.objects.filter(owner_id=change.owner_id, pk__in=[UUID(pk) for pk in change.before]).locked()
    found = [photo for photo in rows if _iso(photo) == change.before[str(photo.pk)]["became"]]
    before = {photo.pk: photo.taken_local for photo in found}
    for photo in found:
        taken, photo.taken_offset, photo.taken_source = change.before[str(photo.pk)]["was"]
        photo.taken_local = datetime.fromisoformat(taken)
    _write(change.owner_id, found, before)
    return len(found)


def _redate(
    owner_id: UUID, new: Callable[[datetime], datetime], photo_ids: Sequence[UUID], _now: datetime
) -> Before:
    changed: list[Photo] = []
    before: dict[UUID, datetime] = {}
    told: dict[str, Any] = {}
    for photo in Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked():
        taken = _possible(new, photo.taken_local)
        if taken is None or taken == photo.taken_local:
            continue
        was = [_iso(photo), photo.taken_offset, photo.taken_source]
        before[photo.pk] = photo.taken_local
        photo.taken_local, photo.taken_source = taken, Photo.TakenSource.USER
        told[str(photo.pk)] = {"was": was, "became": _iso(photo)}
        changed.append(photo)
    _write(owner_id, changed, before)
    return told


def _possible(new: Callable[[datetime], datetime], taken: datetime) -> datetime | None:
    try:
        found = new(taken)
    except OverflowError:
        return None
    return found if FIRST_PHOTOGRAPH.year <= found.year <= _LAST_YEAR else None


def _write(owner_id: UUID, photos: Sequence[Photo], before: Mapping[UUID, datetime]) -> None:
    Photo.objects.bulk_update(photos, _WRITTEN, batch_size=_BATCH)
    copies.redated(owner_id, photos, before)


def _iso(photo: Photo) -> str:
    return photo.taken_local.isoformat()
