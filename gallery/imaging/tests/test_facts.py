from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL.TiffImagePlugin import IFDRational

from gallery.imaging.facts import Facts, orientation_of, read_facts
from gallery.imaging.metadata.exif import read_exif
from gallery.imaging.metadata.file import Metadata
from gallery.imaging.metadata.words import clean_text
from gallery.imaging.tests.pictures import exif, raw_exif

NOW = datetime(2026, 7, 1, 12)  # noqa: DTZ001 a wall clock
NORTH_EAST = {1: "N", 2: (46.0, 30.0, 36.0), 3: "E", 4: (7.0, 15.0, 0.0)}


def read(block: bytes) -> Facts:
    told = read_exif(block)
    return read_facts(Metadata(exif=told), 400, 300, orientation_of(told), now=NOW)


def taken(text: str) -> datetime | None:
    return read(exif(photo={0x9003: text})).taken_local


def placed(**changes: Any) -> tuple[float | None, float | None]:
    facts = read(exif(gps=NORTH_EAST | {int(key[1:]): value for key, value in changes.items()}))
    return facts.latitude, facts.longitude


def test_a_camera_s_words_are_read() -> None:
    block = exif(
        {0x010F: "Canon", 0x0110: "EOS R5", 0x0132: "2021:01:01 00:00:00"},
        {0x9003: "2020:02:29 23:59:58", 0x9011: "+05:30", 0xA434: "RF 50mm  F1.2"},
        NORTH_EAST | {5: b"\x00", 6: 431.5},
    )
    assert read(block) == Facts(
        width=400,
        height=300,
        taken_local=datetime(2020, 2, 29, 23, 59, 58),  # noqa: DTZ001 a wall clock
        taken_offset=330,
        taken_source="exif",
        camera_make="Canon",
        camera_model="EOS R5",
        lens="RF 50mm F1.2",
        latitude=46.51,
        longitude=7.25,
        altitude=431.5,
    )


def test_a_picture_that_tells_nothing_has_its_size() -> None:
    assert read(b"") == Facts(width=400, height=300)


def test_the_second_and_third_date_stand_in_with_their_own_offsets() -> None:
    digitized = {
        0x9003: "0000:00:00 00:00:00",
        0x9011: "+01:00",
        0x9004: "2019:01:02 03:04:05",
        0x9012: "-03:30",
    }
    facts = read(exif({0x0132: "2018:01:01 01:01:01"}, digitized))
    assert (facts.taken_local, facts.taken_offset) == (datetime(2019, 1, 2, 3, 4, 5), -210)  # noqa: DTZ001 a wall clock
    facts = read(exif({0x0132: "2018:01:01 01:01:01"}, {0x9010: "Z"}))
    assert (facts.taken_local, facts.taken_offset) == (datetime(2018, 1, 1, 1, 1, 1), None)  # noqa: DTZ001 a wall clock


@pytest.mark.parametrize("text", ["2020:05:06 07:08:09", "2020-05-06T07:08:09Z", "2020/05/06 07:08:09+02:00"])
def test_a_date_is_read_as_programs_write_it(text: str) -> None:
    assert taken(text) == datetime(2020, 5, 6, 7, 8, 9)  # noqa: DTZ001 a wall clock


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "1825:12:31 23:59:59",
        "2026:07:03 12:00:01",
        "9999:12:31 23:59:59",
        "2020:13:01 00:00:00",
        "2020:02:30 00:00:00",
        "2020:01:01 25:00:00",
        "    :  :     :  :  ",
        "yesterday",
        "٢٠٢٠:01:01 00:00:00",
        "<script>",
        "2020",
    ],
)
def test_an_absurd_date_is_no_date(text: str) -> None:
    assert taken(text) is None


def test_dates_are_believed_from_the_first_photograph_to_a_clock_two_days_fast() -> None:
    assert taken("1826:01:01 00:00:00") is not None
    assert taken((NOW + timedelta(days=2)).strftime("%Y:%m:%d %H:%M:%S")) is not None


