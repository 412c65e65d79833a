"""Who of the staff did what, and when: written by every action, read here, changed by nobody."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.admin.pages import Owned

_SHOWN_STAFF = 100


def note(request: HttpRequest, rows: Collection[Model], message: str) -> None:
    """An entry for each of these rows."""
    if rows and isinstance(request.user, User):
        entries: Any = LogEntry.objects
        entries.log_actions(request.user.pk, rows, CHANGE, message)


def note_many(request: HttpRequest, model: type[Model], what: str, message: str) -> None:
    """One entry for rows that are too many to name, or that are no longer there."""
    entries: Any = LogEntry.objects
    entries.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(model),
        object_repr=what[:200],
        action_flag=CHANGE,
        change_message=message,
    )


class ByStaff(admin.SimpleListFilter):
    title = _("user")
    parameter_name = "user"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        staff = User.objects.filter(is_staff=True).order_by("email")[:_SHOWN_STAFF]
        return [(str(user.pk), user.email) for user in staff]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        chosen: Any = self.value()
        if not chosen:
            return queryset
        known = {key for key, _email in self.lookup_choices}
        return queryset.filter(user=chosen) if chosen in known else queryset.none()


class OfKind(admin.SimpleListFilter):
    title = _("kind of object")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        models: Iterable[type[Model]] = admin.site._registry
        return sorted(
            ((model._meta.label_lower, model._meta.verbose_name) for model in models),
            key=lambda kind: str(kind[1]),
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        app, _dot, model = (self.value() or "").partition(".")
        if not app:
            return queryset
        kind = ContentType.objects.filter(app_label=app, model=model).first()
        return queryset.filter(content_type=kind) if kind else queryset.none()


class Lately(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("1", _("the last 24 hours")), ("7", _("the last 7 days")), ("31", _("the last 31 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        if self.value() not in {days for days, _words in self.lookup_choices}:
            return queryset
        return queryset.filter(action_time__gte=timezone.now() - timedelta(days=int(self.value() or 1)))


@admin.register(LogEntry)
class AuditAdmin(Owned):
    list_display = ["action_time", "user", "action_flag", "kind", "object_link", "said"]
    list_filter = [ByStaff, OfKind, "action_flag", Lately]
    list_select_related = ["user", "content_type"]
    search_fields = ["=object_id"]
    search_help_text = _("Id of what was acted on, or the address of who did it.")
    owner_field = "user"
    ids = ("object_id",)
    ordering = ["-action_time", "-pk"]
    fields = ["action_time", "user", "action_flag", "kind", "object_link", "said"]

    @admin.display(description=_("kind of object"))
    def kind(self, entry: LogEntry) -> str:
        return str(entry.content_type.name) if entry.content_type else "–"

    @admin.display(description=_("object"))
    def object_link(self, entry: LogEntry) -> SafeString | str:
        url = entry.get_admin_url() if entry.object_id else None
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr

    @admin.display(description=_("what was done"))
    def said(self, entry: LogEntry) -> str:
        return entry.get_change_message()
