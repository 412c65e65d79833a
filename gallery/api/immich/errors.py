"""Errors as Immich shapes them: the client shows them as they are. The sentences are those of our own API."""

import functools
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from gallery.api.problems import problem


def install(api: NinjaAPI) -> None:
    """Over those of `problems`, where this client is told otherwise."""
    api.add_exception_handler(AuthenticationError, _anonymous)
    api.add_exception_handler(ValidationError, _invalid)


def in_immichs_words(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of ours whose problem documents are told as Immich tells errors; all else is as it was."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.headers["Content-Type"] != "application/problem+json":
            return response
        told = _error(json.loads(response.content))
        response.content = json.dumps(told, ensure_ascii=False).encode()  # people read it as it is
        response.headers["Content-Type"] = "application/json"
        return response

    return answer


def _error(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "message": found["detail"],
        "error": HTTPStatus(found["status"]).phrase,
        "statusCode": found["status"],
        "correlationId": structlog.contextvars.get_contextvars().get("request_id", ""),
    }


def _anonymous(_request: HttpRequest, _error: Any) -> JsonResponse:
    sentence = _(
        "This key opens nothing here: it is mistyped, has run out or was taken back. Use an API token of this site."
    )
    return problem(401, "not_authenticated", sentence)


def _invalid(_request: HttpRequest, error: Any) -> JsonResponse:
    told = "; ".join(f"{'.'.join(map(str, item['loc'][1:]))}: {item['msg']}" for item in error.errors[:5])
    return problem(400, "invalid", _("This could not be read: %(what)s.") % {"what": told})
