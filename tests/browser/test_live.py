"""Pages on which something is under way follow it by themselves, and leave in peace whoever reads them."""

import signal
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Request, expect

from tests.browser.visitor import PATIENCE_MS, Visitor, jpeg
from tests.site import pictures
from tests.site.running import Site

pytestmark = [pytest.mark.browser, pytest.mark.site]
BUSY = "The image recognition is busy"


@pytest.fixture
def busy(site: Site) -> Iterator[Callable[[], None]]:
    """Recognition has no time for anybody until this is called."""
    site.script({"code": "ThrottlingException"})
    yield site.script
    site.script()


@pytest.fixture
def member(visit: Callable[..., Visitor], busy: Callable[[], None]) -> Visitor:
    """Somebody whose one photo waits."""
    visitor = visit()
    visitor.come_in()
    visitor.upload(jpeg("my cat.jpg", pictures.fresh()))
    return visitor


def test_the_activity_page_goes_from_waiting_to_done_by_itself(
    member: Visitor, busy: Callable[[], None]
) -> None:
    member.open("/activity/")
    stays(member)
    row, status = (
        member.page.get_by_role("listitem").filter(has_text="my cat.jpg"),
        member.page.locator("main [role=status]"),
    )
    expect(row).to_contain_text(BUSY, timeout=PATIENCE_MS)
    expect(member.page.locator(".waits")).to_contain_text(BUSY, timeout=PATIENCE_MS)
    expect(member.page.get_by_role("link", name="Reload")).to_have_count(0)
    row.get_by_role("link", name="my cat.jpg").focus()
    busy()
    expect(status).to_have_text("Everything is done.", timeout=PATIENCE_MS)
    expect(row.locator(".state.done")).to_have_count(2)
    expect(row.get_by_role("link", name="my cat.jpg")).to_be_focused()
    stayed(member)
    member.look()
    expect(member.page.locator("live-part")).not_to_have_attribute("data-under-way", "")
    member.open("/activity/")
    member.sees("No photo is waiting and none has failed.")


def test_the_page_of_a_photo_fills_itself(member: Visitor, busy: Callable[[], None]) -> None:
    member.follow("my cat.jpg")
    stays(member)
    expect(member.page.locator(".sheet img")).to_be_visible(timeout=PATIENCE_MS)
    expect(member.page.locator("#labels-panel")).to_contain_text("None yet.")
    caption = member.page.locator("[name=caption]")
    caption.fill("half a sen")
    busy()
    expect(member.page.locator("#work [role=status]")).to_have_text(
        "Everything is done with this photo.", timeout=PATIENCE_MS
    )
    expect(member.page.locator("#labels-panel")).not_to_contain_text("None yet.", timeout=PATIENCE_MS)
    expect(caption).to_be_focused()
    expect(caption).to_have_value("half a sen")
    stayed(member)


def test_a_picture_takes_its_place_when_it_is_made(site: Site, visit: Callable[..., Visitor]) -> None:
    member, maker = visit(), site.running("worker-images")
    member.come_in()
    maker.send(signal.SIGSTOP)
    try:
        member.upload(jpeg("my cat.jpg", pictures.fresh()))
        member.follow("my cat.jpg")
        stays(member)
        member.sees("The picture is being prepared")
    finally:
        maker.send(signal.SIGCONT)
    expect(member.page.locator(".sheet img")).to_be_visible(timeout=PATIENCE_MS)
    expect(member.page.get_by_label("Show where")).to_be_visible()
    expect(member.page.locator("#work [role=status]")).to_have_text(
        "Everything is done with this photo.", timeout=PATIENCE_MS
    )
    stayed(member)


def test_the_focus_comes_back_to_a_photo_whose_picture_was_made_meanwhile(
    site: Site, visit: Callable[..., Visitor]
) -> None:
    member, maker = visit(), site.running("worker-images")
    member.come_in()
    maker.send(signal.SIGSTOP)
    try:
        member.upload(jpeg("my cat.jpg", pictures.fresh()))
        member.open("/")
        photo = member.page.locator("main .tile a")
        expect(photo).to_contain_text("being prepared")
        photo.focus()
        member.page.keyboard.press("Control+k")
        expect(photo).not_to_be_focused()
    finally:
        maker.send(signal.SIGCONT)
    expect(member.page.locator("main .tile img")).to_be_attached(timeout=PATIENCE_MS)
    member.page.keyboard.press("Escape")
    expect(photo).to_be_focused()
    member.page.keyboard.press("x")
    expect(member.page.locator("main .pick")).to_be_checked()


def test_a_site_that_is_away_is_said_once_and_asked_again(member: Visitor, busy: Callable[[], None]) -> None:
    member.open("/activity/")
    asked = requests(member)
    member.page.route("**/activity/**", lambda route: route.abort())
    expect(member.page.locator("site-toast")).to_have_text(
        "The site does not answer just now. This page goes on as soon as it does."
    )
    with member.page.expect_request("**/activity/**"):
        pass
    expect(member.page.locator("site-toast")).to_have_count(1)
    member.page.unroute("**/activity/**")
    busy()
    expect(member.page.locator("main [role=status]")).to_have_text("Everything is done.", timeout=PATIENCE_MS)
    assert len(asked) > 2
    assert all("/activity/" in wrong or "console" in wrong for wrong in member.wrong)
    member.wrong.clear()


def test_a_page_that_nobody_looks_at_asks_nothing(member: Visitor, busy: Callable[[], None]) -> None:
    member.page.clock.install()
    member.open("/activity/")
    turn(member, hidden=True)
    asked = requests(member)
    member.page.clock.run_for(60_000)
    assert asked == []
    with member.page.expect_response("**/activity/**"):
        turn(member, hidden=False)
        member.page.clock.run_for(1)
    member.page.clock.resume()


def test_without_scripts_one_reloads(visit: Callable[..., Visitor], busy: Callable[[], None]) -> None:
    member = visit(scripts=False)
    member.come_in()
    member.upload(jpeg("my cat.jpg", pictures.fresh()))
    member.open("/activity/")
    member.follow("Reload")
    member.sees("Still being done", "my cat.jpg")


def stays(member: Visitor) -> None:
    """From here on it is noticed if the page is loaded anew."""
    member.page.evaluate("() => { window.stays = true }")


def stayed(member: Visitor) -> None:
    assert member.page.evaluate("() => window.stays")
    member.all_is_well()


def requests(member: Visitor) -> list[str]:
    """What this page asks for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    member.page.on("request", note)
    return asked


def turn(member: Visitor, *, hidden: bool) -> None:
    """To another tab, or back to this one."""
    member.page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )
