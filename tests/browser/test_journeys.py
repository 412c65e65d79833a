"""What people come for, from signing up to deleting for good, with scripts and without."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.collection import large_cat
from tests.browser.conftest import new_address
from tests.browser.visitor import Visitor, jpeg
from tests.site import pictures
from tests.site.running import PASSWORD
from tests.site.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.site]
DONE_SECONDS = 90
Visit = Callable[..., Visitor]


@pytest.mark.journey
def test_i_sign_up_with_the_link_on_the_page_and_am_signed_in(visitor: Visitor) -> None:
    email = new_address()
    visitor.open("/")
    visitor.follow("Sign up", visitor.page.get_by_role("banner"))
    visitor.fill(email=email, password1=PASSWORD, password2=PASSWORD)
    visitor.press("Create account")
    visitor.sees("No mail server is set up")
    visitor.follow("Confirm my address")
    visitor.sees(email)
    visitor.press("Yes, confirm")
    visitor.is_at("/")
    visitor.sees("Your photos go here")
    visitor.page.get_by_label("Your account").click()
    visitor.sees(email)


def test_i_sign_out_and_in_again(visitor: Visitor) -> None:
    email = new_address()
    visitor.sign_up(email)
    visitor.sign_out()
    visitor.is_at("/")
    expect(visitor.page.get_by_label("Your account")).to_have_count(0)
    visitor.sign_in(email, "not my password")
    visitor.sees("not correct")
    visitor.sign_in(email)
    visitor.is_at("/")
    visitor.sees("Your photos go here")


def test_i_have_forgotten_my_password_and_choose_a_new_one(visitor: Visitor) -> None:
    email, fresh = new_address(), "a quite different password"
    visitor.sign_up(email)
    visitor.sign_out()
    visitor.open("/accounts/login/")
    visitor.follow(re.compile("[Ff]orgot"))
    visitor.fill(email=email)
    visitor.press("Send me the link")
    visitor.follow("Choose a new password")
    visitor.fill(password1=fresh, password2=fresh)
    visitor.page.locator("main form button").click()
    visitor.open("/")
    if visitor.page.get_by_label("Your account").count():
        visitor.sign_out()
    visitor.sign_in(email, PASSWORD)
    visitor.sees("not correct")
    visitor.sign_in(email, fresh)
    visitor.sees("Your photos go here")


@pytest.mark.journey
def test_i_send_a_photo_of_my_cat_and_read_what_is_on_it(member: Visitor) -> None:
    member.upload(jpeg("my cat.jpg", large_cat()))
    member.sees("1 photo is stored")
    member.follow("my cat.jpg")
    photo_id = wait_for_labels(member)
    assert percent(label_row(member, "Cat")) >= 80
    expect(label_row(member, "Animal")).to_be_visible()
    found = api(member, f"/api/v1/photos/{photo_id}/")
    cat = next(label for label in found["labels"] if label["name"] == "Cat")
    assert "Animal" in cat["parents"]
    assert_box_covers(member, cat["instances"][0])

    member.follow("Cat", label_row(member, "Cat"))
    member.is_at(r"/search/\?q=Cat")
    expect(photo_links(member, photo_id)).to_be_visible()
    member.open("/search/?label=Animal")
    expect(photo_links(member, photo_id)).to_be_visible()
    member.open("/search/?label=Dog")
    member.sees("No photo found")
    expect(photo_links(member, photo_id)).to_have_count(0)
    member.open("/")
    expect(photo_links(member, photo_id)).to_be_visible()
    member.open("/labels/")
    expect(member.page.get_by_role("main").get_by_role("link", name=re.compile("^Cat"))).to_be_visible()


def test_i_send_several_files_at_once_and_read_why_one_was_refused(member: Visitor) -> None:
    first, second = pictures.fresh(), pictures.fresh()
    member.upload(
        jpeg("one.jpg", first), jpeg("notes.jpg", b"no photo at all\n" * 40), jpeg("two.jpg", second)
    )
    member.sees("2 photos are stored, 1 was refused")
    refused = member.page.get_by_role("listitem").filter(has_text="notes.jpg")
    expect(refused).to_contain_text("Refused")
    expect(refused).to_contain_text(re.compile(r"\w+ \w+ \w+.*\."))
    for name in ("one.jpg", "two.jpg"):
        expect(member.page.get_by_role("link", name=name)).to_be_visible()
    member.upload(jpeg("one again.jpg", first))
    member.sees("1 was here already")
    member.open("/activity/")


def test_i_mark_and_name_a_photo_throw_it_away_and_bring_it_back(member: Visitor) -> None:
    photo_id = send(member)
    member.press("Favourite")
    expect(member.page.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    member.open("/favourites/")
    expect(photo_links(member, photo_id)).to_be_visible()
    member.open(f"/photos/{photo_id}/")
    member.fill(caption="Chelsea, <b>asleep</b>")
    member.press("Save caption")
    expect(member.page.get_by_role("heading", level=1)).to_have_text("Chelsea, <b>asleep</b>")
    member.press("Delete")
    member.is_at("/")
    member.sees("is in the trash")
    expect(photo_links(member, photo_id)).to_have_count(0)
    member.open("/trash/")
    member.sees("29 days left")
    look_at(member, photo_id)
    member.press("Restore")
    member.sees("is back among your photos")
    member.open("/")
    expect(photo_links(member, photo_id)).to_be_visible()


def test_i_delete_a_photo_for_good(member: Visitor) -> None:
    photo_id = send(member)
    member.press("Delete")
    member.open("/trash/")
    look_at(member, photo_id)
    member.follow("Delete for good")
    member.sees("Nobody can bring them back")
    member.press("Delete for good")
    member.is_at("/trash/")
    member.sees("is deleted for good")
    member.open(f"/photos/{photo_id}/", status=404)
    member.sees("There is nothing here")


def test_nobody_else_sees_my_photo(member: Visitor, visit: Visit) -> None:
    photo_id = send(member)
    stranger = visit(scripts=member.scripts)
    for path in (
        f"/photos/{photo_id}/",
        f"/photos/{photo_id}/original/",
        "/",
        "/search/?label=Cat",
        "/trash/",
    ):
        stranger.open(path)
        assert "/photos/" not in (stranger.page.url.partition("?")[0])
        expect(photo_links(stranger, photo_id)).to_have_count(0)
    stranger.open(f"/photos/{photo_id}/")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Sign in")

    stranger.come_in()
    for path in (f"/photos/{photo_id}/", f"/photos/{photo_id}/original/", f"/photos/{uuid.uuid4()}/"):
        stranger.open(path, status=404)
        stranger.sees("There is nothing here")


def send(member: Visitor) -> str:
    """Sends a photo and opens its page; the photo's id. Its picture is there, its labels may not be."""
    member.upload(jpeg("photo.jpg", pictures.fresh()))
    member.follow("photo.jpg")
    return wait_for_labels(member)


