"""The API describes itself: a valid OpenAPI document of every call, and a page to try it that obeys the site's CSP."""

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from accounts.models import User
from gallery.api.version1 import api

pytestmark = pytest.mark.usefixtures("plain_pages")
COMMITTED = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"


@pytest.fixture
def document(client: Client, db: None) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def calls(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [call for path in document["paths"].values() for call in path.values()]


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    validate(document, cls=OpenAPIV31SpecValidator)


@pytest.mark.pure
def test_the_committed_document_is_the_served_one() -> None:
    out = io.StringIO()
    call_command("openapi", stdout=out)
    assert json.loads(COMMITTED.read_text()) == json.loads(out.getvalue()), (
        "The API changed. If that is wanted: python manage.py openapi > docs/api/openapi.json"
    )


def test_it_names_every_route(document: dict[str, Any]) -> None:
    patterns, _, _ = api.urls
    unnamed = {"openapi.json", "docs", "", "^.*/$"}
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(p.pattern)) for p in patterns if isinstance(p, URLPattern)
    }
    assert {f"/api/v1/{route}" for route in routes - unnamed} == document["paths"].keys()


def test_every_call_says_how_to_sign_in_and_how_it_refuses(document: dict[str, Any]) -> None:
    for call in calls(document):
        assert call["security"] == [{"TokenAuth": []}, {"BrowserAuth": []}]
        refusals = [
            answer for status, answer in call["responses"].items() if not status.startswith(("2", "3"))
        ]
        assert refusals
        assert {media for answer in refusals for media in answer["content"]} == {"application/problem+json"}


def test_every_call_has_a_name_of_its_own_and_none_of_ours(document: dict[str, Any]) -> None:
    names = [call["operationId"] for call in calls(document)]
    assert len(set(names)) == len(names)
    assert not any("gallery" in name for name in names)


def test_a_label_may_be_repeated(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/v1/photos/"]["get"]["parameters"]
    (label,) = (parameter for parameter in parameters if parameter["name"] == "label")
    assert label["schema"]["type"] == "array"


class Page(HTMLParser):
    """What a page loads, and what of it a strict Content-Security-Policy would stop."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.stopped: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.loaded += [url for name in ("src", "href") if (url := given.get(name))]
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.stopped.append(self.get_starttag_text() or tag)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.stopped.append(self.get_starttag_text() or tag)


def test_the_page_to_try_it_obeys_the_sites_csp(client: Client, db: None) -> None:
    response = client.get("/api/v1/docs")
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy.split("; ")
    assert "unsafe" not in policy
    page = Page(response.content.decode())
    assert page.stopped == []
    assert len([url for url in page.loaded if url.endswith(".js")]) == 2
    for url in page.loaded:
        assert url.startswith("/static/")
        assert finders.find(url.removeprefix("/static/")), url


def test_the_page_carries_the_csrf_token_of_who_looks_at_it(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert re.search(r'data-csrf-token="\w{64}"', client.get("/api/v1/docs").content.decode())


@pytest.mark.pure
def test_the_api_is_at_version_1() -> None:
    assert get_resolver().resolve("/api/v1/photos/").namespace == "api-1"
