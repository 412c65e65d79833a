"""One file of an import becomes a photo, with what was said of it; or there is a reason why not.

Nothing is written down of what was imported: a file whose bytes are here is told from others by its SHA-256, so an
import that died is simply run again.
"""

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import preferences
from accounts.models import User
from gallery.exceptions import Refusal
from gallery.imaging.errors import REASONS, Refused
from gallery.imaging.formats import HEAD_BYTES, Foreign, sniff
from gallery.imports import takeout
from gallery.imports.entry import Entry, Unreadable
from gallery.imports.plan import Item, text_of
from gallery.imports.takeout import Sidecar
from gallery.intake.receive import Stored, store_file
from gallery.intake.taken import Taken, named, written
from gallery.intake.told import Told
from gallery.models import Photo
from gallery.organise import albums
from gallery.organise import photos as organise
from gallery.organise.names import LONGEST_NAME
from gallery.pipeline import left_out

State = Literal["stored", "here", "skipped", "refused"]
_CHUNK: Final = 1024 * 1024
_ZONES: Final = timedelta(hours=14)  # none is further from UTC
_DAY: Final = timedelta(days=1)
_NOT_BY_CAMERA: Final = {Photo.TakenSource.UPLOAD, Photo.TakenSource.FILE}
_UNSET: Final = {datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 1980)}
_QUARTER: Final = timedelta(minutes=15)
_STOPS: Final = {"quota_exceeded": left_out.NO_ROOM, "storage_unavailable": left_out.AWAY}
_OTHER_WORDS: Final = {
    "empty": REASONS["empty"].sentence,
    "too_large": left_out.TOO_LARGE,
    "being_checked": left_out.BEING_SENT,
    "upload_expired": left_out.TOOK_TOO_LONG,
}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of a file. `here`: its photo was here before; `skipped`: left out on purpose."""

    place: str
    state: State
    reason: str = ""
    photo: UUID | None = None


class Stopped(Exception):
    """No further file can come in now. `code`: why, as Refusal has it; `reason`: a sentence of left_out."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code, self.reason = code, _STOPS[code]


def bring_in(owner: User, item: Item) -> Outcome:
    """Raises Stopped; then this file is not here yet."""
    place = item.entry.place
    told = takeout.read(text_of(item.sidecar)) if item.sidecar else Sidecar()
    if told.trashed:
        return Outcome(place, "skipped", left_out.IN_TRASH_THERE)
    try:
        stored = _stored(owner, item.entry, told)
    except Unreadable as error:
        return Outcome(place, "refused", error.reason)
    except Refused as error:
        return Outcome(place, "refused", error.sentence)
    except Refusal as refusal:
        if refusal.code in _STOPS:
            raise Stopped(refusal.code) from refusal
        return Outcome(place, "refused", _OTHER_WORDS.get(refusal.code, refusal.sentence))
    except OSError as error:
        if item.entry.on_disk is None:
            raise
        return Outcome(place, "refused", left_out.UNREADABLE % {"what": error.strerror})
    if stored.photo.trashed_at:
        return Outcome(place, "here", left_out.IN_TRASH_HERE, stored.photo.pk)
    if stored.duplicate:
        add_what_is_missing(owner, stored.photo, told)
    if item.album:
        into_album(owner, item.album, stored.photo)
    if stored.duplicate:
        return Outcome(place, "here", left_out.HERE_ALREADY, stored.photo.pk)
    return Outcome(place, "stored", photo=stored.photo.pk)


def _stored(owner: User, entry: Entry, sidecar: Sidecar) -> Stored:
    """Raises Unreadable, Refused, Refusal."""
    with _on_disk(entry) as path:
        name = _filename(entry.name, sidecar.title)
        return store_file(owner, path, filename=name, told=_told(owner, entry, name, sidecar))


