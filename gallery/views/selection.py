"""What is done at once to photos that somebody picked: said in a sentence afterwards, undone by one click."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_POST

from gallery.exceptions import Refusal
from gallery.forms import CaptionsForm, DatesForm
from gallery.models import Album
from gallery.organise import albums, bulk, rotation
from gallery.organise import captions as organise_captions
from gallery.organise import dates as organise_dates
from gallery.views.access import MemberRequest, members_only
from gallery.views.done import tell
from gallery.views.picked import of_picked, way_back

# What a page offers, and what is said of it afterwards.
ACTIONS: Final[dict[str, Any]] = {
    "trash": ngettext_lazy("%(count)d photo is in the trash.", "%(count)d photos are in the trash.", "count"),
    "restore": ngettext_lazy(
        "%(count)d photo is back among your photos.", "%(count)d photos are back among your photos.", "count"
    ),
    "favourite": ngettext_lazy(
        "%(count)d photo is a favourite now.", "%(count)d photos are favourites now.", "count"
    ),
    "unfavourite": ngettext_lazy(
        "%(count)d photo is no favourite any more.",
        "%(count)d photos are no favourites any more.",
        "count",
    ),
    "archive": ngettext_lazy(
        "%(count)d photo is in the archive.", "%(count)d photos are in the archive.", "count"
    ),
    "unarchive": ngettext_lazy(
        "%(count)d photo is back in the timeline.", "%(count)d photos are back in the timeline.", "count"
    ),
    **dict.fromkeys(
        rotation.QUARTERS,
        ngettext_lazy("%(count)d photo is being turned.", "%(count)d photos are being turned.", "count"),
    ),
}


@require_POST
@members_only
@of_picked
def act(request: MemberRequest, photo_ids: list[UUID]) -> HttpResponse:
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        raise Refusal("unknown_action", _("This can't be done to photos. Go back and choose again."), 422)
    done = bulk.act(request.user.pk, action, photo_ids)  # type: ignore[arg-type]  # one of ACTIONS
    tell(request, ACTIONS[action] % {"count": done.changed}, done)
    return redirect(way_back(request))


@require_POST
@members_only
@of_picked
def into_album(request: MemberRequest, photo_ids: list[UUID]) -> HttpResponse:
    """Asks which album; then puts the photos into it, or into a new one that is called `title`."""
    title, album_id = request.POST.get("title"), request.POST.get("album")
    if title is None and album_id is None:
        return _which_album(request, photo_ids)
    try:
        album = _album(request, album_id) if album_id else albums.make(request.user, title or "")
    except Refusal as refusal:
        return _which_album(request, photo_ids, refusal)
    done = bulk.act(request.user.pk, "add_to_album", photo_ids, album=album.pk)
    tell(request, _added(album, done.changed), done)
    return redirect(way_back(request))


@require_POST
@members_only
@of_picked
def dates(request: MemberRequest, photo_ids: list[UUID]) -> HttpResponse:
    """Asks when they were taken, or by how much their clock was wrong; then says so of all of them."""
    form = DatesForm(request.POST if "minutes" in request.POST else None)
    if not form.is_valid():
        context = {"form": form, **_kept(request, photo_ids)}
        return render(request, "gallery/dates.html", context, status=422 if form.is_bound else 200)
    said, owner = form.cleaned_data, request.user.pk
    if said["taken"]:
        done = organise_dates.say(owner, photo_ids, said["taken"])
    else:
        done = organise_dates.shift(owner, photo_ids, said["by"])
    told = ngettext("%(count)d photo has another date.", "%(count)d photos have another date.", done.changed)
    tell(request, told % {"count": done.changed}, done)
    return redirect(way_back(request))


@require_POST
@members_only
@of_picked
def captions(request: MemberRequest, photo_ids: list[UUID]) -> HttpResponse:
    """Asks what they show; then says so of all of them."""
    asked = "how" in request.POST
    form = CaptionsForm(request.POST if asked else None)
    if not form.is_valid():
        context = {"form": form, **_kept(request, photo_ids)}
        return render(request, "gallery/captions.html", context, status=422 if asked else 200)
    say = {"add": organise_captions.add, "say": organise_captions.say}[form.cleaned_data["how"]]
    done = say(request.user.pk, photo_ids, form.cleaned_data["caption"])
    told = ngettext(
        "%(count)d photo has another caption.", "%(count)d photos have another caption.", done.changed
    )
    tell(request, told % {"count": done.changed}, done)
    return redirect(way_back(request))


@require_POST
@members_only
def out_of_album(request: MemberRequest, album_id: UUID) -> HttpResponse:
    return _take_out(request, _album(request, album_id))


@of_picked
def _take_out(request: MemberRequest, photo_ids: list[UUID], album: Album) -> HttpResponse:
    done = bulk.act(request.user.pk, "remove_from_album", photo_ids, album=album.pk)
    told = ngettext(
        "%(count)d photo is no longer in “%(name)s”; it stays among your photos.",
        "%(count)d photos are no longer in “%(name)s”; they stay among your photos.",
        done.changed,
    )
    tell(request, told % {"count": done.changed, "name": album.title}, done)
    return redirect("album", album.pk)


@require_POST
@members_only
def album_cover(request: MemberRequest, album_id: UUID) -> HttpResponse:
    return _make_cover(request, _album(request, album_id))


@of_picked
def _make_cover(request: MemberRequest, photo_ids: list[UUID], album: Album) -> HttpResponse:
    """The first of those that were picked."""
    albums.set_cover(album, photo_ids[0])
    messages.success(request, _("The album has a new cover."))
    return redirect("album", album.pk)


@require_POST
@members_only
def move_in_album(request: MemberRequest, album_id: UUID) -> HttpResponse:
    return _move(request, _album(request, album_id))


@of_picked
def _move(request: MemberRequest, photo_ids: list[UUID], album: Album) -> HttpResponse:
    """`to`: "front", "end", or the photo before which they are put."""
    to = request.POST.get("to", "")
    places = {"front": albums.first(album), "end": None}
    before = places[to] if to in places else _id(to)
    done = bulk.move(request.user.pk, album.pk, photo_ids, before)
    told = ngettext("%(count)d photo was moved.", "%(count)d photos were moved.", done.changed)
    tell(request, told % {"count": done.changed}, done)
    return redirect("album", album.pk)


def _which_album(
    request: MemberRequest, photo_ids: Sequence[UUID], refusal: Refusal | None = None
) -> HttpResponse:
    context = {
        "albums": albums.listed(request.user).order_by("folded", "pk"),
        "refusal": refusal,
        "title": request.POST.get("title", ""),
        **_kept(request, photo_ids),
    }
    return render(request, "gallery/into_album.html", context, status=refusal.status if refusal else 200)


def _kept(request: MemberRequest, photo_ids: Sequence[UUID]) -> dict[str, Any]:
    """What a page that asks has to remember: the photos, or the list that they all are, and the way back."""
    everything = bool(request.POST.get("all"))
    return {
        "count": len(photo_ids),
        "photo_ids": [] if everything else photo_ids,
        "of": request.POST.get("of", "") if everything else None,
        "next": way_back(request),
    }


def _album(request: MemberRequest, album_id: Any) -> Album:
    return get_object_or_404(Album.objects.visible_to(request.user), pk=_id(album_id))


def _id(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise albums.gone() from None


def _added(album: Album, count: int) -> str:
    told = ngettext(
        "%(count)d photo was added to {album}.", "%(count)d photos were added to {album}.", count
    ) % {"count": count}
    link = format_html('<a href="{}">“{}”</a>', reverse("album", args=[album.pk]), album.title)
    return format_html(told, album=link)
