"""Camera RAW files that carry a JPEG: that is shown, the original kept."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.imaging.darkroom import develop
from gallery.imaging.errors import Refused
from gallery.imaging.inspect import glimpse, inspect
from gallery.imaging.tests.pictures import camera_raw, corners, saved
from gallery.imaging.tests.test_render import looks_like_the_corners
from gallery.imaging.walks import raw

PREVIEW = saved(corners(1280, 800), "JPEG", quality=90)
MADE = {
    "image/x-nikon-nef": camera_raw(PREVIEW),
    "image/x-sony-arw": camera_raw(PREVIEW, make=b"SONY"),
    "image/x-adobe-dng": camera_raw(PREVIEW, make=b"Google", dng=True),
}


@pytest.mark.parametrize("content_type", MADE)
def test_the_picture_that_the_camera_put_in_is_shown(content_type: str, original: Path, into: Path) -> None:
    original.write_bytes(MADE[content_type])
    told = inspect(original)
    assert (told.content_type, told.width, told.height) == (content_type, 1280, 800)
    made = develop(original, content_type, into)
    assert [(each.width, each.height) for each in made.renditions] == [(320, 200), (1280, 800), (1280, 800)]
    assert all(looks_like_the_corners(each.path) for each in made.renditions)
    assert made.facts.taken_local is not None
    assert made.facts.taken_local.isoformat() == "2024-06-15T12:34:56"


def test_a_canon_is_known_by_its_first_bytes(original: Path) -> None:
    data = bytearray(camera_raw(PREVIEW, make=b"Canon"))
    first = data[8:]
    moved = b"II*\0" + struct.pack("<L", 16) + b"CR\x02\x00" + bytes(4)
    original.write_bytes(moved + bytes(first))
    with pytest.raises(Refused, match="without a large picture"):
        inspect(original)  # its offsets point elsewhere now
    place = len(moved + first)
    strip = [(259, 3, 1, 6), (273, 4, 1, place + 64), (279, 4, 1, len(PREVIEW))]
    packed = b"".join(struct.pack("<HHLL", *entry) for entry in strip)
    directory = (struct.pack("<H", 3) + packed + bytes(4)).ljust(64, b"\0")
    original.write_bytes(
        b"II*\0" + struct.pack("<L", place) + b"CR\x02\x00" + bytes(4) + bytes(first) + directory + PREVIEW
    )
    told = inspect(original)
    assert (told.content_type, told.width) == ("image/x-canon-cr2", 1280)


def test_how_the_camera_was_held_is_told_by_the_raw_itself(original: Path, into: Path) -> None:
    original.write_bytes(camera_raw(PREVIEW, orientation=6))
    made = develop(original, "image/x-nikon-nef", into)
    assert (made.facts.width, made.facts.height) == (800, 1280)
    assert (made.renditions[0].width, made.renditions[0].height) == (200, 320)


def test_a_raw_with_nothing_but_a_tiny_picture_is_refused_in_words(original: Path) -> None:
    original.write_bytes(camera_raw(saved(corners(320, 200), "JPEG")))
    with pytest.raises(Refused, match="save a copy as JPEG"):
        inspect(original)


def test_a_picture_that_is_larger_than_cameras_make_them_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "MAX_BYTES", len(PREVIEW) - 1)
    with pytest.raises(Refused, match="without a large picture"):
        raw.outline(MADE["image/x-sony-arw"])


def test_a_raw_is_known_by_its_beginning() -> None:
    data = MADE["image/x-nikon-nef"]
    assert glimpse(data[:600], len(data)).content_type == "image/x-nikon-nef"
    assert glimpse(data[:600], len(data)).sides is None


def test_directories_that_go_in_circles_come_to_an_end() -> None:
    data = bytearray(MADE["image/x-adobe-dng"])
    (count,) = struct.unpack_from("<H", data, 8)
    struct.pack_into("<L", data, 10 + count * 12, 8)
    assert raw.outline(bytes(data)).width == 1280


@given(
    at=st.integers(0, 400),
    value=st.binary(min_size=1, max_size=8),
    cut=st.integers(8, len(MADE["image/x-sony-arw"])),
)
def test_nothing_breaks_the_walk(at: int, value: bytes, cut: int) -> None:
    data = bytearray(MADE["image/x-sony-arw"][:cut])
    data[at : at + len(value)] = value
    raw.camera(bytes(data))
    with contextlib.suppress(Refused):
        assert raw.outline(bytes(data)).width
