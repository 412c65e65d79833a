"""Somebody's whole timeline at a glance: how many photos each month has, and their shapes.

A month's shapes are written down beside its count when they are first looked at after a change, so that a library of
100,000 photos is told from some hundred rows.
"""

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from gallery import geometry
from gallery.models import OwnerMonth, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.search.cursors import Cursor, month_after

_FIRST = 40  # the character of the narrowest shape: most of those that photos have are in ASCII


@dataclasses.dataclass(frozen=True)
class Library:
    """`version` changes with everything that is told here; months newest first, without empty ones."""

    version: int
    months: list[OwnerMonth]


def look(user: User) -> Library:
    """Counts and the version, from the counters: one statement."""
    rows = list(OwnerMonth.objects.visible_to(user).order_by("-month"))
    return Library(sum(row.version for row in rows), [row for row in rows if row.photos > 0])


def with_shapes(user: User, library: Library) -> Library:
    """The same where every month knows its shapes. Months that changed since somebody looked are written down."""
    found = [row for row in library.months if row.shapes is None]
    for row in found:
        row.shapes = told(_of_month(user, row.month).values_list("width", "height"))
    _keep(found)
    return library


def told(sizes: Iterable[tuple[int, int]]) -> str:
    """Shapes in one piece of text, a character each."""
    return "".join([chr(_FIRST + geometry.shape(width, height)) for width, height in sizes])


def _keep(months: list[OwnerMonth]) -> None:
    """Unless they have changed meanwhile."""
    if not months:
        return
    with transaction.atomic():
        for row in sorted(months, key=lambda row: row.month):
            OwnerMonth.objects.filter(pk=row.pk, version=row.version).update(shapes=row.shapes)


def stretch(user: User, month: datetime, skip: int, most: int, rows: PhotoQuerySet) -> list[Photo]:
    """`most` photos of the timeline from the `skip`th of a month on, of `rows`: into older months if it ends there.

    Nobody skips more than a month has: that is as far as the database walks for nothing.
    """
    timeline = rows & Photo.objects.visible_to(user).in_timeline().filter(
        Cursor.before(month_after(month)).where("id")
    )
    return list(timeline.newest_first()[skip : skip + most])


def _of_month(user: User, month: str) -> QuerySet[Photo]:
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    shown: PhotoQuerySet = Photo.objects.visible_to(user).in_timeline()
    return shown.filter(taken_local__gte=first, taken_local__lt=month_after(first)).newest_first()
