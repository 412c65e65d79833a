"""An album in the order that somebody gave it by hand. Pages by keyset, as everywhere."""

import base64
import binascii
import dataclasses
from typing import Final, Self
from uuid import UUID

from django.db.models import F, Q

from accounts.models import User
from gallery.models import AlbumEntry, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.search.cursors import damaged
from gallery.search.pages import Page
from gallery.search.wanted import Wanted

_LONGEST: Final = 120


@dataclasses.dataclass(frozen=True)
class Place:
    """Goes on from here, which is not part of the page: to what follows, or back."""

    position: int
    key: UUID
    back: bool = False

    def where(self) -> Q:
        way = "lt" if self.back else "gt"
        return Q((f"position__{way}", self.position)) | Q(
            ("position", self.position), (f"pk__{way}", self.key)
        )

    def __str__(self) -> str:
        words = f"{'b' if self.back else 'o'}{self.position}|{self.key.hex}"
        return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Raises Refusal for what is no cursor of such a list."""
        try:
            text = base64.urlsafe_b64decode(cursor[:_LONGEST] + "=" * (-len(cursor[:_LONGEST]) % 4)).decode()
            position, _, key = text[1:].partition("|")
            if text[0] not in "ob" or not -(2**63) <= int(position) < 2**63:
                raise ValueError(cursor)
            return cls(int(position), UUID(key), back=text[0] == "b")
        except (ValueError, IndexError, binascii.Error) as error:
            raise damaged() from error


def page(user: User, wanted: Wanted, cursor: str, limit: int, rows: PhotoQuerySet | None) -> Page:
    """One page from a cursor on; every photo knows its `position`. Raises Refusal for a cursor that is not ours."""
    start = Place.read(cursor) if cursor else None
    entries = Photo.objects.visible_to(user).filter(entries__album=wanted.album, trashed_at=None)
    found: PhotoQuerySet = (Photo.objects.all() if rows is None else rows) & entries
    found = found.annotate(position=F("entries__position"))
    back = start is not None and start.back
    found = found.filter(start.where()) if start else found
    shown = list(found.order_by(*(("-position", "-pk") if back else ("position", "pk")))[: limit + 1])
    more, shown = len(shown) > limit, shown[:limit]
    onwards = _from(shown[-1], back=back) if more else ""
    returning = _from(shown[0], back=not back) if start and shown else ""
    if back:
        return Page(shown[::-1], returning, onwards)
    return Page(shown, onwards, returning)


def place(photo: Photo, wanted: Wanted, *, back: bool) -> Place:
    """Where a photo stands; one that is not in the album stands before all."""
    position = getattr(photo, "position", None)
    if position is None:
        entry = AlbumEntry.objects.filter(album=wanted.album, photo=photo.pk).values_list(
            "position", flat=True
        )
        position = entry.first()
    return Place(-(2**63) if position is None else position, photo.pk, back)


def _from(photo: Photo, *, back: bool) -> str:
    return str(Place(photo.position, photo.pk, back))  # type: ignore[attr-defined]  # annotated by page
