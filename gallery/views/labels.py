"""Photos by what is on them: the list of labels, and the photos that carry some of them."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery.search import photos as search_photos
from gallery.search.photos import Filters, find, page
from gallery.views.access import MemberRequest, members_only
from gallery.views.tiles import PAGE_SIZE, tiles

MOST_LISTED = 500


@require_safe
@members_only
def labels(request: MemberRequest) -> HttpResponse:
    prefix = request.GET.get("q", "").strip()[:100]
    found = search_photos.labels(request.user, prefix, limit=MOST_LISTED)
    return render(request, "gallery/labels.html", {"labels": found, "prefix": prefix})


@require_safe
@members_only
def search(request: MemberRequest) -> HttpResponse:
    """`label` may be repeated: photos that carry all of them, at the confidence that pages show."""
    wanted = _wanted(request)
    shown = _found(request, wanted)
    context = {
        "wanted": [(name, _address(other for other in wanted if other != name)) for name in wanted],
        "address": _address(wanted),
        "tiles": tiles(shown.photos) if shown else [],
        "page": shown,
        "suggested": search_photos.labels(request.user, limit=12) if not shown or not shown.photos else [],
        "confidence": round(search_photos.shown_confidence()),
    }
    return render(request, "gallery/search.html", context)


def _wanted(request: MemberRequest) -> tuple[str, ...]:
    names = (name.strip()[:100] for name in request.GET.getlist("label"))
    return tuple(dict.fromkeys(name for name in names if name))[: search_photos.MOST_LABELS]


def _found(request: MemberRequest, wanted: tuple[str, ...]) -> search_photos.Page | None:
    if not wanted:
        return None
    filters = Filters(label=wanted, min_confidence=search_photos.shown_confidence())
    return page(find(request.user, filters).for_tiles(), request.GET.get("cursor", ""), PAGE_SIZE)


def _address(names: Iterable[str]) -> str:
    return urlencode([("label", name) for name in names])
