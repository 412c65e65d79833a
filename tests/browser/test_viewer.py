"""Photos looked at one after another over their list: by swiping, zooming, by themselves; and what is done there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.collection import large_cat
from tests.browser.visitor import Person, Visitor, jpeg
from tests.site import pictures

pytestmark = [pytest.mark.browser, pytest.mark.site]
SLIDE_MS = 5_000


def viewer(visitor: Visitor) -> Locator:
    return visitor.page.locator(".pswp")


def look_at(visitor: Visitor, place: int) -> list[str]:
    """Opens a photo of the first page's list. The addresses of all of them."""
    links = visitor.page.locator("photo-timeline.laid .tile:has(img) > a")
    expect(links.nth(place)).to_be_visible()
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    links.nth(place).click()
    expect(viewer(visitor)).to_have_class(re.compile("pswp--ui-visible"))
    return addresses


def is_looked_at(visitor: Visitor, address: str) -> None:
    visitor.is_at(re.escape(address))


@pytest.fixture
def holder(visit: Callable[..., Visitor]) -> Visitor:
    """Somebody with two photos of their own."""
    visitor = visit()
    visitor.come_in()
    visitor.upload(*(jpeg(f"photo-{number}.jpg", pictures.distinct(number)) for number in range(2)))
    visitor.open("/")
    expect(visitor.page.locator(".tile img")).to_have_count(2)
    return visitor


def test_what_is_thrown_away_is_said_and_comes_back(holder: Visitor) -> None:
    gone, stays = look_at(holder, 0)
    with holder.page.expect_navigation():
        holder.page.keyboard.press("Delete")
    holder.sees("is in the trash.")
    expect(holder.page.locator(f'.tile > a[href="{gone}"]')).to_have_count(0)
    expect(holder.page.locator(f'.tile > a[href="{stays}"]')).to_be_visible()
    holder.press("Undo")
    expect(holder.page.locator(f'.tile > a[href="{gone}"]')).to_be_visible()
    holder.is_at("/")


def test_a_favourite_is_marked_in_the_list_as_well(holder: Visitor) -> None:
    address = look_at(holder, 0)[0]
    holder.page.keyboard.press("f")
    expect(viewer(holder).get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    holder.page.keyboard.press("Escape")
    holder.is_at("/")
    expect(holder.page.locator(f'.tile:has(> a[href="{address}"]) .mark')).to_be_visible()
    holder.open("/favourites/")
    expect(holder.page.locator(".tile > a")).to_have_count(1)
    holder.all_is_well()


def test_zoomed_in_it_is_the_original(visit: Callable[..., Visitor]) -> None:
    visitor = visit(viewport={"width": 1440, "height": 900})
    visitor.come_in()
    visitor.upload(jpeg("large.jpg", large_cat()))
    visitor.open("/")
    look_at(visitor, 0)
    picture = viewer(visitor).locator(
        ".pswp__item[aria-hidden=false] img.pswp__img:not(.pswp__img--placeholder)"
    )
    expect(picture).to_have_attribute("src", re.compile(r"/picture/\?size=(preview|full)$"))
    visitor.page.keyboard.press("z")
    expect(picture).to_have_attribute("src", re.compile(r"/picture/\?size=original$"))
    visitor.all_is_well()


def test_slides_follow_by_themselves_until_somebody_does_anything(alice: Visitor) -> None:
    alice.page.clock.install()
    alice.open("/")
    _first, second, *_others = look_at(alice, 0)
    shown = re.compile(r"\bslides\b")
    alice.page.keyboard.press("s")
    expect(viewer(alice)).to_have_class(shown)
    alice.page.clock.fast_forward(SLIDE_MS)
    is_looked_at(alice, second)
    alice.page.keyboard.press("s")
    expect(viewer(alice)).not_to_have_class(shown)
    alice.page.clock.fast_forward(SLIDE_MS)
    is_looked_at(alice, second)
    button = viewer(alice).get_by_role("button", name="Slideshow")
    button.click()
    expect(viewer(alice)).to_have_class(shown)
    button.click()
    expect(viewer(alice)).not_to_have_class(shown)
    button.click()
    alice.page.mouse.click(400, 400)
    expect(viewer(alice)).not_to_have_class(shown)
    alice.page.clock.fast_forward(SLIDE_MS)
    is_looked_at(alice, second)
    alice.all_is_well()


def test_on_a_phone_it_is_swiped_and_pinched(librarian: Person, visit: Callable[..., Visitor]) -> None:
    phone = visit(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    phone.come_in(librarian)
    first, second, *_others = look_at(phone, 0)
    fingers = Fingers(phone)
    fingers.move([(330, 400)], [(60, 400)])
    is_looked_at(phone, second)
    fingers.move([(60, 400)], [(330, 400)])
    is_looked_at(phone, first)
    wrap = viewer(phone).locator(".pswp__item[aria-hidden=false] .pswp__zoom-wrap")
    fingers.move([(180, 400), (210, 400)], [(40, 400), (350, 400)])
    expect(wrap).to_have_css("transform", re.compile(r"^matrix\((1\.[2-9]|[2-9])"))
    phone.all_is_well()


class Fingers:
    """One or two on the screen."""

    STEPS = 8

    def __init__(self, visitor: Visitor) -> None:
        self.session = visitor.context.new_cdp_session(visitor.page)

    def move(self, start: list[tuple[int, int]], end: list[tuple[int, int]]) -> None:
        """Puts them down, moves each to its end and lifts them."""
        self._touch("touchStart", start)
        for step in range(1, self.STEPS + 1):
            part = step / self.STEPS
            ways = zip(start, end, strict=True)
            self._touch("touchMove", [(a + (c - a) * part, b + (d - b) * part) for (a, b), (c, d) in ways])
        self._touch("touchEnd", [])

    def _touch(self, kind: str, points: list[tuple[float, float]] | list[tuple[int, int]]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
