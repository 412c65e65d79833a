"""What is seen on somebody's photos: a wall of labels, each with its newest picture."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gallery.models import Photo
from gallery.search.wall import Choice, Hung, categories, wall
from gallery.signing import rendition_url
from gallery.views.access import MemberRequest, members_only
from gallery.views.queries import address, as_sure_as, of_label
from gallery.views.tiles import rendition

MOST_ON_A_PAGE: Final = 120
_EAGER: Final = 12


@dataclasses.dataclass(frozen=True)
class Card:
    """A label on the wall. `url`: of its picture, "" if it has none that may be shown."""

    name: str
    count: int
    address: str
    url: str
    width: int
    height: int
    eager: bool


@dataclasses.dataclass(frozen=True)
class Chip:
    """A way to narrow the wall down, and the address that does, or that takes it back if it is `on`."""

    words: str
    address: str
    on: bool


@require_safe
@members_only
def labels(request: MemberRequest) -> HttpResponse:
    choice = _choice(request.GET)
    found, following = wall(request.user, choice, request.GET.get("after", ""), MOST_ON_A_PAGE)
    context = {
        "choice": choice,
        "cards": _cards(found, choice),
        "more": _address(choice, after=following) if following else "",
        "first": not request.GET.get("after"),
        "chosen": choice != Choice(faint=choice.faint, by_name=choice.by_name),
        "faint": _address(dataclasses.replace(choice, faint=not choice.faint)),
        "by_name": _address(dataclasses.replace(choice, by_name=not choice.by_name)),
        "least": round(settings.MIN_CONFIDENCE),
        "usual": settings.SHOWN_CONFIDENCE,
    }
    if request.htmx:
        return render(request, "gallery/labels_wall.html", context)
    return render(request, "gallery/labels.html", {**context, "categories": _categories(request, choice)})


def _choice(asked: Mapping[str, Any]) -> Choice:
    words = {name: str(asked.get(name, "")).replace("\x00", "").strip()[:100] for name in ("q", "category")}
    return Choice(words["q"], words["category"], bool(asked.get("faint")), asked.get("sort") == "name")


def _address(choice: Choice, **more: str) -> str:
    asked = {
        "q": choice.words,
        "category": choice.category,
        "faint": "yes" if choice.faint else "",
        "sort": "name" if choice.by_name else "",
        **more,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("labels") + (f"?{query}" if query else "")


def _categories(request: MemberRequest, choice: Choice) -> list[Chip]:
    found = categories(request.user)
    if choice.category and choice.category not in found:
        found = [choice.category, *found]
    return [
        Chip(name, _address(dataclasses.replace(choice, category="" if on else name)), on)
        for name, on in ((name, name == choice.category) for name in found)
    ]


def _cards(found: list[Hung], choice: Choice) -> list[Card]:
    """Each leads to a search that finds as many photos as it counts."""
    ids = [one.cover for one in found if one.cover]
    photos = Photo.objects.prefetch_related("renditions").in_bulk(ids)
    return [_card(one, photos, place, faint=choice.faint) for place, one in enumerate(found)]


def _card(one: Hung, photos: Mapping[UUID, Photo], place: int, *, faint: bool) -> Card:
    cover = photos.get(one.cover) if one.cover else None
    thumb = rendition(cover, "thumb") if cover else None
    query = of_label(one.name)
    return Card(
        name=one.name,
        count=one.photos if faint else one.shown,
        address=address(as_sure_as(query, settings.MIN_CONFIDENCE) if faint else query),
        url=rendition_url(thumb) if thumb else "",
        width=thumb.width if thumb else 0,
        height=thumb.height if thumb else 0,
        eager=place < _EAGER,
    )
