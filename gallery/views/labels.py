"""Photos by what is on them: the list of labels, and the photos that carry some of them."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery.forms import ConfidenceForm
from gallery.search import photos as search_photos
from gallery.search.photos import Filters, find, page
from gallery.views.access import MemberRequest, members_only
from gallery.views.tiles import PAGE_SIZE, tiles

MOST_LISTED = 500


@require_safe
@members_only
def labels(request: MemberRequest) -> HttpResponse:
    prefix = _name(request.GET.get("q", ""))
    found = search_photos.labels(request.user, prefix, limit=MOST_LISTED)
    return render(request, "gallery/labels.html", {"labels": found, "prefix": prefix, "least": _least()})


@require_safe
@members_only
def search(request: MemberRequest) -> HttpResponse:
    """`label` may be repeated: photos that carry all of them. `min_confidence`: how sure, 80 if nothing is said."""
    wanted = _wanted(request)
    sure = _confidence(request)
    shown = _found(request, wanted, sure) if wanted else None
    usual = search_photos.shown_confidence()
    context = {
        "wanted": [(name, _address((other for other in wanted if other != name), sure)) for name in wanted],
        "address": _address(wanted, sure),
        "wider": _address(wanted, settings.MIN_CONFIDENCE) if sure > settings.MIN_CONFIDENCE else "",
        "narrower": _address(wanted, usual) if sure < usual else "",
        "tiles": tiles(shown.photos) if shown else [],
        "page": shown,
        "suggested": [] if shown and shown.photos else search_photos.labels(request.user, limit=12),
        "confidence": f"{sure:g}",
        "least": _least(),
        "usual": sure == usual,
    }
    return render(request, "gallery/search.html", context)


def _least() -> str:
    """What the counters count from: a link that promises eight photos must find eight."""
    return f"{settings.MIN_CONFIDENCE:g}"


def _wanted(request: MemberRequest) -> tuple[str, ...]:
    names = map(_name, request.GET.getlist("label"))
    return tuple(dict.fromkeys(name for name in names if name))[: search_photos.MOST_LABELS]


def _name(text: str) -> str:
    """What a label could be called. PostgreSQL knows no NUL."""
    return text.replace("\x00", "").strip()[:100]


def _confidence(request: MemberRequest) -> float:
    asked = ConfidenceForm(request.GET)
    if asked.is_valid() and asked.cleaned_data["min_confidence"] is not None:
        return float(asked.cleaned_data["min_confidence"])
    return search_photos.shown_confidence()


def _found(request: MemberRequest, wanted: tuple[str, ...], sure: float) -> search_photos.Page:
    filters = Filters(label=wanted, min_confidence=sure)
    return page(find(request.user, filters).for_tiles(), request.GET.get("cursor", ""), PAGE_SIZE)


def _address(names: Iterable[str], sure: float) -> str:
    """The query of a search page; the usual confidence is not spelt out."""
    query = [("label", name) for name in names]
    if query and sure != search_photos.shown_confidence():
        query.append(("min_confidence", f"{sure:g}"))
    return urlencode(query)
