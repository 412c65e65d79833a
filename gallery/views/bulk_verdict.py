"""All photos of a search for one label: it is right on them, or wrong. Asked first, and undone by one click."""

import dataclasses
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from gallery.exceptions import Refusal
from gallery.folding import fold
from gallery.models import Label, LabelName
from gallery.organise import verdicts
from gallery.search import grammar, photos
from gallery.views.access import MemberRequest, members_only
from gallery.views.picked import found_by
from gallery.views.queries import address, only_label, wanted_on_page
from gallery.views.tiles import ROWS, tiles

_SAMPLE: Final = 12
_STATES: Final = ("confirmed", "rejected")


@dataclasses.dataclass(frozen=True)
class Question:
    """Is `label` right, or wrong, on all these photos of a search?"""

    query: grammar.Query
    label: Label
    state: str
    found: list[UUID]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def verdict(request: MemberRequest) -> HttpResponse:
    """Says it only of as many photos as the page that asked has named: if there are others by now, it asks again."""
    asked = _question(request)
    if request.method != "POST":
        return _ask(request, asked)
    if request.POST.get("count") != str(len(asked.found)):
        messages.warning(request, _("Meanwhile this search finds other photos. Look again, please."))
        return _ask(request, asked, status=409)
    change = verdicts.say(request.user.pk, asked.found, asked.label.name, asked.state, asked.label.kind)
    back = address(asked.query)
    context = {"said": _said(asked), "change": change, "next": back}
    messages.success(request, render_to_string("components/undo.html", context, request))
    return redirect(back)


def _question(request: MemberRequest) -> Question:
    """Raises Refusal where there is nothing to ask."""
    told = request.POST if request.method == "POST" else request.GET
    query, state = grammar.parse(told.get("q", "")), told.get("state", "")
    label = _label(only_label(query))
    if state not in _STATES or label is None:
        sentence = _("Search for one label by its own name first: what you then say is about that label.")
        raise Refusal("not_one_label", sentence, 422)
    return Question(query, label, state, found_by(request.user, wanted_on_page(query)))


def _label(name: str) -> Label | None:
    """The one that is called so; else the only one that has it for an alias."""
    folded = fold(name)
    names = LabelName.objects.filter(folded=folded).exclude(label__kind=Label.Kind.CATEGORY)
    found = [row.label for row in names.select_related("label").order_by("label_id")]
    called = [label for label in found if label.folded == folded] or found
    return called[0] if len(called) == 1 else None


def _ask(request: MemberRequest, asked: Question, status: int = 200) -> HttpResponse:
    wanted = wanted_on_page(asked.query)
    some = photos.page(request.user, wanted, "", _SAMPLE, rows=ROWS)
    context = {
        "q": str(asked.query),
        "back": address(asked.query),
        "label": asked.label,
        "state": asked.state,
        "right": asked.state == "confirmed",
        "count": len(asked.found),
        "tiles": tiles(some.photos),
    }
    return render(request, "gallery/search_verdict.html", context, status=status)


def _said(asked: Question) -> str:
    if asked.state == "confirmed":
        said = ngettext(
            "“%(name)s” is confirmed on %(count)d photo.",
            "“%(name)s” is confirmed on %(count)d photos.",
            len(asked.found),
        )
    else:
        said = ngettext(
            "“%(name)s” is taken off %(count)d photo, and stays off.",
            "“%(name)s” is taken off %(count)d photos, and stays off.",
            len(asked.found),
        )
    return said % {"name": asked.label.name, "count": len(asked.found)}
