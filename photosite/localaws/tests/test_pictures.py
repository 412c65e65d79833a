import struct
import zlib

import pytest
from PIL import Image

from photosite.localaws.pictures import read_picture
from photosite.localaws.refusals import Refusal
from photosite.localaws.tests.conftest import encoded, photo_bytes

pytestmark = pytest.mark.pure


def refused(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_picture(data)
    return caught.value


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has hardly a pixel."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "BMP", "TIFF"])
def test_only_jpeg_and_png_are_taken(kind: str) -> None:
    error = refused(encoded(Image.new("RGB", (200, 200)), kind))
    assert (error.code, error.message) == ("InvalidImageFormatException", "Request has invalid image format")


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_has_no_format(data: bytes) -> None:
    assert refused(data).code == "InvalidImageFormatException"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_jpeg_is_refused(share: float) -> None:
    data = photo_bytes("chelsea.jpg")
    assert refused(data[: int(len(data) * share)]).code == "InvalidImageFormatException"


def test_a_truncated_png_is_refused() -> None:
    data = encoded(Image.effect_noise((200, 200), 80).convert("RGB"), "PNG")
    assert refused(data[: len(data) // 2]).code == "InvalidImageFormatException"


def test_bytes_after_a_pictures_end_do_not_matter() -> None:
    assert read_picture(photo_bytes("chelsea.jpg") + b"trailer" * 100).size == (451, 300)


@pytest.mark.parametrize("size", [(79, 200), (200, 79)])
def test_under_eighty_pixels_a_side_the_parameters_are_invalid(size: tuple[int, int]) -> None:
    assert refused(encoded(Image.new("RGB", size))).code == "InvalidParameterException"


def test_eighty_pixels_are_enough() -> None:
    assert read_picture(encoded(Image.new("RGB", (80, 80)))).size == (80, 80)


def test_over_ten_thousand_pixels_a_side_the_picture_is_too_large() -> None:
    error = refused(png_header(10_001, 100))
    assert error.code == "ImageTooLargeException"
    assert error.message == "Input image dimensions 10001 x 100 exceed maximum dimension size of 10000 pixels"


def test_a_bomb_is_refused_by_its_header() -> None:
    assert refused(png_header(30_000, 30_000)).code == "ImageTooLargeException"


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (2, (1, 0))]
)
def test_the_camera_is_turned_upright(orientation: int, corner: tuple[int, int]) -> None:
    """A bright corner at the stored top left comes to lie where EXIF says."""
    picture = Image.new("RGB", (400, 200))
    picture.paste((255, 255, 255), (0, 0, 60, 60))
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = read_picture(encoded(picture, exif=exif))
    assert upright.size == ((200, 400) if orientation in {6, 8} else (400, 200))
    place = (corner[0] * (upright.width - 20) + 10, corner[1] * (upright.height - 20) + 10)
    assert min(upright.getpixel(place)) > 200  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_is_as_if_there_were_none() -> None:
    data = encoded(Image.new("RGB", (100, 100)), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert read_picture(data).size == (100, 100)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
    ],
)
def test_every_kind_of_pixel_becomes_rgb(mode: str, kind: str) -> None:
    picture = read_picture(encoded(Image.new(mode, (1200, 1000)), kind))
    assert picture.mode == "RGB"
    assert min(picture.size) >= 448


def test_large_pictures_come_out_small() -> None:
    for kind in ("JPEG", "PNG"):
        picture = read_picture(encoded(Image.new("RGB", (4800, 3600), "orange"), kind))
        assert 448 <= min(picture.size) < 1000
        assert picture.width / picture.height == pytest.approx(4 / 3, rel=0.01)