@pytest.mark.parametrize("offset", ["+14:01", "-12:01", "+99:99", "+01:60", "1:00", "", "\x00"])
def test_an_offset_that_no_zone_has_is_unknown(offset: str) -> None:
    facts = read(exif(photo={0x9003: "2020:01:01 00:00:00", 0x9011: offset}))
    assert facts.taken_local is not None
    assert facts.taken_offset is None


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (b"Canon\x00\x00\x00", "Canon"),
        (b"  NIKON \t\r\n CORPORATION ", "NIKON CORPORATION"),
        (b"Can\x00on<script>", "Can"),
        (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
        (b"Ca\x07no\x1b[31mn", "Cano[31mn"),
        (b"\xff\xfeCa\xc3non\x80", "Canon"),
        ("Kamera für Ёлка".encode(), "Kamera für Ёлка"),
        ("\u202egpj.exe\u200b".encode(), "gpj.exe"),
        (b"----", ""),
        (b"\x00" * 40, ""),
        (b"A" * 60_000, "A" * 100),
        (b" " * 60_000, ""),
    ],
    ids=range(12),
)
def test_texts_come_out_as_one_clean_line(raw: bytes, clean: str) -> None:
    facts = read(raw_exif((0x010F, raw), (0x0110, raw), photo=((0xA434, raw),)))
    assert (facts.camera_make, facts.camera_model, facts.lens) == (clean, clean, clean)


def test_a_text_of_a_megabyte_is_bounded() -> None:
    assert read(raw_exif((0x010F, b"A" * 2**20))).camera_make == "A" * 100


@given(st.text())
def test_a_clean_text_is_short_visible_utf_8(text: str) -> None:
    cleaned = clean_text(text)
    assert len(cleaned) <= 100
    assert cleaned.isprintable()
    assert cleaned.encode().decode() == cleaned == clean_text(cleaned)


def test_the_southern_and_western_hemispheres_are_negative() -> None:
    assert placed(t1="S", t3="W") == (-46.51, -7.25)


@pytest.mark.parametrize(
    "changes",
    [
        {"t1": "X"},
        {"t2": (91.0, 0.0, 0.0)},
        {"t4": (180.0, 0.0, 1.0)},
        {"t2": (IFDRational(0, 0),) * 3},
        {"t2": (0.0, 0.0, 0.0), "t4": (0.0, 0.0, 0.0)},
        {"t3": ""},
    ],
    ids=str,
)
def test_a_position_that_can_not_be_is_no_position_at_all(changes: dict[str, Any]) -> None:
    assert placed(**changes) == (None, None)


def test_a_latitude_without_a_longitude_is_nothing() -> None:
    facts = read(exif(gps={1: "N", 2: (46.0, 0.0, 0.0)}))
    assert (facts.latitude, facts.longitude) == (None, None)


def test_below_the_sea_is_negative_and_beyond_the_sky_is_unknown() -> None:
    assert read(exif(gps={5: b"\x01", 6: 400.0})).altitude == -400
    assert read(exif(gps={5: b"\x00", 6: 4_000_000.0})).altitude is None


@pytest.mark.parametrize("value", [0, 9, 255, 60_000])
def test_a_garbage_orientation_is_upright(value: int) -> None:
    assert read(exif({0x0112: value})).orientation == 1


def test_a_picture_on_its_side_is_measured_upright() -> None:
    facts = read(exif({0x0112: 6}))
    assert (facts.width, facts.height, facts.orientation) == (300, 400, 6)


BLOCK = exif({0x010F: "Canon", 0x0112: 6}, {0x9003: "2020:02:29 23:59:58", 0x9011: "+05:30"}, NORTH_EAST)


@given(st.integers(0, len(BLOCK) - 1), st.binary(min_size=1, max_size=12))
def test_no_garbage_in_exif_ever_raises(at: int, garbage: bytes) -> None:
    facts = read(BLOCK[:at] + garbage + BLOCK[at + len(garbage) :])
    assert 1 <= facts.orientation <= 8
    assert (facts.latitude is None) == (facts.longitude is None)
    assert facts.latitude is None or -90 <= facts.latitude <= 90


@given(st.binary(max_size=200))
def test_no_bytes_behind_a_tiff_header_ever_raise(garbage: bytes) -> None:
    read(b"II*\x00\x08\x00\x00\x00" + garbage)
    read(b"Exif\x00\x00MM\x00*" + garbage)
