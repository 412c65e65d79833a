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


@admin.register(User)
class UserAdmin(_Users):
    form = ChangeUserForm
    add_form = AddUserForm
    ordering = ("email",)
    search_fields = ("email",)
    list_display = (
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

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Only what was changed is written: uploads move the counters of the same row meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
            people.verify(obj)
        elif form.changed_data:
            own = {field.name for field in User._meta.concrete_fields}
            obj.save(update_fields=[name for name in form.changed_data if name in own])


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
