"""HTTP as the AWS JSON 1.1 protocol uses it: requests out of WSGI, answers into it. No Rekognition here."""

import contextlib
import json
import socket
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from photosite.localaws.refusals import Refusal
from photosite.localaws.sigv4 import Signed

MOST_BODY: Final = 24 * 1024 * 1024
"""A little over the base64 of a 15 MB picture: what is too large for the operation is told so."""

CHUNK: Final = 1 << 20
JSON_TYPE: Final = "application/x-amz-json-1.1"


@dataclass(frozen=True)
class Answer:
    """Status and body, and the error code behind them, if there is one."""

    status: int
    body: bytes
    code: str | None = None
    content_type: str = JSON_TYPE


def read_request(environ: WSGIEnvironment) -> Signed:
    """The request with its body.

    Raises a Refusal: RequestEntityTooLargeException over 24 MiB, RequestTimeoutException if the client stops
    sending for as long as the socket has patience.
    """
    try:
        body = _read_body(environ)
    except OSError as error:
        raise Refusal("RequestTimeoutException", "The request body did not arrive", 408) from error
    return Signed(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO") or "/",
        query=environ.get("QUERY_STRING", ""),
        headers=_headers(environ),
        body=body,
    )


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    headers = {
        name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            headers[name.replace("_", "-").lower()] = environ[name]
    return headers


def _read_body(environ: WSGIEnvironment) -> bytes:
    stream = environ["wsgi.input"]
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size <= MOST_BODY:
            parts.append(chunk)
        else:
            # Read on, keeping nothing: a client that is cut off while sending never sees the answer.
            parts.clear()
    if size > MOST_BODY:
        raise Refusal("RequestEntityTooLargeException", f"The request is over {MOST_BODY} bytes", 413)
    return b"".join(parts)


def error_answer(refusal: Refusal) -> Answer:
    """The error as the JSON protocol tells it: the code as `__type` and, as Rekognition does, as `Code`."""
    document = {"__type": refusal.code, "Code": refusal.code, "Message": refusal.message}
    return Answer(refusal.status, json.dumps(document).encode(), refusal.code)


def json_answer(document: Any) -> Answer:
    """A success."""
    return Answer(200, json.dumps(document).encode())


def send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    """The answer as WSGI; every one carries a request id, as every answer of AWS does."""
    headers = [
        ("Content-Type", answer.content_type),
        ("Content-Length", str(len(answer.body))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    if answer.code is not None:
        headers.append(("x-amzn-ErrorType", answer.code))
    start_response(_status_line(answer.status), headers)
    return [answer.body]


def send_half(answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """The first half of the answer, whose length is announced in full; then the line is cut."""
    line: socket.socket = environ["gunicorn.socket"]
    for body in send(answer, start_response):
        yield body[: len(body) // 2]
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
