"""An export in several zip files that come one by one: Google parts photos from what was said of them.

What one part lacks or has too much is written down; whenever a part is through, what belongs together meets. Parts of
one export are known by their names: `takeout-20240615T120000Z-001.zip`.
"""

import dataclasses
import itertools
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from accounts.models import User
from gallery.imports import takeout
from gallery.imports.importing import Outcome, add_what_is_missing, into_album
from gallery.imports.plan import Item, Plan, text_of
from gallery.imports.takeout import Sidecar, Sidecars
from gallery.models import Import, LooseEnd

_EXPORT: Final = re.compile(r"takeout-\d{8}T\d{6}Z", re.IGNORECASE)
_BATCH: Final = 500
_LONGEST: Final = 500
_MOST: Final = 20_000  # that one part tells of others
Kind = LooseEnd.Kind


def export_of(filename: str) -> str:
    """What the parts of an export have in common; "" where the name is not Google's."""
    match = _EXPORT.search(filename)
    return match[0].lower() if match else ""


def note_told(source: Import, plan: Plan) -> None:
    """What this part tells of others."""
    if not export_of(source.filename):
        return
    albums = (_end(source, Kind.ALBUM, folder, "", told=title) for folder, title in plan.albums.items())
    sidecars = (
        _end(
            source, Kind.SIDECAR, str(entry.path.parent), entry.name, told=_row(takeout.read(text_of(entry)))
        )
        for entry in plan.loose
    )
    ends = itertools.islice(itertools.chain(albums, sidecars), _MOST)
    while some := list(itertools.islice(ends, _BATCH)):
        LooseEnd.objects.bulk_create(some)


def note_photo(source: Import, item: Item, outcome: Outcome) -> None:
    """What this photo lacks."""
    if not export_of(source.filename) or outcome.photo is None:
        return
    parent, new = item.entry.path.parent, outcome.state == "stored"
    lacks = [] if item.sidecar else [Kind.UNTOLD]
    lacks += [] if item.album or takeout.is_googles_own(parent.name) else [Kind.LOOSE]
    LooseEnd.objects.bulk_create(
        _end(source, kind, str(parent), item.entry.name, photo_id=outcome.photo, is_new=new) for kind in lacks
    )


def join(source: Import) -> None:
    """Brings together what belongs together in this part's export, a folder after the other."""
    ends = LooseEnd.objects.visible_to(source.owner).filter(export=export_of(source.filename))
    for folder in list(ends.order_by("folder").values_list("folder", flat=True).distinct()):
        found = list(ends.filter(folder=folder).select_related("photo").order_by("pk"))
        joined = [*_tell(source.owner, found), *_fill_album(source.owner, found)]
        for start in range(0, len(joined), _BATCH):
            LooseEnd.objects.filter(pk__in=joined[start : start + _BATCH]).delete()


def _tell(owner: User, ends: Sequence[LooseEnd]) -> Iterable[int]:
    told = {end.name: _sidecar(end.told or {}) for end in ends if end.kind == Kind.SIDECAR}
    sidecars = Sidecars(told)
    for end in ends:
        if end.kind == Kind.UNTOLD and end.photo and (name := sidecars.of(end.name)):
            add_what_is_missing(owner, end.photo, told[name], new=end.is_new)
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
