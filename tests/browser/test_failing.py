"""A photo that could not be labelled: its owner reads why, tries again, and it is whole."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import DONE_SECONDS, wait_for_labels
from tests.browser.visitor import Visitor, jpeg
from tests.site import pictures
from tests.site.running import Site
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.fixture
def refusing(site: Site) -> Iterator[Callable[[], None]]:
    """Recognition says that it can't read pictures, until this is called."""
    site.script({"code": "InvalidImageFormatException", "status": 400})
    yield site.script
    site.script()


@pytest.mark.journey
def test_i_try_again_what_failed(visitor: Visitor, refusing: Callable[[], None]) -> None:
    visitor.come_in()
    visitor.upload(jpeg("my cat.jpg", pictures.fresh()))
    until(lambda: failed(visitor), "the photo has failed", DONE_SECONDS)
    visitor.sees("could not read this picture")
    refusing()
    visitor.press("Try again: my cat.jpg")
    visitor.follow("my cat.jpg")
    wait_for_labels(visitor)
    expect(visitor.page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(visitor.page.locator("#labels-panel .label").first).to_be_visible()


def failed(visitor: Visitor) -> bool:
    """Whether the page that lists what is being done offers to try again; it is loaded anew, as without scripts."""
    visitor.open("/activity/")
    return bool(visitor.page.get_by_role("button", name=re.compile("^Try again: my cat")).count())
