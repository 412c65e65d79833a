"""A photo as it lies in a grid, and a run of them by month. Nothing here asks the database."""

import dataclasses
import itertools
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gallery.models import Photo, Rendition
from gallery.pipeline.state import processing
from gallery.signing import rendition_url

PAGE_SIZE: Final = 80
EAGER: Final = 8  # pictures above the fold, loaded at once; the others when they come near
_STEPS_AN_OCTAVE: Final = 24
_WIDEST: Final = 2 * _STEPS_AN_OCTAVE


def shape(width: int, height: int) -> str:
    """The class whose CSS carries this ratio of width to height, from a0 (1:4) to a96 (4:1), 1.5 % exact.

    A ratio cannot be written into a style attribute under our Content-Security-Policy.
    """
    octaves = round(_STEPS_AN_OCTAVE * math.log2(width / height))
    return f"a{min(max(octaves, -_WIDEST), _WIDEST) + _WIDEST}"


@dataclasses.dataclass(frozen=True)
class Tile:
    """`url`: of its thumbnail, "" while there is none; then `state` says whether there will be."""

    photo: Photo
    shape: str
    url: str
    width: int
    height: int
    alt: str
    state: str
    eager: bool


@dataclasses.dataclass(frozen=True)
class Section:
    """The photos of one month on this page, and how many the month has altogether."""

    month: datetime
    count: int
    tiles: list[Tile]


def rendition(photo: Photo, spec: str) -> Rendition | None:
    """From what was prefetched."""
    return next((made for made in photo.renditions.all() if made.spec == spec), None)


def alternative_text(photo: Photo) -> str:
    return photo.caption or _("Photo of %(day)s") % {"day": date_format(photo.wall_clock, "DATETIME_FORMAT")}


def tiles(photos: Iterable[Photo]) -> list[Tile]:
    """Tiles of photos whose renditions and jobs were prefetched (`for_tiles`)."""
    return [_tile(photo, eager=place < EAGER) for place, photo in enumerate(photos)]


def _tile(photo: Photo, *, eager: bool) -> Tile:
    thumb = rendition(photo, "thumb")
    return Tile(
        photo=photo,
        shape=shape(photo.width, photo.height),
        url=rendition_url(thumb) if thumb else "",
        width=thumb.width if thumb else photo.width,
        height=thumb.height if thumb else photo.height,
        alt=alternative_text(photo),
        state=processing(photo.jobs.all()),
        eager=eager,
    )


def by_month(row: Iterable[Tile], counts: Mapping[str, int]) -> list[Section]:
    """`counts`: photos by "2024-06"."""
    months = itertools.groupby(row, key=lambda tile: f"{tile.photo.taken_local:%Y-%m}")
    return [
        Section(month=found[0].photo.wall_clock, count=counts.get(month, len(found)), tiles=found)
        for month, found in ((month, list(group)) for month, group in months)
    ]
