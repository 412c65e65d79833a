"""What single keys do, where they do nothing, and how they are switched off."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.collection import PHOTOS, Library
from tests.browser.test_axe import ALWAYS, barriers_of
from tests.browser.visitor import Person, Visitor, jpeg

pytestmark = [pytest.mark.browser, pytest.mark.site]


def list_of_keys(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keyboard shortcuts")


def goes(visitor: Visitor, key: str) -> None:
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.keyboard.press(key)
    visitor.look()


def test_the_help_lists_what_works_on_this_page(alice: Visitor, library: Library) -> None:
    alice.page.keyboard.press("?")
    expect(list_of_keys(alice.page)).to_be_visible()
    expect(list_of_keys(alice.page).get_by_text("Choose a month to jump to")).to_be_visible()
    expect(list_of_keys(alice.page).get_by_text("Add a label")).to_be_hidden()
    alice.page.keyboard.press("Escape")
    expect(list_of_keys(alice.page)).to_have_count(0)
    alice.open(f"/photos/{library.cat}/")
    alice.page.keyboard.press("?")
    expect(list_of_keys(alice.page).get_by_text("Add a label")).to_be_visible()
    expect(list_of_keys(alice.page).get_by_text("Choose a month to jump to")).to_be_hidden()


def test_the_menu_leads_to_the_help_and_back(alice: Visitor) -> None:
    menu = alice.page.get_by_label("Your account")
    menu.focus()
    alice.page.keyboard.press("Enter")
    link = alice.page.get_by_role("link", name="Keyboard shortcuts")
    link.focus()
    alice.page.keyboard.press("Enter")
    expect(list_of_keys(alice.page)).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(link).to_be_focused()


@pytest.mark.parametrize("variant", ALWAYS, ids=str)
def test_the_help_has_no_barrier(librarian: Person, visit: Callable[..., Visitor], variant: Any) -> None:
    visitor = visit(**variant.context)
    visitor.come_in(librarian)
    visitor.page.keyboard.press("?")
    expect(list_of_keys(visitor.page)).to_be_visible()
    assert barriers_of(visitor, variant) == []


def test_keys_lead_to_fields_and_pages(alice: Visitor, library: Library) -> None:
    alice.page.keyboard.press("g")
    expect(alice.page.get_by_label("Jump to")).to_be_focused()
    alice.page.locator("main").focus()
    alice.page.keyboard.press("/")
    expect(alice.page.get_by_role("combobox", name="Search")).to_be_focused()
    alice.page.keyboard.type("ug?")
    expect(alice.page.get_by_role("combobox", name="Search")).to_have_value("ug?")
    alice.page.locator("main").focus()
    alice.page.keyboard.press("Control+u")
    goes(alice, "u")
    alice.is_at("/upload/")
    alice.open(f"/photos/{library.cat}/")
    alice.page.keyboard.press("i")
    expect(alice.page.get_by_role("heading", name="Facts")).to_be_focused()
    alice.page.keyboard.press("t")
    expect(alice.page.get_by_label("Add a label")).to_be_focused()
    expect(alice.page.get_by_label("Add a label")).to_have_value("")


def test_a_photo_is_dealt_with_by_keys(visit: Callable[..., Visitor]) -> None:
    member = visit()
    member.come_in()
    member.upload(jpeg("one.jpg", (PHOTOS / "chelsea.jpg").read_bytes()))
    member.open("/")
    for key in ("f", "l", "Delete", "Shift+D"):  # nothing is picked: nothing happens
        member.page.keyboard.press(key)
    member.is_at("/")
    member.page.locator("main .tile a").focus()
    member.page.keyboard.press("x")
    expect(member.page.get_by_role("form", name="Picked photos")).to_be_visible()
    goes(member, "f")
    member.sees("1 photo is a favourite now.")
    member.open(member.page.locator("main .tile a").get_attribute("href") or "")
    favourite = member.page.get_by_role("button", name="Favourite")
    expect(favourite).to_have_attribute("aria-pressed", "true")
    goes(member, "f")
    expect(favourite).to_have_attribute("aria-pressed", "false")
    goes(member, "l")
    member.fill(title="Cats")
    goes(member, "Enter")
    member.sees("1 photo was added to “Cats”.")
    with member.page.expect_download() as sent:
        member.page.keyboard.press("Shift+D")
    assert sent.value.suggested_filename == "one.jpg"
    goes(member, "Delete")
    member.sees("“one.jpg” is in the trash.")


def test_single_keys_are_switched_off_and_stay_off(alice: Visitor, library: Library) -> None:
    alice.page.keyboard.press("?")
    alice.page.get_by_label("Single keys").focus()
    alice.page.keyboard.press("Space")
    alice.page.keyboard.press("Escape")
    alice.open("/")
    tile = alice.page.locator("main .tile").first
    tile.get_by_role("link").focus()
    for key in ("x", "u", "g", "/", "?"):
        alice.page.keyboard.press(key)
    alice.is_at("/")
    expect(tile.get_by_role("checkbox")).not_to_be_checked()
    expect(list_of_keys(alice.page)).to_have_count(0)
    expect(tile.get_by_role("link")).to_be_focused()
    alice.page.keyboard.press("ArrowRight")
    expect(alice.page.locator("main .tile").nth(1).get_by_role("link")).to_be_focused()
    alice.open(f"/photos/{library.cat}/")
    alice.page.keyboard.press("b")
    expect(alice.page.get_by_label("Show where")).to_be_checked()
    alice.page.keyboard.press("Control+k")
    expect(alice.page.get_by_role("dialog", name="Commands")).to_be_visible()
    alice.page.keyboard.press("Escape")
    alice.open("/shortcuts/")
    expect(alice.page.get_by_label("Single keys")).not_to_be_checked()
    alice.page.get_by_label("Single keys").check()
    alice.page.locator("main").focus()
    goes(alice, "u")
    alice.is_at("/upload/")


def test_without_script_the_list_is_a_page(visit: Callable[..., Visitor], librarian: Person) -> None:
    visitor = visit(scripts=False)
    visitor.come_in(librarian)
    visitor.page.get_by_label("Your account").click()
    visitor.follow("Keyboard shortcuts ?")
    visitor.is_at("/shortcuts/")
    visitor.sees("They need JavaScript")
    assert not visitor.page.get_by_label("Single keys").is_visible()
