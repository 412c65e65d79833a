"""Pages of a list: some photos, and the ways on from them."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from gallery.models import Photo
from gallery.search.cursors import Cursor
from gallery.search.statement import Found


@dataclasses.dataclass(frozen=True)
class Page:
    """Some photos, and cursors to those after and before them ("" where there are none).

    A search that finds little looks only so far in one go: then there are fewer photos than asked for, perhaps
    none, `looked_to` says how far it came, and the cursor goes on from there. Everywhere else it is None.
    """

    photos: list[Photo]
    next: str
    previous: str
    looked_to: datetime | None = None


def as_page(found: Found, photos: Mapping[UUID, Photo], start: Cursor | None, limit: int) -> Page:
    """Nearest first becomes newest first; a photo that went meanwhile is left out."""
    newer = start is not None and start.newer
    places, more = found.places[:limit], len(found.places) > limit
    edge = None if more else found.edge
    onwards: Cursor | None = None
    if more:
        onwards = Cursor(*places[-1], newer=newer)
    elif edge is not None:
        onwards = Cursor.after(edge) if newer else Cursor.before(edge)
    back: Cursor | None = None
    if start is not None:
        back = Cursor(*places[0], newer=not newer) if places else start.turned()
    shown = [photos[key] for _, key in (reversed(places) if newer else places) if key in photos]
    following, preceding = (back, onwards) if newer else (onwards, back)
    return Page(shown, str(following or ""), str(preceding or ""), edge)
