"""The search page: what is asked for, how many photos that finds, and where to go from there."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.models import User
from gallery.forms import ConfidenceForm
from gallery.search import grammar
from gallery.search.complete import complete as completions
from gallery.search.tree import Named, Query
from gallery.views.access import MemberRequest, members_only
from gallery.views.inside import Inside
from gallery.views.lists import part
from gallery.views.outcome import result, start
from gallery.views.queries import address, as_sure_as

MOST_COMPLETIONS: Final = 8
_MOST_NAMES: Final = 20
_CONTEXT: Final = 60  # characters around the place that can't be read
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
EXAMPLES: Final = (
    ("dog beach", _("both on one photo")),
    ("dog OR cat", _("one of them, or both")),
    ("dog -person", _("the first without the second")),
    ('"hot dog"', _("a name of several words")),
    ("(dog OR cat) grass", _("brackets hold together")),
    ("dog>=95", _("a label that is at least so sure")),
    ('category:"Animals and Pets"', _("a category of labels")),
    ("taken:2024-05", _("a year, month or day")),
    ("taken:2024-05-01..2024-06-15", _("from one day to another")),
    ("camera:canon", _("maker or model")),
    ("text:invoice", _("file name, caption, words on the photo")),
    ('album:"Trip"', _("in an album")),
    ("is:favourite", _("or portrait, confirmed, unlabelled, failed, archived, trashed")),
    ("has:location", _("or caption, people")),
    ("size:>10MB", _("how large the file is")),
)


@require_safe
@members_only
def search(request: MemberRequest) -> HttpResponse:
    """`q` in the words of the grammar. `label` (repeatable) and `min_confidence` lead to the same in these words."""
    typed = request.GET.get("q", "")
    try:
        query = grammar.parse(typed)
    except grammar.Unreadable as problem:
        context = {"q": typed[: grammar.LONGEST], "problem": problem, "place": _place(typed, problem)}
        return render(request, "gallery/search.html", {**context, "examples": EXAMPLES}, status=422)
    if request.GET.keys() & {"label", "min_confidence"}:
        return redirect(address(_told_beside(request, query)))
    asked = query != Query()
    in_part = part(request, Inside.search(query)) if asked else None
    if in_part:
        return in_part
    found = result(request, query) if asked else start(request.user)
    return render(request, "gallery/search.html", {"q": typed, "examples": EXAMPLES, **found})


@require_safe
@login_required
@cache_control(private=True, max_age=60)
def complete(request: HttpRequest) -> HttpResponse:
    """What the last word that was typed could become, as options of a list."""
    # login_required: there is somebody
    found = completions(
        cast("User", request.user), request.GET.get("q", "")[: grammar.LONGEST], MOST_COMPLETIONS
    )
    return render(request, "gallery/completion.html", {"completions": found})


def _told_beside(request: MemberRequest, query: Query) -> Query:
    """The query with what the address says beside it, in its own words. What can't be read is left out."""
    for name in list(_names(request.GET.getlist("label")))[:_MOST_NAMES]:
        query = query.narrowed(Named(name))
    form = ConfidenceForm(request.GET)
    sure = form.cleaned_data["min_confidence"] if form.is_valid() else None
    return query if sure is None else as_sure_as(query, round(sure, 3))


def _names(said: Iterable[str]) -> Iterator[str]:
    names = (" ".join(_CONTROLS.sub(" ", name).split())[:100] for name in said)
    return (name for name in dict.fromkeys(names) if name)


def _place(typed: str, problem: grammar.Unreadable) -> dict[str, str]:
    """What was typed around the place that can't be read."""
    start, end = problem.start, problem.end
    before, wrong, after = typed[:start], typed[start:end], typed[end:]
    return {
        "before": f"…{before[-_CONTEXT:]}" if len(before) > _CONTEXT else before,
        "wrong": _truncated(wrong) or " ",
        "after": _truncated(after),
    }


def _truncated(text: str) -> str:
    return f"{text[:_CONTEXT]}…" if len(text) > _CONTEXT else text
