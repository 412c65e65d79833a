from __future__ import annotations

import struct
from pathlib import Path

import pytest

from gallery.imaging.errors import Refused
from gallery.imaging.inspect import Inspected, inspect
from gallery.imaging.tests.pictures import (
    PHOTOS,
    animation,
    corners,
    corpus,
    jpeg_of_size,
    photo,
    png,
    png_chunk,
    png_of_size,
    saved,
)

CORPUS = corpus()
MOVING = {"moving png", "moving webp", "moving gif", "moving avif"}


def refused(path: Path, data: bytes) -> Refused:
    path.write_bytes(data)
    with pytest.raises(Refused) as caught:
        inspect(path)
    return caught.value


@pytest.mark.parametrize("name", CORPUS)
def test_every_sound_picture_is_taken(name: str, original: Path) -> None:
    content_type, data = CORPUS[name]
    original.write_bytes(data)
    size = (60, 40) if name in MOVING else (96, 64)
    extension = content_type.removeprefix("image/").replace("jpeg", "jpg").replace("tiff", "tif")
    assert inspect(original) == Inspected(content_type, extension, *size, name in MOVING)


@pytest.mark.parametrize("path", sorted(PHOTOS.glob("*.jpg")), ids=lambda path: path.name)
def test_real_photographs_are_taken(path: Path) -> None:
    assert inspect(path).content_type == "image/jpeg"


@pytest.mark.parametrize("name", CORPUS)
def test_bytes_after_the_end_are_accepted(name: str, original: Path) -> None:
    data = CORPUS[name][1]
    original.write_bytes(data)
    alone = inspect(original)
    original.write_bytes(data + b"PK\x03\x04 and a whole archive \xff\xd8\xff" + bytes(5000))
    assert inspect(original) == alone


