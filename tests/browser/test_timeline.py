"""A library of 100,000 photos on one page: what it costs, jumping about, coming back, one photo after another."""

import gzip
import io
import re
from collections.abc import Callable
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Locator, Route, expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]

# The budgets of a page, in bytes as they are sent; those of its scripts and styles are held on all pages (weights.py).
GEOMETRY: Final = 50_000
HTML: Final = 12 * 1024
ELEMENTS: Final = 1500
MODULES: Final = 14  # docs/decisions/0017-modules-as-they-are.md
_KEPT: Final = """() => new Promise(done => {
  const look = () => history.state?.place ? done() : requestAnimationFrame(look);
  look();
})"""
_LAID: Final = "photo-timeline.laid"
_TOP_ROW: Final = """one => {
  const [from, to] = one.layout.span(one.layout.rowAt(one.scroll.top + 1));
  return Array.from({length: to - from}, (_, index) => one.tiles.get(from + index).querySelector("a").dataset.day);
}"""


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "WEBP")
    return out.getvalue()


@pytest.fixture
def enter(visit: Callable[..., Visitor], many: str) -> Callable[..., Visitor]:
    """Signs its owner in; every picture is the same."""
    drawn = picture()

    def shown(route: Route) -> None:
        route.fulfill(body=drawn, content_type="image/webp")

    def entered(**how: bool) -> Visitor:
        member = visit(**how)
        member.page.route(re.compile(r"/renditions/|/picture/"), shown)
        member.sign_in(many)
        return member

    return entered


def laid(member: Visitor) -> Locator:
    found = member.page.locator(_LAID)
    expect(found).to_have_count(1)
    return found


def until(member: Visitor, true: str) -> None:
    """Like wait_for_function, which asks for what the Content-Security-Policy forbids."""
    looks = f"const look = () => {true} ? done() : requestAnimationFrame(look)"
    member.page.evaluate(f"() => new Promise(done => {{ {looks}; look(); }})")


def month_in_view(member: Visitor, name: str) -> None:
    expect(member.page.get_by_role("heading", name=re.compile(f"^{name}"))).to_be_in_viewport()


def full(member: Visitor) -> None:
    """Every place in the window has its picture."""
    expect(member.page.locator(".tile:not(:has(img))")).to_have_count(0)


def test_a_hundred_thousand_photos_keep_to_the_budgets_of_a_page(enter: Callable[..., Visitor]) -> None:
    member = enter()
    laid(member)
    full(member)
    elements = member.page.evaluate("document.querySelectorAll('*').length")
    assert elements <= ELEMENTS
    page = member.context.request.get(member.site + "/").body()
    assert len(gzip.compress(page)) <= HTML
    shapes = member.context.request.get(member.site + "/?part=shapes").body()
    assert len(gzip.compress(shapes)) <= GEOMETRY
    scripts = member.page.evaluate(
        "performance.getEntriesByType('resource').map(one => one.name).filter(name => /\\.js$/.test(name))"
    )
    assert len(set(scripts)) <= MODULES, sorted(scripts)


@pytest.mark.journey
def test_i_jump_to_a_month_and_go_on_from_there(enter: Callable[..., Visitor]) -> None:
    member = enter()
    laid(member)
    member.page.get_by_label("Jump to").select_option("2016-03")
    member.page.get_by_role("button", name="Go").click()
    month_in_view(member, "March 2016")
    full(member)
    member.page.keyboard.press("m")
    month_in_view(member, "February 2016")
    member.page.keyboard.press("Shift+Y")
    month_in_view(member, "December 2017")
    full(member)
    member.all_is_well()


def test_d_leads_from_day_to_day(enter: Callable[..., Visitor]) -> None:
    member = enter()
    timeline = laid(member)
    full(member)
    shown = [days(timeline)]
    for _ in range(3):
        before = shown[-1][-1]
        member.page.keyboard.press("d")
        expect(timeline.locator(f".tile:has([data-day='{before}'])").first).not_to_be_in_viewport()
        shown.append(days(timeline))
    last = [some[-1] for some in shown]
    assert last == sorted(set(last), reverse=True)


def days(timeline: Locator) -> list[str]:
    """Of the photos in the row at the top."""
    told: list[str] = timeline.evaluate(_TOP_ROW)
    return told


