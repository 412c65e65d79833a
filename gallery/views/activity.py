"""What the site is still doing with one's photos, what it waits for, and what it could not do."""

import contextlib
import dataclasses
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import conditional_page, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from gallery.models import Job, Photo
from gallery.pipeline import jobs, retries
from gallery.pipeline.state import PhotoState, processing
from gallery.pipeline.steps import STEPS
from gallery.templatetags.tiles import Tile
from gallery.views.access import MemberRequest, members_only, own_photo
from gallery.views.imports import import_lines
from gallery.views.steps import StepLine, step_lines
from gallery.views.tiles import tiles
from gallery.views.waiting import standing

_MOST_SHOWN: Final = 50


@dataclasses.dataclass(frozen=True)
class Work:
    """A photo and what is or was to be done with it."""

    tile: Tile
    state: PhotoState
    steps: list[StepLine]


@require_safe
@vary_on_headers("HX-Request")
@conditional_page
@members_only
def activity(request: MemberRequest) -> HttpResponse:
    """The page; or, for a page that follows by itself, the part of it that changes, if it has changed."""
    now = standing(request.user)
    failed = _newest(request.user, Job.State.FAILED)
    going = list(dict.fromkeys([*now.at_work, *_newest(request.user, Job.State.WAITING)]))[:_MOST_SHOWN]
    places = in_place(_shown(request), going)
    works = _works(request.user, {*failed, *places})
    rows = [works[pk] for pk in places if pk in works and (pk in going or works[pk].state == "done")]
    context = {
        "now": now,
        "failed": [works[pk] for pk in failed if pk in works],
        "going": rows,
        "shown": ",".join(str(work.tile.key) for work in rows),
        "most": _MOST_SHOWN,
        "imports": import_lines(request.user),
    }
    return render(request, "gallery/activity_part.html" if request.htmx else "gallery/activity.html", context)


@require_POST
@members_only
def retry(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    photo = own_photo(request, photo_id)
    again = jobs.retry(photo)
    if again:
        told = ngettext("%(count)d step is tried again.", "%(count)d steps are tried again.", again)
        messages.success(request, told % {"count": again})
    else:
        messages.info(request, _("There was nothing to try again."))
    return redirect(
        "photo" if "photo" in request.POST else "activity", *([photo_id] if "photo" in request.POST else [])
    )


@require_POST
@members_only
def retry_all(request: MemberRequest) -> HttpResponse:
    again, more = retries.retry_all(request.user)
    if again:
        told = ngettext("%(count)d photo is tried again.", "%(count)d photos are tried again.", again)
        rest = _("There are more than fit into one go: try all again for the rest.") if more else ""
        messages.success(request, f"{told % {'count': again}} {rest}")
    else:
        messages.info(request, _("There was nothing to try again."))
    return redirect("activity")


def in_place(shown: Iterable[UUID], going: list[UUID]) -> list[UUID]:
    """Who is under way, each where it was shown: nothing moves under somebody's hand.

    The place of one that is over is taken by one that is new; where there is none, it stays. The others follow.
    """
    so_far = list(dict.fromkeys(shown))
    new = (pk for pk in going if pk not in so_far)
    kept = [pk if pk in going else next(new, pk) for pk in so_far]
    return [*kept, *new][:_MOST_SHOWN]


def _shown(request: MemberRequest) -> list[UUID]:
    """Which photos the page shows already; none if that can't be read."""
    with contextlib.suppress(ValueError):
        return [UUID(name) for name in request.GET.get("shown", "").split(",")[:_MOST_SHOWN]]
    return []


def _newest(user: User, state: str) -> list[UUID]:
    """The newest photos that have a step in this state."""
    found = (
        Job.objects.visible_to(user).filter(state=state).order_by("-id").values_list("photo_id", flat=True)
    )
    return list(dict.fromkeys(found[: _MOST_SHOWN * len(STEPS)]))[:_MOST_SHOWN]


def _works(user: User, which: Iterable[UUID]) -> dict[UUID, Work]:
    photos = list(
        Photo.objects.visible_to(user).filter(pk__in=which).for_owners_tiles().prefetch_related("jobs")
    )
    return {
        photo.pk: Work(tile, processing(photo.jobs.all()), step_lines(photo.jobs.all()))
        for tile, photo in zip(tiles(photos), photos, strict=True)
    }
