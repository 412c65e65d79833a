"""What one uses: space, and paid calls with what they cost, what stops them and what waits for that."""

import dataclasses
from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.models import User
from gallery.charts import Chart, stacked
from gallery.labelling.prices import usd
from gallery.models import Job
from gallery.pipeline import bill, budget
from gallery.pipeline.bill import Calls
from gallery.pipeline.reasons import said
from gallery.search.photos import kept
from gallery.templatetags.money import dollars
from gallery.views.access import MemberRequest, members_only

_MONTHS: Final = 12


@dataclasses.dataclass(frozen=True)
class Waiting:
    """Photos' steps that wait for money, with the sentence that says whose."""

    reason: str
    count: int


@require_safe
@members_only
def usage(request: MemberRequest) -> HttpResponse:
    user = request.user
    months = bill.months_until_now(_MONTHS)
    calls = bill.calls_of(user, months)
    now = [one for one in calls if one.month == months[-1]]
    spent = budget.spent_by(user)
    context = {
        "photos": kept(user),
        "month": months[-1],
        "calls": spent.calls,
        "cost": usd(spent.micro_usd),
        "operations": now,
        "perhaps": sum(one.perhaps for one in now),
        "chart": _chart(months, calls) if calls else None,
        "prices": settings.REKOGNITION_PRICES.items(),
        "site_budget": settings.BUDGET_USD,
        "waiting": _waiting(user),
    }
    return render(request, "gallery/usage.html", context)


def _chart(months: list[budget.Month], calls: list[Calls]) -> Chart:
    amounts: dict[budget.Month, dict[str, Decimal]] = defaultdict(dict)
    for one in calls:
        amounts[one.month][one.name] = one.cost_usd
    columns = [(date_format(month.first, "M y"), amounts[month]) for month in months]
    return stacked(columns, sorted({one.name for one in calls}), dollars)


def _waiting(user: User) -> list[Waiting]:
    jobs: Any = Job.objects.visible_to(user).waiting().filter(reason__startswith=budget.PREFIX)
    rows = jobs.order_by("reason").values_list("reason").annotate(Count("pk"))
    return [Waiting(said(reason), count) for reason, count in rows]
