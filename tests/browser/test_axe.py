"""Every page is whole for people who do not see it, see little of it, or have it before them the other way round."""

import dataclasses
from collections.abc import Callable
from typing import Any, Final, Literal, cast

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.browser.collection import OWNER, STAFF, Library
from tests.browser.places import BORROWED, PAGES
from tests.browser.visitor import Visitor
from translating import pseudo

pytestmark = [pytest.mark.browser, pytest.mark.site]
# What is said in English, though nobody called anything so: no title or category, and no language by its own name.
_SPOKEN: Final = """() => [...document.querySelectorAll("button, summary, label, nav a, h1")]
  .filter(one => one.checkVisibility() && !one.closest("[data-said], .data, .breaks, .chips, [lang]:not(html)"))
  .map(one => one.textContent.trim()).filter(said => /[a-z]{3}/i.test(said) && !said.includes("\u202e"))"""


@dataclasses.dataclass(frozen=True)
class Variant:
    scheme: Literal["light", "dark"]
    device: Literal["desktop", "phone"]
    direction: Literal["ltr", "rtl"]

    def __str__(self) -> str:
        return f"{self.scheme}-{self.device}-{self.direction}"

    @property
    def context(self) -> dict[str, Any]:
        """Playwright's settings."""
        width, height = (390, 844) if self.device == "phone" else (1440, 900)
        return {
            "color_scheme": self.scheme,
            "viewport": {"width": width, "height": height},
            "has_touch": self.device == "phone",
        }


ALWAYS: Final = (Variant("light", "desktop", "ltr"), Variant("dark", "phone", "ltr"))
VARIANTS: Final = tuple(
    pytest.param(variant, id=str(variant), marks=[] if variant in ALWAYS else [pytest.mark.long])
    for scheme in ("light", "dark")
    for device in ("desktop", "phone")
    for direction in ("ltr", "rtl")
    for variant in [Variant(cast("Any", scheme), cast("Any", device), cast("Any", direction))]
)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("who", ["nobody", "owner"])
def test_no_page_has_a_barrier(
    library: Library, visit: Callable[..., Visitor], variant: Variant, who: str
) -> None:
    visitor = visit(**variant.context)
    if who == "owner":
        visitor.sign_in(OWNER)
    if variant.direction == "rtl":  # in the language that nobody speaks
        visitor.context.add_cookies([{"name": "language", "value": pseudo.LANGUAGE, "url": visitor.site}])
    barriers: list[str] = []
    for place in PAGES:
        if place.who == who:
            visitor.open(place.of(library), place.status)
            barriers += [f"{place.path}: {found}" for found in barriers_of(visitor, variant)]
    assert barriers == []


@pytest.mark.long
@pytest.mark.parametrize("variant", ALWAYS, ids=str)
def test_no_page_of_ours_in_the_admin_has_a_barrier(
    library: Library, visit: Callable[..., Visitor], variant: Variant
) -> None:
    visitor = visit(**variant.context)
    visitor.sign_in(STAFF)
    barriers: list[str] = []
    for place in BORROWED:
        if place.who == "staff" and place.path.startswith("/admin/gallery/"):
            visitor.open(place.of(library), place.status)
            barriers += [f"{place.path}: {found}" for found in barriers_of(visitor, variant)]
    assert barriers == []


def test_no_barrier_in_what_a_form_answers(library: Library, visit: Callable[..., Visitor]) -> None:
    """Errors and confirmations, which no address leads to."""
    visitor, variant = visit(**ALWAYS[1].context), ALWAYS[1]
    visitor.sign_in("nobody@example.org", "not my password")
    barriers = barriers_of(visitor, variant)
    visitor.sign_in(OWNER)
    visitor.upload({"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no photo\n" * 40})
    barriers += barriers_of(visitor, variant)
    visitor.page.get_by_label("Your account").click()
    barriers += barriers_of(visitor, variant)
    visitor.open("/accounts/settings/")
    visitor.press("Save", visitor.page.locator("main form").first)
    visitor.sees("Your settings are saved.")
    barriers += barriers_of(visitor, variant)
    assert barriers == []


def barriers_of(visitor: Visitor, variant: Variant) -> list[str]:
    """axe's violations in words, and what sticks out of the page's side."""
    # In the admin axe would read sheets through styles of its own, which the policy of the page forbids.
    own = "/admin/" not in visitor.page.url
    answer = Axe().run(visitor.page, options={"preload": own, "resultTypes": ["violations"]}).response
    found = [
        f"{rule['id']} ({rule['help']}): {node['target']} {node['html'][:160]} {node['failureSummary'][-200:]}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
    wide = visitor.page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if variant.direction == "rtl":
        assert visitor.page.evaluate("document.dir") == "rtl"
        found += [f"not given to gettext: {said}" for said in visitor.page.evaluate(_SPOKEN)]
    return found + ([f"{wide} px wider than the screen"] if wide > 0 else [])
