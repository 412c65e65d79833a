"""The timeline of 100,000 photos in Firefox, which lays out, scrolls and dispatches by code of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from gallery.search.library import told
from tests import install
from tests.browser.firefox import Firefox
from tests.browser.test_layout import COMPARED, FILLED, NEAR_PX, sizes
from tests.site.running import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.site, pytest.mark.long]
ELEMENTS: Final = 1500
_IN_VIEW: Final = """[...document.querySelectorAll('h2.month')].some(one => one.textContent.startsWith(given[0])
  && one.getBoundingClientRect().top > -100 && one.getBoundingClientRect().top < innerHeight)"""
_KEPT: Final = """history.state?.place && JSON.stringify(history.state.place) ===
  JSON.stringify(document.querySelector('photo-timeline').anchor)"""
_FULL: Final = "document.querySelector('.tile') && !document.querySelector('.tile:not(:has(img))')"


@pytest.fixture
def firefox(tmp_path: Path, site: Site, many: str) -> Iterator[Firefox]:
    """Signed in as somebody with very many photos, before their timeline."""
    found = install.FIREFOX.find()
    if found is None and not install.must_be_there():
        pytest.skip(install.FIREFOX.how_to)
    assert found, install.FIREFOX.how_to
    with Firefox(found, tmp_path) as browser:
        browser.size(1280, 900)
        browser.open(f"http://localhost:{site.port}/accounts/login/")
        browser.run(
            "const form = document.querySelector('form:has([name=login])');"
            "[form.login.value, form.password.value] = given; form.requestSubmit()",
            many,
            PASSWORD,
        )
        browser.wait("document.querySelector('photo-timeline.laid')")
        yield browser
        assert browser.errors == []


def test_it_stays_small_and_goes_to_a_month_and_comes_back(firefox: Firefox) -> None:
    firefox.wait(_FULL)
    assert firefox.run("return document.querySelectorAll('*').length") <= ELEMENTS
    firefox.run("document.querySelector('photo-timeline').goTo('2014-07')")
    firefox.wait(_IN_VIEW, "July 2014")
    firefox.wait(_FULL)
    firefox.press("m")
    firefox.wait(_IN_VIEW, "June 2014")
    firefox.wait(_KEPT)
    firefox.reload()
    firefox.wait("document.querySelector('photo-timeline.laid')")
    firefox.wait(_IN_VIEW, "June 2014")
    firefox.wait(_FULL)
    assert firefox.run("return document.querySelectorAll('*').length") <= ELEMENTS


def test_from_photo_to_photo_and_back_to_the_list(firefox: Firefox) -> None:
    firefox.wait(_FULL)
    links = firefox.run(
        "return [...document.querySelectorAll('.tile a')].slice(0, 2).map(one => one.pathname)"
    )
    firefox.click(".tile a")
    firefox.wait("document.querySelector('[role=dialog]') && location.pathname === given[0]", links[0])
    firefox.press("ArrowRight")
    firefox.wait("location.pathname === given[0]", links[1])
    firefox.press("Escape")
    firefox.wait("!document.querySelector('[role=dialog]') && location.pathname === '/'")
    firefox.wait("document.activeElement.pathname === given[0]", links[1])


@pytest.mark.parametrize("width", [390, 1280])
def test_script_puts_photos_where_its_css_would(firefox: Firefox, width: int) -> None:
    script = firefox.run(
        "const names = performance.getEntriesByType('resource').map(one => one.name);"
        "return names.find(name => /\\/layout\\.[^/]*js$/.test(name))"
    )
    firefox.size(width, 900)
    for count in (1, 3, 200):
        shapes = told(sizes("usual", count))
        firefox.run(f"({FILLED})(given[0])", [ord(one) - 40 for one in shapes])
        worst = firefox.run(f"return await ({COMPARED})(given[0])", {"shapes": shapes, "script": script})
        assert worst <= NEAR_PX, f"{count} photos: {shapes}"
