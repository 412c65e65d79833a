"""Where photos were taken: how many in each cell of a grid over the Earth, and those within a box.

Both read one index alone. Degrees, north and east positive.
"""

import dataclasses
import math
from collections.abc import Iterable
from typing import Any, Final, Self

from django.db.models import Avg, Count, F, IntegerField, Q
from django.db.models.functions import Cast, Floor

from accounts.models import User
from gallery.models import Photo
from gallery.models.photo import PhotoQuerySet
from gallery.search.cursors import read
from gallery.search.pages import Page, as_page
from gallery.search.statement import Found

FINEST: Final = 16  # halvings of 360 degrees: a cell is 610 m at the equator
_DECIMALS: Final = 6  # of a degree: 11 cm


@dataclasses.dataclass(frozen=True)
class Box:
    """Its edges. Where `west` is greater than `east` it lies across the date line."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Self | None:
        """From "west,south,east,north"; None for what is no box on Earth."""
        try:
            west, south, east, north = (float(part) for part in text[:100].split(","))
        except ValueError:
            return None
        on_earth = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
        return cls(west, south, east, north) if on_earth else None

    @property
    def width(self) -> float:
        return self.east - self.west if self.west <= self.east else self.east - self.west + 360

    @property
    def height(self) -> float:
        return self.north - self.south

    def where(self) -> Q:
        east_of, west_of = Q(longitude__gte=self.west), Q(longitude__lte=self.east)
        along = east_of & west_of if self.west <= self.east else east_of | west_of
        return Q(latitude__gte=self.south, latitude__lte=self.north) & along

    def __str__(self) -> str:
        edges = (self.west, self.south, self.east, self.north)
        return ",".join(f"{edge:.{_DECIMALS}f}".rstrip("0").rstrip(".") for edge in edges)


def wrapped(longitude: float, latitude: float, width: float, height: float | None = None) -> Box:
    """The box around a middle, across the date line where it has to be; as high as it is wide if nobody says."""
    up = width if height is None else height
    west, east = ((longitude + side * width / 2 + 180) % 360 - 180 for side in (-1, 1))
    return Box(west, max(latitude - up / 2, -90), east, min(latitude + up / 2, 90))


EARTH: Final = Box(-180, -90, 180, 90)


@dataclasses.dataclass(frozen=True)
class Cell:
    """Column from the date line and row from the South Pole, how many photos, and where they are on average."""

    x: int
    y: int
    count: int
    longitude: float
    latitude: float

    def box(self, halvings: int) -> Box:
        side = 360 / 2**halvings
        west, south = self.x * side - 180, self.y * side - 90
        return Box(west, south, min(west + side, 180), min(south + side, 90))


def located(user: User) -> PhotoQuerySet:
    found: PhotoQuerySet = Photo.objects.visible_to(user).live().filter(latitude__isnull=False)
    return found


def cells(user: User, box: Box, halvings: int) -> list[Cell]:
    """Those that hold photos, from south to north and west to east; `halvings` of 360 degrees make their side."""
    side = 360 / 2**halvings
    x = Cast(Floor((F("longitude") + 180) / side), IntegerField())
    y = Cast(Floor((F("latitude") + 90) / side), IntegerField())
    rows: Any = located(user).filter(box.where()).order_by().annotate(x=x, y=y).values("x", "y")
    counted = rows.annotate(n=Count("pk"), east=Avg("longitude"), north=Avg("latitude")).order_by("y", "x")
    return [Cell(*row) for row in counted.values_list("x", "y", "n", "east", "north")]


def coarser(found: Iterable[Cell]) -> list[Cell]:
    """Cells of twice the side."""
    merged: dict[tuple[int, int], list[Cell]] = {}
    for cell in found:
        merged.setdefault((cell.y // 2, cell.x // 2), []).append(cell)
    return [_together(x, y, some) for (y, x), some in sorted(merged.items())]


def _together(x: int, y: int, some: list[Cell]) -> Cell:
    count = sum(cell.count for cell in some)
    east = sum(cell.longitude * cell.count for cell in some) / count
    north = sum(cell.latitude * cell.count for cell in some) / count
    return Cell(x, y, count, east, north)


def halvings_for(box: Box, across: int) -> int:
    """So that about so many cells lie side by side in a box."""
    return min(max(round(math.log2(360 * across / max(box.width, 1e-6))), 1), FINEST)


def within(user: User, box: Box, cursor: str, limit: int, rows: PhotoQuerySet) -> Page:
    """One page of those in a box, newest first: keys from the index, then only the rows that are shown."""
    start = read(cursor)
    keys = located(user).filter(box.where())
    if start is not None:
        keys = keys.filter(start.where("id"))
    newer = start is not None and start.newer
    keys = keys.order_by("taken_local", "id") if newer else keys.newest_first()
    places = list(keys.values_list("taken_local", "id")[: limit + 1])
    return as_page(Found(places, None), rows.in_bulk([key for _, key in places[:limit]]), start, limit)
