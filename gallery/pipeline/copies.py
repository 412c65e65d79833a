"""What other rows copy or count of a photo, kept in the transaction that changes it.

The photos are locked by whoever calls (`Photo.objects.locked`), so that two changes of one photo never count twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery

from gallery.folding import fold
from gallery.models import Detection, OwnerLabel, OwnerMonth, Photo, PhotoText, TextLine

_BATCH: Final = 200
_LONGEST_TEXT: Final = 40_000  # a caption of 2,000 characters, each of which may fold to eighteen


def month_of(taken: datetime) -> str:
    """ "2024-06", as the counters call it."""
    return f"{taken:%Y-%m}"


def added(*photos: Photo) -> None:
    """New photos of one owner, outside the trash and without labels; perhaps for the archive."""
    in_timeline(photos[0].owner_id, [photo for photo in photos if photo.archived_at is None], 1)
    retold(*photos)


def retold(*photos: Photo) -> None:
    """Their file names, captions or the words read on them are others: two statements, however many."""
    lines: dict[UUID, list[str]] = defaultdict(list)
    for photo_id, text in (
        TextLine.objects.filter(photo__in=photos).order_by("pk").values_list("photo", "text")
    ):
        lines[photo_id].append(text)
    PhotoText.objects.bulk_create(
        [
            PhotoText(
                photo=photo,
                owner_id=photo.owner_id,
                taken_local=photo.taken_local,
                folded="\n".join(
                    fold(part, _LONGEST_TEXT)
                    for part in (photo.filename, *photo.caption.splitlines(), *lines[photo.pk])
                ),
            )
            for photo in photos
        ],
        update_conflicts=True,
        unique_fields=["photo"],
        update_fields=["owner", "taken_local", "folded"],
        batch_size=_BATCH,
    )


def reshaped(photo: Photo) -> None:
    """Its sides are others, and nothing else is."""
    if photo.trashed_at is photo.archived_at is None:
        OwnerMonth.objects.add(photo.owner_id, {month_of(photo.taken_local): 0})


def retimed(photo_id: UUID, before: datetime, after: datetime) -> None:
    """It was taken at another time than was thought; its sides may be others, too."""
    row = Photo.objects.filter(pk=photo_id).values("owner_id", "trashed_at", "archived_at").get()
    Detection.objects.filter(photo_id=photo_id).update(taken_local=after)
    PhotoText.objects.filter(photo_id=photo_id).update(taken_local=after)
    if row["trashed_at"] is row["archived_at"] is None:
        OwnerMonth.objects.add(row["owner_id"], _moved([(before, after)]))


def redated(owner_id: UUID, photos: Sequence[Photo], before: Mapping[UUID, datetime]) -> None:
    """The same of many photos of one owner, which say the new time: one statement a table."""
    found = [photo.pk for photo in photos]
    taken = Subquery(Photo.objects.filter(pk=OuterRef("photo")).values("taken_local")[:1])
    Detection.objects.filter(photo__in=found).update(taken_local=taken)
    PhotoText.objects.filter(photo__in=found).update(taken_local=taken)
    shown = (photo for photo in photos if photo.trashed_at is photo.archived_at is None)
    OwnerMonth.objects.add(owner_id, _moved((before[photo.pk], photo.taken_local) for photo in shown))


def _moved(times: Iterable[tuple[datetime, datetime]]) -> Mapping[str, int]:
    """What photos that were taken then, and not before as was thought, change in every month they touch."""
    months: Counter[str] = Counter()
    for before, after in times:
        months[month_of(before)] -= 1
        months[month_of(after)] += 1
    return months


def counted(owner_id: Any, photos: Sequence[Photo], change: int) -> None:
    """These photos of one owner come to (+1) or go from (-1) what is counted: one statement a table."""
    labels = (
        Detection.objects.filter(photo__in=[photo.pk for photo in photos], certainty__gte=0)
        .values_list("label_id")
        .annotate(every=Count("pk"), shown=Count("pk", filter=Q(certainty__gte=settings.SHOWN_CONFIDENCE)))
        .order_by()
    )
    OwnerLabel.objects.add(
        owner_id, {label: (change * every, change * shown) for label, every, shown in labels}
    )
    in_timeline(owner_id, [photo for photo in photos if photo.archived_at is None], change)


def in_timeline(owner_id: Any, photos: Sequence[Photo], change: int) -> None:
    """These photos of one owner come to (+1) or go from (-1) the timeline."""
    months = Counter(month_of(photo.taken_local) for photo in photos)
    OwnerMonth.objects.add(owner_id, {month: change * count for month, count in months.items()})
