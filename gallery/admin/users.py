"""Users as support sees them: what they use and what they cost, beside what accounts' own admin shows."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Replace
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin import UserAdmin
from accounts.models import User
from gallery.admin.pages import BoundedPaginator
from gallery.labelling.prices import dollars, usd
from gallery.models import OwnerMonth, Spending
from gallery.pipeline.budget import Month

_THEIRS: Final = {
    "photo": _("Photos"),
    "job": _("Jobs"),
    "album": _("Albums"),
    "share": _("Shares"),
    "analysis": _("Paid calls"),
    "run": _("Bulk runs"),
}


@admin.register(User)
class SupportedUserAdmin(UserAdmin):
    list_display = (
        "email", "space", "photos", "calls", "cost", "budget", "is_active", "is_staff", "analyse", "joined_at",
        "last_login",
    )  # fmt: skip
    list_per_page = 50
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        UserAdmin.fieldsets[0],
        (
            _("Photos"),
            {
                "fields": (
                    "space",
                    "reserved",
                    "quota_bytes",
                    "photos",
                    "calls",
                    "cost",
                    "budget_usd",
                    "analyse",
                    "see",
                )
            },
        ),
        *UserAdmin.fieldsets[2:],
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "space", "photos", "calls", "cost", "see")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With what each has and spent: one look at an index for each row that is shown."""
        months = OwnerMonth.objects.filter(owner=OuterRef("pk")).order_by().values("owner")
        scope = Replace(Cast(OuterRef("pk"), CharField()), Value("-"), Value(""))
        spent = Spending.objects.filter(scope=scope, month=Month.of(timezone.now()).name)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(
            has_photos=Coalesce(Subquery(months.annotate(total=Sum("photos")).values("total")), 0),
            has_called=Coalesce(Subquery(spent.values("calls")), 0),
            has_spent=Coalesce(Subquery(spent.values("micro_usd")), 0),
        )

    @admin.display(description=_("space"), ordering="used_bytes")
    def space(self, user: User) -> SafeString:
        used, quota = filesizeformat(user.used_bytes), filesizeformat(user.quota)
        return format_html(
            '<meter min="0" max="{}" high="{}" value="{}" aria-label="{}"></meter> {}',
            user.quota or 1,
            user.quota * 9 // 10,
            user.used_bytes,
            _("space"),
            _("%(used)s of %(quota)s") % {"used": used, "quota": quota},
        )

    @admin.display(description=_("photos"), ordering="has_photos")
    def photos(self, user: Any) -> SafeString:
        count = number_format(user.has_photos, force_grouping=True)
        return format_html('<a href="{}">{}</a>', _list("photo", user), count)

    @admin.display(description=_("calls this month"), ordering="has_called")
    def calls(self, user: Any) -> str:
        return number_format(user.has_called, force_grouping=True)

    @admin.display(description=_("cost this month"), ordering="has_spent")
    def cost(self, user: Any) -> str:
        return dollars(usd(user.has_spent))

    @admin.display(description=_("budget"), ordering="budget_usd", empty_value="–")
    def budget(self, user: User) -> str | None:
        return None if user.budget_usd is None else dollars(user.budget_usd)

    @admin.display(description=_("see"))
    def see(self, user: User) -> SafeString:
        links = [(_list(name, user), words) for name, words in _THEIRS.items()]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


def _list(model: str, user: User) -> str:
    return f"{reverse(f'admin:gallery_{model}_changelist')}?owner={user.pk}"
