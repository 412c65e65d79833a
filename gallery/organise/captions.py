"""What photos show, said of many at once: anew, or added to what each says already."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from gallery.models import Change, Photo
from gallery.organise.record import Before, Done, carry_out
from gallery.pipeline import copies

ACTION: Final = "caption_photos"
LONGEST: Final = 2000
_BATCH: Final = 200


def say(owner_id: UUID, photo_ids: Iterable[UUID], caption: str) -> Done:
    """All of the owner's photos among these have this caption; "" takes theirs away."""
    said = _clean(caption)
    return carry_out(owner_id, ACTION, photo_ids, partial(_caption, owner_id, lambda _before: said))


def add(owner_id: UUID, photo_ids: Iterable[UUID], words: str) -> Done:
    """Each says this, too, behind what it says already. What would become too long stays, and is not counted."""
    said = _clean(words)
    return carry_out(owner_id, ACTION, photo_ids, partial(_caption, owner_id, partial(_behind, said)))


def put_back(change: Change) -> int:
    """Those whose caption is still the one that this change gave them."""
    photos = _locked(change.owner_id, [UUID(pk) for pk in change.before])
    same = [photo for photo in photos if photo.caption == change.before[str(photo.pk)]["became"]]
    for photo in same:
        before = change.before[str(photo.pk)]
        photo.caption, photo.caption_by_owner = before["was"], before.get("by_owner", True)
    _write(same)
    return len(same)


def _caption(owner_id: UUID, new: Callable[[str], str], photo_ids: Sequence[UUID], _now: datetime) -> Before:
    changed: list[Photo] = []
    told: Before = {}
    for photo in _locked(owner_id, photo_ids):
        was, photo.caption = photo.caption, new(photo.caption)
        if photo.caption != was:
            told[str(photo.pk)] = {"was": was, "became": photo.caption, "by_owner": photo.caption_by_owner}
            photo.caption_by_owner = True
            changed.append(photo)
    _write(changed)
    return told


def _behind(words: str, caption: str) -> str:
    said = f"{caption} {words}".strip()
    return said if len(said) <= LONGEST else caption


def _write(photos: Sequence[Photo]) -> None:
    Photo.objects.bulk_update(photos, ["caption", "caption_by_owner"], batch_size=_BATCH)
    copies.retold(*photos)


def _locked(owner_id: UUID, photo_ids: Sequence[UUID]) -> Iterable[Photo]:
    found: Iterable[Photo] = Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked()
    return found


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]
