"""What a search page shows under its box: what was found and where to go from there, or where to begin."""

import dataclasses
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import localize
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from gallery.models import SavedSearch
from gallery.search import nearby, photos
from gallery.search.facets import Facet, facets
from gallery.search.tree import Category, Named, Query, terms
from gallery.views.access import MemberRequest
from gallery.views.inside import Inside
from gallery.views.lists import shown
from gallery.views.queries import (
    SUREST,
    address,
    as_sure_as,
    chips,
    of_label,
    only_label,
    page_of,
    sureness,
    wanted_on_page,
)

_MOST_OFFERED = 12


@dataclasses.dataclass(frozen=True)
class Link:
    """A search near this one: what it adds or is called, and how many photos it finds, in words."""

    words: str
    count: str
    address: str


def start(user: User) -> dict[str, Any]:
    """Where to begin: the searches that are kept, newest first, and what is seen most."""
    kept = SavedSearch.objects.visible_to(user).order_by("-created_at")[:_MOST_OFFERED]
    found = [(search, page_of(search.query)) for search in kept]
    return {"started": True, "kept": found, "usual": _links(nearby.usual(user, _MOST_OFFERED))}


def result(request: MemberRequest, query: Query) -> dict[str, Any]:
    found = shown(request, Inside.search(query))
    some, user = found["page"], request.user
    return {
        **found,
        "address": urlencode({"q": str(query)}),
        "canonical": str(query),
        "chips": chips(query),
        **_slider(query),
        **(_about(user, query) if some.photos else _instead(user, query, some)),
    }


def _slider(query: Query) -> dict[str, Any]:
    """Nothing where no label is searched for that is to be as sure as the whole search says."""
    asked = terms(query.root)
    if not any(isinstance(term, Category) or (isinstance(term, Named) and not term.bound) for term in asked):
        return {}
    sure, least, usual = sureness(query), settings.MIN_CONFIDENCE, settings.SHOWN_CONFIDENCE
    return {
        "sure": round(sure),
        "least": round(min(least, sure)),
        "surest": SUREST,
        "wider": address(as_sure_as(query, least)) if sure > least else "",
        "narrower": address(as_sure_as(query, usual)) if sure < usual else "",
    }


def _about(user: User, query: Query) -> dict[str, Any]:
    """How many there are, where to narrow them down, and what can be said of a label on all of them."""
    label = only_label(query)
    return {
        "said": _said(*photos.count(user, wanted_on_page(query))),
        "facets": _facets(user, query),
        "label": label,
        "right": _verdict(query, "confirmed") if label else "",
        "wrong": _verdict(query, "rejected") if label else "",
        "kept_as": SavedSearch.objects.visible_to(user).filter(query=str(query)).first(),
    }


def _facets(user: User, query: Query) -> dict[str, Any]:
    """`groups`: name and links of each that has some. `newest`: of how many photos, if not of all."""
    found = facets(user, wanted_on_page(query))
    groups = {
        _("Labels"): found.labels,
        _("Categories"): found.categories,
        _("Years"): found.years,
        _("Cameras"): found.cameras,
    }
    return {
        "groups": [(name, [_narrower(one) for one in row]) for name, row in groups.items() if row],
        "newest": found.photos if found.bounded else 0,
    }


def _narrower(facet: Facet) -> Link:
    return Link(facet.name, localize(facet.count), page_of(facet.query))


def _instead(user: User, query: Query, some: photos.Page) -> dict[str, Any]:
    """What finds something, where this does not, or has not yet."""
    faint = as_sure_as(query, settings.MIN_CONFIDENCE)
    count, exact = photos.count(user, wanted_on_page(faint))
    return {
        "said": _("No photo found") if some.looked_to is None else _("None so far"),
        "fainter": Link(_said(count, exact), "", address(faint)) if count else None,
        "near": _links(nearby.meant(user, query)),
        "usual": _links(nearby.usual(user, _MOST_OFFERED)),
    }


def _links(labels: list[nearby.Counted]) -> list[Link]:
    return [Link(label.name, localize(label.count), address(of_label(label.name))) for label in labels]


def _verdict(query: Query, state: str) -> str:
    return f"{reverse('search_verdict')}?{urlencode({'q': str(query), 'state': state})}"


def _said(count: int, exact: bool) -> str:
    told = (
        ngettext("%(count)s photo", "%(count)s photos", count) if exact else _("more than %(count)s photos")
    )
    return told % {"count": localize(count)}
