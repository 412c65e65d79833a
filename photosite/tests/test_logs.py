"""What may be read in a log, and what must not: one JSON line an event, without a secret at any depth."""

import io
import json
import logging
import re
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from photosite.logs import LOGGING, RequestLog, redacted

pytestmark = pytest.mark.pure
SECRET = "f3Ab-9_zQ1".ljust(43, "x")
CARRIERS = [
    "https://b.s3.us-west-2.amazonaws.com/k?X-Amz-Credential={}&X-Amz-Signature={}",
    "GET /photosite/originals/k?X-Amz-Date=20240615T120000Z&X-Amz-Signature={}&x=1 HTTP/1.1",
    "?X-Amz-Security-Token={}&X-Amz-Expires=300",
    "?next=%2Fk%3FX-Amz-Signature%3D{}",
    "Authorization: Bearer {}",
    "Authorization: Basic {}",
    "Authorization: AWS4-HMAC-SHA256 Credential={}/20240615/us-west-2/s3/aws4_request,SignedHeaders=host, Signature={}",
    "{{'Authorization': 'Bearer {}', 'Host': 'localhost'}}",
    "curl -H 'authorization:bearer {}'",
    "the token photosite_{} was used",
    "Cookie: a=b; session-8000={}; csrf-8000={}",
    "Set-Cookie: __Host-session={}; Path=/; Secure",
    "csrfmiddlewaretoken={}&login=alice",
    "redis://:{}@127.0.0.1:16379/0",
    "rediss://default:{}@cache.example.org:6380/0",
    "postgres://photosite:{}@db.example.org/photosite?sslmode=require",
    "smtp://mail%40example.org:{}@smtp.example.org:587",
    '{{"access_key": "LOCAL1", "secret_access_key": "{}", "queue_password": "{}"}}',
    '{{\\"SecretAccessKey\\": \\"{}\\"}}',
    "{{'SessionToken': '{}'}}",
    "RunFile(ports=(), secret_access_key='{}', queue_password='{}', django_secret='{}')",
    "aws_secret_access_key = {}",
    "AWS_SESSION_TOKEN={} AWS_REGION=us-west-2",
    "password: {}",
    'password="{}, with; all & sorts"',
    "PHOTOSITE_PASSWORD={}",
    "GET /accounts/password/reset/key/1-{}/ 200",
    "GET /accounts/confirm-email/MQ:{}/ 200",
    "GET /s/{}/ 200",
]


def planted(carrier: str, secret: str = SECRET) -> str:
    return carrier.replace("{}", secret)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_no_secret_survives(carrier: str) -> None:
    assert SECRET not in redacted(planted(carrier))
    assert "[redacted]" in redacted(planted(carrier))


@example(["secret:"], "Authorization: Basic {}", "", SECRET)
@example(["secret:"], "aws_secret_access_key = {}", "", SECRET)
@example([], 'password="{}, with; all & sorts"', ":", SECRET)
@given(
    before=st.lists(
        st.sampled_from([*CARRIERS, "secret:", "token=", '"', "'", " ", "\n", "@", "://x:"]) | st.text(),
        max_size=4,
    ),
    carrier=st.sampled_from([carrier for carrier in CARRIERS if carrier.count("{}") == 1]),
    after=st.text(),
    secret=st.from_regex(r"[0-9a-f]{64}|[A-Za-z0-9_-]{43}", fullmatch=True),
)
def test_a_secret_planted_anywhere_never_survives(
    before: list[str], carrier: str, after: str, secret: str
) -> None:
    text = " ".join([*(planted(part) for part in before), planted(carrier, secret)]) + " " + after
    assert secret not in redacted(text)


def test_a_quoted_secret_behind_an_authorization_is_not_left_over() -> None:
    assert "0123456789" not in redacted('Authorization: Bearer x password="0123456789, with; all & sorts"')


@pytest.mark.parametrize("text", [
    "Photosite is running: http://localhost:8000",
    "http://127.0.0.1:16624/photosite/originals/b140621f-7810-4905-8879-ce7532bc9a42",
    "redis://127.0.0.1:16379/0 does not answer",
    "GET /api/v1/photos/ 200 in 12.5 ms",
    "alice@example.org signed in",
    "/s is a folder, photosite_test a database",
    "PNG signature missing, 3 tokens left, the session ended",
])  # fmt: skip
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize("text", ["token", "secret-", "'", '"', "://x:", "=", "a", "bearer ", "token='"])
def test_a_long_text_is_no_trouble(text: str) -> None:
    redacted(text * 50_000)  # would take minutes if a pattern looked at each place twice


