"""Sharing an album by a link, and what a visitor does with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor, jpeg
from tests.site import pictures

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.journey
def test_i_share_an_album_and_see_it_as_a_visitor(visit: Callable[..., Visitor], scripts: bool) -> None:
    member, visitor = visit(scripts=scripts), visit(scripts=scripts)
    member.come_in()
    member.upload(*(jpeg(f"holiday-{number}.jpg", pictures.distinct(number)) for number in range(2)))
    member.open("/")
    for circle in member.page.locator("main .pick").all():
        circle.check()
    member.press("Add to album", member.page.get_by_role("form", name="Picked photos"))
    member.fill(title="Rome")
    member.press("Make and add")
    member.follow("“Rome”")
    member.follow("Share")
    member.fill(password="open sesame")
    member.press("Make the link")
    link = member.page.get_by_label("The link").input_value()

    visitor.open(link)
    visitor.sees("This link has a password")
    visitor.fill(password="wrong")
    visitor.status = 422
    visitor.page.get_by_role("button", name="Open").click()
    visitor.sees("This is not the password.")
    visitor.fill(password="open sesame")
    visitor.press("Open")
    expect(visitor.page.locator("main .tile")).to_have_count(2)
    first = visitor.page.locator("main .tile a").first
    address = first.get_attribute("href") or ""
    first.click()
    if scripts:
        dialog = visitor.page.get_by_role("dialog", name="Photo")
        expect(dialog.get_by_role("link", name="Download")).to_be_visible()
        assert [
            button
            for button in ("Favourite", "Delete", "Information")
            if dialog.get_by_role("button", name=button).count()
        ] == []
        visitor.page.keyboard.press("ArrowRight")
        expect(dialog).to_contain_text("2 / 2")
        visitor.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        visitor.open(address)
    expect(visitor.page.locator("main .sheet img")).to_be_visible()
    visitor.look()
    assert "holiday" not in visitor.page.content()
    visitor.follow("Next photo")
    visitor.follow("All pictures")

    member.open("/shares/")
    member.sees("Rome", "With a password.")
    member.press("End the link to Rome")
    member.sees("Nothing is shared")
    visitor.open(link, status=404)
    visitor.sees("This link leads nowhere")
