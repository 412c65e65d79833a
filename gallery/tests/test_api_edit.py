"""Changing a photo through the API: what is sent and nothing else."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Photo
from gallery.tests.asking import PHOTOS, address, edit, program, read, told
from gallery.tests.making import make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice, filename="before.jpg", caption="before", taken_offset=60)


def test_each_member_can_be_changed(mine: Client, photo: Photo) -> None:
    changes = {
        "caption": "by the sea",
        "filename": "sea.jpg",
        "favourite": True,
        "taken_at": "2020-02-29T08:09:10",
    }
    answer = edit(mine, photo, **changes).json()
    assert {name: answer[name] for name in changes} == changes
    assert answer == read(mine, address(photo))


@pytest.mark.parametrize("change", [
    {"caption": "after"}, {"filename": "after.jpg"}, {"favourite": True}, {"taken_at": "2020-02-29T08:09:10"}, {},
], ids=str)  # fmt: skip
def test_nothing_else_changes(mine: Client, photo: Photo, change: dict[str, Any]) -> None:
    before = read(mine, address(photo))
    after = edit(mine, photo, **change).json()
    follows = {"taken_offset": None, "taken_at_source": "user"} if "taken_at" in change else {}
    assert after == before | change | follows


def test_a_change_of_one_field_leaves_what_another_wrote_meanwhile(mine: Client, photo: Photo) -> None:
    edit(mine, photo, caption="mine")
    Photo.objects.filter(pk=photo.pk).update(camera_model="Canon EOS R5")
    edit(mine, photo, filename="other.jpg")
    assert Photo.objects.values_list("caption", "camera_model", "filename").get() == (
        "mine", "Canon EOS R5", "other.jpg",
    )  # fmt: skip


def test_a_caption_can_be_emptied(mine: Client, photo: Photo) -> None:
    assert edit(mine, photo, caption="").json()["caption"] == ""


def test_null_changes_nothing(mine: Client, photo: Photo) -> None:
    before = read(mine, address(photo))
    assert edit(mine, photo, caption=None, taken_at=None, favourite=None, filename=None).json() == before


@pytest.mark.parametrize(("sent", "offset"), [
    ("2019-07-04T12:34:56+10:00", 600),
    ("2019-07-04T12:34:56", None),
    ("2019-07-04T12:34:56+00:00", 0),
    ("2019-07-04T12:34:56-03:30", -210),
    ("2019-07-04T12:34:56+05:45", 345),
    ("2019-07-04T12:34:56.250000+14:00", 840),
    ("1826-01-01T00:00:00", None),
    ("9998-12-31T23:59:59-18:00", -1080),
])  # fmt: skip
def test_a_wall_clock_comes_back_as_it_was_sent(
    mine: Client, photo: Photo, sent: str, offset: int | None
) -> None:
    answer = edit(mine, photo, taken_at=sent).json()
    assert (answer["taken_at"], answer["taken_offset"], answer["taken_at_source"]) == (sent, offset, "user")


def test_the_month_is_that_of_the_wall_clock(mine: Client, photo: Photo) -> None:
    edit(mine, photo, taken_at="2020-01-01T00:30:00+10:00")  # still December in London
    assert read(mine, f"{PHOTOS}timeline/") == [{"month": "2020-01", "count": 1}]


@pytest.mark.parametrize("taken_at", [
    "", "yesterday", "1825-12-31T23:59:59", "9999-01-01T00:00:00", "0000-00-00T00:00:00", "2019-02-30T00:00:00",
    "2019-07-04T25:00:00", "2019-07-04T12:34:56+19:00", "2019-07-04T12:34:56+10:00:30", "2019-07-04T12:34:56+99:99",
    "inf", -1e300, 1e300, [], {}, True, "2019-07-04T12:34:56\x00",
], ids=repr)  # fmt: skip
def test_an_absurd_time_is_refused(mine: Client, photo: Photo, taken_at: Any) -> None:
    before = Photo.objects.values().get()
    told(edit(mine, photo, taken_at=taken_at), 422, "invalid")
    assert Photo.objects.values().get() == before


@pytest.mark.parametrize("changes", [
    {"caption": "x" * 2001}, {"caption": 5}, {"caption": ["x"]}, {"filename": ""}, {"filename": "x" * 256},
    {"favourite": "perhaps"}, {"favourite": 2}, {"colour": "red"}, {"sha256": "0" * 64}, {"owner": "bob"},
    {"trashed_at": None}, {"Caption": "x"},
], ids=lambda changes: f"{next(iter(changes))} {str(next(iter(changes.values())))[:8]}")  # fmt: skip
def test_what_cannot_be_is_refused_and_named(mine: Client, photo: Photo, changes: dict[str, Any]) -> None:
    before = Photo.objects.values().get()
    body = told(edit(mine, photo, **changes), 422, "invalid")
    assert next(iter(changes)) in {error["loc"][-1] for error in body["errors"]}
    assert Photo.objects.values().get() == before


def test_all_or_nothing(mine: Client, photo: Photo) -> None:
    told(edit(mine, photo, caption="changed?", filename=""), 422, "invalid")
    assert read(mine, address(photo))["caption"] == "before"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '"text"', "1", "\x00", "\xff", '{"caption": "\\ud800"}', "[" * 5000]
)
def test_a_body_that_is_no_object_is_refused(mine: Client, photo: Photo, body: str) -> None:
    response = mine.patch(address(photo), body.encode("latin-1"), content_type="application/json")
    assert response.status_code in (400, 422)
    assert json.loads(response.content)["code"] in ("unreadable", "invalid")


def test_a_body_without_end_is_refused(mine: Client, photo: Photo) -> None:
    told(edit(mine, photo, caption="x" * 3_000_000), 413, "request_too_large")


@pytest.mark.parametrize(
    "sent",
    ["a\x00b", "<script>alert(1)</script>", "x" * 2000, "日本語 \U0001f408", "line\nline"],
    ids=range(5),
)
def test_a_caption_is_any_text(mine: Client, photo: Photo, sent: str) -> None:
    assert edit(mine, photo, caption=sent).json()["caption"] == sent.replace("\x00", "")


@pytest.mark.parametrize(("sent", "kept"), [
    ("../../etc/passwd", "passwd"), ("C:\\photos\\cat.jpg", "cat.jpg"),
    ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie: x=1.jpg"),
    ("gpj.\u202eexe.jpg", "gpj.exe.jpg"), ("\x00", "photo"), ("..", "photo"), ("x" * 251 + ".jpg", "x" * 251 + ".jpg"),
], ids=range(7))  # fmt: skip
def test_a_file_name_is_only_a_name(mine: Client, photo: Photo, sent: str, kept: str) -> None:
    assert edit(mine, photo, filename=sent).json()["filename"] == kept
    location = mine.get(address(photo, "original/")).headers["Location"]
    assert f"/originals/{photo.original_key}?" in location


def test_favourite_keeps_its_first_moment(mine: Client, photo: Photo) -> None:
    edit(mine, photo, favourite=True)
    first = Photo.objects.get().favourite_at
    edit(mine, photo, favourite=True)
    assert first is not None
    assert Photo.objects.get().favourite_at == first
    assert edit(mine, photo, favourite=False).json()["favourite"] is False
