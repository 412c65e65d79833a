"""Zip files of photos that fall on a page: they go straight to the bucket, and their photos come in by themselves."""

import json
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Route, expect

from gallery.imports.tests.photos import takeout
from gallery.imports.tests.zips import packed
from tests.browser.test_uploading import BUCKET, drop, forgive, opened, row, some, stored, told
from tests.browser.test_uploading_straight import _NO_HASHES, asked
from tests.browser.visitor import PATIENCE_MS, Visitor
from tests.site import pictures

pytestmark = [pytest.mark.browser, pytest.mark.site]


def archive(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/zip", "buffer": data}


def photos_of(count: int) -> dict[str, bytes]:
    return {f"holidays/{number}.jpg": pictures.fresh() for number in range(count)}


def all_came(member: Visitor, count: int) -> None:
    """On the page of what is being done, which follows by itself."""
    imports = member.page.get_by_role("region", name="Imports")
    expect(imports).to_contain_text(f"{count} new photo", timeout=PATIENCE_MS)
    expect(imports).to_contain_text("done", timeout=PATIENCE_MS)
    assert len(stored(member)) == count


@pytest.fixture
def member(visit: Callable[..., Visitor]) -> Visitor:
    visitor = visit()
    visitor.come_in()
    return visitor


def test_a_takeout_is_dropped_beside_photos_and_brings_in_its_own(member: Visitor) -> None:
    member.open("/")
    requests = asked(member.page)
    drop(member, archive("takeout-001.zip", packed(takeout())), *some(2))
    told(member, "2 photos are stored, 1 zip file is being brought in")
    assert all(BUCKET.search(request.url) for request in requests if request.method == "PUT")
    opened(member)
    expect(row(member, "takeout-001.zip")).to_contain_text("Its photos come in by themselves.")
    member.follow("takeout-001.zip", member.tray)
    imports = member.page.get_by_role("region", name="Imports")
    expect(imports).to_contain_text("6 new photos", timeout=PATIENCE_MS)
    photos = stored(member)
    assert len(photos) == 8
    captions = {photo["filename"]: photo["caption"] for photo in photos}
    assert captions["IMG_20190704_143456.jpg"] == "The bears"
    member.look()


def test_a_large_one_goes_in_parts_and_is_never_whole_in_memory(member: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "holidays.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        for name, data in photos_of(2).items():
            out.writestr(name, data)
        out.writestr("film.mp4", secrets.token_bytes(20_000_000))
    member.open("/upload/")
    requests = asked(member.page)
    member.page.get_by_label("Choose a zip file").set_input_files([str(path)])
    told(member, "1 zip file is being brought in")
    begun = next(request for request in requests if request.url.endswith("/api/v1/imports/"))
    announced = json.loads(begun.post_data or "")
    assert announced["sha256"] == ""
    assert sum(request.method == "PUT" for request in requests) == len(announced["part_sha256s"]) == 3
    member.open("/activity/")
    all_came(member, 2)


def test_one_that_is_none_is_told_on_the_page_of_what_is_being_done(member: Visitor) -> None:
    member.open("/upload/")
    drop(member, archive("broken.zip", b"PK\3\4" + secrets.token_bytes(100)))
    told(member, "1 zip file is being brought in")
    member.open("/activity/")
    expect(member.page.get_by_role("region", name="Imports")).to_contain_text(
        "This is no whole ZIP archive", timeout=PATIENCE_MS
    )


def test_where_no_way_leads_to_the_bucket_it_is_said_what_to_do(member: Visitor) -> None:
    member.page.add_init_script(_NO_HASHES)
    member.open("/")
    drop(member, archive("holidays.zip", packed(photos_of(1))), *some(1))
    told(member, "1 photo is stored, 1 was refused")
    expect(row(member, "holidays.zip")).to_contain_text("Unpack it and send the photos.")
    assert len(stored(member)) == 1


def test_one_above_the_limit_is_not_sent(member: Visitor) -> None:
    member.open("/")
    member.page.evaluate("document.querySelector('upload-tray').dataset.mostArchiveBytes = 100")
    drop(member, archive("holidays.zip", packed(photos_of(1))))
    told(member, "0 photos are stored, 1 was refused")
    expect(row(member, "holidays.zip")).to_contain_text("The file is larger than 10.0 GB")


def test_a_lost_line_is_gone_on_with(member: Visitor) -> None:
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if lost or route.request.method != "PUT":
            return route.continue_()
        lost.append(route.request.url)
        return route.abort()

    member.open("/upload/")
    member.page.route(BUCKET, lose_the_first)
    drop(member, archive("holidays.zip", packed(photos_of(1))))
    told(member, "1 zip file is being brought in")
    assert lost
    forgive(member, "ERR_FAILED")
    member.open("/activity/")
    all_came(member, 1)


def test_without_script_one_chooses_it_in_a_form(visit: Callable[..., Visitor]) -> None:
    member = visit(scripts=False)
    member.come_in()
    member.open("/upload/")
    member.page.get_by_label("Or a zip file of photos").set_input_files(
        [archive("holidays.zip", packed(photos_of(2)))]
    )
    member.press("Upload the zip file")
    member.sees("1 zip file is being brought in", "holidays.zip", "Its photos come in by themselves.")
    member.follow("How far it is")
    while len(stored(member)) < 2:
        member.open("/activity/")
    member.sees("2 new photos")
