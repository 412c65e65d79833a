"""Bytes in, an upright picture out, refused as Rekognition refuses them.

Limits are those of "Guidelines and quotas in Amazon Rekognition": JPEG and PNG only, 80 to 10,000 px a side.
The header is judged before anything is decoded. That more than 10,000 px is an ImageTooLargeException with
its two sizes named, and fewer than 80 an InvalidParameterException, is what users of the service report.
"""

import io
import struct
import threading
import zlib
from typing import Final

import numpy as np
from PIL import Image

from photosite.localaws.refusals import invalid_format, invalid_parameters, too_large

SHORTEST: Final = 80
LONGEST: Final = 10_000
WORKING_SIDE: Final = 448
"""The shorter side of what is looked at for labels and faces; more than the networks take, so that scaling stays
clean.
"""

BIG_PIXELS: Final = 16_000_000
UNREADABLE: Final = (
    OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, AttributeError, OverflowError,
    MemoryError, NotImplementedError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow raises on damaged files, by its plugins' sources."""

ORIENTATION_TAG: Final = 0x0112
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_one_big_at_a_time = threading.Lock()


def read_picture(data: bytes, side: int = WORKING_SIDE) -> Image.Image:
    """An upright RGB copy of a JPEG or PNG, its shorter side `side` pixels or more, but less than twice that.

    Raises a Refusal: InvalidImageFormatException, InvalidParameterException or ImageTooLargeException.
    """
    picture = _opened(data)
    _check_size(*picture.size)
    picture.draft(None, (side, side))
    if picture.width * picture.height <= BIG_PIXELS:
        return _decoded(picture, side)
    # A PNG cannot be decoded at a smaller scale: 100 megapixels are 400 MB. One of those at a time is enough.
    with _one_big_at_a_time:
        return _decoded(picture, side)


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    except Image.DecompressionBombError as bomb:
        raise too_large() from bomb
    except UNREADABLE as error:
        raise invalid_format() from error


def _check_size(width: int, height: int) -> None:
    if max(width, height) > LONGEST:
        raise too_large(
            f"Input image dimensions {width} x {height} exceed maximum dimension size of {LONGEST} pixels"
        )
    if min(width, height) < SHORTEST:
        raise invalid_parameters()


def _decoded(picture: Image.Image, side: int) -> Image.Image:
    try:
        picture.load()
        turn = _turn(picture)
        small = _reduced(picture, side)
    except UNREADABLE as error:
        raise invalid_format() from error
    return small if turn is None else small.transpose(turn)


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """What makes the picture upright; EXIF that cannot be read is as if there were none."""
    try:
        return TURNS.get(picture.getexif().get(ORIENTATION_TAG, 1))
    except UNREADABLE:
        return None


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    """Fewer pixels first, then RGB: the other way round a big PNG would be held twice."""
    plain = _plain(picture)
    factor = min(plain.size) // side
    return (plain.reduce(factor) if factor > 1 else plain).convert("RGB")


def _plain(picture: Image.Image) -> Image.Image:
    """Eight bits a channel and no palette, which is what can be scaled."""
    if picture.mode.startswith("I"):
        return Image.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))
    if picture.mode in {"L", "RGB", "RGBA", "CMYK"}:
        return picture
    return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
