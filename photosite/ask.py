"""Asks the site on this machine as its proxy would: with the public host's name, and by https where that is public."""

import urllib.error
import urllib.request
from typing import Final

from django.conf import settings

_ANYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
_PATIENCE_SECONDS: Final = 10


def site(path: str) -> tuple[int, bytes]:
    """Status and body. Raises OSError where nothing answers in time."""
    host = "127.0.0.1" if settings.HOST in _ANYWHERE else settings.HOST
    host = f"[{host}]" if ":" in host else host
    request = urllib.request.Request(
        f"http://{host}:{settings.PORT}{path}",
        headers={"Host": settings.PUBLIC_HOST, "X-Forwarded-Proto": "https" if settings.HTTPS else "http"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
