"""Every page by the Tab key alone: it comes to all that can be used, and one always sees where one is."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.browser.collection import OWNER, Library
from tests.browser.places import PAGES
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]
DEVICES: Final[dict[str, dict[str, Any]]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
MAIN: Final = ("/photos/{cat}/",)  # what `make test` walks; `make test-long` walks all
_MOST: Final = 600
# What the Tab key has to come to: of radio buttons with one name it comes to one.
_STOPS: Final = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex]";
  const named = one => (one.getAttribute("aria-label") || one.textContent || one.name || one.id).trim().slice(0, 40);
  const usable = one => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden" && !one.closest("[inert]")
    && one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length;
  const told = new Set();
  return [...document.querySelectorAll(wanted)].filter(usable).filter(one => {
    if (one.type !== "radio") return true;
    const first = !told.has(one.name);
    return told.add(one.name) && first;
  }).map((one, number) => {
    one.dataset.stop = one.type === "radio" ? `radio ${one.name}` : `${number} ${one.localName} ${named(one)}`;
    return one.dataset.stop;
  });
}"""
# Where one is, and what hides it from the eye. A ring may be drawn by the element, its ::before or its ::after, or be
# the dashed line of a box over a picture; such boxes lie one on another.
_HERE: Final = """() => new Promise(told => requestAnimationFrame(() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return told(null);
  const drawn = one.closest(".boxes") && getComputedStyle(one.querySelector("rect")).strokeDasharray !== "none";
  const ringed = part => {
    const {outlineStyle, outlineWidth, content, borderTopWidth, position} = getComputedStyle(one, part);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1
      || part === "::after" && content !== "none" && position === "absolute" && parseFloat(borderTopWidth) >= 1;
  };
  const box = one.getBoundingClientRect();
  const across = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const down = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const over = document.elementFromPoint(across, down);
  const label = one.labels?.[0];
  const faults = [];
  const away = box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight;
  if (away) faults.push("off the screen");
  else if (!one.checkVisibility({opacityProperty: true, visibilityProperty: true})) faults.push("not visible");
  else if (over && !one.closest(".boxes") && !one.contains(over) && !over.contains(one) && !label?.contains(over)) {
    faults.push(`under ${over.localName}.${over.className}`);
  }
  if (!drawn && ![null, "::before", "::after"].some(ringed)) faults.push("without a ring");
  const radio = one.type === "radio" ? `radio ${one.name}` : null;
  told([radio || one.dataset.stop || one.outerHTML.slice(0, 120), faults]);
}))"""


def _faults(visitor: Visitor, key: str) -> list[str]:
    """What is wrong on the way, and what it does not come to."""
    wanted: list[str] = visitor.page.evaluate(_STOPS)
    reached: list[str] = []
    faults: list[str] = []
    for _ in range(_MOST):
        visitor.page.keyboard.press(key)
        here: Any = visitor.page.evaluate(_HERE)
        if here is None:  # past the end; a page that begins in a field goes round once
            continue
        if here[0] in reached[:1]:
            break
        reached.append(here[0])
        faults += [f"{here[0]}: {fault}" for fault in here[1]]
    return faults + [f"{stop}: not come to" for stop in wanted if stop not in reached]


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    "paths", [pytest.param(MAIN, id="main"), pytest.param(None, id="all", marks=pytest.mark.long)]
)
def test_tab_comes_to_everything_and_is_seen(
    library: Library, visit: Callable[..., Visitor], paths: tuple[str, ...] | None, device: str, key: str
) -> None:
    visitors = {"owner": visit(**DEVICES[device]), "nobody": visit(**DEVICES[device])}
    visitors["owner"].sign_in(OWNER)
    faults: list[str] = []
    for place in PAGES:
        if paths is None or (place.path in paths and place.who == "owner"):
            visitor = visitors[place.who]
            visitor.open(place.of(library), place.status)
            faults += [f"{place}: {fault}" for fault in _faults(visitor, key)]
    assert faults == []