@pytest.mark.journey
def test_without_script_i_jump_to_a_month_as_well(enter: Callable[..., Visitor]) -> None:
    member = enter(scripts=False)
    member.page.get_by_label("Jump to").select_option("2016-03")
    member.press("Go")
    month_in_view(member, "March 2016")
    expect(member.page.locator(".tile img")).to_have_count(48)
    member.follow("Older photos")
    expect(member.page.locator(".tile img")).to_have_count(48)


def test_the_scrubber_leads_anywhere_by_hand_and_by_keys(enter: Callable[..., Visitor]) -> None:
    member = enter()
    laid(member)
    bar = member.page.get_by_role("slider", name="Month")
    box = bar.bounding_box()
    assert box is not None
    member.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.75)
    expect(bar).not_to_have_attribute("aria-valuetext", re.compile("2025"))
    full(member)
    said = bar.get_attribute("aria-valuetext")
    bar.press("ArrowDown")
    expect(bar).not_to_have_attribute("aria-valuetext", said or "")


@pytest.mark.parametrize("way", ["reload", "back", "act and undo"])
def test_i_come_back_to_where_i_was(enter: Callable[..., Visitor], way: str) -> None:
    member = enter()
    laid(member).evaluate("one => one.goTo('2014-07')")
    month_in_view(member, "July 2014")
    full(member)
    until(member, "history.state?.place")
    if way == "back":
        member.open("/favourites/")
        member.page.go_back()
    elif way == "reload":
        member.page.reload()
    else:
        member.page.get_by_role("checkbox", name=re.compile("Photo of July .*, 2014")).first.check()
        member.press("Favourite", member.page.get_by_role("form", name="Picked photos"))
        member.sees("1 photo is a favourite now.")
        laid(member)
        month_in_view(member, "July 2014")
        member.press("Undo")
        member.sees("1 photo is as it was before.")
    laid(member)
    month_in_view(member, "July 2014")


def test_new_photos_come_without_a_jump(enter: Callable[..., Visitor]) -> None:
    member = enter()
    laid(member).evaluate("one => one.goTo('2014-07')")
    month_in_view(member, "July 2014")
    full(member)
    heading = member.page.get_by_role("heading", name=re.compile("^July 2014"))
    before = heading.bounding_box()
    photo = member.page.locator(".tile a").first.get_attribute("href") or ""
    newest = member.context.request.get(member.site + "/?part=shapes").json()["months"][0][0]
    changed = member.context.request.patch(
        f"{member.site}/api/v1{photo}",
        data={"taken_at": f"{newest}-28T12:00:00"},
        headers={"X-CSRFToken": member.page.locator("[name=csrfmiddlewaretoken]").first.input_value()},
    )
    assert changed.ok, changed.text()
    with member.page.expect_response(re.compile("part=shapes")):
        member.page.evaluate("document.dispatchEvent(new CustomEvent('photosite:uploaded'))")
    full(member)
    expect(heading).to_be_in_viewport()
    after = heading.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 300  # a row of its month, no more


def test_picks_outlive_scrolling_away_and_a_row_is_picked_across(enter: Callable[..., Visitor]) -> None:
    member = enter()
    laid(member)
    member.page.locator(".tile").nth(0).get_by_role("checkbox").check()
    member.page.mouse.move(600, 500)
    member.page.mouse.wheel(0, 12_000)
    until(member, "scrollY > 10_000")
    full(member)
    here = member.page.evaluate(
        "document.elementFromPoint(600, 500).closest('.tile').querySelector('.pick').value"
    )
    member.page.locator(f".pick[value='{here}']").click(modifiers=["Shift"])
    status = member.page.get_by_role("form", name="Picked photos").get_by_role("status")
    expect(status).to_have_text(re.compile(r"^\d{3} picked$"))
    member.page.keyboard.press("Escape")
    expect(member.page.get_by_role("form", name="Picked photos")).to_be_hidden()


def test_one_photo_after_another_each_with_its_address(enter: Callable[..., Visitor]) -> None:
    member = enter()
    laid(member)
    links = [member.page.locator(".tile a").nth(place).get_attribute("href") or "" for place in range(3)]
    member.page.locator(".tile a").first.click()
    dialog = member.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    member.is_at(re.escape(links[0]))
    member.page.keyboard.press("ArrowRight")
    member.is_at(re.escape(links[1]))
    member.page.keyboard.press("i")
    expect(dialog.get_by_role("heading", name="Facts")).to_be_visible()
    member.page.keyboard.press("ArrowRight")
    member.is_at(re.escape(links[2]))
    member.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    member.is_at("/")
    expect(member.page.locator(f'.tile a[href="{links[2]}"]')).to_be_focused()
    member.all_is_well()
