"""What people fill in about themselves, and the admin about them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.preferences import zones

if TYPE_CHECKING:
    _PersonForm = forms.ModelForm[User]
    _AddForm = AdminUserCreationForm[User]
    _ChangeForm = UserChangeForm[User]
else:
    _PersonForm, _AddForm, _ChangeForm = forms.ModelForm, AdminUserCreationForm, UserChangeForm


class PrivacyForm(_PersonForm):
    class Meta:
        model = User
        fields = ("analyse",)


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser asks")), *settings.LANGUAGES]


def _schemes() -> list[tuple[str, Any]]:
    return [("", _("As this device is set")), *User._meta.get_field("scheme").flatchoices]


def _time_zones() -> list[tuple[str, Any]]:
    by_region = [
        (region, [(name, name.replace("_", " ")) for name in names]) for region, names in zones().items()
    ]
    return [("", gettext("The site's: %(zone)s") % {"zone": settings.TIME_ZONE}), *by_region]


class LanguageAndTimeForm(_PersonForm):
    class Meta:
        model = User
        fields = ("language", "time_zone", "scheme")

    language = forms.ChoiceField(label=_("Language"), required=False, choices=_languages)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=_time_zones,
        help_text=_(
            "For when things happen here. When a photo was taken is told by the clock of that place."
        ),
    )
    scheme = forms.ChoiceField(label=_("Colours"), required=False, choices=_schemes)


class AddUserForm(_AddForm):
    class Meta:
        model = User
        fields = ("email",)


class ChangeUserForm(_ChangeForm):
    class Meta:
        model = User
        fields = (
            "email",
            "password",
            "is_active",
            "is_staff",
            "is_superuser",
            "quota_bytes",
            "budget_usd",
            "analyse",
            "language",
            "time_zone",
            "scheme",
        )
