"""Pictures that the tests make themselves: real files of every kind, and files that only pretend."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageDraw

PHOTOS = Path(__file__).resolve().parents[3] / "tests" / "photos"
RED, GREEN, BLUE, WHITE = (220, 20, 30), (20, 180, 40), (30, 40, 210), (245, 245, 245)

# EXIF orientation → what a camera held that way has stored; the opposite of what makes it upright.
STORED: Mapping[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def corners(width: int = 640, height: int = 400) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right."""
    image = Image.new("RGB", (width, height), RED)
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), BLUE)
    draw.rectangle((width // 2, height // 2, width, height), WHITE)
    return image


def photo(width: int, height: int, name: str = "coffee.jpg") -> Image.Image:
    with Image.open(PHOTOS / name, formats=["JPEG"]) as image:
        return image.resize((width, height))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def heic(image: Image.Image, **options: Any) -> bytes:
    """What the site itself can only read."""
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, **options)
    return out.getvalue()


def animation(kind: str) -> bytes:
    return saved(
        corners(60, 40), kind, save_all=True, append_images=[photo(60, 40), photo(60, 40, "rocket.jpg")]
    )


def exif(image: dict[int, Any] | None = None, photo: dict[int, Any] | None = None, gps: Any = None) -> bytes:
    """An EXIF block as Pillow writes it: tags of the image, of the Exif and of the GPS directory."""
    block = Image.Exif()
    block.update(image or {})
    block.get_ifd(0x8769).update(photo or {})
    block.get_ifd(0x8825).update(gps or {})
    return block.tobytes()


def camera_raw(
    preview: bytes, *, make: bytes = b"NIKON CORPORATION", orientation: int = 1, dng: bool = False
) -> bytes:
    """As cameras build it: a small picture first, then what the sensor saw (lossless, as here), then the JPEG."""
    thumb, sensor = saved(corners(160, 100), "JPEG"), b"\xff\xd8\xff\xc3" + bytes(5000)
    texts = make.ljust(24, b"\0") + b"2024:06:15 12:34:56\0"
    at = 8
    first = 2 + 12 * (9 + dng) + 4
    sensors, previews, photo = at + first, at + first + 78, at + first + 156
    told = photo + 18
    data = told + len(texts)
    places = [data, data + len(thumb), data + len(thumb) + len(sensor)]
    entries = [
        (254, 4, 1, 1),
        (259, 3, 1, 6),
        (271, 2, 24, told),
        (274, 3, 1, orientation),
        (330, 4, 2, data + len(thumb) + len(sensor) + len(preview)),
        (513, 4, 1, places[0]),
        (514, 4, 1, len(thumb)),
        (34665, 4, 1, photo),
        *([(50706, 1, 4, 0x0401)] if dng else []),
        (65000, 4, 1, 0),
    ]
    raw = b"II*\0" + struct.pack("<L", at) + _ifd(entries)
    for place, size, compression in ((places[1], len(sensor), 7), (places[2], len(preview), 7)):
        kinds = [(254, 4, 1, 0), (259, 3, 1, compression), (262, 3, 1, 6)]
        raw += _ifd([*kinds, (273, 4, 1, place), (277, 3, 1, 3), (279, 4, 1, size)])
    raw += _ifd([(0x9003, 2, 20, told + 24)])
    return raw + texts + thumb + sensor + preview + struct.pack("<LL", sensors, previews)


def _ifd(entries: list[tuple[int, int, int, int]]) -> bytes:
    packed = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + packed + bytes(4)


def raw_exif(*tags: tuple[int, bytes], photo: tuple[tuple[int, bytes], ...] = ()) -> bytes:
    """An EXIF block with texts of any bytes, which Pillow would refuse to write; `photo` goes below 0x8769."""
    first = _directory(8, [(tag, 2, value) for tag, value in tags], pointer=bool(photo))
    second = _directory(8 + len(first), [(tag, 2, value) for tag, value in photo]) if photo else b""
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + first + second


def _directory(offset: int, entries: list[tuple[int, int, bytes]], *, pointer: bool = False) -> bytes:
    count = len(entries) + pointer
    data_at = offset + 2 + 12 * count + 4
    head, data = struct.pack("<H", count), b""
    for tag, kind, value in entries:
        value = value.ljust(5, b"\x00")
        head += struct.pack("<HHLL", tag, kind, len(value), data_at + len(data))
        data += value
    if pointer:
        head += struct.pack("<HHLL", 0x8769, 4, 1, data_at + len(data))
    return head + b"\x00\x00\x00\x00" + data


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))


