"""Sending photos with scripts: dropped anywhere, many at once, through whatever goes wrong, and nothing twice."""

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import FilePayload, Locator, Request, Route, expect

from tests.browser.conftest import new_address
from tests.browser.test_axe import ALWAYS, barriers_of
from tests.browser.visitor import PATIENCE_MS, Visitor, jpeg
from tests.site import pictures

pytestmark = [pytest.mark.browser, pytest.mark.site]
BEGIN: Final = "**/api/v1/uploads/batch/"
COMPLETE: Final = "**/api/v1/uploads/batch/complete/"
BUCKET: Final = re.compile("/originals/.*X-Amz-Signature")
MANY: Final = 2000
MOST_ELEMENTS: Final = 1500
_DROP: Final = """([target, files]) => {
  const dataTransfer = new DataTransfer();
  for (const {name, mimeType, data} of files) {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt());
    dataTransfer.items.add(new File([bytes], name, {type: mimeType}));
  }
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true});
    document.querySelector(target).dispatchEvent(event);
  }
}"""
_DROP_TINY: Final = """many => {
  const dataTransfer = new DataTransfer();
  for (let number = 1; number <= many; number += 1) {
    dataTransfer.items.add(new File([`tiny ${number}`], `tiny-${number}.jpg`, {type: "image/jpeg"}));
  }
  document.body.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
}"""
_HEAR: Final = """() => {
  window.heard = [];
  document.addEventListener("photosite:uploaded", event => window.heard.push(...event.detail.ids));
}"""


@pytest.fixture
def member(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit()
    visitor.come_in()
    return visitor


def drop(member: Visitor, *files: FilePayload, on: str = "main") -> None:
    """Lets files fall on a part of the page."""
    told = [{**file, "data": base64.b64encode(file["buffer"]).decode(), "buffer": None} for file in files]
    member.page.evaluate(_DROP, [on, told])


def some(count: int) -> list[FilePayload]:
    return [jpeg(f"photo-{number}.jpg", pictures.fresh()) for number in range(count)]


def row(member: Visitor, name: str) -> Locator:
    return member.tray.get_by_role("listitem").filter(has_text=name)


def told(member: Visitor, sentence: str) -> None:
    """What the tray says when all is done."""
    expect(member.tray.locator("strong")).to_have_text(sentence, timeout=PATIENCE_MS)


def opened(member: Visitor) -> None:
    member.tray.get_by_role("button", name="Files").click()


def stored(member: Visitor, **query: str) -> list[dict[str, Any]]:
    answer = member.context.request.get(f"{member.site}/api/v1/photos/", params={"limit": "200", **query})
    assert answer.status == 200, answer.text()
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def forgive(member: Visitor, *expected: str) -> None:
    """What this test let go wrong is no fault; anything else is."""
    assert [wrong for wrong in member.wrong if not any(part in wrong for part in expected)] == []
    member.wrong.clear()


@pytest.mark.journey
def test_i_drop_thirty_photos_on_the_timeline(member: Visitor) -> None:
    files = some(30)
    member.open("/")
    member.page.evaluate(_HEAR)
    drop(member, *files)
    told(member, "30 photos are stored")
    photos = stored(member)
    assert {photo["filename"] for photo in photos} == {file["name"] for file in files}
    heard = member.page.evaluate("() => window.heard")
    assert sorted(heard) == sorted(photo["id"] for photo in photos)
    opened(member)
    expect(row(member, "photo-0.jpg")).to_contain_text(
        re.compile("Cat|Animal|No labels"), timeout=2 * PATIENCE_MS
    )
    member.all_is_well()
    member.follow("photo-0.jpg")
    expect(member.page.get_by_role("main")).to_contain_text("photo-0.jpg")


def test_each_file_that_is_refused_says_why_and_the_good_ones_are_stored(
    member: Visitor, tmp_path: Path
) -> None:
    here, trashed, good = pictures.fresh(), pictures.fresh(), pictures.fresh()
    member.upload(jpeg("here.jpg", here), jpeg("trashed.jpg", trashed))
    (thrown,) = [photo for photo in stored(member) if photo["filename"] == "trashed.jpg"]
    member.open(f"/photos/{thrown['id']}/")
    member.press("Delete")
    sent = {
        "notes.txt": b"Dear diary, it rained.\n" * 20,
        "half.jpg": pictures.fresh()[:5000],
        "nothing.jpg": b"",
        "again.jpg": here,
        "thrown.jpg": trashed,
        "good.jpg": good,
    }
    for name, data in sent.items():
        (tmp_path / name).write_bytes(data)
    with (tmp_path / "huge.jpg").open("wb") as huge:
        huge.truncate(201 * 1024 * 1024)  # takes no room on the disk
    member.open("/upload/")
    files = [str(tmp_path / name) for name in (*sent, "huge.jpg")]
    member.page.get_by_label("Choose your photos").set_input_files(files)
    told(member, "1 photo is stored, 2 were here already, 4 were refused")
    expect(row(member, "notes.txt")).to_contain_text("not a photograph")
    expect(row(member, "half.jpg")).to_contain_text("cut short")
    expect(row(member, "nothing.jpg")).to_contain_text("The file is empty")
    expect(row(member, "huge.jpg")).to_contain_text("larger than 200")
    expect(row(member, "again.jpg")).to_contain_text("nothing was stored twice")
    expect(row(member, "thrown.jpg")).to_contain_text("in your trash")
    expect(row(member, "good.jpg")).to_contain_text("Stored")
    expect(member.tray.get_by_role("listitem").first).to_contain_text("Refused")
    expect(row(member, "notes.txt").get_by_role("button", name="Try again")).to_have_count(0)
    assert barriers_of(member, ALWAYS[0]) == []
    member.all_is_well()
    member.follow("thrown.jpg")
    member.is_at(f"/photos/{thrown['id']}/")


def test_a_lost_connection_is_waited_for_and_nothing_is_stored_twice(member: Visitor) -> None:
    member.open("/")
    first, second = some(2), some(3)
    drop(member, *first)
    told(member, "2 photos are stored")
    member.context.set_offline(True)
    drop(member, *second)
    expect(member.tray).to_contain_text("It goes on by itself as soon as it can.")
    expect(member.tray.locator("strong")).to_have_text("Sending: 2 of 5")
    member.context.set_offline(False)
    told(member, "5 photos are stored")
    assert len(stored(member)) == 5
    forgive(member, "INTERNET_DISCONNECTED", "ERR_FAILED")


@pytest.mark.parametrize("address", [BEGIN, COMPLETE])
def test_an_answer_that_was_lost_doubles_nothing(member: Visitor, address: str) -> None:
    """The site has done what it was asked for, and who asked never heard of it."""
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.request.url)
        route.fetch()
        return route.abort()

    member.open("/")
    member.page.route(address, lose_the_first)
    drop(member, *some(4))
    told(member, "4 photos are stored")
    assert (len(lost), len(stored(member))) == (1, 4)
    forgive(member, "ERR_FAILED")


