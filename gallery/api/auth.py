"""Who asks: a bearer token (with its scope), or the browser's session with CSRF."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from accounts.models import ApiToken, User
from accounts.tokens import resolve
from gallery.exceptions import Refusal

_READING = ("GET", "HEAD", "OPTIONS")


class UserRequest(HttpRequest):
    """A request that passed one of these: its user is signed in."""

    user: User


class TokenAuth(HttpBearer):
    """`Authorization: Bearer photosite_…`. A token of scope read may only read."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = resolve(token)
        if found is None:
            return None
        if found.scope == ApiToken.Scope.READ and request.method not in _READING:
            raise Refusal("read_only_token", "This token may only read. Make one with the scope write.", 403)
        request.user = found.user  # what `visible_to` is asked with, as on the pages
        return found.user


class BrowserAuth(SessionAuth):
    """The session cookie of a signed-in browser; changes need the CSRF token as on every page."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        return request.user if request.user.is_authenticated else None


AUTH = [TokenAuth(), BrowserAuth()]
