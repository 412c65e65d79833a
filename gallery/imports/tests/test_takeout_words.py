"""What a sidecar says, and which folder is an album: believed as far as it can be."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.imports.takeout import Sidecar, album_title, read, tells_an_album

pytestmark = pytest.mark.pure

WHOLE: dict[str, Any] = {
    "title": "IMG_20200920_131207.jpg",
    "description": "Grandmother\u2019s garden",
    "imageViews": "9",
    "creationTime": {"timestamp": "1600598769", "formatted": "Sep 20, 2020, 10:46:09 AM UTC"},
    "photoTakenTime": {"timestamp": "1600596727", "formatted": "Sep 20, 2020, 10:12:07 AM UTC"},
    "geoData": {"latitude": 55.25, "longitude": 37.5, "altitude": 214.5, "latitudeSpan": 0.0},
    "geoDataExif": {"latitude": 1.0, "longitude": 2.0, "altitude": 0.0},
    "people": [{"name": "Anna"}],
    "url": "https://photos.google.com/photo/AF1Qip",
    "googlePhotosOrigin": {"mobileUpload": {"deviceType": "ANDROID_PHONE"}},
    "archived": True,
    "favorited": True,
}


def said(**changes: Any) -> Sidecar:
    return read(json.dumps({**WHOLE, **changes}).encode())


def test_all_of_it_is_understood() -> None:
    assert said() == Sidecar(
        title="IMG_20200920_131207.jpg",
        taken=datetime(2020, 9, 20, 10, 12, 7, tzinfo=UTC),
        position=(55.25, 37.5),
        altitude=214.5,
        caption="Grandmother\u2019s garden",
        favourite=True,
        archived=True,
    )


@pytest.mark.parametrize("nowhere", [
    {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0}, {}, None, "here", {"latitude": 91, "longitude": 0},
    {"latitude": float("nan"), "longitude": 1}, {"latitude": "1", "longitude": "2"}, {"latitude": True, "longitude": 1},
    {"latitude": 10**400, "longitude": 1},
])  # fmt: skip
def test_where_it_was_taken_is_else_asked_of_the_camera(nowhere: Any) -> None:
    assert said(geoData=nowhere).position == (1.0, 2.0)
    assert said(geoData=nowhere).altitude is None
    assert said(geoData=nowhere, geoDataExif=nowhere).position is None


@pytest.mark.parametrize("never", [
    None, {}, {"timestamp": ""}, {"timestamp": "0"}, {"timestamp": "soon"}, {"timestamp": None}, [], 5,
    {"timestamp": "9" * 30}, {"timestamp": "9" * 5000}, {"timestamp": "-99999999999999"},
])  # fmt: skip
def test_a_time_that_is_none_is_not_believed(never: Any) -> None:
    assert said(photoTakenTime=never).taken is None


def test_a_time_before_1970_is_one() -> None:
    assert said(photoTakenTime={"timestamp": "-14182940"}).taken == datetime(
        1969, 7, 20, 20, 17, 40, tzinfo=UTC
    )


def test_the_trash_is_told() -> None:
    assert said(trashed=True).trashed
    assert not said(trashed="yes").trashed


@pytest.mark.parametrize("data", [
    b"", b"[]", b"null", b"\xff\xfe\x00", b"{", b"[" * 100_000, b'{"title": 5, "description": {}}',
    b'{"title": "\\u0000", "description": "\\ud800"}', b'{"favorited": ' + b"1" * 6000 + b"}",
])  # fmt: skip
def test_what_can_not_be_read_says_nothing(data: bytes) -> None:
    assert read(data) == Sidecar()


@given(st.binary(max_size=200))
def test_nothing_makes_it_fail(data: bytes) -> None:
    read(data)
    album_title(data)


@pytest.mark.parametrize(("told", "title"), [
    ({"title": "Chair yoga", "description": "", "access": "protected", "date": {"timestamp": "1"}}, "Chair yoga"),
    ({"title": "Trip 2019", "access": "shared"}, "Trip 2019"),
    ({"albumData": {"title": "Old export", "description": "", "date": {"timestamp": "1"}}}, "Old export"),
    ({"title": "", "date": {"timestamp": "1"}}, ""),
    ({"title": "Photos from 2019", "date": {"timestamp": "1"}}, ""),
    ({"title": "Fotos von 2019", "access": "protected"}, ""),
    ({"title": "2017-05-04", "date": {"timestamp": "1"}}, ""),
    ({"title": "2017-05-04 #2", "date": {"timestamp": "1"}}, ""),
    ({"title": "IMG_1.jpg", "photoTakenTime": {"timestamp": "1"}, "description": ""}, ""),
    ({"title": "Print order"}, ""),
    ({"title": ["Trip"], "date": {}}, ""),
    ({"albumData": []}, ""),
])  # fmt: skip
def test_an_album_is_a_folder_with_a_title_of_its_own(told: Any, title: str) -> None:
    assert album_title(json.dumps(told).encode()) == title


@pytest.mark.parametrize(("name", "may"), [
    ("metadata.json", True), ("Metadaten.json", True), ("métadonnées.json", True), ("metadata(1).json", True),
    ("IMG_1.jpg.json", False), ("metadata.txt", False),
])  # fmt: skip
def test_a_file_about_an_album_is_called_anything_in_one_piece(name: str, may: bool) -> None:
    assert tells_an_album(name) is may
