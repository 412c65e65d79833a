"""Errors as RFC 9457 problem documents with a stable `code`."""

import functools
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gallery.exceptions import Refusal
from gallery.pipeline.reasons import said
from gallery.search.grammar import Unreadable

log: Final = structlog.get_logger("photosite.api")
_RETRY_SECONDS: Final = 10
_TITLES: Final = {
    400: lazy("Bad request"),
    401: lazy("Not signed in"),
    403: lazy("Not allowed"),
    404: lazy("Not found"),
    405: lazy("Method not allowed"),
    409: lazy("Conflict"),
    413: lazy("Too large"),
    415: lazy("Unsupported format"),
    422: lazy("Not acceptable"),
    429: lazy("Too many requests"),
    500: lazy("Fault on our side"),
    503: lazy("Temporarily unavailable"),
    507: lazy("No room left"),
}
_CODES: Final = {400: "unreadable", 403: "forbidden", 429: "too_many_requests"}


class Problem(Schema):
    """RFC 9457. `code` is stable and for programs, `detail` is one sentence for people.

    `start` and `end`: the place in a search that can't be read, in characters of `q`.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, Any]] | None = None
    start: int | None = None
    end: int | None = None


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    title = str(_TITLES.get(status, _("Error")))
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def missing(_request: HttpRequest, _error: Any = None) -> JsonResponse:
    """The one answer for what is not there, what never was and what is somebody else's."""
    return problem(404, "not_found", _("There is nothing here, or it is not yours."))


def problems_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the API whose 404 and 405 are problem documents too: ninja answers these before any handler."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return missing(request)
        if response.status_code == 405:
            allowed = response["Allow"]
            response = problem(
                405, "method_not_allowed", _("Only %(methods)s can be done here.") % {"methods": allowed}
            )
            response["Allow"] = allowed
        return response

    return answer


def install(api: NinjaAPI) -> None:
    """Makes every error of this API a problem document."""
    api.add_exception_handler(Refusal, _refusal)
    api.add_exception_handler(Unreadable, _unreadable_search)
    api.add_exception_handler(Http404, missing)
    api.add_exception_handler(AuthenticationError, _anonymous)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    for unreadable in (SuspiciousOperation, BadRequest, MultiPartParserError):
        api.add_exception_handler(unreadable, _unreadable)
    api.add_exception_handler(RawPostDataException, _no_json)  # a form, read before for its CSRF token
    api.add_exception_handler(OperationalError, _away)
    api.add_exception_handler(Exception, _fault)


def _refusal(_request: HttpRequest, error: Any) -> JsonResponse:
    response = problem(error.status, error.code, said(error.sentence))
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def _unreadable_search(_request: HttpRequest, error: Any) -> JsonResponse:
    return problem(error.status, error.code, error.sentence, start=error.start, end=error.end)


def _anonymous(_request: HttpRequest, _error: Any) -> JsonResponse:
    response = problem(401, "not_authenticated", _("Send an API token: Authorization: Bearer <token>."))
    response["WWW-Authenticate"] = 'Bearer realm="photosite"'
    return response


def _invalid(_request: HttpRequest, error: Any) -> JsonResponse:
    errors = [
        {"loc": list(item["loc"]), "message": item["msg"], "type": item["type"]} for item in error.errors
    ]
    named = ", ".join(str(item["loc"][-1]) for item in errors if item["loc"])
    return problem(
        422,
        "invalid",
        _("This could not be read: %(names)s. See `errors` for each.") % {"names": named},
        errors=errors,
    )


def _http(request: HttpRequest, error: Any) -> JsonResponse:
    if error.status_code == 400:  # what ninja says of a body that is no JSON is a line for programmers
        return _no_json(request, error)
    return problem(error.status_code, _CODES.get(error.status_code, "error"), str(error))


def _too_large(_request: HttpRequest, _error: Any) -> JsonResponse:
    return problem(413, "request_too_large", _("Apart from files, a request may not be as large as this."))


def _no_json(_request: HttpRequest, _error: Any) -> JsonResponse:
    return problem(400, _CODES[400], _("The body of this request could not be read: it must be JSON."))


def _unreadable(_request: HttpRequest, _error: Any) -> JsonResponse:
    return problem(400, _CODES[400], _("The body of this request could not be read."))


def _away(_request: HttpRequest, error: Any) -> JsonResponse:
    log.exception("database away", exc_info=error)
    response = problem(503, "database_unavailable", _("The site's database does not answer. Ask again soon."))
    response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _fault(_request: HttpRequest, error: Any) -> JsonResponse:
    log.exception("request failed", exc_info=error)
    return problem(
        500, "fault", _("Something is broken on our side. It was written down with the request's id.")
    )