@pytest.mark.parametrize("name", CORPUS)
def test_a_picture_cut_short_anywhere_is_refused(name: str, original: Path) -> None:
    data = CORPUS[name][1]
    end = data.index(b"\xff\xd9") + 2 if name == "several" else len(data)
    step = max(1, end // 150)
    for size in (*range(1, end, step), end - 1):
        assert refused(original, data[:size]).code in {"truncated", "unsupported_format", "damaged"}, size


@pytest.mark.parametrize("name", CORPUS)
def test_half_a_picture_is_called_cut_short(name: str, original: Path) -> None:
    data = CORPUS[name][1]
    half = len(data) // (4 if name == "several" else 2)
    told = refused(original, data[:half])
    assert told.code == "truncated"
    assert "send the original again" in told.sentence


def test_a_file_without_bytes_is_empty(original: Path) -> None:
    assert refused(original, b"").code == "empty"


def test_the_end_of_the_preview_in_a_jpeg_is_not_the_end_of_the_jpeg(original: Path) -> None:
    inner = saved(corners(64, 48), "JPEG")
    app = b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner
    whole = saved(photo(96, 64), "JPEG")
    assert refused(original, whole[:2] + app + whole[2 : len(whole) // 2]).code == "truncated"


@pytest.mark.parametrize("side", [30_000, 65_500])
def test_a_jpeg_that_claims_to_be_enormous_is_refused(side: int, original: Path) -> None:
    told = refused(original, jpeg_of_size(saved(corners(), "JPEG"), side, side))
    assert told.code == "too_many_pixels"
    assert str(side) in told.sentence
    assert "200 megapixels" in told.sentence


def test_a_phone_s_200_megapixels_are_taken(original: Path) -> None:
    original.write_bytes(jpeg_of_size(saved(corners(), "JPEG"), 16_320, 12_240))
    assert inspect(original).width == 16_320


def test_a_progressive_jpeg_may_be_as_large_as_its_coefficients_fit_in_memory(original: Path) -> None:
    data = saved(corners(), "JPEG", progressive=True, subsampling="4:4:4")
    assert "80 megapixels" in refused(original, jpeg_of_size(data, 9_000, 9_000)).sentence
    original.write_bytes(jpeg_of_size(data, 8_900, 8_900))
    assert inspect(original).height == 8_900


def test_a_png_of_30000_by_30000_is_refused(original: Path) -> None:
    told = refused(original, png_of_size(30_000, 30_000))
    assert told.code == "too_many_pixels"
    assert "30000 by 30000" in told.sentence


def test_the_caller_may_allow_less(original: Path) -> None:
    original.write_bytes(saved(corners(640, 400), "JPEG"))
    assert inspect(original, max_pixels=256_000).width == 640
    with pytest.raises(Refused, match="too_many_pixels"):
        inspect(original, max_pixels=255_999)


def test_a_gif_whose_picture_is_larger_than_its_screen_counts_as_the_picture(original: Path) -> None:
    data = bytearray(saved(corners(60, 40).quantize(8), "GIF"))
    at = data.index(b"\x2c\x00\x00\x00\x00\x3c\x00\x28\x00")
    data[at + 5 : at + 9] = struct.pack("<HH", 65_535, 65_535)
    assert refused(original, bytes(data)).code == "too_many_pixels"


def test_a_webp_canvas_must_be_its_picture(original: Path) -> None:
    data = bytearray(saved(corners(60, 40), "WEBP", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"))
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (16_382).to_bytes(3, "little") * 2
    assert refused(original, bytes(data)).code == "damaged"


def test_a_webp_animation_of_enormous_frames_is_refused(original: Path) -> None:
    data = bytearray(animation("WEBP"))
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (16_382).to_bytes(3, "little") * 2
    assert refused(original, bytes(data)).code == "too_many_pixels"


def test_a_million_chunks_are_too_many_pieces(original: Path) -> None:
    crumbs = png_chunk(b"tEXt", b"") * 100_000
    assert "pieces" in refused(original, png(8, 8, crumbs)).sentence


def test_a_million_segments_are_too_many_pieces(original: Path) -> None:
    data = saved(corners(), "JPEG")
    assert "pieces" in refused(original, data[:2] + b"\xff\xfe\x00\x02" * 1_000_000 + data[2:]).sentence


def test_a_thousand_scans_are_too_many_pieces(original: Path) -> None:
    data = saved(photo(96, 64), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert "pieces" in refused(original, data[:last] + data[last:-2] * 1000 + b"\xff\xd9").sentence


@pytest.mark.parametrize("crumb", [b"\x21\xfe\x00", b"\x00"])
def test_a_million_gif_blocks_are_too_many_pieces(crumb: bytes, original: Path) -> None:
    data = saved(corners(60, 40).quantize(8), "GIF")
    assert "pieces" in refused(original, data[:-1] + crumb * 1_000_000 + b";").sentence


def test_a_gif_of_crumbs_of_one_byte_is_too_many_pieces(original: Path) -> None:
    data = saved(corners(60, 40).quantize(8), "GIF")
    assert "pieces" in refused(original, data[:-1] + b"\x21\xfe" + b"\x01x" * 2_100_000 + b"\x00;").sentence


def test_a_million_webp_chunks_are_too_many_pieces(original: Path) -> None:
    body = saved(corners(), "WEBP")[8:] + b"JUNK\x00\x00\x00\x00" * 100_000
    assert "pieces" in refused(original, b"RIFF" + struct.pack("<L", len(body)) + body).sentence


def test_a_png_header_with_a_wrong_checksum_is_damaged(original: Path) -> None:
    data = bytearray(png(8, 8))
    data[18] ^= 1
    assert refused(original, bytes(data)).code == "damaged"


@pytest.mark.parametrize(
    "header", [(0, 8, 8, 2), (8, 0, 8, 2), (8, 8, 3, 2), (8, 8, 8, 5), (2**31, 8, 8, 2)], ids=str
)
def test_a_png_header_that_makes_no_sense_is_damaged(
    header: tuple[int, int, int, int], original: Path
) -> None:
    chunk = png_chunk(b"IHDR", struct.pack(">LLBBBBB", *header, 0, 0, 0))
    assert refused(original, b"\x89PNG\r\n\x1a\n" + chunk + png(8, 8)[33:]).code == "damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xfe\x00\x01\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IEND", b""),
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 64,
        png(8, 8)[:33] + png_chunk(b"IEND", b""),
        b"GIF89a\x08\x00\x08\x00\x00\x00\x00;",
        b"GIF89a\x08\x00\x08\x00\x00\x00\x00\x99;",
        b"RIFF\x04\x00\x00\x00WEBP",
        b"RIFF\x1c\x00\x00\x00WEBPVP8 \xff\xff\x00\x00" + bytes(16),
        b"RIFF\x1c\x00\x00\x00WEBPVP8 \x10\x00\x00\x00" + bytes(16),
        b"RIFF\x1c\x00\x00\x00WEBPANMF\x10\x00\x00\x00" + bytes(16),
    ],
    ids=range(12),
)
def test_a_signature_alone_makes_no_picture(data: bytes, original: Path) -> None:
    assert refused(original, data).code == "damaged"


@pytest.mark.parametrize(("marker", "bits"), [(0xC3, 8), (0xC5, 8), (0xC1, 12)])
def test_a_jpeg_of_a_rare_kind_is_refused_by_that_name(marker: int, bits: int, original: Path) -> None:
    data = bytearray(saved(corners(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, bits
    told = refused(original, bytes(data))
    assert told.code == "unsupported_format"
    assert "rare kind" in told.sentence


def test_a_jpeg_has_one_frame(original: Path) -> None:
    data = saved(corners(), "JPEG")
    at = data.index(b"\xff\xc0")
    assert refused(original, data[: at + 19] + data[at:]).code == "damaged"
