"""The map: where photos were taken, as dots that lead closer, and the photos themselves. No tile server is asked."""

import dataclasses
import math
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import conditional_page, require_safe

from accounts.models import User
from gallery.search import places
from gallery.search.places import EARTH, FINEST, Box, Cell
from gallery.views.access import MemberRequest, members_only
from gallery.views.tiles import PAGE_SIZE, ROWS, tiles

MOST_POINTS: Final = 20_000
_ACROSS: Final = 16  # cells side by side on the drawn map
_AROUND_WIDTH: Final = 30  # degrees at the equator
_NEAR: Final = 0.5
_LEAST_WIDTH: Final = 0.02  # degrees: the drawn coast says nothing of what is nearer


@dataclasses.dataclass(frozen=True)
class Dot:
    """A cell on the drawn map. `x` and `y` in its units; `radius` by how many photos there are."""

    count: int
    x: float
    y: float
    radius: float
    address: str
    latitude: float
    longitude: float


@dataclasses.dataclass(frozen=True)
class Drawing:
    """A part of the Earth: its view box, where the world's copies begin, and its dots."""

    view: str
    worlds: list[int]
    dots: list[Dot]


@dataclasses.dataclass(frozen=True)
class Around:
    """What lies around a position: a view box in the middle of which it is, and the box that the map opens at."""

    view: str
    worlds: list[int]
    box: Box


def around(latitude: float, longitude: float) -> Around:
    """As wide as a large country; stretched so that distances are as long to the east as to the north."""
    stretch = max(math.cos(math.radians(latitude)), 0.1)
    width = min(_AROUND_WIDTH / stretch, 360)
    west = longitude - width / 2
    near = places.wrapped(longitude, latitude, _NEAR)
    return Around(
        view=_numbers(west, -latitude - _AROUND_WIDTH / 4, width, _AROUND_WIDTH / 2),
        worlds=_worlds(west, width),
        box=near,
    )


@require_safe
@members_only
def map_page(request: MemberRequest) -> HttpResponse:
    """`box` as "west,south,east,north"; without one, or with one that can't be read, the whole Earth."""
    box = Box.read(request.GET.get("box", "")) or EARTH
    halvings = places.halvings_for(box, _ACROSS)
    found = places.cells(request.user, box, halvings)
    shown = places.within(request.user, box, request.GET.get("cursor", ""), PAGE_SIZE, ROWS)
    context = {
        "tiles": tiles(shown.photos),
        "page": shown,
        "address": urlencode({"box": str(box)}) if box != EARTH else "",
        "count": sum(cell.count for cell in found),
        "box": "" if box == EARTH else str(box),
        "drawing": _drawing(box, found, halvings),
        "wider": "" if box == EARTH else _address(_wider(box)),
    }
    return render(request, "gallery/map.html", context)


@require_safe
@conditional_page
@members_only
def points(request: MemberRequest) -> HttpResponse:
    """Where photos are, in few bytes: how often 360 degrees were halved, then cells with their counts.

    A cell is its row * 2^17 + column, told as the difference to the one before; differences and counts are numbers
    of seven bits a byte, the lowest first, the eighth bit set where more follow.
    """
    halvings, found = FINEST, places.cells(request.user, EARTH, FINEST)
    while len(found) > MOST_POINTS:
        halvings, found = halvings - 1, places.coarser(found)
    answer = HttpResponse(packed(halvings, found), content_type="application/octet-stream")
    answer["Content-Length"] = str(len(answer.content))
    return answer


@require_safe
@members_only
def only(request: MemberRequest) -> HttpResponse:
    """The one photo in a box; the map of the box where there are more, or none."""
    box = Box.read(request.GET.get("box", "")) or EARTH
    found = list(_keys(request.user, box))
    return redirect("photo", found[0]) if len(found) == 1 else redirect(_address(box))


def packed(halvings: int, found: list[Cell]) -> bytes:
    out, before = bytearray([halvings]), 0
    for cell in found:
        place = (cell.y << 17) + cell.x
        out += _number(place - before) + _number(cell.count)
        before = place
    return bytes(out)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _keys(user: User, box: Box) -> Any:
    return places.located(user).filter(box.where()).values_list("pk", flat=True)[:2]


def _address(box: Box) -> str:
    return reverse("map") + ("" if box == EARTH else f"?{urlencode({'box': str(box)})}")


def _wider(box: Box) -> Box:
    """Four times the width around the same middle, or the Earth."""
    width, height = 4 * box.width, 4 * max(box.height, box.width / 4)
    if width >= 360:
        return EARTH
    return places.wrapped(box.west + box.width / 2, (box.south + box.north) / 2, width, height)


def _drawing(box: Box, found: list[Cell], halvings: int) -> Drawing:
    """At least twice as wide as high, and never so small that nothing is seen around."""
    width = max(box.width, 2 * box.height, _LEAST_WIDTH)
    west, north = box.west - (width - box.width) / 2, (box.north + box.south) / 2 + width / 4
    most = max((cell.count for cell in found), default=1)
    dots = [_dot(cell, box, halvings, width, most) for cell in sorted(found, key=lambda cell: -cell.count)]
    return Drawing(_numbers(west, -north, width, width / 2), _worlds(west, width), dots)


def _worlds(west: float, width: float) -> list[int]:
    """Where the copies of the world begin that lie in view."""
    return [start for start in (-540, -180, 180) if start < west + width and start + 360 > west]


def _dot(cell: Cell, box: Box, halvings: int, width: float, most: int) -> Dot:
    """`most`: what the fullest cell holds. A single photo is opened, the others are looked at more closely."""
    share = math.log1p(cell.count) / math.log1p(most)
    turned = 360 if cell.longitude < box.west else 0
    nearer = cell.box(halvings)
    one = f"{reverse('map_photo')}?{urlencode({'box': str(nearer)})}"
    return Dot(
        count=cell.count,
        x=round(cell.longitude + turned, 6),
        y=round(-cell.latitude, 6),
        radius=round(width / 120 * (1 + 1.4 * share), 6),
        address=one if cell.count == 1 else _address(nearer),
        latitude=cell.latitude,
        longitude=cell.longitude,
    )


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in values)
