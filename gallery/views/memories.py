"""On this day: what somebody photographed on this day of earlier years, or around it."""

import itertools
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gallery.models import Photo
from gallery.search.memories import on_this_day
from gallery.templatetags.tiles import Tile
from gallery.views.access import MemberRequest, members_only
from gallery.views.tiles import ROWS, tiles

_MOST: Final = 200
_AROUND_DAYS: Final = 3


@require_safe
@members_only
def memories(request: MemberRequest) -> HttpResponse:
    """Where this very day has none, the days around it."""
    today = timezone.localdate()
    for around in (0, _AROUND_DAYS):
        found = list((ROWS & on_this_day(request.user, today, around=around))[:_MOST])
        if found:
            break
    context = {"today": today, "around": around, "years": _by_year(found, today.year)}
    return render(request, "gallery/memories.html", context)


def _by_year(photos: list[Photo], this_year: int) -> list[tuple[int, int, list[Tile]]]:
    """(year, how many years ago, its photos)."""
    placed = zip(photos, tiles(photos), strict=True)
    years = itertools.groupby(placed, key=lambda pair: pair[0].taken_local.year)
    return [(year, this_year - year, [tile for _, tile in found]) for year, found in years]
