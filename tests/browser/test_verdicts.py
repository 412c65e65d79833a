"""Putting labels right on a photo's page: by a click, by keys, and back again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.collection import Library
from tests.browser.visitor import Person, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]


def row(visitor: Visitor, name: str) -> Locator:
    """The label's own row; others may name it as what they are a kind of."""
    term = visitor.page.locator(".term", has_text=re.compile(f"^{re.escape(name)}$"))
    return visitor.page.locator("#labels-panel .label").filter(has=term)


@pytest.fixture
def owner(library: Library, librarian: Person, visitor: Visitor) -> Visitor:
    """The library's owner before a photo, with and without scripts. What is said is taken back in the tests."""
    visitor.come_in(librarian)
    visitor.open(f"/photos/{library.cat}/")
    return visitor


@pytest.fixture
def typist(library: Library, librarian: Person, visit: Callable[..., Visitor]) -> Visitor:
    """The same, with scripts and hands on the keyboard."""
    visitor = visit()
    visitor.come_in(librarian)
    visitor.open(f"/photos/{library.cat}/?from=55")
    return visitor


def say(visitor: Visitor, name: str) -> None:
    """Presses a button of the panel: a part of the page is new then, or without scripts all of it."""
    button = visitor.page.get_by_role("button", name=name, exact=True)
    if visitor.scripts:
        with visitor.page.expect_response("**/labels/"):
            button.click()
    else:
        with visitor.page.expect_navigation(wait_until="load"):
            button.click()
    visitor.all_is_well()


@pytest.mark.journey
def test_i_reject_a_label_confirm_it_and_take_both_back(owner: Visitor) -> None:
    say(owner, "Cat is wrong")
    expect(row(owner, "Cat")).to_have_class(re.compile("rejected"))
    owner.sees("“Cat” is taken off.")
    say(owner, "Cat: undo")
    expect(row(owner, "Cat")).to_have_class(re.compile("suggested"))
    say(owner, "Cat is right")
    expect(row(owner, "Cat")).to_have_class(re.compile("confirmed"))
    owner.page.locator("summary", has_text="Who says so").click()
    owner.sees("Confirmed by you on")
    say(owner, "Cat: undo")
    expect(row(owner, "Cat")).to_have_class(re.compile("suggested"))


def test_i_add_a_label_of_my_own_and_take_it_away(owner: Visitor) -> None:
    owner.page.get_by_label("Add a label").fill("Chelsea <3")
    say(owner, "Add")
    expect(row(owner, "Chelsea <3")).to_contain_text("yours")
    say(owner, "Chelsea <3: undo")
    expect(row(owner, "Chelsea <3")).to_have_count(0)


def test_keys_go_through_the_labels_and_judge_them(typist: Visitor) -> None:
    press = typist.page.keyboard.press
    first = typist.page.locator("#labels-panel .label").first
    press("j")
    expect(first.locator(".term")).to_be_focused()
    press("ArrowDown")
    press("k")
    expect(first.locator(".term")).to_be_focused()
    for key, state in (("w", "rejected"), ("u", "suggested"), ("c", "confirmed"), ("u", "suggested")):
        with typist.page.expect_response("**/labels/"):
            press(key)
        expect(first).to_have_class(re.compile(state))
        expect(first.locator(":focus")).to_have_count(1)
    typist.all_is_well()


def test_keys_mean_nothing_while_i_write(typist: Visitor) -> None:
    own = typist.page.get_by_label("Add a label")
    own.press_sequentially("jwcub")
    expect(own).to_have_value("jwcub")
    expect(typist.page.locator("#labels-panel .rejected")).to_have_count(0)


def test_a_key_hides_the_boxes_and_shows_them_again(typist: Visitor) -> None:
    boxes = typist.page.locator(".boxes")
    expect(boxes).to_be_visible()
    typist.page.keyboard.press("b")
    expect(boxes).to_be_hidden()
    typist.page.keyboard.press("b")
    expect(boxes).to_be_visible()


def test_the_slider_hides_what_is_less_sure_and_stays_in_the_address(typist: Visitor) -> None:
    all_of_them = typist.page.locator("#labels-panel .label:visible").count()
    slider = typist.page.locator("#from")
    slider.fill("95")
    assert typist.page.locator("#labels-panel .label:visible").count() < all_of_them
    expect(typist.page).to_have_url(re.compile(r"from=95$"))
