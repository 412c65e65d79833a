"""Turning photos by quarters: a fact beside the original, which is never touched. Workers make the pictures anew."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from gallery.models import Change, Photo
from gallery.organise.record import Before, Done, carry_out
from gallery.pipeline import develop, jobs
from gallery.pipeline.steps import RENDITIONS

QUARTERS: Final = {"turn_right": 1, "turn_left": 3}
"""Clockwise, by action."""


def turn(owner_id: UUID, action: str, photo_ids: Iterable[UUID]) -> Done:
    """Turns the owner's photos among these, from how they are to stand already; not those in the trash."""
    return carry_out(owner_id, action, photo_ids, partial(_turn, owner_id, QUARTERS[action]))


def stand(photo: Photo, quarter_turns: int) -> None:
    """The photo is to stand so, from how its original does. Nothing where it is to already."""
    with transaction.atomic():
        row = Photo.objects.locked().get(pk=photo.pk)
        if by := (quarter_turns - row.quarter_turns) % 4:
            _write(row.owner_id, [row], by)


def put_back(change: Change) -> int:
    """Those that nobody turned since."""
    editions = {UUID(pk): edition for pk, edition in change.before.items()}
    rows = _locked(change.owner_id, list(editions))
    same = [photo for photo in rows if photo.edition == editions[photo.pk]]
    _write(change.owner_id, same, -QUARTERS[change.action] % 4)
    return len(same)


def _turn(owner_id: UUID, by: int, photo_ids: Sequence[UUID], _now: datetime) -> Before:
    photos = [photo for photo in _locked(owner_id, photo_ids) if photo.trashed_at is None]
    _write(owner_id, photos, by)
    return {str(photo.pk): photo.edition + 1 for photo in photos}


def _locked(owner_id: UUID, photo_ids: Sequence[UUID]) -> list[Photo]:
    return list(Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked())


def _write(owner_id: UUID, photos: Sequence[Photo], by: int) -> None:
    """The photos, which are locked, are turned once a worker has made their pictures anew."""
    if not photos:
        return
    found = [photo.pk for photo in photos]
    develop.give_up_edition(photos)
    turned = (F("quarter_turns") + by) % 4
    Photo.objects.filter(pk__in=found).update(quarter_turns=turned, edition=F("edition") + 1)
    jobs.redo_all(owner_id, found, RENDITIONS.name)