def test_a_site_that_asks_to_wait_is_obeyed(member: Visitor) -> None:
    asked: list[str] = []

    def busy_once(route: Route) -> None:
        asked.append(route.request.post_data or "")
        if len(asked) > 1:
            return route.continue_()
        return route.fulfill(status=503, headers={"Retry-After": "1"}, json={"detail": "Not now."})

    member.open("/")
    member.page.route(BEGIN, busy_once)
    drop(member, *some(1))
    expect(member.tray).to_contain_text("asks to wait a little")
    told(member, "1 photo is stored")
    assert asked == [asked[0]] * 2
    member.all_is_well()


def test_who_is_signed_out_meanwhile_keeps_the_list_and_goes_on(member: Visitor) -> None:
    email = new_address()
    member.sign_out()
    member.sign_up(email)
    member.context.clear_cookies()
    drop(member, *some(2))
    expect(member.tray).to_contain_text("You are signed out. Your list is kept")
    expect(member.tray.locator("strong")).to_have_text("Sending: 0 of 2")
    beside, member.page = member.page, member.context.new_page()
    member.come_in()  # somebody else
    member.page = beside
    member.tray.get_by_role("button", name="Try now").click()
    expect(member.tray).to_contain_text(f"sign in as {email}")
    member.page = member.context.new_page()
    member.open("/")
    member.sign_out()
    member.sign_in(email)
    member.page = beside
    member.tray.get_by_role("button", name="Try now").click()
    told(member, "2 photos are stored")
    assert len(stored(member)) == 2
    member.all_is_well()


def test_on_the_page_of_an_album_they_go_into_it(member: Visitor) -> None:
    member.open("/albums/")
    member.page.get_by_text("New album").click()
    member.fill(title="Rome")
    member.press("Make it")
    member.page.evaluate(
        """() => document.body.dispatchEvent(new DragEvent("dragover", {
          dataTransfer: (() => { const one = new DataTransfer(); one.items.add(new File([], "x")); return one; })(),
          bubbles: true, cancelable: true,
        }))"""
    )
    member.sees("Drop to add to “Rome”")
    drop(member, *some(2))
    told(member, "2 photos are stored")
    expect(member.page.locator("#drop-here")).to_be_hidden()
    member.follow("Show them here")
    expect(member.page.locator("main .tile")).to_have_count(2)


def test_two_thousand_files_in_one_drop_are_a_few_rows(member: Visitor) -> None:
    member.open("/")
    member.page.route(BEGIN, lambda route: None)  # none is answered
    member.page.evaluate(_DROP_TINY, MANY)
    opened(member)
    list_ = member.tray.get_by_role("list")
    expect(list_.locator("li").first).to_have_attribute("aria-setsize", str(MANY))
    assert elements(member) < MOST_ELEMENTS
    member.tray.get_by_role("group", name="Files").evaluate("rows => { rows.scrollTop = rows.scrollHeight }")
    expect(row(member, f"tiny-{MANY}.jpg")).to_be_visible()
    assert elements(member) < MOST_ELEMENTS
    row(member, f"tiny-{MANY}.jpg").get_by_role("button", name="Cancel").click()
    expect(list_.locator("li").last).to_have_attribute("aria-setsize", str(MANY - 1))
    member.tray.get_by_role("button", name="Cancel", exact=True).first.click()
    expect(member.tray).to_be_hidden()
    member.page.unroute_all(behavior="ignoreErrors")
    assert stored(member) == []


