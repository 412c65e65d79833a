"""Who gets in, and what they may see: the two things that every page of somebody's does first."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import Photo
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline.reasons import said

Params = ParamSpec("Params")


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


def members_only(
    view: Callable[Concatenate[MemberRequest, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
    """Sign-in first; no shared cache keeps the page; a refusal becomes a page in words with its status."""

    @functools.wraps(view)
    def page(request: HttpRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        try:
            return view(cast("MemberRequest", request), *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    guarded: Any = login_required(cache_control(private=True, no_cache=True)(page))
    return cast("Callable[Concatenate[HttpRequest, Params], HttpResponse]", guarded)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """In words, as they are told in the reader's language."""
    context = {"sentence": said(refusal.sentence)}
    return render(request, "gallery/refused.html", context, status=refusal.status)


def own_photo(request: MemberRequest, photo_id: UUID, photos: PhotoQuerySet | None = None) -> Photo:
    """The photo, if it is this user's; else 404, as for one that never was."""
    rows = Photo.objects.all() if photos is None else photos
    found: Photo = get_object_or_404(rows.visible_to(request.user), pk=photo_id)
    return found
