"""Structured logs: one JSON object a line on stdout, with request and job ids, and no secret in any of them."""

import logging
import logging.config
import re
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any, Final

import structlog
from django.http import HttpRequest, HttpResponse

# What gives a secret away, and the secret. A quoted value ends at its quote, any other at a delimiter of URL, header
# or text. Possessive (`*+`): what was read as a value is not read again as something shorter.
_NAME: Final = r"(?:signature|credential|(?:token|passw(?:or)?d|secret|session|csrf)[\w-]{0,40})"
_IS: Final = r"\\*[\"']?\s*(?:=|:|%3[ad])\s*"
_VALUE: Final = r"(?:\\*\"[^\"]*+\"?+|\\*'[^']*+'?+|[^\s&\"',;]+)"
_QUOTE: Final = r"\\*[\"']?"
_SECRETS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # What looks like the value may be another one's name: that one is gone on with.
        rf"({_NAME}{_IS}(?:{_QUOTE}[\w-]{{0,40}}{_NAME}{_IS})*)(?!{_QUOTE}(?:authorization{_IS}|bearer\s)){_VALUE}",
        rf"(authorization{_IS}[\"']?)[^\"'\r\n]+",  # after it: what it reads ends at a quote
        r"(bearer\s+)[^\s\"',;]+",
        r"(photosite_)[\w-]{40,}",  # an API token, wherever it stands
        r"(://[^\s/?#:@\"']*:)[^\s\"']{1,300}(?=@)",  # the password in an address
        r"(/(?:reset/key|confirm-email|s)/)[^/\s\"'?&]+",  # links that let in whoever has them
    )
)
_SECRET_NAME: Final = re.compile(
    r"token|passw|secret|signature|credential|authorization|cookie", re.IGNORECASE
)

log: Final = structlog.get_logger("photosite.web")


def redacted(text: str) -> str:
    """`text` with the values of signatures, tokens, cookies, keys and passwords replaced."""
    for secret in _SECRETS:
        text = secret.sub(r"\1[redacted]", text)
    return text


def _clean(value: Any) -> Any:
    """The value as JSON can hold it, without secrets at any depth."""
    if isinstance(value, dict):
        return {str(name): _clean_member(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else redacted(str(value))


def _clean_member(name: str, value: Any) -> Any:
    if name.startswith("_"):  # structlog's own, which never reaches a log
        return value
    return "[redacted]" if value and _SECRET_NAME.search(name) else _clean(value)


def _redact_event(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {name: _clean_member(name, value) for name, value in event.items()}


_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _redact_event,
]

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _redact_event,
                structlog.processors.JSONRenderer(default=str),
            ],
        }
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": sys.stdout, "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        # Our own request line says the same with its id; a 404 is not worth a second one.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        "botocore": {"level": "WARNING"},
        "boto3": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: standard logging and structlog end in the same formatter."""
    logging.config.dictConfig(config)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class RequestLog:
    """One line a request: method, path without its query (it may be signed), status and milliseconds."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        return response
