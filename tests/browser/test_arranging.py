"""An album in an order of one's own: photos dragged to their place, moved by keys, or sent to the front and the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visitor import Visitor, jpeg
from tests.site import pictures

pytestmark = [pytest.mark.browser, pytest.mark.site]


def album_by_hand(member: Visitor) -> None:
    """With photos 0, 1 and 2, in this order."""
    member.upload(*(jpeg(f"photo-{number}.jpg", pictures.distinct(number)) for number in range(3)))
    member.open("/")
    for circle in member.page.locator("main .pick").all():
        circle.check()
    member.press("Add to album", bar(member))
    member.fill(title="Rome")
    member.press("Make and add")
    member.follow("“Rome”")
    member.page.get_by_text("Edit", exact=True).click()
    member.page.locator("main [name=order]").select_option("by_hand")
    member.press("Save")


def bar(member: Visitor) -> Locator:
    return member.page.get_by_role("form", name="Picked photos")


def tile(member: Visitor, place: int) -> Locator:
    return member.page.locator("main .tile").nth(place)


def order(member: Visitor) -> list[str]:
    """The ids of the photos as they lie there."""
    return [circle.get_attribute("value") or "" for circle in member.page.locator("main .tile .pick").all()]


def lie(member: Visitor, ids: list[str]) -> None:
    for place, photo_id in enumerate(ids):
        expect(tile(member, place).locator(".pick")).to_have_value(photo_id)


@pytest.fixture
def arranger(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit()
    visitor.come_in()
    album_by_hand(visitor)
    return visitor


def test_a_photo_is_dragged_before_and_after_another(arranger: Visitor) -> None:
    first, second, third = order(arranger)
    drag(tile(arranger, 2), tile(arranger, 0), 0.2)
    lie(arranger, [third, first, second])
    drag(tile(arranger, 0), tile(arranger, 1), 0.8)
    lie(arranger, [first, third, second])
    arranger.page.reload()
    lie(arranger, [first, third, second])
    arranger.all_is_well()


def test_a_move_is_said_and_undone(arranger: Visitor) -> None:
    first, second, third = order(arranger)
    drag(tile(arranger, 2), tile(arranger, 0), 0.2)
    arranger.sees("1 photo was moved.")
    arranger.press("Undo")
    arranger.sees("1 photo is as it was before.")
    lie(arranger, [first, second, third])
    arranger.all_is_well()


def test_all_that_is_picked_is_dragged_together(arranger: Visitor) -> None:
    first, second, third = order(arranger)
    for place in (1, 2):
        tile(arranger, place).get_by_role("checkbox").check()
    drag(tile(arranger, 2), tile(arranger, 0), 0.2)
    lie(arranger, [second, third, first])
    arranger.all_is_well()


def test_keys_move_the_photo_that_has_the_focus_and_keep_it(arranger: Visitor) -> None:
    first, second, third = order(arranger)
    tile(arranger, 0).get_by_role("link").focus()
    arranger.page.keyboard.press(">")
    lie(arranger, [second, first, third])
    expect(tile(arranger, 1).get_by_role("link")).to_be_focused()
    arranger.page.keyboard.press(">")
    lie(arranger, [second, third, first])
    expect(tile(arranger, 2).get_by_role("link")).to_be_focused()
    arranger.page.keyboard.press("<")
    lie(arranger, [second, first, third])
    expect(tile(arranger, 1).get_by_role("link")).to_be_focused()
    arranger.all_is_well()


def test_without_script_it_is_sent_to_the_front_or_the_end(visit: Callable[..., Visitor]) -> None:
    member = visit(scripts=False)
    member.come_in()
    album_by_hand(member)
    first, second, third = order(member)
    send(member, 2, "To the front")
    assert order(member) == [third, first, second]
    send(member, 1, "To the end")
    assert order(member) == [third, second, first]


def send(member: Visitor, place: int, where: str) -> None:
    tile(member, place).get_by_role("checkbox").check()
    bar(member).get_by_text("More").click()
    member.press(where, bar(member))


def drag(held: Locator, target: Locator, part: float) -> None:
    """Onto another photo, at this part of its width."""
    box = target.bounding_box()
    assert box is not None
    held.drag_to(target, target_position={"x": box["width"] * part, "y": box["height"] / 2})
