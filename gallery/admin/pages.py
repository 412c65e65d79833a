"""What the admin's lists share: keyset-friendly settings, and rows that staff look at but do not edit."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

if TYPE_CHECKING:  # Django's classes take their parameter from the stubs only
    _ModelAdmin = admin.ModelAdmin[Any]
    _Paginator = Paginator[Any]
else:
    _ModelAdmin, _Paginator = admin.ModelAdmin, Paginator

_COUNT_UP_TO = 10_000


class BoundedPaginator(_Paginator):
    """Counts to 10,000 and no further: counting a million rows would cost more than showing a hundred."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]  # the admin gives a QuerySet
        return rows.order_by().values("pk")[:_COUNT_UP_TO].count()


class LookOnly(_ModelAdmin):
    """A list to look at. Nothing is added, changed or deleted here."""

    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
