"""What the admin's lists share: bounded counting, searching by whose it is, rows that staff look at and do not edit."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:  # Django's classes take their parameter from the stubs only
    _ModelAdmin = admin.ModelAdmin[Any]
    _Paginator = Paginator[Any]
else:
    _ModelAdmin, _Paginator = admin.ModelAdmin, Paginator

_COUNT_UP_TO = 10_000
_MOST_OWNERS: Final = 50


class BoundedPaginator(_Paginator):
    """Counts to 10,000 and no further: counting a million rows would cost more than showing a hundred.

    Pages behind that are not offered, since the database would walk through all rows before them.
    """

    @cached_property
    def count(self) -> int:
        if self.about and self.about > _COUNT_UP_TO:
            return _COUNT_UP_TO
        return self._rows.order_by().values("pk")[:_COUNT_UP_TO].count()

    @cached_property
    def about(self) -> int | None:
        """How many rows PostgreSQL believes the table has; None for a choice of them, and elsewhere."""
        query = self._rows.query
        if connection.vendor != "postgresql" or query.where or query.is_sliced:
            return None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [query.get_meta().db_table]
            )
            row = cursor.fetchone()
        return int(row[0]) if row and row[0] > 0 else None

    @property
    def is_cut(self) -> bool:
        return self.count >= _COUNT_UP_TO

    @property
    def _rows(self) -> QuerySet[Any]:
        return self.object_list  # type: ignore[return-value]  # the admin gives a QuerySet


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


class OwnerFilter(admin.SimpleListFilter):
    """Whose: there when somebody was chosen, on their page or by the address."""

    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        owner = User.objects.filter(pk=self._chosen).first() if self._chosen else None
        return [(str(owner.pk), owner.email)] if owner else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(owner=self._chosen) if self._chosen else queryset.none()

    @property
    def _chosen(self) -> UUID | None:
        return _uuid(self.used_parameters.get(self.parameter_name) or "")


class Owned(LookOnly):
    """Rows of many users, of which there may be millions: only what an index answers is offered.

    Searched by an id, or by whose they are: no index finds a piece of a file name among all of them.
    """

    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["owner"]
    owner_field = "owner"
    ids: tuple[str, ...] = ("pk",)
    """What an id may be that is searched for."""
    named_by = ""
    """A text of one owner's rows in which words after the owner's address are looked for."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.split()
        if not words:
            return queryset, False
        if key := _uuid(words[0]):
            named = Q()
            for field in self.ids:
                named |= Q(**{field: key})
            return queryset.filter(named), False
        if not request.GET.get("owner"):
            queryset = queryset.filter(**{f"{self.owner_field}__in": owners_like(request, words.pop(0))})
        for word in words if self.named_by else ():
            queryset = queryset.filter(**{f"{self.named_by}__icontains": word})
        return queryset, False


def owners_like(request: HttpRequest, word: str) -> list[UUID]:
    """Whose address has this in it, with a message where that is nobody or half the site."""
    found = list(User.objects.filter(email__icontains=word).values_list("pk", flat=True)[: _MOST_OWNERS + 1])
    if len(found) > _MOST_OWNERS:
        messages.warning(
            request, gettext("Too many users have “%s” in their address: write more of it.") % word
        )
        return []
    if not found:
        messages.info(request, gettext("Nobody has “%s” in their address.") % word)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