@contextlib.contextmanager
def _on_disk(entry: Entry) -> Iterator[Path]:
    """What begins as no picture does is not read further, however large."""
    if entry.size > settings.MAX_UPLOAD_BYTES:
        raise Unreadable(left_out.TOO_LARGE)
    with entry.open() as file:
        head = file.read(HEAD_BYTES)
        if head and isinstance(known := sniff(head), Foreign):
            raise known.refused()
        if entry.on_disk:
            yield entry.on_disk
            return
        with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            chunk = head
            while chunk:
                copy.write(chunk)
                chunk = file.read(min(_CHUNK, entry.size + 1 - copy.tell()))
            if copy.tell() != entry.size:
                raise Unreadable(left_out.BROKEN)
            copy.flush()
            yield Path(copy.name)


def _filename(name: str, title: str) -> str:
    """The title is what the file was called before Google cut or numbered it. An edited copy keeps its name."""
    stem, _, extension = name.rpartition(".")
    whole, _, known = title.rpartition(".")
    bare = stem.partition("(")[0] if stem.endswith(")") else stem
    return title if bare and whole.startswith(bare) and known.lower() == extension.lower() else name


def _told(owner: User, entry: Entry, name: str, sidecar: Sidecar) -> Told:
    return Told(
        taken=_taken(owner, name, sidecar.taken),
        written=_written(entry),
        position=sidecar.position,
        altitude=sidecar.altitude,
        caption=sidecar.caption,
        favourite=sidecar.favourite,
        archived=sidecar.archived,
    )


def _taken(owner: User, name: str, moment: datetime | None) -> Taken | None:
    """Google knows the moment and not the clock on the wall. Where the name of the file tells that, the two give the
    time zone, too; otherwise the owner's is the likeliest."""
    if moment is None or written(moment, timezone.now()) is None:
        return None
    by_name = named(name, timezone.now())
    if by_name and by_name.offset is None:
        ahead = by_name.local - moment
        if abs(ahead) <= _ZONES and not ahead % _QUARTER:
            return Taken(by_name.local, round(ahead / timedelta(minutes=1)))
    try:
        local = moment.astimezone(preferences.zone(owner.time_zone))
    except OverflowError:
        return None
    offset = local.utcoffset() or timedelta()
    return Taken(local.replace(tzinfo=UTC), round(offset / timedelta(minutes=1)))


def _written(entry: Entry) -> Taken | None:
    """When the file was last written, where that is known and was no clock's beginning."""
    modified = entry.modified
    if modified is None or modified in _UNSET or modified > timezone.now() + _DAY:
        return None
    return Taken(modified)


def add_what_is_missing(owner: User, photo: Photo, told: Sidecar, *, new: bool = False) -> None:
    """A photo that was here keeps what its owner said here, and gets what they had said there where it has nothing.

    `new`: it came with an earlier part of the same export, which did not say it.
    """
    with transaction.atomic():
        now = Photo.objects.locked().filter(pk=photo.pk, trashed_at=None).first()
        if now is None:
            return
        if changes := _missing(owner, now, told, new=new):
            organise.edit(now, **changes)
        if told.position and now.latitude is None:
            latitude, longitude = told.position
            where = {"latitude": latitude, "longitude": longitude, "altitude": told.altitude}
            Photo.objects.filter(pk=now.pk).update(**where)
        if new and told.archived:
            organise.archive(owner.pk, [now.pk])
        if new and told.trashed:
            organise.trash(owner.pk, [now.pk])


def _missing(owner: User, photo: Photo, told: Sidecar, *, new: bool) -> dict[str, object]:
    changes: dict[str, object] = {}
    if told.caption and not photo.caption and not photo.caption_by_owner:
        changes["caption"] = told.caption
    if told.favourite and not photo.favourite_at:
        changes["favourite_at"] = timezone.now()
    if new and photo.taken_source in _NOT_BY_CAMERA and (taken := _taken(owner, photo.filename, told.taken)):
        source = Photo.TakenSource.FILE
        changes |= {"taken_local": taken.local, "taken_offset": taken.offset, "taken_source": source}
    return changes


def into_album(owner: User, title: str, photo: Photo) -> None:
    """One of this title, if need be a new one. Somebody may delete it or the photo at this moment: then it is not."""
    with contextlib.suppress(Refusal):
        albums.add(owner.pk, albums.ensure(owner, title[:LONGEST_NAME]).pk, [photo.pk])
