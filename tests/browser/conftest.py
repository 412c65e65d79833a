"""A browser, one running site behind it, and people to sit in front."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import install
from tests.browser.collection import OWNER, Library, fill
from tests.browser.visitor import LAUNCH, Person, Visitor, expected_policy
from tests.site.running import START_SECONDS, Site
from translating import pseudo, sources

_AT_ONCE: Final = 24
_MANY: Final = "many@example.org"
_QUICK: Final = {"PHOTOSITE_SWEEP_SECONDS": "3", "PHOTOSITE_LEASE_SECONDS": "10"}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Its path. Without one the tests of this folder are skipped, where nobody relies on them."""
    found = install.CHROMIUM.find()
    if found is None and install.must_be_there():
        pytest.fail(install.CHROMIUM.how_to)
    if found is None:
        pytest.skip(install.CHROMIUM.how_to)
    return found


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site for all browsers of this test process. Its tests leave it running and healthy."""
    folder = tmp_path_factory.mktemp("browsed")
    pseudo.write(folder / "languages", sources.messages())
    shared = Site(folder / "data", {**_QUICK, "PHOTOSITE_TRANSLATIONS": str(folder / "languages")})
    try:
        yield shared.start()
        shared.stop(seconds=START_SECONDS)
    finally:
        shared.end()


@pytest.fixture(scope="session")
def library(site: Site) -> Library:
    """Alice's photos, for tests that only look at them."""
    return fill(site)


@pytest.fixture(scope="session")
def many(site: Site) -> str:
    """The address of somebody with very many photos, of which there are rows alone."""
    site.user(_MANY)
    site.module("tests.browser.many", _MANY, "100000")
    return _MANY


@pytest.fixture(scope="session")
def people(site: Site) -> Iterator[Person]:
    """Signed in, one after the other, without end."""

    def come() -> Iterator[Person]:
        while True:
            told = site.module("tests.browser.people", str(_AT_ONCE))
            yield from (Person(*line.split()) for line in told.splitlines())

    return come()


# Not for the whole session: while Playwright runs, its event loop runs in this thread, and Django would refuse the
# other tests their database.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=LAUNCH)
        yield started
        started.close()


@pytest.fixture
def visit(site: Site, browser: Browser, people: Iterator[Person]) -> Iterator[Callable[..., Visitor]]:
    """Lets somebody in, with a new browser profile. When the test ends, nothing may have gone wrong for anybody."""
    come: list[Visitor] = []
    address = f"http://localhost:{site.port}"
    allowed = expected_policy(f"http://127.0.0.1:{site.run['ports']['s3']}")

    def visitor(*, scripts: bool = True, **context: Any) -> Visitor:
        profile = browser.new_context(java_script_enabled=scripts, **context)
        come.append(Visitor(profile, address, allowed, people, scripts))
        return come[-1]

    yield visitor
    for each in come:
        each.context.close()
    assert [each.wrong for each in come if each.wrong] == []


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def visitor(request: pytest.FixtureRequest, visit: Callable[..., Visitor]) -> Visitor:
    """Somebody who has never been here, with and without JavaScript."""
    return visit(scripts=request.param)


@pytest.fixture
def member(visitor: Visitor) -> Visitor:
    """Somebody who has just signed up."""
    visitor.come_in()
    return visitor


@pytest.fixture(scope="session")
def librarian(library: Library, site: Site) -> Person:
    """Of the library."""
    return Person(*site.module("tests.browser.people", OWNER).split())


@pytest.fixture
def alice(librarian: Person, visit: Callable[..., Visitor]) -> Visitor:
    """The owner of the library, signed in, with scripts."""
    visitor = visit()
    visitor.come_in(librarian)
    return visitor


def new_address() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.org"
