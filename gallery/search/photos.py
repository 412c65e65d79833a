"""Finds photos: a search to keyset pages. No offsets into results, no counting without end."""

import dataclasses
import functools
import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, Sum

from accounts.models import User
from gallery.folding import fold
from gallery.models import Label, OwnerLabel, OwnerMonth, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.search.cursors import Cursor, jump_cursor, read
from gallery.search.plan import Walk, walks
from gallery.search.statement import Found, find, is_bounded
from gallery.search.wanted import MOST_LABELS, Wanted, look_up

__all__ = [
    "MOST_COUNTED", "MOST_LABELS", "Page", "Wanted", "count", "every", "jump_cursor", "kept", "labels", "months",
    "neighbours", "newest", "page", "shown_confidence",
]  # fmt: skip
MOST_COUNTED: Final = 1000


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


def page(user: User, wanted: Wanted, cursor: str, limit: int, rows: PhotoQuerySet | None = None) -> Page:
    """One page from a cursor on, of `rows`: photos with what is to be fetched beside them.

    Costs the same at any depth, and as many statements whatever is wanted. Raises Refusal for a cursor that is
    not ours.
    """
    start = read(cursor)
    photos = Photo.objects.all() if rows is None else rows
    found = walks(user, wanted, look_up(user, wanted))
    if len(found) == 1 and found[0].of_photos and not is_bounded(found):
        shown = _timeline(found[0], photos, start)[: limit + 1]
        by_key = {photo.pk: photo for photo in shown}
        return as_page(Found([(photo.taken_local, photo.pk) for photo in shown], None), by_key, start, limit)
    places = find(found, start, limit + 1)
    return as_page(places, photos.in_bulk([key for _, key in places.places[:limit]]), start, limit)


def _timeline(walk: Walk, photos: PhotoQuerySet, start: Cursor | None) -> PhotoQuerySet:
    """Photos straight from the one index they are walked by."""
    found: PhotoQuerySet = photos & walk.kept(walk.driven())
    if start is None:
        return found.newest_first()
    found = found.filter(start.where("id"))
    return found.order_by("taken_local", "id") if start.newer else found.newest_first()


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


def newest(user: User, wanted: Wanted, most: int) -> Found:
    """The newest places that match, at most `most`."""
    return find(walks(user, wanted, look_up(user, wanted)), None, most)


def count(user: User, wanted: Wanted, most: int = MOST_COUNTED) -> tuple[int, bool]:
    """How many match, and whether these are all: counting ends at `most`, and where a search stops looking."""
    found = newest(user, wanted, most + 1)
    return min(len(found.places), most), len(found.places) <= most and found.edge is None


def every(user: User, wanted: Wanted) -> PhotoQuerySet:
    """All that match, in no order, without end: for bulk work."""
    photos: PhotoQuerySet = Photo.objects.visible_to(user)
    parts = [
        Q(pk__in=walk.kept(walk.driven()).order_by().values(walk.key))
        for walk in walks(user, wanted, look_up(user, wanted))
    ]
    return photos.filter(functools.reduce(operator.or_, parts)) if parts else photos.none()


def neighbours(user: User, photo: Photo, wanted: Wanted) -> tuple[Photo | None, Photo | None]:
    """The photos before and after this one (older and newer) among those that are wanted."""
    older, newer = (
        page(user, wanted, str(Cursor(photo.taken_local, photo.pk, newer=newer)), 1).photos
        for newer in (False, True)
    )
    return next(iter(older), None), next(iter(newer), None)


def months(user: User) -> list[tuple[str, int]]:
    """("2024-06", how many) for each month that has photos in the timeline, newest first. From the counters."""
    rows = OwnerMonth.objects.visible_to(user).filter(photos__gt=0).order_by("-month")
    return list(rows.values_list("month", "photos"))


def kept(user: User) -> int:
    """How many photos outside the trash: of the timeline from the counters, of the archive from its index."""
    shown = OwnerMonth.objects.visible_to(user).aggregate(total=Sum("photos", default=0))["total"]
    return int(shown) + Photo.objects.visible_to(user).archived().count()


def labels(user: User, prefix: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """This user's labels by count: name, count, parents, categories. From the counters."""
    counts = OwnerLabel.objects.visible_to(user).filter(kind=Label.Kind.LABEL, photos__gt=0)
    if prefix:
        counts = counts.filter(folded__startswith=fold(prefix))
    return [
        {
            "name": row.label.name,
            "count": row.photos,
            "parents": row.label.parents,
            "categories": row.label.categories,
        }
        for row in counts.select_related("label").order_by("-photos", "folded")[:limit]
    ]


def shown_confidence() -> float:
    """What pages show and search when nobody says otherwise, 0 to 100."""
    return float(settings.SHOWN_CONFIDENCE)
