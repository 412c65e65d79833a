"""An export in several zip files that come one by one: Google parts photos from what was said of them.

What one part lacks or has too much is written down; whenever a part is through, what belongs together meets. Parts of
one export are known by their names: `takeout-20240615T120000Z-001.zip`.
"""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from accounts.models import User
from gallery.imports import takeout
from gallery.imports.importing import add_what_is_missing, into_album
from gallery.imports.plan import Item, Plan, text_of
from gallery.imports.takeout import Sidecar, Sidecars
from gallery.models import Import, LooseEnd

_EXPORT: Final = re.compile(r"takeout-\d{8}T\d{6}Z", re.IGNORECASE)
_BATCH: Final = 500
_LONGEST: Final = 500
Kind = LooseEnd.Kind


def export_of(filename: str) -> str:
    """What the parts of an export have in common; "" where the name is not Google's."""
    match = _EXPORT.search(filename)
    return match[0].lower() if match else ""


def note_told(source: Import, plan: Plan) -> None:
    """What this part tells of others."""
    if not export_of(source.filename):
        return
    ends = [_end(source, Kind.ALBUM, folder, "", told=title) for folder, title in plan.albums.items()]
    for entry in plan.loose:
        told = _row(takeout.read(text_of(entry)))
        ends.append(_end(source, Kind.SIDECAR, str(entry.path.parent), entry.name, told=told))
    LooseEnd.objects.bulk_create(ends, batch_size=_BATCH)


def note_photo(source: Import, item: Item, photo_id: UUID | None) -> None:
    """What this photo lacks."""
    if not export_of(source.filename) or photo_id is None:
        return
    parent = item.entry.path.parent
    lacks = [] if item.sidecar else [Kind.UNTOLD]
    lacks += [] if item.album or takeout.is_googles_own(parent.name) else [Kind.LOOSE]
    LooseEnd.objects.bulk_create(
        _end(source, kind, str(parent), item.entry.name, photo_id=photo_id) for kind in lacks
    )


def join(source: Import) -> None:
    """Brings together what belongs together in this part's export."""
    folders: dict[str, list[LooseEnd]] = defaultdict(list)
    ends = LooseEnd.objects.visible_to(source.owner).filter(export=export_of(source.filename))
    for end in ends.select_related("photo").order_by("pk"):
        folders[end.folder].append(end)
    for found in folders.values():
        joined = [*_tell(source.owner, found), *_fill_album(source.owner, found)]
        LooseEnd.objects.filter(pk__in=joined).delete()


def _tell(owner: User, ends: Sequence[LooseEnd]) -> Iterable[int]:
    told = {end.name: _sidecar(end.told or {}) for end in ends if end.kind == Kind.SIDECAR}
    sidecars = Sidecars(told)
    for end in ends:
        if end.kind == Kind.UNTOLD and end.photo and (name := sidecars.of(end.name)):
            add_what_is_missing(owner, end.photo, told[name], new=True)
            yield end.pk


def _fill_album(owner: User, ends: Sequence[LooseEnd]) -> Iterable[int]:
    title = next((str(end.told) for end in ends if end.kind == Kind.ALBUM), "")
    for end in ends:
        if title and end.kind == Kind.LOOSE and end.photo:
            into_album(owner, title, end.photo)
            yield end.pk


def _end(source: Import, kind: Kind, folder: str, name: str, **more: Any) -> LooseEnd:
    """The ends of a path are what tells two apart; an index takes no more of it."""
    place = {"folder": folder.replace("\x00", "")[-_LONGEST:], "name": name.replace("\x00", "")[-_LONGEST:]}
    export = export_of(source.filename)
    return LooseEnd(source=source, owner_id=source.owner_id, export=export, kind=kind, **place, **more)


def _row(sidecar: Sidecar) -> dict[str, Any]:
    taken = sidecar.taken.isoformat() if sidecar.taken else None
    return {**dataclasses.asdict(sidecar), "taken": taken}


def _sidecar(row: dict[str, Any]) -> Sidecar:
    taken = datetime.fromisoformat(row["taken"]) if row["taken"] else None
    position = tuple(row["position"]) if row["position"] else None
    return Sidecar(**{**row, "taken": taken, "position": position})
