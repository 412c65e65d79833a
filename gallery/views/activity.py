"""What the site is still doing with one's photos, what it waits for, and what it could not do."""

import dataclasses
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from gallery.models import Job, Photo
from gallery.pipeline import jobs
from gallery.views.access import MemberRequest, members_only, own_photo
from gallery.views.steps import StepLine, step_lines
from gallery.views.tiles import Tile, tiles

_MOST_SHOWN: Final = 50


@dataclasses.dataclass(frozen=True)
class Work:
    """A photo and what is or was to be done with it."""

    tile: Tile
    steps: list[StepLine]


@require_safe
@members_only
def activity(request: MemberRequest) -> HttpResponse:
    failed, waiting = (_work(request.user, state) for state in (Job.State.FAILED, Job.State.WAITING))
    context = {"failed": failed, "waiting": waiting, "most": _MOST_SHOWN}
    return render(request, "gallery/activity.html", context)


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


def _work(user: User, state: str) -> list[Work]:
    """The newest photos that have a step in this state. Found through the index of jobs, not through all photos."""
    found = Job.objects.visible_to(user).filter(state=state).order_by("-id")
    newest = list(dict.fromkeys(found.values_list("photo_id", flat=True)[: _MOST_SHOWN * 2]))[:_MOST_SHOWN]
    photos = {photo.pk: photo for photo in Photo.objects.visible_to(user).filter(pk__in=newest).for_tiles()}
    shown = [photos[pk] for pk in newest if pk in photos]
    return [Work(tile, step_lines(photo.jobs.all())) for tile, photo in zip(tiles(shown), shown, strict=True)]
