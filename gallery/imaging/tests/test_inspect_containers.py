"""HEIC, AVIF and TIFF keep their pictures in boxes and directories that say where things lie; some of them lie."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from gallery.imaging.errors import Refused
from gallery.imaging.inspect import inspect
from gallery.imaging.tests.pictures import corners, heic, photo, saved

_ISPE = b"ispe" + bytes(4)


def refused(path: Path, data: bytes) -> Refused:
    path.write_bytes(data)
    with pytest.raises(Refused) as caught:
        inspect(path)
    return caught.value


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">L", 8 + len(body)) + kind + body


def claiming(data: bytes, width: int, height: int) -> bytes:
    """The same file, which says that its picture is of this size."""
    at = data.index(_ISPE) + len(_ISPE)
    return data[:at] + struct.pack(">LL", width, height) + data[at + 8 :]


def pictured(*meta: bytes) -> bytes:
    """A container with these boxes in it, beside the picture that it says it has."""
    pitm = box(b"pitm", bytes(4), struct.pack(">H", 1))
    iprp = box(b"iprp", box(b"ipco", box(b"ispe", bytes(4), struct.pack(">LL", 8, 8))), *meta[1:])
    return box(b"ftyp", b"heic", bytes(4)) + box(b"meta", bytes(4), pitm, meta[0], iprp)


def tiff(*entries: tuple[int, int, int]) -> bytes:
    """Tag, type, value; each a single number."""
    told = b"".join(struct.pack("<HHLL", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(entries)) + told + bytes(4) + bytes(64)


PLAIN = ((256, 4, 8), (257, 4, 8), (273, 4, 8), (279, 4, 64))


@pytest.mark.parametrize("make", [heic, lambda image: saved(image, "AVIF")], ids=["HEIC", "AVIF"])
def test_a_picture_too_large_to_decode_is_refused_by_what_it_says(
    make: Callable[..., bytes], original: Path
) -> None:
    data = make(corners(96, 64))
    assert "20000 by 20000" in refused(original, claiming(data, 20_000, 20_000)).sentence
    assert refused(original, claiming(data, 0, 64)).code == "damaged"


def test_what_has_more_than_eight_bits_may_have_fewer_pixels(original: Path) -> None:
    data = heic(corners(96, 64))
    at = data.index(b"hvcC") + 4 + 17
    original.write_bytes(claiming(data, 8064, 6048))
    assert inspect(original).width == 8064
    deep = data[:at] + bytes([data[at] | 2]) + data[at + 1 :]
    assert refused(original, claiming(deep, 8064, 6048)).code == "too_many_pixels"


def test_items_that_take_no_room_are_too_many_pieces(original: Path) -> None:
    none = box(b"iloc", bytes(4), bytes(2), struct.pack(">H", 50), struct.pack(">HHH", 1, 0, 65_535) * 50)
    assert "pieces" in refused(original, pictured(none)).sentence


def test_properties_of_thousands_of_items_are_too_many_pieces(original: Path) -> None:
    none = box(b"iloc", bytes(4), bytes(2), bytes(2))
    many = struct.pack(">HB", 1, 255) + bytes(255)
    ipma = box(b"ipma", bytes(4), struct.pack(">L", 400), many * 400)
    assert "pieces" in refused(original, pictured(none, ipma)).sentence


def test_a_sequence_without_a_picture_of_its_own_is_refused(original: Path) -> None:
    assert refused(original, box(b"ftyp", b"hevc", bytes(4)) + box(b"moov", bytes(64))).code == "damaged"


def test_a_plain_tiff_is_taken(original: Path) -> None:
    original.write_bytes(tiff(*PLAIN))
    assert (inspect(original).width, inspect(original).extension) == (8, "tif")


@pytest.mark.parametrize(
    "camera", [(50706, 4, 1), (254, 4, 1), (262, 3, 32803), (259, 3, 34713), (259, 3, 32767)]
)
def test_a_cameras_raw_file_is_named_as_one(camera: tuple[int, int, int], original: Path) -> None:
    told = refused(original, tiff(camera, *PLAIN))
    assert told.code == "unsupported_format"
    assert "RAW" in told.sentence


def test_a_tiff_that_hardly_anything_reads_is_named_so(original: Path) -> None:
    assert "hardly any program" in refused(original, tiff((259, 3, 34712), *PLAIN)).sentence


def test_a_million_strips_are_too_many_pieces(original: Path) -> None:
    directory = struct.pack("<H", 1) + struct.pack("<HHLL", 273, 4, 2_000_000, 8)
    assert "pieces" in refused(original, b"II*\x00\x08\x00\x00\x00" + directory + bytes(64)).sentence


def test_one_enormous_strip_leaves_less_room_for_pixels(original: Path) -> None:
    small = saved(photo(96, 64), "TIFF", compression="tiff_lzw")
    original.write_bytes(small)
    assert inspect(original).width == 96
    large = tiff((256, 4, 16_000), (257, 4, 8_000), (258, 3, 16), (259, 3, 5), (277, 3, 3), *PLAIN[2:])
    assert refused(original, large).code == "too_many_pixels"
