"""Files that go from the browser straight to the bucket, over lines that break, through reloads and dying tabs."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.test_uploading import BUCKET, drop, forgive, opened, row, some, stored, told
from tests.browser.visitor import PATIENCE_MS, Visitor, expected_policy, jpeg
from tests.ports import free_port
from tests.site import pictures
from tests.site.proxy import Proxy
from tests.site.running import Site

pytestmark = [pytest.mark.browser, pytest.mark.site]
MB: Final = 1_000_000
_NO_HASHES: Final = "Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})"
_KEPT: Final = """() => new Promise(told => {
  const request = indexedDB.open("photosite-uploads", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("files", {keyPath: "key"});
  request.onsuccess = () => {
    const count = request.result.transaction("files").objectStore("files").count();
    count.onsuccess = () => { request.result.close(); told(count.result); };
  };
})"""


@pytest.fixture
def member(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit()
    visitor.come_in()
    return visitor


def kept(page: Page) -> int:
    return int(page.evaluate(_KEPT))


def until_kept(page: Page, count: int) -> None:
    """The page has laid so many files aside for those that come after it."""
    page.evaluate(f"async () => {{ const kept = {_KEPT}; while (await kept() !== {count}); }}")


def photograph(path: Path, size: int) -> Path:
    """One of exactly so many bytes, unlike any other: what follows the picture's end belongs to it."""
    cat = pictures.fresh()
    with path.open("wb") as out:
        out.write(cat)
        for start in range(len(cat), size, MB):
            out.write(secrets.token_bytes(min(MB, size - start)))
    return path


def asked(page: Page) -> list[Request]:
    found: list[Request] = []
    page.on("request", lambda request: found.append(request))  # playwright looks for what a builtin has not
    return found


def test_the_bytes_go_to_the_bucket_and_not_through_the_site(member: Visitor) -> None:
    member.open("/")
    requests = asked(member.page)
    drop(member, *some(3))
    told(member, "3 photos are stored")
    puts = [request for request in requests if request.method == "PUT"]
    assert len(puts) == 3
    assert all(BUCKET.search(request.url) for request in puts)
    assert not [request for request in requests if request.url.endswith("/api/v1/photos/")]
    assert len(stored(member)) == 3


def test_one_of_several_parts_arrives_whole(member: Visitor, tmp_path: Path) -> None:
    path = photograph(tmp_path / "large.jpg", 20 * MB)
    member.open("/upload/")
    requests = asked(member.page)
    member.page.get_by_label("Choose your photos").set_input_files([str(path)])
    told(member, "1 photo is stored")
    assert sum(request.method == "PUT" for request in requests) == 3
    (photo,) = stored(member)
    assert photo["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_here_already_is_not_sent_at_all_and_goes_into_the_album(member: Visitor) -> None:
    here = pictures.fresh()
    member.upload(jpeg("here.jpg", here))
    member.open("/albums/")
    member.page.get_by_text("New album").click()
    member.fill(title="Rome")
    member.press("Make it")
    requests = asked(member.page)
    drop(member, jpeg("again.jpg", here))
    told(member, "1 was here already")
    assert not [request for request in requests if request.method == "PUT"]
    member.open(member.page.url)
    expect(member.page.locator("main .tile")).to_have_count(1)


def test_the_same_file_twice_in_one_drop_is_told(member: Visitor) -> None:
    same = pictures.fresh()
    member.open("/")
    drop(member, jpeg("one.jpg", same), jpeg("two.jpg", same))
    told(member, "1 photo is stored, 1 was here already")
    assert len(stored(member)) == 1
    forgive(member, "412")  # where both were sent, S3 says it to the later one


def test_where_nothing_passes_to_the_bucket_files_go_through_the_site(member: Visitor) -> None:
    member.open("/")
    member.page.route(
        BUCKET, lambda route: route.abort() if route.request.method == "PUT" else route.continue_()
    )
    requests = asked(member.page)
    drop(member, *some(1))
    told(member, "1 photo is stored")
    assert sum(request.method == "PUT" for request in requests) == 3
    assert len(stored(member)) == 1
    forgive(member, "ERR_FAILED")


def test_a_page_that_can_not_hash_sends_files_through_the_site(member: Visitor) -> None:
    member.page.add_init_script(_NO_HASHES)
    member.open("/")
    requests = asked(member.page)
    drop(member, *some(2))
    told(member, "2 photos are stored")
    assert not [request for request in requests if request.method == "PUT"]
    assert len(stored(member)) == 2


def test_an_address_that_has_ended_is_asked_for_again(member: Visitor) -> None:
    refused: list[str] = []

    def end_the_first(route: Route) -> None:
        if refused or route.request.method != "PUT":
            return route.continue_()
        refused.append(route.request.url)
        return route.fulfill(status=403, headers={"access-control-allow-origin": member.site}, body="")

    member.open("/")
    member.page.route(BUCKET, end_the_first)
    drop(member, *some(1))
    told(member, "1 photo is stored")
    assert len(refused) == 1
    forgive(member, "403")


def test_i_pause_and_nothing_is_sent_until_i_go_on(member: Visitor) -> None:
    member.open("/")
    member.page.route(BUCKET, lambda route: None)  # none is answered
    drop(member, *some(5))
    opened(member)
    expect(member.tray.locator(".state.working")).to_have_count(3)
    pause = member.tray.get_by_role("button", name="Pause", exact=True)
    pause.click()
    expect(member.tray.locator("strong")).to_have_text("Paused: 0 of 5")
    expect(member.tray.locator(".state.waiting")).to_have_count(5)
    expect(pause).to_have_attribute("aria-pressed", "true")
    member.page.unroute_all(behavior="ignoreErrors")
    requests = asked(member.page)
    pause.click()
    told(member, "5 photos are stored")
    assert sum(request.method == "PUT" for request in requests) == 5


def test_leaving_the_page_loses_nothing_and_the_next_one_goes_on(member: Visitor) -> None:
    member.open("/")
    member.page.route(BUCKET, lambda route: None if route.request.method == "PUT" else route.continue_())
    drop(member, *some(5))
    until_kept(member.page, 5)
    member.page.goto(f"{member.site}/albums/")  # nobody is asked whether they want to lose something
    expect(member.tray).to_contain_text("Sending: 0 of 5")
    member.page.unroute_all(behavior="ignoreErrors")
    member.page.reload()
    told(member, "5 photos are stored")
    assert {photo["filename"] for photo in stored(member)} == {f"photo-{n}.jpg" for n in range(5)}
    until_kept(member.page, 0)
    member.open("/albums/")
    expect(member.tray).to_be_hidden()


def test_what_is_not_kept_is_not_left_behind_without_a_question(member: Visitor) -> None:
    member.page.add_init_script("indexedDB.open = () => { throw new Error('full'); }")
    member.open("/")
    member.page.route(BUCKET, lambda route: None)
    drop(member, *some(2))
    expect(member.tray.locator("strong")).to_have_text("Sending: 0 of 2")
    with member.page.expect_event("dialog") as question:
        member.page.close(run_before_unload=True)
    assert question.value.type == "beforeunload"
    question.value.accept()


def test_two_pages_do_not_send_the_same(member: Visitor) -> None:
    member.open("/")
    member.page.route(BUCKET, lambda route: None)
    drop(member, *some(2))
    until_kept(member.page, 2)
    beside = member.context.new_page()
    beside.goto(f"{member.site}/albums/")
    expect(beside.locator("upload-tray")).to_be_hidden()
    member.page.close()
    beside.reload()
    expect(beside.locator("upload-tray strong")).to_have_text("2 photos are stored", timeout=PATIENCE_MS)
    member.page = beside
    assert len(stored(member)) == 2


def test_whoever_signs_out_leaves_none_of_their_files_in_the_browser(member: Visitor) -> None:
    member.open("/")
    member.page.route(BUCKET, lambda route: None)
    drop(member, *some(2))
    until_kept(member.page, 2)
    member.sign_out()
    assert kept(member.page) == 0
    member.page.unroute_all(behavior="ignoreErrors")
    member.come_in()
    expect(member.tray).to_be_hidden()


def test_what_somebody_else_left_is_deleted_and_not_sent(member: Visitor) -> None:
    member.open("/")
    member.page.route(BUCKET, lambda route: None)
    drop(member, *some(2))
    until_kept(member.page, 2)
    member.page.goto("about:blank")
    member.context.clear_cookies()
    member.page.unroute_all(behavior="ignoreErrors")
    other = next(member.people)
    member.context.add_cookies([{"name": other.cookie, "value": other.session, "url": member.site}])
    member.page.goto(f"{member.site}/albums/")
    until_kept(member.page, 0)
    member.open("/")
    expect(member.tray).to_be_hidden()
    assert stored(member) == []


# --- over a line that breaks -----------------------------------------------------------------------------------


@contextmanager
def behind(tmp_path: Path, browser: Browser, **line: object) -> Iterator[tuple[Visitor, Proxy]]:
    """Somebody whose browser reaches the bucket over this line only."""
    port = free_port()
    site = Site(tmp_path / "data", {"PHOTOSITE_S3_PUBLIC_URL": f"http://127.0.0.1:{port}"})
    site.lay_out()
    proxy = Proxy(port, site.run["ports"]["s3"], **line)  # type: ignore[arg-type]  # cuts or hold
    try:
        site.start()
        site.user("alice@example.org")
        policy = expected_policy(f"http://127.0.0.1:{port}")
        visitor = Visitor(browser.new_context(), f"http://localhost:{site.port}", policy, iter(()))
        visitor.sign_in("alice@example.org")
        yield visitor, proxy
        visitor.context.close()
    finally:
        proxy.close()
        site.end()


def test_190_mb_over_a_line_that_is_cut_three_times_arrive(tmp_path: Path, browser: Browser) -> None:
    size = 190 * MB
    path = photograph(tmp_path / "large.jpg", size)
    with behind(tmp_path, browser, cuts=[45 * MB, 100 * MB, 150 * MB]) as (member, line):
        member.open("/upload/")
        member.page.get_by_label("Choose your photos").set_input_files([str(path)])
        expect(member.tray.locator("strong")).to_have_text("1 photo is stored", timeout=10 * PATIENCE_MS)
        (photo,) = stored(member)
        assert photo["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        expect(row(member, "large.jpg")).to_contain_text(re.compile("Cat|Animal"), timeout=2 * PATIENCE_MS)
        assert line.broken == 3
        assert size < line.sent < 1.2 * size


def test_a_tab_that_is_killed_goes_on_where_it_was(tmp_path: Path, browser: Browser) -> None:
    size = 60 * MB
    path = photograph(tmp_path / "large.jpg", size)
    with behind(tmp_path, browser, hold=40 * MB) as (member, line):
        member.open("/upload/")
        member.page.get_by_label("Choose your photos").set_input_files([str(path)])
        until_kept(member.page, 1)
        assert line.held.wait(PATIENCE_MS / 1000)
        member.page.close()
        line.release()
        member.page = member.context.new_page()
        member.page.goto(f"{member.site}/albums/")
        expect(member.tray.locator("strong")).to_have_text("1 photo is stored", timeout=4 * PATIENCE_MS)
        (photo,) = stored(member)
        assert photo["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert line.sent < 1.5 * size