@pytest.fixture
def lines() -> Any:
    """Everything that is logged during a test as the JSON that would be on stdout."""
    out = io.StringIO()
    formatter = LOGGING["formatters"]["json"]
    handler = logging.StreamHandler(out)
    options = {name: value for name, value in formatter.items() if name != "()"}
    handler.setFormatter(formatter["()"](**options))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def logged(lines: Any) -> str:
    return json.dumps(lines(), ensure_ascii=False)


def test_members_with_a_secret_name_are_not_shown_at_any_depth(lines: Any) -> None:
    structlog.get_logger("photosite.test").info(
        "call",
        password=SECRET,
        headers={"Cookie": SECRET, "Accept": "image/webp"},
        parameters=[{"SecretAccessKey": SECRET}, ("X-Amz-Signature=" + SECRET,)],
        error=ValueError(planted("redis://:{}@host")),
    )
    assert SECRET not in logged(lines)
    (line,) = lines()
    assert line["event"] == "call"
    assert line["headers"] == {"Cookie": "[redacted]", "Accept": "image/webp"}


def test_a_traceback_carries_no_secret(lines: Any) -> None:
    for log in (structlog.get_logger("photosite.test"), logging.getLogger("somebody.else")):
        try:
            raise ValueError(planted(CARRIERS[0]))
        except ValueError:
            log.exception("it went wrong")
    first, second = lines()
    for line in (first, second):
        assert "Traceback" in line["exception"]
        assert "ValueError" in line["exception"]
        assert line["level"] == "error"
    assert SECRET not in logged(lines)


def test_what_libraries_log_is_redacted_too(lines: Any) -> None:
    logging.getLogger("urllib3").warning("Retrying after %r: %s", OSError("reset"), planted(CARRIERS[1]))
    (line,) = lines()
    assert line["event"].startswith("Retrying after OSError('reset'): GET /photosite/originals/k?")
    assert line["logger"] == "urllib3"
    assert SECRET not in logged(lines)


def test_numbers_and_nothing_stay_what_they_are(lines: Any) -> None:
    structlog.get_logger("photosite.test").info(
        "step", ms=12.5, photos=3, done=True, reason=None, steps=["a"]
    )
    (line,) = lines()
    assert [line[name] for name in ("ms", "photos", "done", "reason", "steps")] == [
        12.5,
        3,
        True,
        None,
        ["a"],
    ]


def asked(path: str, answer: HttpResponse | None = None) -> HttpResponse:
    return RequestLog(lambda _request: answer or HttpResponse("ok"))(RequestFactory().get(path))


def test_a_request_is_one_line_without_its_query(lines: Any) -> None:
    response = asked(f"/photos/?cursor=abc&X-Amz-Signature={SECRET}", HttpResponse(status=404))
    (line,) = lines()
    assert {name: line[name] for name in ("event", "method", "path", "status", "level")} == {
        "event": "request", "method": "GET", "path": "/photos/", "status": 404, "level": "info",
    }  # fmt: skip
    assert line["ms"] >= 0
    assert line["request_id"] == response.headers["X-Request-Id"]
    assert "cursor" not in logged(lines)


def test_every_request_has_an_id_of_its_own_whatever_it_brings() -> None:
    request = RequestFactory().get("/", headers={"X-Request-Id": "theirs"})
    found = {RequestLog(lambda _: HttpResponse())(request).headers["X-Request-Id"] for _ in range(3)}
    assert len(found) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", request_id) for request_id in found)


def test_what_a_request_logs_carries_its_id(lines: Any) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        structlog.get_logger("photosite.test").info("inside")
        return HttpResponse()

    request_id = RequestLog(view)(RequestFactory().get("/")).headers["X-Request-Id"]
    assert [line["request_id"] for line in lines()] == [request_id] * 2


def test_a_link_that_lets_somebody_in_is_not_written_down(lines: Any) -> None:
    asked(f"/accounts/password/reset/key/1-{SECRET}/")
    (line,) = lines()
    assert line["path"] == "/accounts/password/reset/key/[redacted]/"


def test_the_site_itself_answers_with_the_id(settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    assert re.fullmatch("[0-9a-f]{16}", Client().get("/healthz").headers["X-Request-Id"])
