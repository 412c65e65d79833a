"""What nobody measures by eye: that words can be read, however small the screen."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.browser.collection import OWNER, Library
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]
PHONE: Final = {"viewport": {"width": 390, "height": 844}}
_LEAST_PX: Final = 11.5
# Words in a drawing shrink with it; those beside it do not.
_SMALL: Final = """least => [...document.querySelectorAll("main *")].filter(element => {
  if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) return false;
  if (element instanceof SVGElement && !(element instanceof SVGTextElement)) return false;
  const scale = element instanceof SVGTextElement ? element.getScreenCTM().a : 1;
  return element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) * scale < least;
}).map(element => element.outerHTML.slice(0, 120))"""

# Buttons and links in the window whose middle belongs to something else. What sticks to its edges may lie above; what
# only a keyboard reaches is a pixel wide.
_COVERED: Final = """() => [...document.querySelectorAll("main a, main button")].filter(one => {
  const box = one.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  if (!one.checkVisibility() || box.width < 2 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
  const above = document.elementFromPoint(x, y);
  return !one.contains(above) && !above?.closest(".top, .places, .bar");
}).map(one => one.outerHTML.slice(0, 160))"""


@pytest.mark.parametrize(
    ("path", "who"), [("/", ""), ("/", OWNER), ("/usage/", OWNER), ("/activity/", OWNER)]
)
def test_no_word_is_too_small_on_a_phone(
    library: Library, visit: Callable[..., Visitor], path: str, who: str
) -> None:
    visitor = visit(**PHONE)
    if who:
        visitor.sign_in(who)
    visitor.open(path)
    assert visitor.page.evaluate(_SMALL, _LEAST_PX) == []


@pytest.mark.parametrize("width", [390, 1440])
def test_no_button_lies_under_another(library: Library, visit: Callable[..., Visitor], width: int) -> None:
    visitor = visit(viewport={"width": width, "height": 900})
    visitor.sign_in(OWNER)
    for path in (
        "/",
        f"/photos/{library.cat}/",
        f"/albums/{library.album}/",
        "/search/?label=Animal",
        library.shared,
    ):
        visitor.open(path)
        assert visitor.page.evaluate(_COVERED) == [], path


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_the_welcome_fits_one_screen(visit: Callable[..., Visitor], width: int, height: int) -> None:
    visitor = visit(viewport={"width": width, "height": height})
    visitor.open("/")
    last = visitor.page.locator("main .credits").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= height
