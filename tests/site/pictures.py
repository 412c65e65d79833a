"""Photos to send: any number of distinct ones, and the kinds of files that are none."""

import io
import itertools
import struct
import zlib
from pathlib import Path
from typing import Final

from PIL import Image, ImageEnhance

_PHOTOS: Final = Path(__file__).resolve().parents[1] / "photos"
_GPS: Final = 0x8825
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_numbers: Final = itertools.count(1000)


def cat() -> bytes:
    """A cat, as a JPEG of 20 KB."""
    return (_PHOTOS / "chelsea.jpg").read_bytes()


def distinct(number: int) -> bytes:
    """A JPEG that differs from that of every other number: another piece of the cat, in another light."""
    with Image.open(io.BytesIO(cat())) as whole:
        step, corner = divmod(number, 10)
        piece = whole.crop((corner, step % 10, whole.width - 10 + corner, whole.height - 10 + step % 10))
    lit = ImageEnhance.Brightness(piece).enhance(0.8 + 0.01 * (number % 41))
    out = io.BytesIO()
    lit.save(out, "JPEG", quality=88, comment=f"number {number}".encode())
    return out.getvalue()


def fresh() -> bytes:
    """A JPEG that no test has sent yet."""
    return distinct(next(_numbers))


def position(north: float, east: float) -> Image.Exif:
    """Where a picture was taken, as a telephone writes it; in degrees."""
    exif = Image.Exif()
    exif.get_ifd(_GPS).update({
        1: "N" if north >= 0 else "S",
        2: (abs(north), 0.0, 0.0),
        3: "E" if east >= 0 else "W",
        4: (abs(east), 0.0, 0.0),
    })  # fmt: skip
    return exif


def chunk(kind: bytes, body: bytes, *, flaw: bool = False) -> bytes:
    """A chunk of a PNG; with a flaw its checksum is wrong."""
    checksum = zlib.crc32(kind + body) ^ (1 if flaw else 0)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def png(width: int, height: int, pixels: bytes, *, flaw: bool = False) -> bytes:
    """A grey PNG of 8 bits with these compressed pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels, flaw=flaw) + chunk(b"IEND", b"")
    return PNG_SIGNATURE + parts


def enormous_png() -> bytes:
    """30,000 × 30,000 grey pixels in under a megabyte."""
    row = b"\0" * 30_001
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row) for _ in range(30_000)) + packer.flush()
    return png(30_000, 30_000, body)


def png_broken_inside() -> bytes:
    """A PNG whose chunks are all there and whose pixels can't be unpacked: only a decoder finds out."""
    return png(200, 200, b"\x78\x9c" + b"these are no deflated pixels" * 40)


def png_with_a_wrong_sum() -> bytes:
    """A PNG with one wrong checksum: a bit of its pixels changed on the way."""
    return png(200, 200, zlib.compress((b"\0" + bytes(range(200))) * 200), flaw=True)
