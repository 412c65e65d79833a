from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gallery.imaging.darkroom import develop
from gallery.imaging.errors import REASONS, Refused
from gallery.imaging.inspect import inspect
from gallery.imaging.tests.pictures import (
    corpus,
    deflated_zeros,
    photo,
    png,
    png_chunk,
    png_of_size,
    raw_exif,
    saved,
)

CORPUS = corpus()
CODES = {reason.code for reason in REASONS.values()}
NAMES = st.sampled_from(sorted(CORPUS))
FUZZ = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def taken_or_refused(original: Path, data: bytes, content_type: str, into: Path) -> None:
    """Whatever the bytes, both doors answer with a result or with a `Refused` that says something."""
    original.write_bytes(data)
    told = (
        refused_by(lambda: inspect(original)),
        refused_by(lambda: develop(original, content_type, into)),
    )
    assert all(refused is None or refused.code in CODES for refused in told)
    assert all(refused is None or refused.sentence.endswith(".") for refused in told)


def refused_by(door: Callable[[], object]) -> Refused | None:
    try:
        door()
    except Refused as refused:
        return refused
    return None


@FUZZ
@given(NAMES, st.integers(0, 10_000), st.integers(0, 7))
def test_one_changed_bit_never_breaks_anything(
    original: Path, into: Path, name: str, at: int, bit: int
) -> None:
    content_type, data = CORPUS[name]
    changed = bytearray(data)
    changed[at % len(data)] ^= 1 << bit
    taken_or_refused(original, bytes(changed), content_type, into)


@FUZZ
@given(NAMES, st.integers(0, 10_000), st.integers(0, 40), st.binary(max_size=40))
def test_exchanged_bytes_never_break_anything(
    original: Path, into: Path, name: str, at: int, gone: int, new: bytes
) -> None:
    content_type, data = CORPUS[name]
    at %= len(data)
    taken_or_refused(original, data[:at] + new + data[at + gone :], content_type, into)


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_a_picture_cut_short_is_never_developed(name: str, original: Path, into: Path) -> None:
    content_type, data = CORPUS[name]
    end = data.index(b"\xff\xd9") + 2 if name == "several" else len(data)
    for size in range(0, end, max(1, end // 24)):
        original.write_bytes(data[:size])
        with pytest.raises(Refused):
            develop(original, content_type, into)
    assert list(into.iterdir()) == []


@pytest.mark.parametrize("name", ["rgb", "palette", "rgba", "bits"])
def test_a_changed_pixel_in_a_png_is_found_only_when_it_is_decoded(
    name: str, original: Path, into: Path
) -> None:
    data = bytearray(CORPUS[name][1])
    data[data.index(b"IDAT") + 30] ^= 4
    original.write_bytes(data)
    assert inspect(original).width == 96
    with pytest.raises(Refused, match="undecodable"):
        develop(original, "image/png", into)


def test_a_jpeg_without_its_tables_is_found_only_when_it_is_decoded(original: Path, into: Path) -> None:
    data = saved(photo(96, 64), "JPEG")
    at = data.index(b"\xff\xdb")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    original.write_bytes(data[:at] + data[at + 2 + length :])
    assert inspect(original).width == 96
    with pytest.raises(Refused, match="undecodable") as caught:
        develop(original, "image/jpeg", into)
    assert "Send the original again" in caught.value.sentence


def test_a_png_of_30000_by_30000_never_reaches_the_decoder(original: Path, into: Path) -> None:
    original.write_bytes(png_of_size(30_000, 30_000))
    with pytest.raises(Refused, match="too_many_pixels"):
        develop(original, "image/png", into)


def test_a_text_that_unpacks_to_far_too_much_is_refused(original: Path, into: Path) -> None:
    bomb = png_chunk(b"zTXt", b"Comment\x00\x00" + deflated_zeros(1 << 27))
    original.write_bytes(png(8, 8, bomb))
    assert inspect(original).width == 8
    with pytest.raises(Refused, match=r"undecodable|limits"):
        develop(original, "image/png", into)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_megabyte_of_exif_is_no_trouble(kind: str, original: Path, into: Path) -> None:
    block = raw_exif((0x010F, b"<b>" * 400_000), (0x0110, b"\xff\x00\x01" * 9))
    original.write_bytes(saved(photo(96, 64), kind, exif=block))
    facts = develop(original, f"image/{kind.lower()}", into).facts
    assert facts.camera_make == ("<b>" * 34)[:100]
    assert facts.camera_model == ""


def test_garbage_where_the_extra_pictures_are_listed_harms_nobody(original: Path, into: Path) -> None:
    data = saved(photo(96, 64), "JPEG")
    listed = b"MPF\x00MM\x00*\x00\x00\x00\x08" + b"\xff" * 60
    original.write_bytes(data[:2] + b"\xff\xe2" + struct.pack(">H", len(listed) + 2) + listed + data[2:])
    assert develop(original, "image/jpeg", into).facts.width == 96


@pytest.mark.parametrize(
    "data",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"8BPS\x00\x01" + bytes(20),
        b"\x7fELF",
    ],
    ids=["eps", "svg", "psd", "elf"],
)
def test_no_other_parser_is_entered(data: bytes, original: Path, into: Path) -> None:
    original.write_bytes(data)
    with pytest.raises(Refused, match="unsupported_format"):
        develop(original, "image/jpeg", into)
