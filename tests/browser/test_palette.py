"""The command palette, by keys alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.collection import PHOTOS
from tests.browser.test_axe import ALWAYS, barriers_of
from tests.browser.visitor import Person, Visitor, jpeg

pytestmark = [pytest.mark.browser, pytest.mark.site]


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="What to do, or where to go")


def chosen(page: Page) -> Locator:
    return page.locator("#commands [aria-selected=true]")


def ask(visitor: Visitor, words: str) -> None:
    visitor.page.keyboard.press("Control+k")
    expect(box(visitor.page)).to_be_focused()
    visitor.page.keyboard.type(words)


def go(visitor: Visitor) -> None:
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.keyboard.press("Enter")
    visitor.look()


def test_a_page_is_some_letters_away(alice: Visitor) -> None:
    ask(alice, "fav")
    expect(chosen(alice.page)).to_have_text(re.compile("^Favourites"))
    expect(box(alice.page)).to_have_attribute("aria-activedescendant", "commands-0")
    go(alice)
    alice.is_at("/favourites/")


@pytest.mark.parametrize(
    ("words", "what", "where"),
    [
        ("best", "The best ones", r"/albums/[-0-9a-f]+/"),
        ("cat", "Cat", r"/search/\?q=Cat"),
        ("pyramids of", "Search for “pyramids of”", r"/search/\?q=pyramids\+of"),
    ],
)
def test_albums_labels_and_words_are_found(alice: Visitor, words: str, what: str, where: str) -> None:
    ask(alice, words)
    expect(chosen(alice.page).locator("span")).to_have_text(what)
    go(alice)
    alice.is_at(where)


def test_who_types_faster_than_the_server_is_led_to_the_same_place(alice: Visitor) -> None:
    ask(alice, "the best")
    go(alice)
    alice.is_at(r"/albums/[-0-9a-f]+/")


def test_arrows_choose_and_escape_leads_back_to_where_one_was(alice: Visitor) -> None:
    summary = alice.page.get_by_label("Your account")
    summary.focus()
    ask(alice, "")
    first = chosen(alice.page).inner_text()
    alice.page.keyboard.press("ArrowDown")
    expect(chosen(alice.page)).not_to_have_text(first)
    alice.page.keyboard.press("ArrowUp")
    alice.page.keyboard.press("ArrowUp")
    expect(chosen(alice.page)).to_have_id(f"commands-{alice.page.locator('#commands li').count() - 1}")
    alice.page.keyboard.press("Escape")
    expect(box(alice.page)).to_be_hidden()
    expect(summary).to_be_focused()


def test_without_an_answer_pages_and_the_search_are_there(alice: Visitor) -> None:
    alice.page.route("**/palette/*", lambda route: route.abort())
    alice.page.context.remove_listener("requestfailed", alice._failed)
    ask(alice, "best")
    expect(chosen(alice.page)).to_have_text("Search for “best”")
    go(alice)
    alice.is_at(r"/search/\?q=best")


@pytest.mark.parametrize("variant", ALWAYS, ids=str)
def test_it_has_no_barrier(librarian: Person, visit: Callable[..., Visitor], variant: Any) -> None:
    visitor = visit(**variant.context)
    visitor.come_in(librarian)
    ask(visitor, "t")
    expect(chosen(visitor.page)).to_be_visible()
    assert barriers_of(visitor, variant) == []


def test_what_is_picked_is_acted_upon_without_a_mouse(visit: Callable[..., Visitor]) -> None:
    member = visit()
    member.come_in()
    member.upload(jpeg("one.jpg", (PHOTOS / "chelsea.jpg").read_bytes()))
    member.open("/")
    member.page.locator("main .tile a").focus()
    ask(member, "favourite")
    expect(chosen(member.page)).to_have_text(re.compile("page$"))
    member.page.keyboard.press("Escape")
    member.page.keyboard.press("x")
    ask(member, "favourite")
    expect(chosen(member.page)).to_have_text(re.compile("picked photos"))
    go(member)
    member.sees("1 photo is a favourite now.")


def test_what_is_picked_is_offered_before_the_bar_of_picks_is_painted(alice: Visitor) -> None:
    alice.page.locator(".tile .pick").first.evaluate("""circle => {
      circle.click();
      document.dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true, bubbles: true}));
    }""")
    alice.page.keyboard.type("archive")
    expect(chosen(alice.page)).to_have_text(re.compile("picked photos"))


def test_a_month_is_jumped_to_by_its_name(alice: Visitor) -> None:
    month = alice.page.locator("#month option").last.inner_text().rsplit(" (", 1)[0]
    ask(alice, month.lower())
    expect(chosen(alice.page).locator("span")).to_have_text(month)
    go(alice)
    alice.is_at(r"/\?month=\d{4}-\d{2}")


def test_without_script_nothing_promises_it(visit: Callable[..., Visitor], librarian: Person) -> None:
    visitor = visit(scripts=False)
    visitor.come_in(librarian)
    assert not visitor.page.locator("[data-opens=palette]").first.is_visible()
    visitor.page.get_by_label("Your account").click()
    assert not visitor.page.locator(".menu [data-opens=palette]").is_visible()
