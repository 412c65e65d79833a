"""Every page says the same strict Content-Security-Policy, and none of them runs into it.

`Visitor` looks at policy, console, failed requests, pictures and layout of each page that it opens.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, resolve, reverse

from accounts.urls import urlpatterns as account_addresses
from gallery.urls import urlpatterns as gallery_addresses
from tests.browser.collection import OWNER, STAFF, Library
from tests.browser.places import BORROWED, NO_PAGES, PAGES
from tests.browser.visitor import Visitor, expected_policy, policy
from tests.site.client import Client
from tests.site.running import Site

pytestmark = [pytest.mark.browser, pytest.mark.site]
EMAILS: Final = {"owner": OWNER, "staff": STAFF}
LISTS: Final = sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)
_SEEN: Final = (Path(__file__).parents[1] / "photos" / "chelsea.jpg").read_bytes()
_ROW: Final = "#result_list tbody tr:first-child a"
_BESIDE: Final = ".object-tools a, #changelist-filter li a, .submit-row a, #content-main a.deletelink"


@pytest.mark.parametrize(
    "who",
    [
        "staff",
        *(pytest.param(who, marks=pytest.mark.long) for who in ("nobody", "owner")),
    ],  # test_axe goes there, too
)
def test_no_page_runs_into_the_policy(library: Library, visit: Callable[..., Visitor], who: str) -> None:
    visitor = visit()
    if who in EMAILS:
        visitor.sign_in(EMAILS[who])
    for place in (*PAGES, *BORROWED):
        if place.who == who:
            visitor.open(place.of(library), place.status)


def test_no_page_of_the_admin_runs_into_the_policy(library: Library, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.sign_in(STAFF)
    # Among the photos may be those of which there are rows alone (tests/browser/many.py).
    visitor.page.route(
        re.compile("/renditions/"), lambda route: route.fulfill(body=_SEEN, content_type="image/jpeg")
    )
    for name in LISTS:
        start = reverse(f"admin:{name}_changelist")
        seen, ahead = set(), [start]
        while ahead:
            address = ahead.pop()
            if address not in seen:
                seen.add(address)
                visitor.open(address)
                # One row of each list, and all that lies beside: filters, history, "add", "delete", passwords.
                ahead += [link for link in links(visitor, _ROW, _BESIDE) if link.startswith(start)]


def test_what_is_no_page_says_the_policy_too(site: Site) -> None:
    nobody = Client(site.url)
    bucket = f"http://127.0.0.1:{site.run['ports']['s3']}"
    for path in (
        "/api/v1/openapi.json",
        "/api/v1/photos/",
        "/healthz",
        "/readyz",
        "/upload/",
        "/favicon.ico",
    ):
        answer = nobody.ask("GET", path)
        assert policy(answer.headers["content-security-policy"]) == expected_policy(bucket), path


def test_no_page_is_forgotten() -> None:
    photo = "00000000-0000-4000-8000-000000000000"
    nobodys = Library(
        cat=photo, trashed=photo, broken=photo, album=photo, run=photo, shared="/s/one/", locked="/s/two/"
    )
    looked_at = {resolve(page.of(nobodys).partition("?")[0]).url_name for page in PAGES if page.status == 200}
    assert {*names(gallery_addresses), *names(account_addresses)} - looked_at == NO_PAGES


def links(visitor: Visitor, *selectors: str) -> Iterator[str]:
    """Where the first links lead to that each of these selectors finds."""
    for selector in selectors:
        for link in visitor.page.locator(selector).all()[:4]:
            yield urljoin(visitor.page.url, link.get_attribute("href") or "").removeprefix(visitor.site)


def names(patterns: Iterable[object]) -> Iterator[str]:
    """The names of addresses, those of included ones too."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or str(pattern.pattern)
