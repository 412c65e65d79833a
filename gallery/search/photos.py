"""Finds photos: filters to a QuerySet, a QuerySet to keyset pages. No offsets, no counting."""

import base64
import binascii
import dataclasses
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.folding import fold
from gallery.models import Detection, Label, LabelName, OwnerLabel, OwnerMonth, Photo
from gallery.models.photo import PhotoQuerySet

MOST_LABELS: Final = 20


@dataclasses.dataclass(frozen=True)
class Filters:
    """What is looked for. Times are wall clocks where the photo was taken; after is included, before is not."""

    label: tuple[str, ...] = ()
    min_confidence: float = 0
    taken_after: datetime | None = None
    taken_before: datetime | None = None
    favourite: bool | None = None
    trash: bool = False


@dataclasses.dataclass(frozen=True)
class Page:
    """Some photos, and cursors to those after and before them ("" where there are none)."""

    photos: list[Photo]
    next: str
    previous: str


def find(user: User, filters: Filters) -> PhotoQuerySet:
    """This user's photos that match all filters, newest first by the wall clock."""
    photos = Photo.objects.visible_to(user)
    photos = photos.trashed() if filters.trash else photos.live()
    for name in filters.label:
        photos = photos.filter(_carries(user, name, filters.min_confidence))
    if filters.favourite is not None:
        photos = photos.filter(favourite_at__isnull=not filters.favourite)
    if filters.taken_after:
        photos = photos.filter(taken_local__gte=filters.taken_after)
    if filters.taken_before:
        photos = photos.filter(taken_local__lt=filters.taken_before)
    return photos.newest_first()


def _carries(user: User, name: str, min_confidence: float) -> Exists:
    """Has this label, or one whose alias it is. Parents are detections of their own."""
    return Exists(
        Detection.objects.filter(
            owner=user,
            label_id__in=_label_ids(name),
            photo_id=OuterRef("pk"),
            taken_local=OuterRef("taken_local"),
            certainty__gte=min_confidence,
        )
    )


def _label_ids(name: str) -> list[int]:
    found = LabelName.objects.filter(folded=fold(name)).exclude(label__kind=Label.Kind.CATEGORY)
    return list(found.values_list("label_id", flat=True))


def page(photos: PhotoQuerySet, cursor: str, limit: int) -> Page:
    """One page from a cursor on. Costs the same at any depth. Raises Refusal for a cursor that is not ours."""
    backwards, taken, pk = _read(cursor) if cursor else (False, None, None)
    if taken is None or pk is None:
        window = photos
    elif backwards:
        window = _newer(photos, taken, pk)
    else:
        window = _older(photos, taken, pk)
    rows = list(window[: limit + 1])
    more = len(rows) > limit
    found = rows[:limit][::-1] if backwards else rows[:limit]
    if not found:
        return Page([], "", "")
    older, newer = (True, more) if backwards else (more, bool(cursor))
    return Page(found, _cursor("n", found[-1]) if older else "", _cursor("p", found[0]) if newer else "")


def neighbours(user: User, photo: Photo) -> tuple[Photo | None, Photo | None]:
    """The next older and the next newer photo of this user's timeline."""
    timeline = find(user, Filters())
    place = (photo.taken_local, photo.pk)
    return _older(timeline, *place).first(), _newer(timeline, *place).first()


def _older(photos: PhotoQuerySet, taken: datetime, pk: UUID) -> PhotoQuerySet:
    """What comes after this place, newest first. The bound on one column is what the index is entered with."""
    return photos.filter(Q(taken_local__lt=taken) | Q(taken_local=taken, pk__lt=pk), taken_local__lte=taken)


def _newer(photos: PhotoQuerySet, taken: datetime, pk: UUID) -> PhotoQuerySet:
    """What comes before this place, nearest first."""
    later = photos.filter(Q(taken_local__gt=taken) | Q(taken_local=taken, pk__gt=pk), taken_local__gte=taken)
    return later.order_by("taken_local", "id")


def jump_cursor(month: datetime) -> str:
    """The cursor of a page that begins with the newest photo before the end of `month` (its first moment)."""
    if (month.year, month.month) == (MAXYEAR, 12):
        return ""
    following = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return _pack("n", following.replace(tzinfo=UTC), UUID(int=0))


def months(user: User) -> list[tuple[str, int]]:
    """("2024-06", how many) for each month that has photos outside the trash, newest first. From the counters."""
    rows = OwnerMonth.objects.visible_to(user).filter(photos__gt=0).order_by("-month")
    return list(rows.values_list("month", "photos"))


def labels(user: User, prefix: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """This user's labels by count: name, count, parents, categories. From the counters."""
    counts = OwnerLabel.objects.visible_to(user).filter(kind=Label.Kind.LABEL, photos__gt=0)
    if prefix:
        start = fold(prefix)
        counts = counts.filter(folded__gte=start, folded__lt=start + "\U0010ffff")
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


def _cursor(direction: str, photo: Photo) -> str:
    return _pack(direction, photo.taken_local, photo.pk)


def _pack(direction: str, taken: datetime, pk: UUID) -> str:
    return base64.urlsafe_b64encode(f"{direction}{taken.isoformat()}|{pk.hex}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[bool, datetime, UUID]:
    try:
        text = base64.urlsafe_b64decode(cursor[:200] + "=" * (-len(cursor[:200]) % 4)).decode()
        moment, _, pk = text[1:].partition("|")
        taken = datetime.fromisoformat(moment)
        if text[0] not in "np" or taken.utcoffset() != timedelta(0):
            raise ValueError(cursor)
        return text[0] == "p", taken, UUID(pk)
    except (ValueError, IndexError, binascii.Error) as error:
        raise Refusal(
            "bad_cursor", "This page's address is damaged. Start again from the first page.", 422
        ) from error
