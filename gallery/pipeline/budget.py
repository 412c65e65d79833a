"""What paid calls may cost in a month: counted before each call, for the site and for its owner, to the cent.

A call is charged in the transaction that writes its Analysis. Spending rows are the last that a transaction
locks, the site's before the user's: no two can wait for each other.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Self
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import date_format

from accounts.models import User
from gallery.labelling.prices import dollars, micro_usd, price_usd
from gallery.models import Analysis, Photo, Spending, by_hand
from gallery.pipeline import options

SITE: Final = ""
PREFIX: Final = "Out of budget:"  # what the reason of everything that waits for money begins with
OWNERS: Final = (
    "Out of budget: %(budget)s may be spent on your photos in %(month)s, and has been. "
    "It goes on when the budget is raised, or on %(day)s."
)
SITES: Final = (
    "Out of budget: this site may spend %(budget)s on image recognition in %(month)s, and has. "
    "It goes on when the budget is raised, or on %(day)s."
)


class Spent(Exception):
    """There is no room for this call: nothing was written. The sentence says whose budget it is and until when."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until

    @property
    def seconds(self) -> float:
        """Until the next month begins, and with it the next budget."""
        return max((self.until - timezone.now()).total_seconds(), 1.0)


@dataclasses.dataclass(frozen=True)
class Blocked:
    """Who has no room for one more call, each with the sentence that says so. `site`: that of the whole site."""

    site: str
    owners: Mapping[UUID, str]

    def why(self, owner_id: UUID) -> str:
        """The sentence for this owner's photos, "" while there is room."""
        return self.site or self.owners.get(owner_id, "")

    def __bool__(self) -> bool:
        return bool(self.site or self.owners)


@dataclasses.dataclass(frozen=True)
class Month:
    """A calendar month in UTC, in which a budget counts."""

    first: datetime

    @classmethod
    def of(cls, moment: datetime) -> Self:
        return cls(moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0))

    @property
    def name(self) -> str:
        """ "2024-06", as rows call it."""
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        """ "June 2024"."""
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    @property
    def end(self) -> datetime:
        years, month = divmod(self.first.month, 12)
        return self.first.replace(year=self.first.year + years, month=month + 1)

    def earlier(self, months: int) -> "Month":
        """So many months before this one."""
        years, month = divmod(self.first.year * 12 + self.first.month - 1 - months, 12)
        return Month(self.first.replace(year=years, month=month + 1))


def charge(photo: Photo, operation: str, features: Sequence[str] = ()) -> Analysis:
    """Writes down one call, in state `sent`, before it is made. Raises Spent where a budget has no room for it.

    The owner's budget is that of `photo.owner`, as a claim has just read it.
    """
    price, now = price_usd(operation, *features), timezone.now()
    month = Month.of(now)
    with transaction.atomic():
        analysis: Analysis = Analysis.objects.create(
            photo=photo,
            owner_id=photo.owner_id,
            operation=operation,
            features=",".join(features),
            cost_usd=price,
            sent_at=now,
        )
        for scope, limit in ((SITE, settings.BUDGET_USD), (photo.owner_id.hex, photo.owner.budget_usd)):
            if not _reserve(scope, month, micro_usd(price), limit):
                raise Spent(sentence(scope, limit or Decimal(0), month), month.end)
    return analysis


def refund(analysis: Analysis, error_code: str) -> None:
    """The call was refused and is not billed: what it was charged is given back to the month it was made in. Once."""
    micro = micro_usd(analysis.cost_usd)
    month = Month.of(analysis.sent_at).name
    with transaction.atomic():
        refused = Analysis.objects.filter(pk=analysis.pk, state=Analysis.State.SENT).update(
            state=Analysis.State.REFUSED, cost_usd=0, error=error_code[:200], answered_at=timezone.now()
        )
        if not refused:
            return
        for scope in (SITE, analysis.owner_id.hex):
            spent = Spending.objects.filter(scope=scope, month=month)
            spent.update(calls=F("calls") - 1, micro_usd=F("micro_usd") - micro)


def estimate(count: int, *operations: str) -> Decimal:
    """US dollars for these operations, and priced options, on so many photos."""
    return count * price_usd(*operations)


def blocked(operation: str, limits: Mapping[UUID, Decimal]) -> Blocked:
    """Who of these users, each with their budget, may not make one more call of this operation now; or all."""
    scopes = {owner_id.hex: owner_id for owner_id in limits}
    budgets = {owner_id.hex: limit for owner_id, limit in limits.items()}
    if settings.BUDGET_USD is not None:
        budgets[SITE] = settings.BUDGET_USD
    if not budgets:
        return Blocked("", {})
    month, features = Month.of(timezone.now()), options.features_of(list(limits), operation)
    prices = {
        SITE: micro_usd(price_usd(operation)),
        **{owner.hex: micro_usd(price_usd(operation, *features.get(owner, ()))) for owner in limits},
    }
    rows = Spending.objects.filter(month=month.name, scope__in=budgets)
    spent: dict[str, int] = dict(rows.values_list("scope", "micro_usd"))
    full = {
        scope: sentence(scope, limit, month)
        for scope, limit in budgets.items()
        if spent.get(scope, 0) + prices[scope] > micro_usd(limit)
    }
    return Blocked(full.pop(SITE, ""), {scopes[scope]: sentence for scope, sentence in full.items()})


def limits(owners: Collection[UUID] | None = None) -> dict[UUID, Decimal]:
    """Those of these users, or of all, that have a budget, with it."""
    if owners is not None and not owners:
        return {}
    limited = User.objects.filter(budget_usd__isnull=False)
    rows: Any = limited if owners is None else limited.filter(pk__in=owners)
    return dict(rows.values_list("pk", "budget_usd"))


def spent_by(user: User) -> Spending:
    """What this user's calls of this month are, perhaps billed ones among them; zeros when there were none."""
    month, scope = Month.of(timezone.now()).name, user.pk.hex
    row = Spending.objects.filter(scope=scope, month=month).first()
    return row or Spending(scope=scope, month=month)


def _reserve(scope: str, month: Month, micro: int, limit: Decimal | None) -> bool:
    most = None if limit is None else micro_usd(limit)
    if by_hand.spend(scope, month.name, micro, most):
        return True
    # The month's first call, or no room.
    Spending.objects.bulk_create([Spending(scope=scope, month=month.name)], ignore_conflicts=True)
    return by_hand.spend(scope, month.name, micro, most)


def sentence(scope: str, limit: Decimal, month: Month) -> str:
    """In English, whoever asks: it is written down, and compared with what was. `reasons` translates it."""
    with translation.override("en"):
        words = {
            "budget": dollars(limit),
            "month": date_format(month.first, "F"),
            "day": date_format(month.end, "j F"),
        }
    return (OWNERS if scope else SITES) % words
