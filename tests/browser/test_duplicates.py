"""Somebody has a photo twice, sees both side by side, keeps one, takes that back, and says that they differ."""

import io
from collections.abc import Callable
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.collection import PHOTOS
from tests.browser.test_axe import ALWAYS, Variant, barriers_of
from tests.browser.visitor import Visitor
from tests.site.running import Site
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.site]
_COMPARED_SECONDS: Final = 60


def copy(side: int, quality: int) -> bytes:
    with Image.open(PHOTOS / "china.jpg", formats=["JPEG"]) as image:
        image.thumbnail((side, side))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def has_a_photo_twice(site: Site, visitor: Visitor) -> None:
    """And looks at the page where both are."""
    owner = site.client(visitor.come_in())
    owner.add(copy(600, 90), "large.jpg")
    owner.add(copy(300, 60), "small.jpg")

    def compared() -> bool:
        visitor.open("/duplicates/")
        return visitor.page.locator(".alike").count() == 1

    until(compared, "the copy is found", _COMPARED_SECONDS)


def test_i_keep_the_larger_one_and_can_take_it_back(site: Site, visitor: Visitor) -> None:
    has_a_photo_twice(site, visitor)
    page = visitor.page
    large, small = page.get_by_label("Keep large.jpg"), page.get_by_label("Keep small.jpg")
    expect(large).to_be_checked()
    expect(small).not_to_be_checked()
    visitor.press("Keep the ticked, the others into the trash")
    visitor.sees("1 photo is in the trash, what you ticked is kept.", "No two photos look alike")
    visitor.press("Undo")
    visitor.sees("1 photo is as it was before.")
    expect(large).to_be_checked()

    visitor.press("Not the same: keep all")
    visitor.sees("They are all kept", "No two photos look alike")
    visitor.open("/")
    expect(page.locator("main .tile")).to_have_count(2)


@pytest.mark.parametrize("variant", ALWAYS, ids=str)
def test_the_page_has_no_barrier(site: Site, visit: Callable[..., Visitor], variant: Variant) -> None:
    visitor = visit(**variant.context)
    has_a_photo_twice(site, visitor)
    assert barriers_of(visitor, variant) == []
    visitor.page.get_by_label("Your account").click()
    visitor.follow("Look-alikes")
    visitor.is_at("/duplicates/")
