"""Who asks: a bearer token (with its scope), or the browser's session with CSRF."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from accounts.models import ApiToken, User
from accounts.tokens import resolve
from gallery.exceptions import Refusal

_READING = ("GET", "HEAD", "OPTIONS")


def let_in(request: HttpRequest, raw: str) -> ApiToken | None:
    """The live token, whose user the request is from now on. Raises Refusal where it may only read."""
    token = resolve(raw)
    if token is None:
        return None
    if token.scope == ApiToken.Scope.READ and request.method not in _READING:
        raise Refusal("read_only_token", _("This token may only read. Make one with the scope write."), 403)
    request.user = token.user  # what `visible_to` is asked with, as on the pages
    return token


class UserRequest(HttpRequest):
    """A request that passed one of these: its user is signed in."""

    user: User


class TokenAuth(HttpBearer):
    """`Authorization: Bearer photosite_…`. A token of scope read may only read."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = let_in(request, token)
        return found.user if found else None


class BrowserAuth(SessionAuth):
    """The session cookie of a signed-in browser; changes need the CSRF token as on every page."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """Whoever is not signed in hears that (401), and not that a CSRF token is missing (403)."""
        if not request.user.is_authenticated:
            return None
        try:
            return super().__call__(request)
        except HttpError as error:
            sentence = _("Send the page's CSRF token in the header X-CSRFToken, or use an API token.")
            raise Refusal("csrf_failed", sentence, 403) from error

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        return request.user


AUTH = [TokenAuth(), BrowserAuth()]
