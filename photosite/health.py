"""Whether the process is up (/healthz), and whether what it needs answers (/readyz)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from gallery import storage
from gallery.labelling import rekognition


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    finally:
        connection.close()
    return True


def _broker() -> bool:
    try:
        with redis.Redis.from_url(settings.BROKER_URL, **settings.REDIS_TIMEOUTS) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


# The site can't take photos without the first three. Without the recogniser it can: labels wait.
_PARTS: Final[dict[str, tuple[Callable[[], bool], bool]]] = {
    "database": (_database, True),
    "bucket": (storage.reachable, True),
    "broker": (_broker, True),
    "recogniser": (rekognition.reachable, False),
}


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """One member a part: "up" or "down". 503 if one that matters is down."""
    with ThreadPoolExecutor(len(_PARTS)) as pool:
        up = dict(zip(_PARTS, pool.map(lambda part: part[0](), _PARTS.values()), strict=True))
    ready = all(up[name] for name, (_, matters) in _PARTS.items() if matters)
    body = {"ready": ready, "parts": {name: "up" if ok else "down" for name, ok in up.items()}}
    return JsonResponse(body, status=200 if ready else 503)