def test_no_more_than_three_are_sent_at_once(member: Visitor) -> None:
    under_way: list[Request] = []
    member.open("/")
    member.page.route(BUCKET, lambda route: under_way.append(route.request))
    drop(member, *some(5))
    opened(member)
    expect(member.tray.locator(".state.working")).to_have_count(3)
    expect(member.tray.locator(".state.waiting")).to_have_count(2)
    assert len(under_way) == 3
    assert {request.method for request in under_way} == {"PUT"}


def test_where_there_is_no_room_a_file_can_be_tried_again(member: Visitor) -> None:
    full = True
    no_room = {
        "status": 507,
        "code": "quota_exceeded",
        "detail": "There is no room left.",
        "retry_after": None,
    }

    def answer(route: Route) -> None:
        if full:
            return route.fulfill(json={"results": [{"upload": None, "photo": None, "refused": no_room}] * 2})
        return route.continue_()

    member.open("/")
    member.page.route(BEGIN, answer)
    drop(member, *some(2))
    told(member, "0 photos are stored, 2 were refused")
    expect(row(member, "photo-1.jpg")).to_contain_text("no room left")
    full = False
    row(member, "photo-0.jpg").get_by_role("button", name="Try again").click()
    told(member, "1 photo is stored, 1 was refused")
    row(member, "photo-1.jpg").get_by_role("button", name="Try again").click()
    told(member, "2 photos are stored")
    assert len(stored(member)) == 2


def test_a_photo_of_this_very_page_is_not_sent_again(member: Visitor) -> None:
    member.open("/")
    member.page.evaluate("() => document.body.dispatchEvent(new DragEvent('dragstart', {bubbles: true}))")
    drop(member, *some(1))
    member.page.evaluate("() => document.body.dispatchEvent(new DragEvent('dragend', {bubbles: true}))")
    drop(member, jpeg("theirs.jpg", pictures.fresh()))
    told(member, "1 photo is stored")
    assert [photo["filename"] for photo in stored(member)] == ["theirs.jpg"]


def test_i_drop_a_folder_and_what_is_in_its_folders_comes_too(member: Visitor, tmp_path: Path) -> None:
    (tmp_path / "trip" / "rome" / "day 1").mkdir(parents=True)
    (tmp_path / "trip" / "outside.jpg").write_bytes(pictures.fresh())
    (tmp_path / "trip" / "rome" / "day 1" / "inside.jpg").write_bytes(pictures.fresh())
    (tmp_path / "trip" / ".DS_Store").write_bytes(b"of no use")
    member.open("/")
    carried = {"items": [], "files": [str(tmp_path / "trip")], "dragOperationsMask": 1}
    debugger = member.context.new_cdp_session(member.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        debugger.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": carried})
    told(member, "2 photos are stored")
    assert {photo["filename"] for photo in stored(member)} == {"outside.jpg", "inside.jpg"}


def test_a_picture_is_pasted_under_a_name_of_its_own_and_never_into_a_field(member: Visitor) -> None:
    paste = """([target, data]) => {
      const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt());
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], "image.png", {type: "image/png"}));
      const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
      document.querySelector(target).dispatchEvent(event);
    }"""
    data = base64.b64encode(pictures.fresh()).decode()
    member.open("/search/")
    member.page.evaluate(paste, ["[name=q]", data])
    expect(member.tray).to_be_hidden()
    member.page.evaluate(paste, ["main", data])
    told(member, "1 photo is stored")
    (photo,) = stored(member)
    assert re.fullmatch(r"Pasted \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png", photo["filename"])


def test_the_tray_is_there_for_keys(member: Visitor) -> None:
    member.open("/")
    drop(member, *some(2))
    told(member, "2 photos are stored")
    toggle = member.tray.get_by_role("button", name="Files")
    toggle.focus()
    member.page.keyboard.press("Enter")
    expect(row(member, "photo-0.jpg")).to_be_visible()
    member.page.keyboard.press("Tab")
    expect(member.tray.get_by_role("button", name="Close")).to_be_focused()
    member.page.keyboard.press("Tab")
    expect(member.tray.get_by_role("group", name="Files")).to_be_focused()
    member.page.keyboard.press("Tab")
    expect(member.tray.get_by_role("listitem").first.get_by_role("link")).to_be_focused()
    member.page.keyboard.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    member.tray.get_by_role("button", name="Close").press("Enter")
    expect(member.tray).to_be_hidden()
    expect(member.page.get_by_role("main")).to_be_focused()


def elements(member: Visitor) -> int:
    return int(member.page.evaluate("() => document.querySelectorAll('*').length"))
