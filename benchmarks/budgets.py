"""The page of 100,000 photos in chromium against its budgets: `python -m benchmarks.budgets [--photos N] [--slower N]`.

The processor of the browser is slowed down four times, as Lighthouse does for a phone. Bytes, elements and requests are
counts and are held in `make test` as well (tests/browser/test_timeline.py); the times here depend on the machine. Every
picture is the same and comes from this process, so that neither bucket nor decoding is what is measured.
"""

import argparse
import math
import re
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import CDPSession, Page, Route, ViewportSize, expect, sync_playwright

from tests import install
from tests.browser.test_timeline import picture
from tests.browser.visitor import LAUNCH
from tests.site.running import PASSWORD, Site

OWNER: Final = "many@example.org"
PORTRAIT: Final = ViewportSize(width=390, height=844)
DESK: Final = ViewportSize(width=1440, height=900)
_TIMES: Final = 9
_ROUNDS: Final = 5
_WHOLE: Final = 60_000

# From the start of the page: how far it moved by itself, and how long keys and clicks took until they were painted.
_WATCH: Final = """
  window.seen = {shift: 0, slow: []};
  const observe = (what, see) => new PerformanceObserver(list => list.getEntries().forEach(see)).observe(what);
  observe({type: "layout-shift", buffered: true}, one => { if (!one.hadRecentInput) seen.shift += one.value; });
  observe({type: "event", durationThreshold: 16, buffered: true}, one => seen.slow.push([one.name, one.duration]));
"""
_LAY: Final = """one => {
  const began = performance.now();
  one.lay();
  const took = performance.now() - began;
  one.draw();
  return took;
}"""
# To the month that lies so far down, until every place in the window has its picture.
_JUMP: Final = """async (one, part) => {
  const months = one.source.groups, began = performance.now();
  one.goTo(months[Math.floor(part * (months.length - 1))].key);
  const lacks = tile => { const {bottom, top} = tile.getBoundingClientRect(), img = tile.querySelector("img");
    return bottom > 0 && top < innerHeight && !(img?.complete && img.naturalWidth); };
  do await new Promise(requestAnimationFrame); while ([...one.querySelectorAll(".tile")].some(lacks));
  return performance.now() - began;
}"""
_SETTLED: Final = """() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"""


class Row(NamedTuple):
    """A measure beside what it must not exceed."""

    name: str
    value: float
    most: float
    unit: str

    def __str__(self) -> str:
        verdict = "" if self.value <= self.most else "  MISSED"
        wanted = f"(wanted: ≤ {self.most:g})" if math.isfinite(self.most) else ""
        return f"{self.name:44} {self.value:9.3f} {self.unit:4} {wanted}{verdict}"


def main() -> None:
    """Prints one table for a phone and one for a desktop; the exit status says nothing of times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--slower", type=float, default=4)
    asked, _ = parser.parse_known_args()
    chromium = install.CHROMIUM.find()
    if chromium is None:
        print(f"budgets: {install.CHROMIUM.how_to}")
        return
    with tempfile.TemporaryDirectory(prefix="photosite-budgets-") as folder, sync_playwright() as playwright:
        site = Site(Path(folder) / "data")
        try:
            site.start()
            site.user(OWNER)
            site.module("tests.browser.many", OWNER, str(asked.photos))
            browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=LAUNCH)
            for name, viewport in (("phone", PORTRAIT), ("desktop", DESK)):
                page = browser.new_page(viewport=viewport, base_url=f"http://localhost:{site.port}")
                print(f"{asked.photos} photos on a {name}, processor {asked.slower:g} times slower")
                for row in measure(page, asked.slower):
                    print(f"  {row}")
                page.context.close()
            browser.close()
        finally:
            site.end()


def measure(page: Page, slower: float) -> list[Row]:
    enter(page)
    devtools = page.context.new_cdp_session(page)
    rate(devtools, slower)
    page.add_init_script(_WATCH)
    page.goto("/")
    timeline = page.locator("photo-timeline.laid")
    expect(timeline).to_have_count(1, timeout=_WHOLE)
    page.evaluate(_SETTLED)
    shifted = page.evaluate("seen.shift")
    laid = [timeline.evaluate(_LAY) for _ in range(_TIMES)]
    slow = [timeline.evaluate(_JUMP, part / _TIMES) for part in range(1, _TIMES)]
    moved = page.evaluate("seen.shift") - shifted
    rate(devtools, 1)
    full = [timeline.evaluate(_JUMP, (part - 0.5) / _TIMES) for part in range(1, _TIMES)]
    rate(devtools, slower)
    rounds = [work(page) for _ in range(_ROUNDS)]
    waits = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    return [
        Row("elements in the document", page.evaluate("document.querySelectorAll('*').length"), 1500, ""),
        Row("layout shift at load", shifted, 0, ""),
        Row("layout shift of 8 jumps", moved, 0.01, ""),
        Row("laying out all photos, median", statistics.median(laid), 50, "ms"),
        Row("a jump until its pictures are there, median", statistics.median(full), 500, "ms"),
        Row("  the same on the slow processor", statistics.median(slow), math.inf, "ms"),
        *(Row(f"{name} until it is painted, median", wait, 100, "ms") for name, wait in waits.items()),
    ]


def enter(page: Page) -> None:
    drawn = picture()

    def shown(route: Route) -> None:
        route.fulfill(body=drawn, content_type="image/webp")

    page.route(re.compile(r"/renditions/|/picture/"), shown)
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(OWNER)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("photo-timeline")).to_have_count(1)


def work(page: Page) -> dict[str, float]:
    """What somebody does on the page, by key or place on the bar: how many milliseconds until it was painted."""
    page.locator("photo-timeline .tile > a").first.focus()
    waits = {}
    for key in ("ArrowRight", "ArrowDown", "x", "Escape", "m", "y", "d", "Shift+Y"):
        waits[key] = waited(page, partial(page.keyboard.press, key))
    box = page.get_by_role("slider", name="Month").bounding_box()
    assert box is not None
    for part in (0.2, 0.6, 0.9):
        x, y = box["x"] + box["width"] / 2, box["y"] + part * box["height"]
        waits[f"bar at {part}"] = waited(page, partial(page.mouse.click, x, y))
    return waits


def waited(page: Page, act: Callable[[], None]) -> float:
    page.evaluate("seen.slow.length = 0")
    act()
    page.evaluate(_SETTLED)
    longest: float = page.evaluate("Math.max(0, ...seen.slow.map(([name, duration]) => duration))")
    return longest


def rate(devtools: CDPSession, slower: float) -> None:
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})


if __name__ == "__main__":
    main()