def png(width: int, height: int, *between: bytes) -> bytes:
    """A black 8-bit grey PNG of any size, whole and right, that was never in memory; `between` are more chunks."""
    pixels = deflated_zeros((width + 1) * height)
    return _png(width, height, pixels, between)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that only claims its size: eight bytes of pixels."""
    return _png(width, height, deflated_zeros(8), ())


def deflated_zeros(size: int) -> bytes:
    packer = zlib.compressobj(1)
    pieces = [packer.compress(bytes(min(1 << 20, size - at))) for at in range(0, size, 1 << 20)]
    return b"".join([*pieces, packer.flush()])


def _png(width: int, height: int, pixels: bytes, between: tuple[bytes, ...]) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0))
    body = b"".join(between) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body


def jpeg_of_size(data: bytes, width: int, height: int) -> bytes:
    """The same JPEG with another size in its header."""
    at = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def swapped_profile() -> bytes:
    """An ICC profile in which the tags of the red and green primaries are exchanged: pure red means green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    named = profile.replace(b"s\x00R\x00G\x00B", b"o\x00t\x00h\x00e")
    return named.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def corpus() -> Mapping[str, tuple[str, bytes]]:
    """Name → content type and bytes: small, sound files of every kind that is kept."""
    small = photo(96, 64)
    makers: Mapping[str, tuple[str, Callable[[], bytes]]] = {
        "baseline": ("image/jpeg", lambda: saved(small, "JPEG", exif=exif({0x010F: "Canon", 0x0112: 6}))),
        "progressive": ("image/jpeg", lambda: saved(small, "JPEG", progressive=True)),
        "restarts": ("image/jpeg", lambda: saved(small, "JPEG", restart_marker_rows=1)),
        "grey": ("image/jpeg", lambda: saved(small.convert("L"), "JPEG")),
        "cmyk": ("image/jpeg", lambda: saved(small.convert("CMYK"), "JPEG")),
        "several": ("image/jpeg", lambda: saved(small, "MPO", save_all=True, append_images=[small])),
        "rgb": ("image/png", lambda: saved(small, "PNG", exif=exif({0x010F: "Canon"}))),
        "rgba": ("image/png", lambda: saved(_see_through(small), "PNG")),
        "palette": ("image/png", lambda: saved(small.quantize(32), "PNG", transparency=1)),
        "bits": ("image/png", lambda: saved(small.convert("1"), "PNG")),
        "moving png": ("image/png", lambda: animation("PNG")),
        "lossy": ("image/webp", lambda: saved(small, "WEBP", exif=exif({0x010F: "Canon"}))),
        "lossless": ("image/webp", lambda: saved(_see_through(small), "WEBP", lossless=True)),
        "moving webp": ("image/webp", lambda: animation("WEBP")),
        "gif": ("image/gif", lambda: saved(small.quantize(32), "GIF")),
        "moving gif": ("image/gif", lambda: animation("GIF")),
        "heic": ("image/heic", lambda: heic(small, exif=exif({0x010F: "Canon"}))),
        "avif": ("image/avif", lambda: saved(small, "AVIF", exif=exif({0x010F: "Canon"}))),
        "moving avif": ("image/avif", lambda: animation("AVIF")),
        "tiff": (
            "image/tiff",
            lambda: saved(small, "TIFF", compression="tiff_lzw", tiffinfo={0x010F: "Canon"}),
        ),
        "plain tiff": ("image/tiff", lambda: saved(small, "TIFF")),
        "grey tiff": ("image/tiff", lambda: saved(small.convert("I;16"), "TIFF")),
    }
    return {name: (content_type, make()) for name, (content_type, make) in makers.items()}


def _see_through(image: Image.Image) -> Image.Image:
    made = image.convert("RGBA")
    made.putalpha(Image.linear_gradient("L").resize(image.size))
    return made
