"""The bill: what calls came to by month and operation, and whether what was counted as spent is what they cost.

The site's sum is compared with the users', not with the calls: a deleted user's calls are gone, what they cost is not.
Spending is locked while it is compared, so that no call is counted on one side only.
"""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Q, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.models import User
from gallery.labelling.prices import micro_usd, usd
from gallery.models import Analysis, Spending
from gallery.pipeline.budget import SITE, Month


class Sums(NamedTuple):
    """Calls, and what they cost in millionths of a US dollar."""

    calls: int
    micro_usd: int

    def __str__(self) -> str:
        return f"{self.calls} calls for ${usd(self.micro_usd):f}"


@dataclasses.dataclass(frozen=True)
class Calls:
    """One month's calls of one operation with its priced options. `perhaps`: those sent and never answered."""

    month: Month
    name: str
    count: int
    perhaps: int
    cost_usd: Decimal


Months = dict[str, Sums]
Repair = Callable[[], object]


def calls_of(owner: User, months: list[Month]) -> list[Calls]:
    """What this user's calls since the first of these months came to, refused ones left out; in one query."""
    begun = [When(sent_at__gte=month.first, then=Value(place)) for place, month in enumerate(months)]
    sent = Analysis.objects.visible_to(owner).filter(sent_at__gte=months[0].first)
    rows = (
        sent.exclude(state=Analysis.State.REFUSED)
        .annotate(place=Case(*reversed(begun), output_field=IntegerField()))
        .values_list("place", "operation", "features")
        .annotate(
            count=Count("pk"), perhaps=Count("pk", filter=Q(state=Analysis.State.SENT)), cost=Sum("cost_usd")
        )
        .order_by("place", "operation", "features")
    )
    return [
        Calls(
            months[place],
            " + ".join(filter(None, (operation, *features.split(",")))),
            count,
            perhaps,
            exact(cost),
        )
        for place, operation, features, count, perhaps, cost in rows
    ]


def months_until_now(count: int) -> list[Month]:
    """The last `count` months, this one the last."""
    now = Month.of(timezone.now())
    return [now.earlier(back) for back in range(count - 1, -1, -1)]


def exact(cost: Decimal) -> Decimal:
    """To the millionth: SQLite sums in floats."""
    return round(cost, 6)


def errors() -> Iterator[tuple[str, Repair]]:
    """What is summed up wrong, in words, with what corrects it."""
    for owner in User.objects.order_by("pk").values_list("pk", flat=True).iterator():
        yield from _differences(owner.hex, partial(_called, owner))
    yield from _differences(SITE, _of_all_users)


def _differences(scope: str, count: Callable[[], Months]) -> Iterator[tuple[str, Repair]]:
    with transaction.atomic():
        stored, fresh = _stored(scope), count()
    for month in sorted(stored.keys() | fresh.keys()):
        kept, counted = stored.get(month, Sums(0, 0)), fresh.get(month, Sums(0, 0))
        if kept != counted:
            whose = f"user {scope}" if scope else "the site"
            yield (
                f"{whose}: {month} is summed up as {kept}, but there are {counted}",
                partial(_correct, scope, month, count),
            )


def _stored(scope: str) -> Months:
    rows: Any = Spending.objects.filter(scope=scope).select_for_update().order_by("month")
    return {row.month: Sums(row.calls, row.micro_usd) for row in rows}


def _called(owner: Any) -> Months:
    calls = Analysis.objects.filter(owner=owner).exclude(state=Analysis.State.REFUSED).order_by()
    months = calls.annotate(month=TruncMonth("sent_at", tzinfo=UTC)).values_list("month")
    return {
        Month(first).name: Sums(count, micro_usd(exact(cost)))
        for first, count, cost in months.annotate(Count("pk"), Sum("cost_usd"))
    }


def _of_all_users() -> Months:
    rows = Spending.objects.exclude(scope=SITE).order_by().values_list("month")
    summed = rows.annotate(Sum("calls"), Sum("micro_usd"))
    return {month: Sums(calls, micro) for month, calls, micro in summed}


def _correct(scope: str, month: str, count: Callable[[], Months]) -> None:
    """Counted again: calls have been made since."""
    with transaction.atomic():
        _stored(scope)
        calls, micro = count().get(month, Sums(0, 0))
        Spending.objects.update_or_create(
            scope=scope, month=month, defaults={"calls": calls, "micro_usd": micro}
        )
