"""Users and their tokens in the admin. No password, hash or token can be read here."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts import people
from accounts.forms import AddUserForm, ChangeUserForm
from accounts.models import ApiToken, User

if TYPE_CHECKING:
    _Users = DjangoUserAdmin[User]
    _Tokens = admin.ModelAdmin[ApiToken]
else:
    _Users, _Tokens = DjangoUserAdmin, admin.ModelAdmin


class UserAdmin(_Users):
    """The site registers it together with what each user has and costs (gallery.admin.users)."""

    form = ChangeUserForm
    add_form = AddUserForm
    ordering = ("email",)
    search_fields = ("email",)
    list_display: tuple[str, ...] = (
        "email",
        "is_active",
        "is_staff",
        "used",
        "allowed",
        "budget_usd",
        "analyse",
        "joined_at",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "is_superuser", "analyse")
    show_full_result_count = False
    readonly_fields = ("used", "reserved", "joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Photos"), {"fields": ("used", "reserved", "quota_bytes", "budget_usd", "analyse")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Language and time"), {"fields": ("language", "time_zone")}),
        (_("Dates"), {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )

    @admin.display(description=_("used"), ordering="used_bytes")
    def used(self, user: User) -> str:
        return filesizeformat(user.used_bytes)

    @admin.display(description=_("set aside for uploads"))
    def reserved(self, user: User) -> str:
        return filesizeformat(user.reserved_bytes)

    @admin.display(description=_("quota"))
    def allowed(self, user: User) -> str:
        return filesizeformat(user.quota)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Whoever may change users must not make themselves, or somebody, more than they are."""
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *_POWERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A superuser's password is reset by superusers only: it opens all that they may."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account takes its photos along, and their objects in the bucket: that is no form's work."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Only what was changed is written: uploads move the counters of the same row meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            people.verify(obj)
        elif form.changed_data:
            own = {field.name for field in User._meta.concrete_fields}
            obj.save(update_fields=[name for name in form.changed_data if name in own])


_POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(ApiToken)
class ApiTokenAdmin(_Tokens):
    list_display = ("name", "user", "scope", "created_at", "last_used_at", "expires_at")
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    show_full_result_count = False
    fields = ("name", "user", "scope", "created_at", "last_used_at", "expires_at")
    readonly_fields = ("user", "scope", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A token made here would be known to two people: they come from `api_token`."""
        return False
