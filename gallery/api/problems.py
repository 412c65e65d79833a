"""Errors as RFC 9457 problem documents with a stable `code`."""

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gallery.exceptions import Refusal

_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported format",
    422: "Not acceptable",
    429: "Too many requests",
    503: "Temporarily unavailable",
    507: "No room left",
}


class Problem(Schema):
    """RFC 9457. `code` is stable and for programs, `detail` is one sentence for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, Any]] | None = None


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    title = _TITLES.get(status, "Error")
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def install(api: NinjaAPI) -> None:
    """Makes every error of this API a problem document."""
    api.add_exception_handler(Refusal, _refusal)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(AuthenticationError, _anonymous)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)


def _refusal(_request: HttpRequest, error: Any) -> JsonResponse:
    response = problem(error.status, error.code, error.sentence)
    if error.retry_after:
        response["Retry-After"] = str(error.retry_after)
    return response


def _missing(_request: HttpRequest, _error: Any) -> JsonResponse:
    return problem(404, "not_found", "There is nothing here, or it is not yours.")


def _anonymous(_request: HttpRequest, _error: Any) -> JsonResponse:
    response = problem(401, "not_authenticated", "Send an API token: Authorization: Bearer <token>.")
    response["WWW-Authenticate"] = 'Bearer realm="photosite"'
    return response


def _invalid(_request: HttpRequest, error: Any) -> JsonResponse:
    errors = [
        {"loc": list(item["loc"]), "message": item["msg"], "type": item["type"]} for item in error.errors
    ]
    named = ", ".join(str(item["loc"][-1]) for item in errors if item["loc"])
    return problem(422, "invalid", f"This could not be read: {named}. See `errors` for each.", errors=errors)


def _http(_request: HttpRequest, error: Any) -> JsonResponse:
    return problem(error.status_code, "forbidden" if error.status_code == 403 else "error", str(error))
