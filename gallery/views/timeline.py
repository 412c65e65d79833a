"""The first page: all photos by month, or a welcome. And the favourites."""

from datetime import UTC, datetime, time
from typing import Final

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from accounts.models import User
from gallery.forms import JumpForm
from gallery.models import Job, Sample
from gallery.search.photos import jump_cursor, months, page
from gallery.views.access import MemberRequest, members_only
from gallery.views.inside import Inside
from gallery.views.lists import part, shown, timeline_part
from gallery.views.samples import samples_of
from gallery.views.tiles import PAGE_SIZE, ROWS, by_month
from gallery.views.welcome import welcome

_AT_ONCE: Final = User.objects.values_list(
    Exists(Job.objects.filter(owner=OuterRef("pk")).waiting()),
    Exists(Sample.objects.filter(owner=OuterRef("pk"))),
)


@require_safe
@vary_on_cookie
def home(request: HttpRequest) -> HttpResponse:
    return timeline(request) if request.user.is_authenticated else welcome(request)


@members_only
def timeline(request: MemberRequest) -> HttpResponse:
    return timeline_part(request) or _timeline(request)


def _timeline(request: MemberRequest) -> HttpResponse:
    counts = dict(months(request.user))
    inside = Inside.timeline()
    shown = page(request.user, inside.wanted, _cursor(request), PAGE_SIZE, ROWS)
    working, samples = _at_once(request.user)
    context = {
        "sections": by_month(shown.photos, counts),
        "page": shown,
        "inside": inside,
        "months": counts,
        "jumped": request.GET.get("month", ""),
        "at_cursor": bool(request.GET.get("cursor")),
        "first_page": not request.GET.get("cursor") and not request.GET.get("month"),
        "working": working,
        **samples_of(request.user, held=samples, empty=not shown.photos),
    }
    return render(request, "gallery/timeline.html", context)


@require_safe
@members_only
def favourites(request: MemberRequest) -> HttpResponse:
    inside = Inside.named("favourites")
    return part(request, inside) or render(request, "gallery/favourites.html", shown(request, inside))


@require_safe
@members_only
def archive(request: MemberRequest) -> HttpResponse:
    inside = Inside.named("archive")
    return part(request, inside) or render(request, "gallery/archive.html", shown(request, inside))


def _cursor(request: MemberRequest) -> str:
    """Where the page begins: at a cursor, or at the month that was jumped to. What can't be read is the start."""
    jump = JumpForm(request.GET)
    if "month" in request.GET and jump.is_valid():
        return jump_cursor(datetime.combine(jump.cleaned_data["month"], time.min, UTC))
    return request.GET.get("cursor", "")


def _at_once(user: User) -> tuple[bool, bool]:
    """Whether photos of theirs are worked on, and whether they have samples: in one statement."""
    found: tuple[bool, bool] = _AT_ONCE.get(pk=user.pk)
    return found
