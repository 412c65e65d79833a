"""Whether the process is up (/healthz), and whether what it needs answers (/readyz)."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

import redis
import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from gallery import storage
from gallery.labelling import rekognition

log: Final = structlog.get_logger("photosite.health")
PATIENCE_SECONDS: Final = 5  # a part that takes longer to answer is down


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
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
    pool = ThreadPoolExecutor(len(_PARTS))
    asked = {name: pool.submit(answers) for name, (answers, _) in _PARTS.items()}
    answered = wait(asked.values(), PATIENCE_SECONDS).done
    pool.shutdown(wait=False)  # whoever is silent is left to the timeouts of its own client
    up = {name: future in answered and _said_yes(future) for name, future in asked.items()}
    ready = all(up[name] for name, (_, matters) in _PARTS.items() if matters)
    body = {"ready": ready, "parts": {name: "up" if ok else "down" for name, ok in up.items()}}
    return JsonResponse(body, status=200 if ready else 503)


def _said_yes(future: Future[bool]) -> bool:
    if error := future.exception():
        log.error("part could not be asked", exc_info=error)
        return False
    return future.result()