def wait_for_labels(member: Visitor) -> str:
    """Reloads a photo's page, as somebody without scripts does, until nothing is left to be done; the photo's id."""

    def done() -> bool:
        member.page.reload(wait_until="load")
        member.look()
        return not member.page.get_by_text("This photo is still being worked on.").count()

    until(done, "the photo is labelled", DONE_SECONDS)
    return member.page.url.rstrip("/").rpartition("/")[2]


def photo_links(member: Visitor, photo_id: str) -> Locator:
    return member.page.locator(f"main a[href^='/photos/{photo_id}/']")


def look_at(member: Visitor, photo_id: str) -> None:
    """Opens the page of a photo from the list that it lies in."""
    with member.page.expect_navigation(wait_until="load"):
        photo_links(member, photo_id).first.click()


def label_row(member: Visitor, name: str) -> Locator:
    """The label's own row; others may name it as what they are a kind of."""
    term = member.page.locator(".term", has_text=re.compile(f"^{name}$"))
    return member.page.locator("ul.labels > li").filter(has=term)


def percent(row: Locator) -> int:
    return int(re.sub(r"\D", "", row.locator(".percent").inner_text()))


def api(member: Visitor, path: str) -> Any:
    """What the API says to this browser's session."""
    answer = member.context.request.get(member.site + path)
    assert answer.status == 200, answer.text()
    return json.loads(answer.body())


def assert_box_covers(member: Visitor, instance: dict[str, float]) -> None:
    """The drawn box lies over the picture where the API says, and covers most of the cat's portrait."""
    drawn = member.page.locator("a.box", has=member.page.locator("title", has_text=re.compile("^Cat,"))).first
    box, picture = drawn.locator("rect").bounding_box(), member.page.locator(".sheet img").bounding_box()
    assert box is not None
    assert picture is not None
    seen = {
        "left": (box["x"] - picture["x"]) / picture["width"],
        "top": (box["y"] - picture["y"]) / picture["height"],
        "width": box["width"] / picture["width"],
        "height": box["height"] / picture["height"],
    }
    said = {side: instance[side] for side in seen}
    assert seen == pytest.approx(said, abs=0.015)
    assert seen["width"] * seen["height"] > 0.4
