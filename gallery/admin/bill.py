"""Paid calls, what was spent, and stopped operations, for staff to read."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.admin.pages import LookOnly
from gallery.charts import Chart, stacked
from gallery.labelling.prices import dollars, usd
from gallery.models import Analysis, Circuit, Spending
from gallery.pipeline import bill
from gallery.pipeline.budget import SITE

_MONTHS = 12


@admin.register(Analysis)
class AnalysisAdmin(LookOnly):
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
    list_filter = ["state", "operation"]
    list_select_related = ["owner"]
    search_fields = ["=photo__id", "owner__email"]
    ordering = ["-sent_at"]
    exclude = ["answer"]  # what was told of a picture is its owner's


@admin.register(Spending)
class SpendingAdmin(LookOnly):
    """The bill by month: the whole site's, above each user's; with a chart of the site's last year."""

    change_list_template = "admin/bill.html"
    list_display = ["month", "whose", "calls", "cost"]
    search_fields = ["email", "=month"]
    search_help_text = _("A user's address, or a month such as 2026-11.")
    ordering = ["-month", "-micro_usd"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Spending]:
        spender = User.objects.filter(pk=Cast(NullIf(OuterRef("scope"), Value("")), UUIDField()))
        rows: QuerySet[Spending] = super().get_queryset(request)
        return rows.annotate(email=Subquery(spender.values("email")))

    @admin.display(description=_("spent on the photos of"), ordering="scope")
    def whose(self, spending: Any) -> str:
        if not spending.scope:
            return gettext("all users")
        return str(spending.email or gettext("somebody who is gone"))

    @admin.display(description=_("cost"), ordering="micro_usd")
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
    return stacked(columns, [series])


@admin.register(Circuit)
class CircuitAdmin(LookOnly):
    list_display = ["operation", "reason", "opened_at", "probe_at"]
