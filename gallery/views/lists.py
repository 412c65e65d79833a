"""A list of photos in parts, for a page that grows by script: shapes of what there is, and tiles to put in their place.

The timeline tells all its shapes at once and is entered anywhere. Any other list is told in runs, from its beginning or
from a cursor, each with the cursors of its tiles.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from accounts.models import User
from gallery.forms import StretchForm
from gallery.models import OwnerMonth, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.search.library import Library, look, stretch, told, with_shapes
from gallery.search.photos import page, place
from gallery.search.wanted import Wanted
from gallery.templatetags.months import month_name
from gallery.templatetags.tiles import Tile, grid
from gallery.views.access import MemberRequest
from gallery.views.inside import Inside
from gallery.views.tiles import PAGE_SIZE, ROWS, tiles

RUN: Final = 2000  # shapes in one go
CHUNK: Final = 200  # tiles in one go
_PLAIN: Final = ("taken_local", "width", "height")


def part(request: MemberRequest, inside: Inside) -> HttpResponse | None:
    """The part of this list that was asked for; None if a page was."""
    return part_of(
        request.user, inside.wanted, request.GET, ROWS, lambda row: grid(row, inside=inside.query, pick=True)
    )


def part_of(
    owner: User,
    wanted: Wanted,
    asked: Mapping[str, str],
    rows: PhotoQuerySet,
    written: Callable[[list[Tile]], SafeString],
) -> HttpResponse | None:
    """The same for whoever may see the owner's photos. `rows` and `written`: with what, and how, tiles are read."""
    cursor = asked.get("cursor", "")
    match asked.get("part"):
        case "shapes":
            return _run(owner, wanted, cursor)
        case "tiles":
            found = page(owner, wanted, cursor, CHUNK, rows)
            return HttpResponse(written(tiles(found.photos, eager=0)))
    return None


def shown(request: MemberRequest, inside: Inside) -> dict[str, Any]:
    """A page of this list, as templates call it."""
    found = page(request.user, inside.wanted, _cursor(request), PAGE_SIZE, ROWS)
    return {"page": found, "tiles": tiles(found.photos), "inside": inside}


def timeline_part(request: MemberRequest) -> HttpResponse | None:
    match request.GET.get("part"):
        case "shapes":
            return _library(request)
        case "tiles":
            return _stretch(request)
    return None


def _cursor(request: MemberRequest) -> str:
    return request.GET.get("cursor", "")


def _run(owner: User, wanted: Wanted, cursor: str) -> HttpResponse:
    found = page(owner, wanted, cursor, RUN, Photo.objects.only(*_PLAIN))
    ends = found.photos[CHUNK - 1 : -1 : CHUNK]
    return _json(
        {
            "shapes": told((photo.width, photo.height) for photo in found.photos),
            "cursors": [cursor, *(place(photo, wanted) for photo in ends)],
            "next": found.next,
        }
    )


def _library(request: MemberRequest) -> HttpResponse:
    library = look(request.user)
    etag = f'W/"{library.version}-{get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    months = [_month(row) for row in with_shapes(request.user, library).months]
    answer = _json({"version": library.version, "months": months})
    answer["ETag"] = etag
    return answer


def _month(row: OwnerMonth) -> list[str]:
    shapes = row.shapes or ""
    count = len(shapes)
    said = ngettext("%(count)s photo", "%(count)s photos", count) % {"count": localize(count)}
    return [row.month, month_name(row.month), said, shapes]


def _stretch(request: MemberRequest) -> HttpResponse:
    """With the library's version, so that who laid it out by another one begins anew."""
    form = StretchForm(request.GET)
    if not form.is_valid():
        return HttpResponse(status=422)
    month = datetime.combine(form.cleaned_data["month"], time.min, UTC)
    library: Library = look(request.user)
    rows = stretch(request.user, month, form.cleaned_data["skip"], CHUNK, ROWS)
    answer = HttpResponse(grid(tiles(rows, eager=0), pick=True))
    answer["X-Library-Version"] = str(library.version)
    return answer


def _json(content: dict[str, Any]) -> HttpResponse:
    return HttpResponse(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        content_type="application/json",
    )
