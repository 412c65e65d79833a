"""Groups of photos that look alike, for their owner to choose from: a page of them in two statements."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from gallery.models import AlbumEntry, Photo, Share
from gallery.models.photo import PhotoQuerySet
from gallery.search.cursors import Cursor, read

PAGE_SIZE: Final = 8
MOST_SHOWN: Final = 12  # side by side
_SERIES: Final = timedelta(minutes=1)
_TOLD: Final = (Photo.TakenSource.EXIF, Photo.TakenSource.USER)


@dataclasses.dataclass(frozen=True)
class Group:
    """`photos`: the one that is best kept first, and no more than can be looked at; those that are left are shown when
    these are decided of. `albums`: names by photo, of those that are in any."""

    photos: list[Photo]
    albums: dict[Any, list[str]]

    @property
    def series(self) -> bool:
        """Whether they were shot one after the other, as far as cameras or their owner told when that was."""
        times = [photo.taken_local for photo in self.photos if photo.taken_source in _TOLD]
        all_told = len(times) == len(self.photos)
        return all_told and timedelta(0) < max(times) - min(times) <= _SERIES


@dataclasses.dataclass(frozen=True)
class Page:
    """`next`: the cursor of the page after it, "" on the last."""

    groups: list[Group]
    next: str = ""


def page(user: User, cursor: str, rows: PhotoQuerySet, of: UUID | None = None) -> Page:
    """The groups of this user that have two photos or more outside the trash, that with the newest one first. `rows`:
    with what photos are read; `of`: only the group of this photo. Raises Refusal for a cursor that is not ours."""
    found = _keys(user, read(cursor), of)
    shown = found[:PAGE_SIZE]
    shared = Share.objects.open(timezone.now()).filter(photo=OuterRef("pk"))
    alike = rows.annotate(shared=Exists(shared)).filter(owner=user, trashed_at=None)
    photos = alike.filter(alike__in=[key for key, _ in shown])
    by_group: dict[Any, list[Photo]] = {key: [] for key, _ in shown}
    for photo in photos:
        by_group[photo.alike].append(photo)
    albums = _albums(photos)
    groups = [_group(members, albums) for members in by_group.values() if len(members) > 1]
    return Page(groups, _place(*shown[-1]) if len(found) > PAGE_SIZE else "")


def _keys(user: User, after: Cursor | None, of: UUID | None) -> list[tuple[Any, datetime]]:
    """(group, its newest photo): one more than a page has. Read from one index, a group after the other."""
    alike = Photo.objects.visible_to(user).live().filter(alike__isnull=False).order_by().values_list("alike")
    groups = alike.annotate(newest=Max("taken_local"), count=Count("*")).filter(count__gte=2)
    if of:
        groups = groups.filter(alike__in=Photo.objects.visible_to(user).filter(pk=of).values("alike"))
    if after:
        groups = groups.filter(Q(newest__lt=after.taken) | Q(newest=after.taken, alike__lt=after.key))
    in_order = groups.order_by("-newest", "-alike").values_list("alike", "newest")
    return list(in_order[: PAGE_SIZE + 1])


def _place(key: Any, newest: datetime) -> str:
    return str(Cursor(newest, key))


def _albums(photos: PhotoQuerySet) -> dict[Any, list[str]]:
    named: dict[Any, list[str]] = {}
    entries = AlbumEntry.objects.filter(photo__in=[photo.pk for photo in photos]).order_by("album__folded")
    for photo, title in entries.values_list("photo", "album__title"):
        named.setdefault(photo, []).append(title)
    return named


def _group(photos: list[Photo], albums: dict[Any, list[str]]) -> Group:
    """Best is what its owner cares for, then what has the most pixels, then the most bytes, then what was first."""

    def worth(photo: Any) -> tuple[bool, int, int]:
        cared_for = photo.favourite_at is not None or photo.pk in albums or photo.shared
        return cared_for, photo.width * photo.height, photo.byte_size

    earliest_first = sorted(photos, key=lambda photo: (photo.taken_local, photo.uploaded_at, photo.pk))
    best_first = sorted(
        earliest_first, key=worth, reverse=True
    )  # where they are worth as much, the order stays
    shown = best_first[:MOST_SHOWN]
    return Group(shown, {photo.pk: albums[photo.pk] for photo in shown if photo.pk in albums})
