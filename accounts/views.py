"""The account pages that allauth has not."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import preferences
from accounts.forms import LanguageAndTimeForm, PrivacyForm
from accounts.models import User


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who one is, how much room is left, and whether photos go to image recognition."""
    user = cast("User", request.user)
    form = PrivacyForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        # Only this field: a full save would write back counters that an upload has moved meanwhile.
        form.instance.save(update_fields=["analyse"])
        messages.success(request, _("Your settings are saved."))
        return redirect("account_settings")
    return _settings(request, form, LanguageAndTimeForm(instance=user))


@never_cache
@login_required
@require_POST
def language_and_time(request: HttpRequest) -> HttpResponse:
    """In which language, time zone and colours one reads the site, on every device that one signs in with."""
    user = cast("User", request.user)
    form = LanguageAndTimeForm(request.POST, instance=user)
    if not form.is_valid():
        user.refresh_from_db(fields=LanguageAndTimeForm.Meta.fields)
        return _settings(request, PrivacyForm(instance=user), form, status=422)
    user.save(update_fields=LanguageAndTimeForm.Meta.fields)
    language = preferences.language(user.language) or _of_browser(request)
    with translation.override(language):
        messages.success(request, _("Your settings are saved."))
    response = redirect("account_settings")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)  # what was chosen before signing in is over
    return response


def _of_browser(request: HttpRequest) -> str:
    request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
    return translation.get_language_from_request(request)


def _settings(
    request: HttpRequest, form: PrivacyForm, language_form: LanguageAndTimeForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "language_form": language_form, "site_zone": settings.TIME_ZONE}
    return render(request, "account/settings.html", context, status=status)
