"""Whoever is signed in reads the site in their language and time zone; whoever signs out leaves nothing behind."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts import preferences
from accounts.models import User

# They answer while the database is away, whoever asks.
_PROBES: Final = ("/healthz", "/readyz", "/metrics")
_DOORS: Final = ("account_logout", "admin:logout")


class Preferences:
    """After LocaleMiddleware, which has taken the browser's language: that stands where the user chose none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = _user(request)
        if user and (language := preferences.language(user.language)):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with timezone.override(preferences.zone(user.time_zone if user else "")):
            return self.get_response(request)


def _user(request: HttpRequest) -> User | None:
    """Who is signed in; the database is asked only where a session was begun."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path in _PROBES:
        return None
    return request.user if isinstance(request.user, User) else None


class LeavesNothing:
    """Whoever signs out leaves nothing of theirs in the browser, such as photos that were still to be sent.

    Source: W3C Clear Site Data.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and _signs_out(request):
            response["Clear-Site-Data"] = '"storage"'
        return response


def _signs_out(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.view_name in _DOORS
