"""No bytes where metadata stands ever raise, and what comes out of them can be believed and is short."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from gallery.imaging.facts import Facts, read_facts
from gallery.imaging.formats import FORMATS, GIF, HEIC, JPEG, PNG, WEBP, Format
from gallery.imaging.metadata.exif import Exif, read_exif
from gallery.imaging.metadata.file import Metadata, read_blocks
from gallery.imaging.metadata.iptc import read_iptc
from gallery.imaging.metadata.xmp import read_xmp
from gallery.imaging.tests.packets import iptc, itxt, photoshop, segment, with_xmp, xmp
from gallery.imaging.tests.pictures import corners, exif, heic, png, saved
from gallery.imaging.walks.outline import Outline

NOW: Final = datetime(2026, 7, 1, 12)  # noqa: DTZ001 a wall clock
PACKET: Final = xmp(
    '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">A boat</rdf:li></rdf:Alt></dc:description>'
    '<exif:Flash rdf:parseType="Resource"><exif:Fired>True</exif:Fired></exif:Flash>',
    'xmp:Rating="4" exif:GPSLatitude="46,30.6N" exif:GPSLongitude="7,15.0E" exif:ExposureTime="1/250" '
    'photoshop:DateCreated="1957-10-04T19:28:34.5+02:00"',
)
DATASETS: Final = photoshop(
    iptc((1, 90, b"\x1b%G"), (2, 55, b"20111213"), (2, 60, b"141516+0100"), (2, 120, b"A"))
)
BLOCK: Final = exif(
    {0x010E: "A boat", 0x010F: "Canon", 0x4746: 3},
    {
        0x9003: "2020:02:29 23:59:58",
        0x9291: "12",
        0x829A: 0.004,
        0x829D: 1.8,
        0x8827: 64,
        0x9209: 1,
        0x920A: 6.8,
    },
    {
        1: "N",
        2: (46.0, 30.0, 36.0),
        3: "E",
        4: (7.0, 15.0, 0.0),
        6: 12.5,
        7: (1.0, 2.0, 3.0),
        29: "2020:02:29",
    },
)
SMALL: Final = corners(8, 8)
FILES: Final[dict[Format, bytes]] = {
    JPEG: segment(
        with_xmp(segment(saved(SMALL, "JPEG"), BLOCK), PACKET), b"Photoshop 3.0\x00" + DATASETS, 0xED
    ),
    PNG: png(
        8, 8, itxt("XML:com.adobe.xmp", PACKET), itxt("Creation Time", b"Sat, 15 Jun 2024 12:34:56 GMT")
    ),
    WEBP: saved(SMALL, "WEBP", exif=BLOCK, xmp=PACKET),
    GIF: b"GIF89a" + bytes(7) + b"\x21\xff\x0bXMP DataXMP" + PACKET + b"\x01\xff\xfe\xfd;",
    HEIC: heic(SMALL, exif=BLOCK, xmp=PACKET),
}


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """A few bytes of it are others, or it breaks off."""
    places = st.lists(st.tuples(st.integers(0, len(data) - 1), st.binary(min_size=1, max_size=8)), max_size=4)
    return st.builds(_damaged, st.just(data), places, st.integers(0, len(data)) | st.just(len(data)))


def _damaged(data: bytes, places: list[tuple[int, bytes]], end: int) -> bytes:
    for at, other in places:
        data = data[:at] + other + data[at + len(other) :]
    return data[:end]


def believe(told: Metadata) -> Facts:
    """The facts, each of which can be."""
    facts = read_facts(told, 400, 300, now=NOW)
    assert (facts.taken_local is None) == (facts.taken_source == "")
    assert facts.taken_offset is None or -720 <= facts.taken_offset <= 840
    assert facts.rating in (None, 0, 1, 2, 3, 4, 5)
    assert (facts.latitude is None) == (facts.longitude is None)
    assert all(math.isfinite(number) for number in _numbers(facts))
    assert len(facts.caption) <= 2000
    assert max(map(len, (facts.camera_make, facts.camera_model, facts.lens))) <= 100
    (facts.caption + facts.camera_make + facts.camera_model + facts.lens).encode()
    return facts


def _numbers(facts: Facts) -> Iterator[float]:
    yield from (facts.exposure.as_row or {}).values()
    yield from (number for number in (facts.latitude, facts.longitude, facts.altitude) if number is not None)


@given(damaged(PACKET) | st.binary(max_size=300))
def test_any_xmp(packet: bytes) -> None:
    believe(Metadata(xmp=read_xmp(packet)))


NUMBERS: Final = ("GPSLatitude", "GPSLongitude", "GPSAltitude", "ExposureTime", "FNumber", "ISOSpeedRatings")
NAMES: Final = st.sampled_from(
    [*(f"exif:{name}" for name in NUMBERS), "xmp:Rating", "xmp:CreateDate", "dc:title"]
)
WORDS: Final = st.text(max_size=30) | st.from_regex(r"-?\d{1,4}[:/,.-]\d{1,30}[NSEW]?", fullmatch=True)


@given(st.dictionaries(NAMES, WORDS))
def test_any_words_in_xmp(said: dict[str, str]) -> None:
    believe(Metadata(xmp={name: (text,) for name, text in said.items()}))


@given(damaged(DATASETS) | st.binary(max_size=300))
def test_any_iptc(block: bytes) -> None:
    believe(Metadata(iptc=read_iptc(block)))


@given(damaged(BLOCK))
def test_any_exif(block: bytes) -> None:
    believe(Metadata(exif=read_exif(block)))


TAGS: Final = st.sampled_from(
    [0x010E, 0x010F, 0x4746, 0x829A, 0x829D, 0x8827, 0x9003, 0x9201, 0x9202, 0x9209, 0x9C9C]
)
VALUES: Final = st.binary(max_size=40) | st.lists(
    st.integers(-(2**31), 2**32) | st.floats(), min_size=1, max_size=4
).map(tuple)


@given(*[st.dictionaries(tags, VALUES) for tags in (TAGS, TAGS, st.integers(0, 32))])
def test_any_values_of_exif(image: dict[int, bytes], photo: dict[int, bytes], gps: dict[int, bytes]) -> None:
    believe(Metadata(exif=Exif(image, photo, gps)))


@given(
    st.dictionaries(
        st.sampled_from(["Creation Time", "Description", "Title"]),
        st.binary(max_size=60) | st.text(max_size=60).map(str.encode),
    )
)
def test_any_texts_of_a_png(texts: dict[str, bytes]) -> None:
    believe(Metadata(texts=texts))


@given(
    st.sampled_from(sorted(FILES, key=lambda known: known.name)).flatmap(
        lambda known: st.tuples(st.just(known), damaged(FILES[known]))
    )
)
def test_any_damage_to_a_file(case: tuple[Format, bytes]) -> None:
    known, data = case
    believe(read_blocks(data, known, Outline(8, 8, False, len(data), 64)))


@given(st.sampled_from(FORMATS), st.binary(max_size=200))
def test_any_file_at_all(known: Format, data: bytes) -> None:
    believe(read_blocks(data, known, Outline(8, 8, False, len(data), 64)))
