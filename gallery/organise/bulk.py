"""One action on many photos of one owner: a fixed number of statements for each chunk of them, and an undo.

Labels have theirs in verdicts.py. `Change.before` keeps by photo what can't be seen of it any more: since when it
was in the trash or a favourite, and which album it is about: its id, after "remove_from_album" also where in it, after
"move_in_album" where among those that were moved, and the photo that it stood before.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Literal
from uuid import UUID

from django.db import transaction

from gallery.models import Change, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.organise import albums, photos, rotation, verdicts
from gallery.organise.record import Before, Done, carry_out

Action = Literal[
    "trash", "restore", "favourite", "unfavourite", "add_to_album", "remove_from_album",
    "archive", "unarchive", "turn_left", "turn_right", "confirm_label", "reject_label", "clear_label",
]  # fmt: skip


def act(
    owner_id: UUID,
    action: Action,
    photo_ids: Iterable[UUID],
    *,
    label: str | None = None,
    kind: str = "label",
    album: UUID | None = None,
) -> Done:
    """Does it to the owner's photos among these. What is as wanted already is left alone and not counted.

    `label`: a name, and `kind` its kind, for ABOUT_LABELS; `album`: an id, for ABOUT_ALBUMS. Raises Refusal where the
    name can't be one (422) or the album is not the owner's (404); then nothing is changed.
    """
    if action in ABOUT_LABELS:
        return verdicts.judge(owner_id, photo_ids, label or "", ABOUT_LABELS[action], kind)
    if action in rotation.QUARTERS:
        return rotation.turn(owner_id, action, photo_ids)
    if action in ABOUT_ALBUMS and album is None:
        raise albums.gone()
    if album is not None:
        albums.check(owner_id, album)
        return carry_out(owner_id, action, photo_ids, partial(ABOUT_ALBUMS[action], owner_id, album))
    return carry_out(owner_id, action, photo_ids, partial(_PLAIN[action], owner_id))


def move(owner_id: UUID, album_id: UUID, photo_ids: Sequence[UUID], before: UUID | None) -> Done:
    """`albums.move`, written down. In one piece, since they keep their order."""
    with transaction.atomic():
        moved = albums.move(owner_id, album_id, photo_ids, before)
        said = {
            str(pk): f"{album_id} {place} {follows or ''}"
            for place, (pk, follows) in enumerate(moved.items())
        }
        change = Change.objects.create(owner_id=owner_id, action=MOVE, before=said)
    return Done(change, len(moved))


def _trash(owner_id: UUID, photo_ids: Sequence[UUID], now: datetime) -> Before:
    return {str(pk): None for pk in photos.trash(owner_id, photo_ids, now)}


def _restore(owner_id: UUID, photo_ids: Sequence[UUID], _now: datetime) -> Before:
    since = _moments(_locked(owner_id, photo_ids).trashed(), "trashed_at")
    photos.restore(owner_id, list(since))
    return _written(since)


def _archive(owner_id: UUID, photo_ids: Sequence[UUID], now: datetime) -> Before:
    return {str(pk): None for pk in photos.archive(owner_id, photo_ids, now)}


def _unarchive(owner_id: UUID, photo_ids: Sequence[UUID], _now: datetime) -> Before:
    since = _moments(_locked(owner_id, photo_ids).archived(), "archived_at")
    photos.unarchive(owner_id, list(since))
    return _written(since)


def _favourite(owner_id: UUID, photo_ids: Sequence[UUID], now: datetime) -> Before:
    others = _moments(_locked(owner_id, photo_ids).filter(favourite_at=None), "favourite_at")
    Photo.objects.filter(pk__in=others).update(favourite_at=now)
    return dict.fromkeys(map(str, others))


def _unfavourite(owner_id: UUID, photo_ids: Sequence[UUID], _now: datetime) -> Before:
    since = _moments(_locked(owner_id, photo_ids).filter(favourite_at__isnull=False), "favourite_at")
    Photo.objects.filter(pk__in=since).update(favourite_at=None)
    return _written(since)


def _add(owner_id: UUID, album_id: UUID, photo_ids: Sequence[UUID], now: datetime) -> Before:
    return {str(pk): str(album_id) for pk in albums.add(owner_id, album_id, photo_ids, now)}


def _remove(owner_id: UUID, album_id: UUID, photo_ids: Sequence[UUID], _now: datetime) -> Before:
    removed = albums.remove(owner_id, album_id, photo_ids)
    return {str(pk): f"{album_id} {position}" for pk, position in removed.items()}


MOVE: Final = "move_in_album"
ABOUT_LABELS: Final = {action: state for state, action in verdicts.ACTIONS.items()}
ABOUT_ALBUMS: Final[Mapping[str, Callable[[UUID, UUID, Sequence[UUID], datetime], Before]]] = {
    "add_to_album": _add,
    "remove_from_album": _remove,
}
_PLAIN: Final[Mapping[str, Callable[[UUID, Sequence[UUID], datetime], Before]]] = {
    "trash": _trash,
    "restore": _restore,
    "favourite": _favourite,
    "unfavourite": _unfavourite,
    "archive": _archive,
    "unarchive": _unarchive,
}


def untrash(change: Change) -> int:
    """Those that this change, and nothing later, brought into the trash."""
    there = _locked(change.owner_id, _ids(change)).filter(trashed_at=change.made_at)
    return len(photos.restore(change.owner_id, list(there.values_list("pk", flat=True))))


def trash_again(change: Change) -> int:
    """Back into the trash, as long there as they were."""
    moved = photos.trash(change.owner_id, _untouched(change, "trash", "restore"))
    return _set_moments(change, moved, "trashed_at")


def unshelve(change: Change) -> int:
    there = _locked(change.owner_id, _ids(change)).filter(archived_at=change.made_at)
    return len(photos.unarchive(change.owner_id, list(there.values_list("pk", flat=True))))


def shelve_again(change: Change) -> int:
    """Back into the archive, as long there as they were."""
    moved = photos.archive(change.owner_id, _untouched(change, "archive", "unarchive"))
    return _set_moments(change, moved, "archived_at")


def unmark(change: Change) -> int:
    marked = _moments(
        _locked(change.owner_id, _ids(change)).filter(favourite_at=change.made_at), "favourite_at"
    )
    return Photo.objects.filter(pk__in=marked).update(favourite_at=None)


def mark_again(change: Change) -> int:
    same = _untouched(change, "favourite", "unfavourite")
    bare = _locked(change.owner_id, same).filter(favourite_at=None)
    return _set_moments(change, list(bare.values_list("pk", flat=True)), "favourite_at")


def take_out(change: Change) -> int:
    """Those that came into the album with this change."""
    return sum(
        len(albums.remove(change.owner_id, UUID(album), _ids(change), added_at=change.made_at))
        for album in set(change.before.values())
    )


def put_in(change: Change) -> int:
    """Into the album again, where they were, unless it was deleted."""
    same = _untouched(change, "add_to_album", "remove_from_album")
    said = {pk: change.before[str(pk)].partition(" ") for pk in same}
    where = {pk: int(position) for pk, (_, _, position) in said.items() if position}
    return sum(
        len(albums.add(change.owner_id, UUID(album), same, where=where))
        for album in {album for album, _, _ in said.values()}
        if albums.exists(change.owner_id, UUID(album))
    )


def move_back(change: Change) -> int:
    """Each before the photo that it stood before, where that one is still in the album."""
    said = [(pk, *change.before[str(pk)].split(" ")) for pk in _untouched(change, MOVE)]
    in_order = sorted(said, key=lambda one: int(one[2]))
    moved = 0
    for (album, stood_before), together in itertools.groupby(in_order, key=lambda one: (one[1], one[3])):
        where = UUID(album), UUID(stood_before) if stood_before else None
        if albums.holds(change.owner_id, *where):
            photo_ids = [pk for pk, *_ in together]
            moved += len(albums.move(change.owner_id, where[0], photo_ids, where[1]))
    return moved


def _locked(owner_id: UUID, photo_ids: Sequence[UUID]) -> PhotoQuerySet:
    found: PhotoQuerySet = Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked()
    return found


def _untouched(change: Change, *actions: str) -> list[UUID]:
    """Its photos, but for those that a later change of these kinds, and of the same album, touched and still holds.

    What is in no list carries no moment: nothing on the photo tells who took it out last.
    """
    later = Change.objects.filter(
        owner=change.owner_id, action__in=actions, made_at__gt=change.made_at, undone_at=None
    )

    def subjects(before: Before) -> dict[str, str | None]:
        about_albums = change.action in (*ABOUT_ALBUMS, MOVE)
        return {pk: said.partition(" ")[0] if about_albums else None for pk, said in before.items()}

    touched = {
        touch
        for before in later.values_list("before", flat=True).iterator()
        for touch in subjects(before).items()
    }
    return [UUID(pk) for pk, subject in subjects(change.before).items() if (pk, subject) not in touched]


def _ids(change: Change) -> list[UUID]:
    return [UUID(pk) for pk in change.before]


def _moments(found: PhotoQuerySet, field: str) -> dict[UUID, datetime]:
    return dict(found.values_list("pk", field))


def _written(moments: Mapping[UUID, datetime]) -> Before:
    return {str(pk): moment.isoformat() for pk, moment in moments.items()}


def _set_moments(change: Change, photo_ids: Sequence[UUID], field: str) -> int:
    """Writes the moment that each of these had before; they are locked."""
    rows = [Photo(pk=pk, **{field: datetime.fromisoformat(change.before[str(pk)])}) for pk in photo_ids]
    Photo.objects.bulk_update(rows, [field], batch_size=200)
    return len(rows)
