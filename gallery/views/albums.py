"""Albums: the wall of their covers, one with its photos, making, calling and deleting them."""

import dataclasses
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.exceptions import Refusal
from gallery.forms import AlbumEditForm, AlbumForm
from gallery.models import Album, Rendition, SavedSearch
from gallery.organise import albums as organise_albums
from gallery.signing import rendition_url
from gallery.views.access import MemberRequest, members_only
from gallery.views.inside import Inside
from gallery.views.lists import part, shown
from gallery.views.queries import page_of

MOST_ON_A_PAGE: Final = 120
_MOST_SMART: Final = 60
_EAGER: Final = 12


@dataclasses.dataclass(frozen=True)
class Card:
    """An album on the wall. `url`: of its cover, "" while nothing in it can be shown."""

    album: Any
    url: str
    width: int
    height: int
    eager: bool


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def albums(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _wall(request, AlbumForm())
    form = AlbumForm(request.POST)
    if not form.is_valid():
        return _wall(request, form, status=422)
    try:
        made = organise_albums.make(request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("title", refusal.sentence)
        return _wall(request, form, status=refusal.status)
    return redirect("album", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def album(request: MemberRequest, album_id: UUID) -> HttpResponse:
    found = get_object_or_404(organise_albums.listed(request.user), pk=album_id)
    if request.method != "POST":
        form = AlbumEditForm(initial=model_to_dict(found))
        return part(request, Inside.album(found)) or _album(request, found, form)
    form = AlbumEditForm(request.POST)
    if not form.is_valid():
        return _album(request, found, form, status=422)
    try:
        organise_albums.edit(found, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("title", refusal.sentence)
        return _album(request, found, form, status=refusal.status)
    messages.success(request, _("The album is saved."))
    return redirect("album", album_id)


@require_POST
@members_only
def delete(request: MemberRequest, album_id: UUID) -> HttpResponse:
    found: Album = get_object_or_404(Album.objects.visible_to(request.user), pk=album_id)
    organise_albums.delete(found)
    messages.success(
        request, _("The album “%(name)s” is deleted; its photos are all here.") % {"name": found.title}
    )
    return redirect("albums")


def _wall(request: MemberRequest, form: AlbumForm, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    rows = list(organise_albums.listed_after(request.user, after)[: MOST_ON_A_PAGE + 1])
    context = {
        "cards": _cards(rows[:MOST_ON_A_PAGE]),
        "more": rows[MOST_ON_A_PAGE - 1].pk if len(rows) > MOST_ON_A_PAGE else "",
        "form": form,
        "first": not after,
        "smart": [] if after else _smart(request),
    }
    return render(request, "gallery/albums.html", context, status=status)


def _smart(request: MemberRequest) -> list[tuple[SavedSearch, str]]:
    """Kept searches fill themselves, so they stand beside the albums; each with its address."""
    kept = SavedSearch.objects.visible_to(request.user).order_by("name")[:_MOST_SMART]
    return [(search, page_of(search.query)) for search in kept]


def _cards(found: list[Album]) -> list[Card]:
    covers = organise_albums.covers(found)
    return [_card(one, covers.get(one.pk), place) for place, one in enumerate(found)]


def _card(found: Album, thumb: Rendition | None, place: int) -> Card:
    if thumb is None:
        return Card(found, "", 0, 0, eager=False)
    return Card(found, rendition_url(thumb), thumb.width, thumb.height, place < _EAGER)


def _album(request: MemberRequest, found: Album, form: AlbumForm, status: int = 200) -> HttpResponse:
    context = {"album": found, "form": form, **shown(request, Inside.album(found))}
    return render(request, "gallery/album.html", context, status=status)
