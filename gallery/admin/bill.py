"""Paid calls, what was spent, and stopped operations, for staff to read."""

import re
from typing import Any, Final

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.admin.pages import LookOnly, Owned, OwnerFilter, owners_like
from gallery.charts import Chart, stacked
from gallery.labelling.prices import dollars, usd
from gallery.models import Analysis, Circuit, Spending
from gallery.pipeline import bill
from gallery.pipeline.budget import SITE
from gallery.pipeline.steps import STEPS
from gallery.templatetags import money

_MONTHS = 12
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


class _WithinOwner(admin.SimpleListFilter):
    """Of one owner's calls: an index holds those, and none the few refused ones among all there are."""

    values: list[tuple[Any, Any]] = []

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return self.values if request.GET.get("owner") else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Analysis]) -> QuerySet[Analysis]:
        known = {value for value, _words in self.values}
        if self.value() not in known:
            return queryset
        return queryset.filter(**{str(self.parameter_name): self.value()})


class StateFilter(_WithinOwner):
    title = _("state")
    parameter_name = "state"
    values = list(Analysis.State.choices)


class OperationFilter(_WithinOwner):
    title = _("operation")
    parameter_name = "operation"
    values = [(name, name) for name in sorted({step.operation for step in STEPS.values() if step.operation})]


@admin.register(Analysis)
class AnalysisAdmin(Owned):
    list_display = [
        "sent_at",
        "operation",
        "features",
        "state",
        "owner",
        "photo_id",
        "model_version",
        "cost_usd",
        "error",
    ]
    list_filter = [OwnerFilter, StateFilter, OperationFilter]
    search_fields = ["=photo__id"]
    search_help_text = _("Photo id or owner's address.")
    ids = ("pk", "photo")
    ordering = ["-sent_at", "-pk"]
    exclude = ["answer"]  # what was told of a picture is its owner's

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        rows: QuerySet[Analysis] = super().get_queryset(request)
        return rows.defer("answer")


@admin.register(Spending)
class SpendingAdmin(LookOnly):
    """The bill by month: the whole site's, above each user's; with a chart of the site's last year."""

    change_list_template = "admin/bill.html"
    list_display = ["month", "whose", "calls", "cost"]
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["=month"]
    search_help_text = _("A user's address, or a month such as 2026-11.")
    ordering = ["-month", "-micro_usd", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Spending]:
        spender = User.objects.filter(pk=Cast(NullIf(OuterRef("scope"), Value("")), UUIDField()))
        rows: QuerySet[Spending] = super().get_queryset(request)
        return rows.annotate(email=Subquery(spender.values("email")))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Spending], search_term: str
    ) -> tuple[QuerySet[Spending], bool]:
        word = search_term.strip()
        if not word:
            return queryset, False
        if _MONTH.fullmatch(word):
            return queryset.filter(month=word), False
        return queryset.filter(scope__in=[key.hex for key in owners_like(request, word)]), False

    @admin.display(description=_("spent on the photos of"))
    def whose(self, spending: Any) -> str:
        if not spending.scope:
            return gettext("all users")
        return str(spending.email or gettext("somebody who is gone"))

    @admin.display(description=_("cost"))
    def cost(self, spending: Spending) -> str:
        return dollars(usd(spending.micro_usd))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "chart": _chart})


def _chart() -> Chart:
    """The site's last twelve months. Asked by the template, so only for who may see the list."""
    months = bill.months_until_now(_MONTHS)
    rows = Spending.objects.filter(scope=SITE, month__gte=months[0].name)
    spent = dict(rows.values_list("month", "micro_usd"))
    series = gettext("all users")
    columns = [(date_format(month.first, "M y"), {series: usd(spent.get(month.name, 0))}) for month in months]
    return stacked(columns, [series], money.dollars)


@admin.register(Circuit)
class CircuitAdmin(LookOnly):
    list_display = ["operation", "reason", "opened_at", "probe_at"]
