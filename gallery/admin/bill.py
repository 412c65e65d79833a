"""Paid calls and stopped operations, for staff to read."""

from django.contrib import admin

from gallery.admin.pages import LookOnly
from gallery.models import Analysis, Circuit


@admin.register(Analysis)
class AnalysisAdmin(LookOnly):
    list_display = [
        "sent_at",
        "operation",
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


@admin.register(Circuit)
class CircuitAdmin(LookOnly):
    list_display = ["operation", "reason", "opened_at", "probe_at"]
