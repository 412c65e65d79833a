"""Bulk runs on one's photos: ordered from a search after the price was shown, watched, held, ended, rolled back."""

import dataclasses
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.labelling.prices import usd
from gallery.models import Photo, Run
from gallery.pipeline import runs
from gallery.pipeline.steps import LABELS, STEPS
from gallery.search import grammar
from gallery.search.photos import every
from gallery.views.access import MemberRequest, members_only
from gallery.views.asking import Asked, order_or_ask
from gallery.views.queries import page_of, wanted_on_page

_MOST_RUNS: Final = 50
_MOST_COMPARED: Final = 10_000
_MOST_LABELS: Final = 30
_TURNS: Final = {"pause": runs.pause, "resume": runs.resume, "stop": runs.stop, "roll-back": runs.roll_back}


@dataclasses.dataclass(frozen=True)
class RunLine:
    """A run with how far it is. `until`: when it will be finished, if that is known."""

    run: Run
    progress: runs.Progress
    cost_usd: Decimal
    until: datetime | None


@dataclasses.dataclass(frozen=True)
class LabelLine:
    """A label that was won, lost or changed, with id and name of some photos; `shift` in points, signed."""

    count: runs.Count
    shift: str
    samples: list[tuple[UUID, str]]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def runs_page(request: MemberRequest) -> HttpResponse:
    """The list; a POST asks for the labels of what a search finds again, once its price was shown and agreed to."""
    if request.method != "POST":
        mine = Run.objects.visible_to(request.user).order_by("-created_at")[:_MOST_RUNS]
        return render(request, "gallery/runs.html", {"lines": _lines(list(mine)), "most": _MOST_RUNS})
    query = grammar.parse(request.POST.get("q", ""))
    words = str(query)
    return order_or_ask(
        request,
        Asked(
            photos=every(request.user, wanted_on_page(query)),
            step=LABELS.name,
            words=words,
            address=reverse("runs"),
            back=page_of(words),
            question=lambda count: ngettext(
                "Label %(count)s photo again for %(sum)s?", "Label %(count)s photos again for %(sum)s?", count
            ),
            button=_("Label again"),
            nothing=_(
                "This search finds no photo that could be labelled again: those that are too small, in the trash or "
                "waiting for their labels already are left out."
            ),
            fields={"q": words},
        ),
    )


@require_safe
@members_only
def run_page(request: MemberRequest, run_id: UUID) -> HttpResponse:
    run = _own(request, run_id)
    (line,) = _lines([run])
    context: dict[str, Any] = {
        "line": line,
        "labels": runs.tells_labels(run.step),
        "step": STEPS.get(run.step),
    }
    if context["labels"]:
        context |= _difference(run)
    return render(request, "gallery/run.html", context)


@require_POST
@members_only
def turn(request: MemberRequest, run_id: UUID, to: str) -> HttpResponse:
    run = _own(request, run_id)
    if not _TURNS[to](run):
        messages.info(request, _("Nothing was changed: meanwhile it is %(state)s.") % {"state": _said(run)})
    return redirect("run", run_id)


def _said(run: Run) -> str:
    run.refresh_from_db()
    return str(run.get_state_display())


def _own(request: MemberRequest, run_id: UUID) -> Run:
    """The run, if it is on this user's photos; else 404, as for one that never was."""
    return get_object_or_404(Run.objects.visible_to(request.user), pk=run_id)


def _lines(found: list[Run]) -> list[RunLine]:
    return [
        _line(run, progress) for run, progress in zip(found, runs.progresses(found).values(), strict=True)
    ]


def _line(run: Run, progress: runs.Progress) -> RunLine:
    until = timezone.now() + progress.rest if progress.rest else None
    return RunLine(run, progress, usd(run.micro_usd), until)


def _difference(run: Run) -> dict[str, Any]:
    """`groups`: name, how many labels, and the most frequent of them. `most`: of how many photos, if not of all."""
    told = runs.summary(run, _MOST_COMPARED)
    groups = {_("Won"): told.won, _("Lost"): told.lost, _("Changed"): told.changed}
    shown = [count for counts in groups.values() for count in counts[:_MOST_LABELS]]
    ids = {pk for count in shown for pk in count.samples}
    names = dict(Photo.objects.filter(pk__in=ids).values_list("pk", "filename"))
    return {
        "answered": told.photos,
        "changes": bool(shown),
        "most": _MOST_COMPARED if told.photos == _MOST_COMPARED else 0,
        "groups": [
            (name, len(counts), [_label(count, names) for count in counts[:_MOST_LABELS]])
            for name, counts in groups.items()
        ],
    }


def _label(count: runs.Count, names: dict[UUID, str]) -> LabelLine:
    samples = [(pk, names[pk]) for pk in count.samples if pk in names]
    return LabelLine(count, f"{count.shift:+.0f}" if count.shift else "", samples)
