"""A photo as it lies in a grid, and a run of them by month. Nothing here asks the database."""

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from gallery import geometry
from gallery.models import Photo, Rendition
from gallery.models.photo import wall_clock
from gallery.signing import rendition_key_url
from gallery.templatetags.tiles import Tile

PAGE_SIZE: Final = 48
# What tiles are made of. Put together once: Django takes as long for it as for eighty tiles.
ROWS: Final = Photo.objects.for_owners_tiles()
EAGER: Final = 8  # pictures above the fold, loaded at once; the others when they come near


def shape(width: int, height: int) -> str:
    """The class whose CSS carries this ratio of width to height, from a0 (1:4) to a96 (4:1), 1.5 % exact.

    A ratio cannot be written into a style attribute under our Content-Security-Policy.
    """
    return f"a{geometry.shape(width, height)}"


@dataclasses.dataclass(frozen=True)
class Section:
    """The photos of one month on this page, and how many the month has altogether."""

    month: datetime
    count: int
    tiles: list[Tile]


def rendition(photo: Photo, spec: str) -> Rendition | None:
    """From what was prefetched."""
    return next((made for made in photo.renditions.all() if made.spec == spec), None)


def alternative_text(photo: Photo, confirmed: str = "") -> str:
    """What it shows in the words of its owner, or when it was taken. `confirmed`: names of labels."""
    return _alternative_text(photo.caption, photo, confirmed, get_language())


def visitors_text(photo: Photo) -> str:
    """The same for others: only what its owner says, and nothing that only the file does."""
    return _alternative_text(photo.own_caption, photo, "", get_language())


def _alternative_text(caption: str, photo: Photo, confirmed: str, language: str) -> str:
    if caption:
        return caption
    day, photo_of_day = _in_words(photo.taken_local, language)
    return f"{confirmed}, {day}" if confirmed else photo_of_day


@functools.lru_cache(maxsize=10_000)  # Django takes longer for it than for all else of a tile
def _in_words(taken: datetime, _language: str) -> tuple[str, str]:
    day = date_format(wall_clock(taken), "DATETIME_FORMAT")
    return day, _("Photo of %(day)s") % {"day": day}


def tiles(photos: Iterable[Photo], *, eager: int = EAGER) -> list[Tile]:
    """Tiles of photos that came with what a tile shows (`for_tiles`, `for_owners_tiles`)."""
    language = get_language()
    return [_tile(photo, place < eager, language) for place, photo in enumerate(photos)]


def _tile(photo: Any, eager: bool, language: str) -> Tile:
    key = photo.thumb_key
    for_owner = hasattr(photo, "confirmed")  # others are told nothing that only the file says
    caption, confirmed = (photo.caption, photo.confirmed) if for_owner else (photo.own_caption, "")
    return Tile(
        key=photo.pk,
        shape=shape(photo.width, photo.height),
        size=f"{photo.width}x{photo.height}",
        day=photo.taken_local.isoformat()[:10],
        url=rendition_key_url(key) if key else "",
        width=photo.thumb_width if key else photo.width,
        height=photo.thumb_height if key else photo.height,
        alt=_alternative_text(caption, photo, confirmed or "", language),
        filename=photo.filename,
        veiled=photo.veiled,
        favourite=photo.favourite_at is not None,
        stopped=photo.stopped_job is not None,
        eager=eager,
        note=_left(photo.leaves_trash_at) if photo.trashed_at else "",
    )


def _left(until: datetime) -> str:
    days = max((until - timezone.now()).days, 0)
    return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}


def by_month(photos: Sequence[Photo], counts: Mapping[str, int]) -> list[Section]:
    """`counts`: photos by "2024-06"."""
    placed = zip(photos, tiles(photos), strict=True)
    months = itertools.groupby(placed, key=lambda pair: pair[1].day[:7])
    return [
        Section(
            month=found[0][0].wall_clock,
            count=counts.get(month, len(found)),
            tiles=[tile for _, tile in found],
        )
        for month, found in ((month, list(group)) for month, group in months)
    ]
