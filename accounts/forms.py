"""What people fill in about themselves, and the admin about them."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import User

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
        )
