"""What the beginning of a file tells: as much as the whole file would, or less, and never something else."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.imaging.errors import Refused
from gallery.imaging.inspect import Glimpsed, glimpse, inspect
from gallery.imaging.tests.pictures import heic, photo, saved

HEAD = 64 * 1024
MAKERS = {
    "JPEG": lambda: saved(photo(160, 120), "JPEG"),
    "PNG": lambda: saved(photo(160, 120), "PNG"),
    "WEBP": lambda: saved(photo(160, 120), "WEBP"),
    "GIF": lambda: saved(photo(160, 120), "GIF"),
    "TIFF": lambda: saved(photo(160, 120), "TIFF"),
    "AVIF": lambda: saved(photo(160, 120), "AVIF"),
    "HEIC": lambda: heic(photo(160, 120)),
}


@pytest.fixture(scope="module", params=MAKERS)
def picture(request: pytest.FixtureRequest) -> bytes:
    made: bytes = MAKERS[request.param]()
    return made


def test_a_short_file_is_seen_whole(picture: bytes, original: Path) -> None:
    original.write_bytes(picture)
    whole = inspect(original)
    assert glimpse(picture, len(picture)) == Glimpsed(whole.content_type, (whole.width, whole.height))
    with pytest.raises(Refused):
        glimpse(picture[: len(picture) // 2], len(picture) // 2)


def test_the_beginning_of_a_long_one_tells_the_same_or_nothing(picture: bytes, original: Path) -> None:
    original.write_bytes(picture)
    whole = inspect(original)
    seen = {glimpse(picture[:length], len(picture)) for length in range(64, len(picture), 13)}
    assert seen <= {
        Glimpsed(whole.content_type, (whole.width, whole.height)),
        Glimpsed(whole.content_type, None),
    }
    assert len(seen) > 0


def test_a_long_head_before_the_size_tells_only_what_it_is() -> None:
    jpeg = saved(photo(160, 120), "JPEG")
    filled = jpeg[:2] + (b"\xff\xe1\xff\xff" + bytes(65_533)) * 2 + jpeg[2:]
    assert glimpse(filled[:HEAD], len(filled)) == Glimpsed("image/jpeg", None)


def test_too_many_pixels_are_refused_by_the_beginning_alone() -> None:
    png = saved(photo(160, 120), "PNG")
    header = png[12:16] + (30_000).to_bytes(4, "big") * 2 + png[24:29]
    huge = png[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png[33:]
    with pytest.raises(Refused) as caught:
        glimpse(huge[:HEAD], 10 * HEAD)
    assert caught.value.code == "too_many_pixels"


@given(st.data())
def test_no_bytes_break_it(picture: bytes, data: st.DataObject) -> None:
    damaged = bytearray(picture[:HEAD])
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, min(len(damaged) - 1, 2000)))] = data.draw(st.integers(0, 255))
    try:
        seen = glimpse(bytes(damaged), 10 * HEAD)
    except Refused:
        return
    assert seen.sides is None or min(seen.sides) > 0
