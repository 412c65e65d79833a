"""Photos that look alike, side by side: which of them to keep is for their owner to say."""

import dataclasses
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gallery.exceptions import Refusal
from gallery.models import Photo
from gallery.organise import lookalikes as organise_lookalikes
from gallery.search import lookalikes
from gallery.search.lookalikes import Group
from gallery.templatetags.tiles import Tile
from gallery.views.access import MemberRequest, members_only
from gallery.views.done import tell
from gallery.views.picked import picked, way_back
from gallery.views.tiles import tiles

# With all that one chooses by.
ROWS: Final = Photo.objects.for_owners_tiles().defer(None)


@dataclasses.dataclass(frozen=True)
class Choice:
    """One of a group: its photo, its tile, the names of its albums."""

    photo: Photo
    tile: Tile
    albums: list[str]

    @property
    def confirmed(self) -> str:
        """The names of labels that its owner confirmed."""
        names: str | None = getattr(self.photo, "confirmed", None)
        return names or ""

    @property
    def cared_for(self) -> bool:
        return bool(self.albums or self.photo.favourite_at or self.photo.caption or self.confirmed)


@dataclasses.dataclass(frozen=True)
class Alike:
    """A group as the page shows it. `inherits`: one of them has what another one could get; `day`: on which all of them
    were taken, if that is the same."""

    choices: list[Choice]
    series: bool

    @property
    def inherits(self) -> bool:
        return any(choice.cared_for for choice in self.choices)

    @property
    def day(self) -> date | None:
        days = {choice.photo.wall_clock.date() for choice in self.choices}
        return days.pop() if len(days) == 1 else None


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def duplicates(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        return _decide(request)
    cursor, of = request.GET.get("cursor", ""), _photo(request.GET.get("photo", ""))
    found = lookalikes.page(request.user, cursor, ROWS, of)
    if (cursor or of) and not found.groups:  # what was here is decided
        return redirect("duplicates")
    context = {"groups": list(_shown(found.groups)), "next": found.next, "of": of}
    return render(request, "gallery/duplicates.html", context)


def _photo(told: str) -> UUID | None:
    """The photo whose group alone is asked for."""
    try:
        return UUID(told) if told else None
    except ValueError:
        raise Http404 from None


def _shown(groups: list[Group]) -> Iterator[Alike]:
    for place, group in enumerate(groups):
        placed = zip(group.photos, tiles(group.photos, eager=0 if place else len(group.photos)), strict=True)
        choices = [Choice(photo, tile, group.albums.get(photo.pk, [])) for photo, tile in placed]
        yield Alike(choices, group.series)


def _decide(request: MemberRequest) -> HttpResponse:
    """`photo`: those that were shown; `keep`: those that stay, or all with `do=apart`."""
    back = way_back(request, reverse("duplicates"))
    shown = picked(request.user, request)
    kept = shown if request.POST.get("do") == "apart" else _ticked(request, shown)
    try:
        done = organise_lookalikes.decide(
            request.user.pk, shown, kept, inherits=bool(request.POST.get("inherit"))
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        tell(request, _said(len(shown) - len(kept)), done, back)
    return redirect(back)


def _ticked(request: MemberRequest, shown: list[UUID]) -> list[UUID]:
    """However a program writes them."""
    ticked: set[UUID] = set()
    for told in request.POST.getlist("keep"):
        with suppress(ValueError):
            ticked.add(UUID(told))
    return [pk for pk in shown if pk in ticked]


def _said(gone: int) -> str:
    if not gone:
        return _("They are all kept, and not shown side by side again.")
    return ngettext(
        "%(count)d photo is in the trash, what you ticked is kept.",
        "%(count)d photos are in the trash, what you ticked is kept.",
        gone,
    ) % {"count": gone}
