"""Every page is whole for people who do not see it, see little of it, or have it before them the other way round."""

import dataclasses
from collections.abc import Callable
from typing import Any, Final, Literal, cast

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.collection import OWNER, STAFF, Library
from tests.browser.conftest import new_address
from tests.browser.places import BORROWED, PAGES
from tests.browser.visitor import Visitor
from tests.site import pictures
from tests.site.running import Site
from translating import pseudo

pytestmark = [pytest.mark.browser, pytest.mark.site]
# What is said in English, though nobody called anything so: no title or category, and no language by its own name.
_SPOKEN: Final = """() => [...document.querySelectorAll("button, summary, label, nav a, h1")]
  .filter(one => one.checkVisibility() && !one.closest("[data-said], .data, .breaks, .chips, [lang]:not(html)"))
  .map(one => one.textContent.trim()).filter(said => /[a-z]{3}/i.test(said) && !said.includes("\u202e"))"""


EMPTY: Final = (
    *(
        "/",
        "/favourites/",
        "/archive/",
        "/duplicates/",
        "/albums/",
        "/labels/",
        "/memories/",
        "/map/",
        "/search/",
        "/searches/",
    ),
    *("/shares/", "/runs/", "/activity/", "/usage/", "/trash/"),
)


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
    speak(visitor, variant)
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


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_barrier_for_somebody_new_and_in_what_is_asked(
    site: Site, visit: Callable[..., Visitor], variant: Variant
) -> None:
    """Pages of somebody who has nothing; then what a form leads to, and the viewer, which no address leads to."""
    visitor, email, barriers = visit(**variant.context), new_address(), list[str]()
    client = site.user(email)
    visitor.sign_in(email)
    speak(visitor, variant)
    for path in EMPTY:
        visitor.open(path)
        barriers += barriers_of(visitor, variant)
    photo = client.add(pictures.fresh())
    for asking in ("selection_album", "selection_dates", "selection_caption"):
        visitor.open("/")
        visitor.page.locator(".pick").check()
        if asking != "selection_album":
            visitor.page.locator(".bar summary").click()
        barriers += barriers_of(visitor, variant)
        with visitor.page.expect_navigation():
            visitor.page.locator(f".bar [formaction='{reverse(asking)}']").click()
        barriers += barriers_of(visitor, variant)
    visitor.open(f"/photos/{photo}/share/")
    with visitor.page.expect_navigation():
        visitor.page.locator("main button.primary").click()
    barriers += barriers_of(visitor, variant)
    visitor.open("/")
    visitor.page.locator(".tile:has(img) > a").click()
    expect(visitor.page.locator(".pswp--ui-visible")).to_be_visible()
    barriers += barriers_of(visitor, variant)
    assert barriers == []


def speak(visitor: Visitor, variant: Variant) -> None:
    """From right to left: the language that nobody speaks."""
    if variant.direction == "rtl":
        visitor.context.add_cookies([{"name": "language", "value": pseudo.LANGUAGE, "url": visitor.site}])


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
