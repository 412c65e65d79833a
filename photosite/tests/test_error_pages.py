"""When something is wrong the page that says so must not need what is wrong: no database, no bucket, no queue."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views import csrf, defaults

REQUEST = RequestFactory().get("/somewhere/")
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]
# No test here is marked to use the database: asking it anything fails.
pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("plain_pages")]


def test_each_says_what_happened_and_leads_on() -> None:
    answers: list[HttpResponse] = [
        defaults.bad_request(REQUEST, SuspiciousOperation()),
        defaults.permission_denied(REQUEST, PermissionDenied()),
        defaults.page_not_found(REQUEST, Http404()),
        defaults.server_error(REQUEST),
        csrf.csrf_failure(REQUEST),
    ]
    assert [answer.status_code for answer in answers] == [400, 403, 404, 500, 403]
    for answer in answers:
        page = answer.content.decode()
        assert "<h1>" in page
        assert 'href="/"' in page


@pytest.mark.parametrize("name", ERRORS)
def test_each_says_what_to_do(name: str) -> None:
    page = render_to_string(name)
    words = re.findall(r"<p[^>]*>(.*?)</p>", page.partition("<main")[2], re.DOTALL)
    happened, cure, ways = (" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in words)
    assert len(happened.split()) > 4
    assert len(cure.split()) > 4
    assert "To the start page" in ways


def test_nobody_is_told_what_broke_inside() -> None:
    page = defaults.page_not_found(REQUEST, Http404("secret.py line 3")).content.decode()
    assert "secret" not in page
    assert "/somewhere/" not in page
