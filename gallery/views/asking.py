"""Asking before a bulk run: how many photos and what it costs, and the run once that very price was agreed to."""

import dataclasses
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.labelling.prices import dollars, usd
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline import budget, runs
from gallery.views.access import MemberRequest


@dataclasses.dataclass(frozen=True)
class Asked:
    """What somebody wants of which of their photos, and how they are asked about it.

    `words`: the choice as the run keeps it. `address`: where the answer goes, with `fields`; `back`: what leads away.
    `question` has places for count, sum and what is in `about`. `nothing`: why there may be nothing to ask.
    """

    photos: PhotoQuerySet
    step: str
    words: str
    address: str
    back: str
    question: Callable[[int], str]
    button: str
    nothing: str
    about: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)


def order_or_ask(request: MemberRequest, asked: Asked) -> HttpResponse:
    """Orders the run if what it comes to now is what was agreed to; else asks, or asks again."""
    estimate = runs.estimate(asked.photos, asked.step)
    agreed = f"{estimate.photos} {estimate.cost_usd}"
    if not estimate.photos or request.POST.get("agreed") != agreed:
        return _ask(request, asked, estimate, agreed)
    run = runs.order(
        asked.photos, asked.step, asked_for=asked.words, ordered_by=request.user, owner=request.user
    )
    messages.success(request, _("It has begun. New photos come first; this page can be closed."))
    return redirect("run", run.pk)


def _ask(request: MemberRequest, asked: Asked, estimate: runs.Estimate, agreed: str) -> HttpResponse:
    again = "agreed" in request.POST and estimate.photos
    if again:
        messages.warning(request, _("Meanwhile these are other photos. Look again, please."))
    counted = {"count": intcomma(estimate.photos), "sum": dollars(estimate.cost_usd)}
    context = {
        "asked": asked,
        "photos": estimate.photos,
        "question": asked.question(estimate.photos) % {**asked.about, **counted},
        "agreed": agreed,
        "room": _room(request.user, estimate),
    }
    return render(request, "gallery/run_ask.html", context, status=409 if again else 200)


def _room(user: User, estimate: runs.Estimate) -> Decimal | None:
    """What is left of the user's budget of this month, where that is less than the price."""
    if user.budget_usd is None:
        return None
    left = max(user.budget_usd - usd(budget.spent_by(user).micro_usd), Decimal(0))
    return left if left < estimate.cost_usd else None
