"""Finds photos: a search to keyset pages. No offsets into results, no counting without end."""

import dataclasses
import functools
import operator
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Q, Sum

from accounts.models import User
from gallery.folding import fold
from gallery.models import Album, Label, OwnerLabel, OwnerMonth, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.search import arranged
from gallery.search.cursors import Cursor, jump_cursor, read
from gallery.search.pages import Page, as_page
from gallery.search.plan import Walk, walks
from gallery.search.statement import Found, find, is_bounded
from gallery.search.wanted import MOST_LABELS, Wanted, look_up

__all__ = [
    "MOST_COUNTED", "MOST_LABELS", "Page", "Wanted", "count", "every", "jump_cursor", "kept", "labels", "months",
    "neighbours", "newest", "page", "place", "shown_confidence",
]  # fmt: skip
MOST_COUNTED: Final = 1000
_BEGINNING: Final = Cursor.after(datetime.min.replace(tzinfo=UTC))


def page(user: User, wanted: Wanted, cursor: str, limit: int, rows: PhotoQuerySet | None = None) -> Page:
    """One page from a cursor on, of `rows`: photos with what is to be fetched beside them.

    Costs the same at any depth, and as many statements whatever is wanted. Raises Refusal for a cursor that is
    not ours.
    """
    if wanted.order == Album.Order.OLDEST:
        return _oldest_first(user, wanted, cursor, limit, rows)
    if wanted.order == Album.Order.BY_HAND:
        return arranged.page(user, wanted, cursor, limit, rows)
    start = read(cursor)
    photos = Photo.objects.all() if rows is None else rows
    found = walks(user, wanted, look_up(user, wanted))
    if len(found) == 1 and found[0].of_photos and not is_bounded(found):
        shown = _timeline(found[0], photos, start)[: limit + 1]
        by_key = {photo.pk: photo for photo in shown}
        return as_page(Found([(photo.taken_local, photo.pk) for photo in shown], None), by_key, start, limit)
    places = find(found, start, limit + 1)
    return as_page(places, photos.in_bulk([key for _, key in places.places[:limit]]), start, limit)


def place(photo: Photo, wanted: Wanted, *, back: bool = False) -> str:
    """The cursor that goes on, or back, from a photo of this list, which is not part of the page."""
    if wanted.order == Album.Order.BY_HAND:
        return str(arranged.place(photo, wanted, back=back))
    return str(Cursor(photo.taken_local, photo.pk, newer=back != (wanted.order == Album.Order.OLDEST)))


def _oldest_first(user: User, wanted: Wanted, cursor: str, limit: int, rows: PhotoQuerySet | None) -> Page:
    """The same list from its other end."""
    turned = dataclasses.replace(wanted, order=Album.Order.NEWEST)
    found = page(user, turned, cursor or str(_BEGINNING), limit, rows)
    return Page(found.photos[::-1], found.previous, found.next if cursor else "", found.looked_to)


def _timeline(walk: Walk, photos: PhotoQuerySet, start: Cursor | None) -> PhotoQuerySet:
    """Photos straight from the one index they are walked by."""
    found: PhotoQuerySet = photos & walk.kept(walk.driven())
    if start is None:
        return found.newest_first()
    found = found.filter(start.where("id"))
    return found.order_by("taken_local", "id") if start.newer else found.newest_first()


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
    """The photos after and before this one in a list; in most that is the older and the newer one."""
    after, before = (page(user, wanted, place(photo, wanted, back=back), 1).photos for back in (False, True))
    return next(iter(after), None), next(iter(before), None)


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
