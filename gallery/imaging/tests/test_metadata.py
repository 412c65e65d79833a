"""What ExifTool can not write for us: hostile packets, odd dates, captions that say nothing, videos behind photos."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest

from gallery.imaging.facts import Facts, read_facts
from gallery.imaging.inspect import survey
from gallery.imaging.metadata.block import MAX_BLOCK
from gallery.imaging.metadata.exif import read_exif
from gallery.imaging.metadata.file import Metadata, read_metadata
from gallery.imaging.metadata.iptc import read_iptc
from gallery.imaging.metadata.words import MAX_CAPTION, clean_caption
from gallery.imaging.metadata.xmp import read_xmp
from gallery.imaging.tests.packets import (
    VIDEO,
    iptc,
    itxt,
    photoshop,
    samsung_trailer,
    segment,
    with_xmp,
    xmp,
)
from gallery.imaging.tests.pictures import animation, corners, exif, heic, photo, png, png_chunk, saved

NOW = datetime(2026, 7, 1, 12)  # noqa: DTZ001 a wall clock
SMALL = saved(photo(48, 32), "JPEG")


def facts(told: Metadata) -> Facts:
    return read_facts(told, 400, 300, now=NOW)


def of_xmp(properties: str = "", attributes: str = "") -> Facts:
    return facts(Metadata(xmp=read_xmp(xmp(properties, attributes))))


def of_file(path: Path, data: bytes) -> Facts:
    path.write_bytes(data)
    known, outline = survey(path)
    return facts(read_metadata(path, known, outline))


# XMP


def test_properties_stand_in_elements_or_in_attributes() -> None:
    assert of_xmp("<xmp:Rating>3</xmp:Rating>").rating == 3
    assert of_xmp(attributes='xmp:Rating="3"').rating == 3


def test_a_text_for_any_language_comes_first() -> None:
    told = read_xmp(
        xmp(
            '<dc:description><rdf:Alt><rdf:li xml:lang="de">Boot</rdf:li>'
            '<rdf:li xml:lang="x-default">Boat</rdf:li></rdf:Alt></dc:description>'
        )
    )
    assert told["dc:description"] == ("Boat", "Boot")


@pytest.mark.parametrize(
    "flash",
    [
        '<exif:Flash rdf:parseType="Resource"><exif:Fired>True</exif:Fired></exif:Flash>',
        '<exif:Flash exif:Fired="True" exif:Mode="1"/>',
        '<exif:Flash><rdf:Description exif:Fired="true"/></exif:Flash>',
        "<exif:Flash><rdf:Description><exif:Fired>True</exif:Fired></rdf:Description></exif:Flash>",
    ],
)
def test_a_flash_is_a_structure_that_is_written_in_four_ways(flash: str) -> None:
    assert of_xmp(flash).exposure.flash is True


def test_what_a_picture_was_made_of_is_not_told_of_it() -> None:
    other = '<rdf:Description xmp:Rating="5"><xmp:CreateDate>2001-01-01</xmp:CreateDate></rdf:Description>'
    told = of_xmp(f"<xmpMM:Pantry><rdf:Bag><rdf:li>{other}</rdf:li></rdf:Bag></xmpMM:Pantry>")
    assert told == Facts(400, 300)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": xmp("<dc:title>&l9;</dc:title>", before=f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'),
    "a file": xmp(
        "<dc:title>&f;</dc:title>", before='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    ),
    "another document": xmp("<dc:title>A</dc:title>", before='<!DOCTYPE x SYSTEM "http://example.org/x">'),
    "an empty type": xmp("<dc:title>A</dc:title>", before="<!DOCTYPE x>"),
    "in UTF-16": xmp("<dc:title>A</dc:title>", before="<!DOCTYPE x>").decode().encode("utf-16"),
    "a tower": b"<a>" * 100_000,
    "a tower of lists": xmp("<dc:title><rdf:Alt>" * 1000),
    "no XML": b"\x89PNG" * 1000,
    "nothing": b"",
    "an unknown encoding": b'<?xml version="1.0" encoding="klingon"?>' + xmp(),
    "an entity nobody declared": xmp("<dc:title>&f;</dc:title>"),
}


@pytest.mark.parametrize("packet", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_packet_tells_nothing(packet: bytes) -> None:
    assert read_xmp(packet) == {}


def test_a_packet_that_breaks_off_tells_what_it_had_told() -> None:
    packet = xmp("<xmp:Rating>3</xmp:Rating><dc:title>Half a ti")
    assert read_xmp(packet[: packet.index(b"</rdf:Desc")]) == {"xmp:Rating": ("3",)}


def test_a_packet_in_utf_16_with_zeros_behind_it_is_read() -> None:
    packet = xmp("<xmp:Rating>3</xmp:Rating>").decode().encode("utf-16") + bytes(100)
    assert read_xmp(packet)["xmp:Rating"] == ("3",)


def test_of_a_thousand_items_those_are_kept_that_somebody_may_want() -> None:
    items = '<rdf:li xml:lang="x-default">Boat</rdf:li>' * 1000
    told = read_xmp(
        xmp(f"<dc:title><rdf:Alt>{items}</rdf:Alt></dc:title><dc:description>{'a' * 10_000}</dc:description>")
    )
    assert (len(told["dc:title"]), len(told["dc:description"][0])) == (100, 8192)


# Dates


def clock(told: Facts) -> tuple[str, int | None, str] | None:
    return (told.taken_local.isoformat(), told.taken_offset, told.taken_source) if told.taken_local else None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1957", ("1957-01-01T12:00:00", None, "file")),
        ("1957-10", ("1957-10-01T12:00:00", None, "file")),
        ("1957-10-04", ("1957-10-04T12:00:00", None, "file")),
        ("1957-10-04T19:28", ("1957-10-04T19:28:00", None, "file")),
        ("1957-10-04T19:28:34Z", ("1957-10-04T19:28:34", 0, "file")),
        ("1957-10-04T19:28:34.05-0330", ("1957-10-04T19:28:34.050000", -210, "file")),
        ("1957-13", None),
        ("1957-02-30", None),
        ("1900", None),
        ("0000-00-00", None),
        ("1970-01-01T00:00:00Z", None),
        ("2031", None),
        ("soon", None),
    ],
)
def test_a_date_in_xmp(text: str, told: tuple[str, int | None, str] | None) -> None:
    assert clock(of_xmp(attributes=f'photoshop:DateCreated="{text}"')) == told


def test_who_is_not_believed_is_passed_over_for_the_next() -> None:
    told = Metadata(
        exif=read_exif(exif({0x0132: "2018:01:01 01:01:01"}, {0x9003: "1900:01:01 00:00:00"})),
        xmp=read_xmp(xmp(attributes='exif:DateTimeOriginal="2012-02-03T04:05:06"')),
    )
    assert clock(facts(told)) == ("2012-02-03T04:05:06", None, "file")


def test_the_offset_of_the_same_second_is_taken_from_whoever_knows_it() -> None:
    told = Metadata(
        exif=read_exif(exif(photo={0x9003: "2012:02:03 04:05:06", 0x9291: "25"})),
        xmp=read_xmp(xmp(attributes='photoshop:DateCreated="2012-02-03T04:05:06+09:00"')),
    )
    assert clock(facts(told)) == ("2012-02-03T04:05:06.250000", 540, "exif")


def test_an_offset_of_another_second_is_not() -> None:
    told = Metadata(
        exif=read_exif(exif(photo={0x9003: "2012:02:03 04:05:06"})),
        xmp=read_xmp(xmp(attributes='photoshop:DateCreated="2012-02-03T05:05:06+09:00"')),
    )
    assert clock(facts(told)) == ("2012-02-03T04:05:06", None, "exif")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"Sat, 15 Jun 2024 12:34:56 +0200", ("2024-06-15T12:34:56", 120, "file")),
        (b"15 Jun 2024 12:34:56", ("2024-06-15T12:34:56", None, "file")),
        (b"2024-06-15T12:34:56Z", ("2024-06-15T12:34:56", 0, "file")),
        (b"Sat, 45 Jun 2024 12:34:56", None),
        (b"=?", None),
        (b", ", None),
        (b"\xff\xfe", None),
    ],
)
def test_the_creation_time_of_a_png(text: bytes, told: tuple[str, int | None, str] | None) -> None:
    assert clock(facts(Metadata(texts={"Creation Time": text}))) == told


@pytest.mark.parametrize(
    ("datasets", "told"),
    [
        (((2, 55, b"20111213"),), ("2011-12-13T12:00:00", None, "file")),
        (((2, 55, b"20111213"), (2, 60, b"141516-0330")), ("2011-12-13T14:15:16", -210, "file")),
        (((2, 62, b"20111213"), (2, 63, b"141516")), ("2011-12-13T14:15:16", None, "file")),
        (((2, 55, b"00000000"),), None),
        (((2, 55, b"20111213"), (2, 60, b"990000")), None),
        (((2, 60, b"141516"),), None),
    ],
)
def test_a_date_in_iptc(
    datasets: tuple[tuple[int, int, bytes], ...], told: tuple[str, int | None, str] | None
) -> None:
    assert clock(facts(Metadata(iptc=read_iptc(photoshop(iptc(*datasets)))))) == told


# Captions and stars


def test_a_caption_keeps_its_lines_and_nothing_that_can_not_be_seen() -> None:
    assert clean_caption("  One\r\n\ttwo\x00\u202e \u2028three\n\n") == "One\ntwo\nthree"
    assert clean_caption("🌊") == "🌊"
    assert clean_caption(" -- \n") == ""
    assert len(clean_caption("word " * 1000)) <= MAX_CAPTION


@pytest.mark.parametrize(
    "said", ["OLYMPUS DIGITAL CAMERA", "SAMSUNG", "Sony DSC ", "ImageJ=1.52p\nimages=9", "cof", "----"]
)
def test_what_a_camera_says_of_every_picture_is_no_caption(said: str) -> None:
    told = Metadata(exif=read_exif(exif({0x010E: said})))
    assert facts(told).caption == ""


@pytest.mark.parametrize(
    ("raw", "marked", "said"),
    [
        ("Café".encode(), True, "Café"),
        ("Café".encode(), False, "Café"),
        ("Café".encode("cp1252"), False, "Café"),
    ],
)
def test_a_caption_in_iptc_may_be_of_before_unicode(raw: bytes, marked: bool, said: str) -> None:
    block = iptc(*([(1, 90, b"\x1b%G")] if marked else []), (2, 120, raw))
    assert facts(Metadata(iptc=read_iptc(block))).caption == said


@pytest.mark.parametrize(
    ("said", "stars"),
    [
        ("0", 0),
        ("4.0", 4),
        ("5", 5),
        ("-1", None),
        ("6", None),
        ("nan", None),
        ("1e999", None),
        ("many", None),
    ],
)
def test_stars_are_none_to_five(said: str, stars: int | None) -> None:
    assert of_xmp(attributes=f'xmp:Rating="{said}"').rating == stars


# Where blocks stand


def test_a_block_that_is_too_long_is_read_as_far_as_it_may_be(tmp_path: Path) -> None:
    packet = xmp("<xmp:Rating>3</xmp:Rating>" + " " * (2 * MAX_BLOCK) + "<dc:title>Far off</dc:title>")
    told = of_file(tmp_path / "x", png(8, 8, itxt("XML:com.adobe.xmp", packet)))
    assert (told.rating, told.caption) == (3, "")


def test_a_packed_text_is_unpacked_no_further_than_it_may_be(tmp_path: Path) -> None:
    packet = zlib.compress(xmp("<xmp:Rating>3</xmp:Rating>" + " " * (64 * MAX_BLOCK)))
    assert of_file(tmp_path / "x", png(8, 8, itxt("XML:com.adobe.xmp", packet, packed=True))).rating == 3


def test_each_keyword_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zlib.compress(xmp("<xmp:Rating>3</xmp:Rating>"))
    unpack = mock.Mock(wraps=zlib.decompressobj)
    monkeypatch.setattr("zlib.decompressobj", unpack)
    many = [itxt("XML:com.adobe.xmp", packed, packed=True) for _ in range(1000)]
    assert of_file(tmp_path / "x", png(8, 8, *many)).rating == 3
    assert unpack.call_count == 1


def test_what_imagemagick_wrote_in_hex_is_read(tmp_path: Path) -> None:
    block = exif({0x010F: "Canon"}).removeprefix(b"Exif\x00\x00")
    text = f"\nexif\n{len(block):8}\n{block.hex()}\n".encode()
    told = of_file(tmp_path / "x", png(8, 8, png_chunk(b"tEXt", b"Raw profile type exif\x00" + text)))
    assert told.camera_make == "Canon"


def test_exif_behind_the_pixels_of_a_png_is_read(tmp_path: Path) -> None:
    block = exif({0x010F: "Canon"}).removeprefix(b"Exif\x00\x00")
    data = png(8, 8)
    end = data.index(b"IEND") - 4
    assert of_file(tmp_path / "x", data[:end] + png_chunk(b"eXIf", block) + data[end:]).camera_make == "Canon"


def test_a_jpeg_may_have_all_three(tmp_path: Path) -> None:
    data = segment(SMALL, b"Photoshop 3.0\x00" + photoshop(iptc((2, 120, b"A boat"))), 0xED)
    data = with_xmp(data, xmp("<xmp:Rating>3</xmp:Rating>"))
    told = of_file(tmp_path / "x", segment(data, exif({0x010F: "Canon"})))
    assert (told.camera_make, told.rating, told.caption) == ("Canon", 3, "A boat")


# What else is in a file


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_the_first_picture_of_an_animation_is_marked(tmp_path: Path, kind: str) -> None:
    assert of_file(tmp_path / "x", animation(kind)).kind == "animated"
    assert of_file(tmp_path / "x", saved(corners(48, 32), kind)).kind == "still"


@pytest.mark.parametrize("name", ["MicroVideo", "MotionPhoto"])
def test_a_video_behind_a_photo_makes_a_motion_photo(tmp_path: Path, name: str) -> None:
    says_so = with_xmp(SMALL, xmp(attributes=f'GCamera:{name}="1"'))
    assert of_file(tmp_path / "x", says_so + VIDEO).kind == "motion"
    assert of_file(tmp_path / "x", says_so).kind == "still", "a copy that lost its video"
    assert of_file(tmp_path / "x", SMALL + VIDEO).kind == "still", "something else, behind a photo"
    says_no = with_xmp(SMALL, xmp(attributes=f'GCamera:{name}="0"'))
    assert of_file(tmp_path / "x", says_no + VIDEO).kind == "still"


def test_samsung_wrote_it_behind_the_photo_alone(tmp_path: Path) -> None:
    assert of_file(tmp_path / "x", SMALL + samsung_trailer()).kind == "motion"
    assert of_file(tmp_path / "x", SMALL + samsung_trailer(b"")).kind == "still"


def test_a_heic_has_it_in_a_box(tmp_path: Path) -> None:
    data = heic(corners(48, 32), xmp=xmp(attributes='GCamera:MotionPhoto="1"'))
    box = struct.pack(">L4s", len(VIDEO) + 8, b"mpvd") + VIDEO
    assert of_file(tmp_path / "x", data + box).kind == "motion"
    assert of_file(tmp_path / "x", data).kind == "still"
