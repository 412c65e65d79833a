"""Picking photos: into an album, into the trash and back; by circles, with Shift, and by keys."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.collection import PHOTOS
from tests.browser.test_uploading import drop, some
from tests.browser.visitor import Visitor, jpeg
from tests.site import pictures

pytestmark = [pytest.mark.browser, pytest.mark.site]


def send_three(member: Visitor) -> None:
    files = [jpeg(f"photo-{number}.jpg", pictures.distinct(number)) for number in range(3)]
    member.upload(*files)
    member.open("/")


def tiles(member: Visitor) -> Locator:
    return member.page.locator("main .tile")


def pick(member: Visitor, *places: int) -> None:
    for place in places:
        tiles(member).nth(place).get_by_role("checkbox").check()


def bar(member: Visitor) -> Locator:
    return member.page.get_by_role("form", name="Picked photos")


def test_i_make_an_album_of_what_i_pick_and_take_one_out_again(member: Visitor) -> None:
    send_three(member)
    expect(bar(member)).to_be_hidden()
    pick(member, 0, 2)
    member.press("Add to album", bar(member))
    member.sees("Which album should the 2 photos go into?")
    member.fill(title="Rome")
    member.press("Make and add")
    member.is_at("/")
    member.sees("2 photos were added to “Rome”.")
    member.follow("“Rome”")
    expect(tiles(member)).to_have_count(2)
    pick(member, 1)
    member.press("Make it the cover", bar(member))
    member.sees("The album has a new cover.")
    pick(member, 0)
    member.press("Take out of album", bar(member))
    member.sees("1 photo is no longer in “Rome”")
    expect(tiles(member)).to_have_count(1)
    member.press("Undo")
    expect(tiles(member)).to_have_count(2)
    member.open("/albums/")
    member.follow(re.compile("^Rome"))
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Rome")


def test_i_make_an_empty_album_call_it_something_else_and_delete_it(member: Visitor) -> None:
    member.open("/albums/")
    member.sees("No albums yet")
    member.page.get_by_text("New album").click()
    member.fill(title="Roma", description="By train")
    member.press("Make it")
    member.sees("This album is empty")
    expect(member.page.locator("main p", has_text="By train")).to_be_visible()
    member.page.get_by_text("Edit", exact=True).click()
    member.fill(title="Rome")
    member.press("Save")
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Rome")
    member.page.get_by_text("Edit", exact=True).click()
    member.press("Delete the album")
    member.sees("The album “Rome” is deleted", "No albums yet")


@pytest.mark.journey
def test_i_throw_several_away_and_take_it_back(member: Visitor) -> None:
    send_three(member)
    pick(member, 0, 1)
    member.press("Delete", bar(member))
    member.sees("2 photos are in the trash.")
    expect(tiles(member)).to_have_count(1)
    member.press("Undo")
    member.sees("2 photos are as they were before.")
    expect(tiles(member)).to_have_count(3)


@pytest.mark.journey
def test_i_put_the_dates_of_several_right(member: Visitor) -> None:
    send_three(member)
    pick(member, 0, 1)
    bar(member).get_by_text("More").click()
    member.press("Dates", bar(member))
    member.sees("When were the 2 photos taken?")
    member.fill(taken="1969-07-20T20:17")
    member.press("Change the dates")
    member.sees("2 photos have another date.")
    expect(member.page.get_by_role("heading", name="July 1969")).to_be_visible()
    member.press("Undo")
    member.sees("2 photos are as they were before.")
    expect(member.page.get_by_role("heading", name="July 1969")).to_have_count(0)


def test_all_that_a_search_finds_becomes_favourite(member: Visitor) -> None:
    member.upload(
        jpeg("one.jpg", (PHOTOS / "chelsea.jpg").read_bytes()), jpeg("two.jpg", pictures.distinct(2))
    )
    member.open("/search/?q=text:one")
    pick(member, 0)
    bar(member).get_by_label("All of this list").check()
    member.press("Favourite", bar(member))
    member.sees("1 photo is a favourite now.")
    member.is_at(re.escape("/search/?q=text:one"))


@pytest.mark.journey
def test_i_make_an_album_of_what_a_search_finds(member: Visitor) -> None:
    send_three(member)
    member.open("/search/?q=text:photo-1")
    pick(member, 0)
    bar(member).get_by_label("All of this list").check()
    member.press("Add to album", bar(member))
    member.sees("Which album should the photo go into?")
    member.fill(title="Of one kind")
    member.press("Make and add")
    member.is_at(re.escape("/search/?q=text:photo-1"))
    member.follow("“Of one kind”")
    expect(tiles(member)).to_have_count(1)


class TestWithScripts:
    """Quicker by hand; without scripts each circle is ticked."""

    @pytest.fixture
    def member(self, visit: Callable[..., Visitor]) -> Visitor:
        visitor = visit()
        visitor.come_in()
        return visitor

    def test_shift_picks_all_between_and_the_bar_counts_them(self, member: Visitor) -> None:
        send_three(member)
        pick(member, 0)
        tiles(member).nth(2).get_by_role("checkbox").click(modifiers=["Shift"])
        expect(bar(member).get_by_role("status")).to_have_text("3 picked")
        tiles(member).nth(1).get_by_role("checkbox").uncheck()
        expect(bar(member).get_by_role("status")).to_have_text("2 picked")
        bar(member).get_by_role("button", name="Pick none").click()
        expect(bar(member)).to_be_hidden()

    def test_a_month_is_picked_whole_and_left_again(self, member: Visitor) -> None:
        send_three(member)
        pick(member, 1)
        month = member.page.get_by_role("button", name=re.compile("^Pick all of "))
        month.click()
        expect(bar(member).get_by_role("status")).to_have_text("3 picked")
        month.click()
        expect(bar(member)).to_be_hidden()

    def test_keys_go_from_photo_to_photo_and_pick(self, member: Visitor) -> None:
        send_three(member)
        links = [tiles(member).nth(place).get_by_role("link") for place in range(3)]
        links[0].focus()
        member.page.keyboard.press("ArrowRight")
        expect(links[1]).to_be_focused()
        member.page.keyboard.press("x")
        member.page.keyboard.press("ArrowRight")
        expect(links[2]).to_be_focused()
        member.page.keyboard.press("ArrowLeft")
        member.page.keyboard.press("ArrowLeft")
        expect(links[0]).to_be_focused()
        member.page.keyboard.press("x")
        expect(bar(member).get_by_role("status")).to_have_text("2 picked")
        member.page.keyboard.press("Escape")
        expect(bar(member)).to_be_hidden()
        expect(links[0]).to_be_focused()

    def test_a_photo_that_comes_meanwhile_takes_nobody_the_focus(self, member: Visitor) -> None:
        send_three(member)
        address = tiles(member).nth(1).get_by_role("link").get_attribute("href")
        member.page.locator(f'main .tile a[href="{address}"]').focus()
        drop(member, *some(1))
        expect(tiles(member)).to_have_count(4)
        expect(member.page.locator(f'main .tile a[href="{address}"]')).to_be_focused()

    def test_keys_typed_into_a_field_pick_nothing(self, member: Visitor) -> None:
        send_three(member)
        member.page.get_by_role("combobox", name="Search").press_sequentially("x")
        expect(bar(member)).to_be_hidden()
