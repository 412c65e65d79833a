"""Photos that somebody picked on a page, or all of its list: which they are, and where one came from."""

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, cast
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import Album
from gallery.search import photos
from gallery.search.wanted import Wanted
from gallery.views.access import MemberRequest
from gallery.views.inside import Inside

Params = ParamSpec("Params")
MOST: Final = 10_000


def of_picked(
    view: Callable[Concatenate[MemberRequest, list[UUID], Params], HttpResponse],
) -> Callable[Concatenate[MemberRequest, Params], HttpResponse]:
    """Does it with the photos that came with the form; without any the page before says how to pick some."""

    @functools.wraps(view)
    def asked(request: MemberRequest, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
        photo_ids = picked(request.user, request)
        if photo_ids:
            return view(request, photo_ids, *args, **kwargs)
        messages.warning(request, _("Pick some photos first: touch the circle in their corner."))
        return redirect(way_back(request))

    return cast("Callable[Concatenate[MemberRequest, Params], HttpResponse]", asked)


def picked(user: User, told: HttpRequest) -> list[UUID]:
    """Ids that came with a form, a field each or all in one, or of the whole list that it names if it says `all`.

    Raises Refusal (422) for others.
    """
    if told.POST.get("all"):
        return _all_of(user, told.POST.get("of"))
    values = [*told.POST.getlist("photo"), *told.POST.get("photos", "").split()]
    try:
        ids = list(dict.fromkeys(map(UUID, values)))
    except ValueError:
        raise Refusal("not_a_photo", _("What was picked is no photo. Go back and pick again."), 422) from None
    if len(ids) > MOST:
        sentence = _("These are more than %(most)d photos. Pick fewer, and the rest after them.")
        raise Refusal("too_many_photos", sentence % {"most": MOST}, 422)
    return ids


def _all_of(user: User, of: str | None) -> list[UUID]:
    """`of`: as in the address of a photo that is one of it; "" is the timeline, None no list at all."""
    try:
        if of is None:
            raise ValueError
        inside = Inside.read(user, dict(parse_qsl(of.removeprefix("?"), keep_blank_values=True)))
    except (LookupError, ValueError, Album.DoesNotExist):
        sentence = _("This list is not there any more. Go back, reload the page and pick again.")
        raise Refusal("no_such_list", sentence, 422) from None
    return found_by(user, inside.wanted)


def found_by(user: User, wanted: Wanted) -> list[UUID]:
    """All of a list. Raises Refusal (422) if that is nothing, or too much for one go."""
    found = list(photos.every(user, wanted).values_list("pk", flat=True)[: MOST + 1])
    if not found:
        raise Refusal("nothing_found", _("There is no photo in this list, so there is nothing to do."), 422)
    if len(found) > MOST:
        sentence = _("These are more than %(most)d photos. Narrow the search down, to a year for example.")
        raise Refusal("too_many_photos", sentence % {"most": MOST}, 422)
    return found


def way_back(request: HttpRequest, otherwise: str = "", field: str = "next") -> str:
    """The page of ours that the form names in `field`; if it is none `otherwise`, or the first page."""
    following = request.POST.get(field, "")
    ours = url_has_allowed_host_and_scheme(following, None) and following.startswith("/")
    return following if ours else otherwise or reverse("home")
