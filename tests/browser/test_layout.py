"""Script lays photos out as CSS does: to a fraction of a pixel, whatever their shapes and however wide the window.

A browser gives what is left of a row away in 64ths of a pixel, tile by tile, so each row may lie a 64th below the one
that script made.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Route

from gallery.search.library import told

pytestmark = [pytest.mark.browser, pytest.mark.pure]

STATIC: Final = Path(__file__).resolve().parents[2] / "static"
HOST: Final = "http://photos.test"
NEAR_PX: Final = 0.6
WIDTHS: Final = (320, 390, 768, 1024, 1440, 1919)
_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}
FILLED: Final = """classes => {
  document.querySelector("main").innerHTML =
    `<div class='grid'>${classes.map(one => `<div class='tile a${one}'></div>`).join("")}</div>`;
}"""
COMPARED: Final = """async ({shapes, script}) => {
  const {Layout} = await import(script);
  const grid = document.querySelector(".grid"), style = getComputedStyle(grid);
  const root = getComputedStyle(document.documentElement);
  const tall = parseFloat(root.getPropertyValue("--tall")) * parseFloat(root.fontSize);
  const space = {width: grid.clientWidth, tall, gap: parseFloat(style.columnGap), head: 0, foot: 0};
  const layout = new Layout([{key: "", shapes}], space), {left, top, height} = grid.getBoundingClientRect();
  const tiles = [...grid.children], rows = layout.rowFirsts.length;
  let worst = Math.abs(layout.gridHeights[0] - height) - rows / 64;
  for (let row = 0; row < rows; row++) layout.place(row, (place, x, y, ...size) => {
    const real = tiles[place].getBoundingClientRect();
    const seen = [real.left - left, real.top - top, real.width, real.height];
    [x, y, ...size].forEach((px, side) => {
      worst = Math.max(worst, Math.abs(seen[side] - px) - (side === 1 ? row / 64 : 0));
    });
  });
  return worst;
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with our style sheets and scripts, and no server."""
    made = browser.new_page()
    made.route(f"{HOST}/**", _served)
    made.goto(f"{HOST}/")
    yield made
    made.close()


def _served(route: Route) -> None:
    path = STATIC / route.request.url.removeprefix(f"{HOST}/")
    if path.is_file():
        route.fulfill(body=path.read_text(), content_type=_TYPES[path.suffix])
    else:
        styles = "".join(
            f'<link rel="stylesheet" href="/css/{name}.css">'
            for name in ("base", "layout", "components", "shapes", "pages", "timeline")
        )
        route.fulfill(body=f"<!doctype html><html>{styles}<main></main></html>", content_type="text/html")


def sizes(kind: str, count: int) -> list[tuple[int, int]]:
    drawn = random.Random(count)
    usual = [(4000, 3000), (3000, 4000), (4032, 2268), (1000, 1000), (6000, 4000)]
    match kind:
        case "usual":
            return drawn.choices(usual, k=count)
        case "wide":
            return [(40_000, 1000 + drawn.randrange(9000)) for _ in range(count)]
        case "tall":
            return [(1000, 1000 + drawn.randrange(3000)) for _ in range(count)]
        case _:
            return [(1 + drawn.randrange(5000), 1 + drawn.randrange(5000)) for _ in range(count)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["usual", "wide", "tall", "any"])
def test_each_photo_lies_where_css_would_put_it(page: Page, kind: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for count in (1, 2, 3, 7, 200):
        shapes = told(sizes(kind, count))
        page.evaluate(FILLED, [ord(one) - 40 for one in shapes])
        worst: Any = page.evaluate(COMPARED, {"shapes": shapes, "script": "/js/layout.js"})
        assert worst <= NEAR_PX, f"{count} photos: {json.dumps(shapes)}"
