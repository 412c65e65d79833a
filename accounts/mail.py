"""Mail without a mail server: on loopback the page itself shows the link that would have been mailed.

It makes `make run` complete for a stranger: sign-up asks for a confirmed address, and nothing here could
deliver a mail. Whoever reads the page sits at this machine, whose console shows the same mail.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts import preferences
from accounts.models import User

_SESSION_KEY: Final = "mailed_link"
_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
# Which value of a mail's context is its link, and what the link does. The first that is there counts.
LINKS: Final = {
    "activate_url": _("Confirm my address"),
    "password_reset_url": _("Choose a new password"),
    "signup_url": _("Create an account"),
}


@contextmanager
def for_reader(email: str, mail: dict[str, Any]) -> Iterator[None]:
    """What is written in here is written in the receiver's language and time; in the sender's where nobody is known."""
    user = mail.get("user") or User.objects.filter(email__iexact=email).first()
    with preferences.reading(user.language, user.time_zone) if user else nullcontext():
        yield


@dataclasses.dataclass(frozen=True)
class ShownLink:
    url: str
    does: str


def may_show(request: HttpRequest) -> bool:
    """Only without a mail server, only on loopback, never to somebody whom a proxy lets in from elsewhere."""
    return settings.SHOW_MAILED_LINKS and not any(name in request.headers for name in _FORWARDED)


def remember_link(request: HttpRequest, mail: dict[str, Any]) -> None:
    """Keeps the link of a mail for the next page. A mail without a link takes the last one away."""
    if not may_show(request):
        return
    forget_link(request)
    for name in LINKS:
        if name in mail:
            request.session[_SESSION_KEY] = [name, mail[name]]
            return


def forget_link(request: HttpRequest) -> None:
    if _SESSION_KEY in request.session:
        del request.session[_SESSION_KEY]


def shown_link(request: HttpRequest) -> ShownLink | None:
    """The link of the last mail. It stays until somebody signs in, so that a reload does not lose it."""
    if not may_show(request) or _SESSION_KEY not in request.session:
        return None
    name, url = request.session[_SESSION_KEY]
    return ShownLink(url=url, does=str(LINKS[name]))


def shown_links(request: HttpRequest) -> dict[str, object]:
    """`mailed_link` for templates. Lazy: a page that does not ask for it does not touch the session."""
    return {"mailed_link": SimpleLazyObject(lambda: shown_link(request))}
