"""Somebody new has no photo at hand, asks for samples, finds the cat among them, and sends them away again."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.site]
_LABELLED_SECONDS: Final = 120


def test_i_try_the_site_with_samples_and_remove_them(member: Visitor) -> None:
    photos = member.page.locator("main .tile")
    member.press("Try it with five sample photographs")
    member.is_at("/")
    member.sees("These photographs are samples.")
    expect(photos).to_have_count(5)

    def found() -> bool:
        member.open("/search/?q=cat")
        return photos.count() == 1

    until(found, "the cat is found", _LABELLED_SECONDS)
    member.open("/")
    member.follow("cat", member.page.get_by_role("complementary", name="Samples"))
    member.is_at(r"/search/\?q=cat")
    expect(photos).to_have_count(1)

    member.open("/")
    member.follow("Who took them")
    member.sees("Stéfan van der Walt", "CC BY 2.0")
    member.press("Remove the samples")
    member.is_at("/")
    member.sees("All 5 samples are gone.", "Your photos go here")
    expect(photos).to_have_count(0)


def test_i_ask_for_samples_in_two_windows_and_have_five(member: Visitor) -> None:
    """The second page was opened while nothing was here yet."""
    other = member.context.new_page()
    other.goto(member.site, wait_until="load")
    member.press("Try it with five sample photographs")
    other.get_by_role("button", name="Try it with five sample photographs").click()
    expect(other.locator("main .tile")).to_have_count(5)
    member.open("/")
    expect(member.page.locator("main .tile")).to_have_count(5)
