"""Photos that somebody picked on a page, or all that a search finds: which they are, and where one came from."""

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.search import grammar, photos
from gallery.search.tree import Query
from gallery.views.access import MemberRequest
from gallery.views.queries import wanted_on_page

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
    """Ids that came with a form, a field each or all in one, or of all that its search finds if it says `all`.

    Raises Refusal (422) for others.
    """
    if told.POST.get("all"):
        return found_by(user, grammar.parse(told.POST.get("q", "")))
    values = [*told.POST.getlist("photo"), *told.POST.get("photos", "").split()]
    try:
        ids = list(dict.fromkeys(map(UUID, values)))
    except ValueError:
        raise Refusal("not_a_photo", _("What was picked is no photo. Go back and pick again."), 422) from None
    if len(ids) > MOST:
        sentence = _("These are more than %(most)d photos. Pick fewer, and the rest after them.")
        raise Refusal("too_many_photos", sentence % {"most": MOST}, 422)
    return ids


def found_by(user: User, query: Query) -> list[UUID]:
    """All that a search on a page finds. Raises Refusal (422) if that is nothing, or too much for one go."""
    found = list(photos.every(user, wanted_on_page(query)).values_list("pk", flat=True)[: MOST + 1])
    if not found:
        raise Refusal("nothing_found", _("This search finds no photo, so there is nothing to say."), 422)
    if len(found) > MOST:
        sentence = _("These are more than %(most)d photos. Narrow the search down, to a year for example.")
        raise Refusal("too_many_photos", sentence % {"most": MOST}, 422)
    return found


def way_back(request: HttpRequest, otherwise: str = "", field: str = "next") -> str:
    """The page of ours that the form names in `field`; if it is none `otherwise`, or the first page."""
    following = request.POST.get(field, "")
    ours = url_has_allowed_host_and_scheme(following, None) and following.startswith("/")
    return following if ours else otherwise or reverse("home")
