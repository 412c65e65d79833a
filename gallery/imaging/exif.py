"""Just enough of a TIFF reader for EXIF: hostile bytes in, plain values out, nothing raised.

Own code and not Pillow's reader because that one warns, raises a dozen kinds of errors on garbage and
reads everything; this reads three directories and at most MAX_VALUE bytes of each tag. Source: TIFF 6.0,
section 2; CIPA DC-008 (EXIF 3.0), section 4.6.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_ENTRIES = 1024
MAX_VALUE = 4096
EXIF_POINTER = 0x8769
GPS_POINTER = 0x8825

Number = int | float
Value = bytes | tuple[Number, ...]
Tags = Mapping[int, Value]

# TIFF type → struct code. Rationals (5, 10) are pairs and text (2, 7) is bytes.
_CODES = {1: "B", 3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 11: "f", 12: "d"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


@dataclass(frozen=True)
class Exif:
    """The three directories that matter, by tag number. Empty where there are none or they are unreadable."""

    image: Tags = field(default_factory=dict)
    photo: Tags = field(default_factory=dict)
    gps: Tags = field(default_factory=dict)


def read_exif(block: bytes) -> Exif:
    """Read an EXIF block, with or without its "Exif\\0\\0" prefix. Never raises."""
    tiff = block.removeprefix(b"Exif\x00\x00")
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return Exif()
    image = _directory(tiff, order, struct.unpack_from(order + "L", tiff, 4)[0])
    return Exif(image, _pointed(tiff, order, image, EXIF_POINTER), _pointed(tiff, order, image, GPS_POINTER))


def _pointed(tiff: bytes, order: str, image: Tags, tag: int) -> Tags:
    offset = image.get(tag)
    if isinstance(offset, tuple) and offset and isinstance(offset[0], int):
        return _directory(tiff, order, offset[0])
    return {}


def _directory(tiff: bytes, order: str, offset: int) -> Tags:
    if not 8 <= offset <= len(tiff) - 2:
        return {}
    count = min(struct.unpack_from(order + "H", tiff, offset)[0], MAX_ENTRIES, (len(tiff) - offset - 2) // 12)
    tags: dict[int, Value] = {}
    for index in range(count):
        tag, kind, number = struct.unpack_from(order + "HHL", tiff, offset + 2 + index * 12)
        value = _value(tiff, order, kind, number, offset + 2 + index * 12 + 8)
        if value is not None:
            tags.setdefault(tag, value)
    return tags


def _value(tiff: bytes, order: str, kind: int, number: int, at: int) -> Value | None:
    """The value of one entry: in place if it fits in four bytes, else where its offset says."""
    size = _SIZES.get(kind, 0)
    if size == 0 or number == 0:
        return None
    if size * number > 4:
        at = struct.unpack_from(order + "L", tiff, at)[0]
    number = min(number, MAX_VALUE // size)
    raw = tiff[at : at + size * number]
    return _typed(raw, order, kind, number) if len(raw) == size * number else None


def _typed(raw: bytes, order: str, kind: int, number: int) -> Value:
    if kind in (2, 7):
        return raw
    if kind in (5, 10):
        parts = struct.unpack(f"{order}{number * 2}{'L' if kind == 5 else 'l'}", raw)
        return tuple(_ratio(over, under) for over, under in zip(parts[::2], parts[1::2], strict=True))
    return struct.unpack(f"{order}{number}{_CODES[kind]}", raw)


def _ratio(over: int, under: int) -> float:
    return over / under if under else float("nan")
