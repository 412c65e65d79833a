"""Just enough of a TIFF reader for EXIF: hostile bytes in, plain values out, nothing raised.

Own code and not Pillow's reader because that one warns, raises a dozen kinds of errors on garbage and
reads everything; this reads three directories and at most MAX_VALUE bytes of each tag. Source: TIFF 6.0,
section 2; CIPA DC-008 (EXIF 3.0), section 4.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gallery.imaging.walks.outline import Data

MAX_ENTRIES = 1024
MAX_VALUE = 4096
EXIF_POINTER = 0x8769
GPS_POINTER = 0x8825

Number = int | float
Value = bytes | tuple[Number, ...]
Tags = Mapping[int, Value]

# TIFF type → struct code. Rationals (5, 10) are pairs; text (2, and 129 in UTF-8) and what has no type (7) are bytes.
_CODES = {1: "B", 3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 11: "f", 12: "d", 13: "L"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_BYTES = (2, 7, 129)
_PREFIX = b"Exif\x00\x00"


@dataclass(frozen=True)
class Exif:
    """The three directories that matter, by tag number. Empty where there are none or they are unreadable."""

    image: Tags = field(default_factory=dict)
    photo: Tags = field(default_factory=dict)
    gps: Tags = field(default_factory=dict)


class _Entry(NamedTuple):
    """`at`: where its value lies, which may be beyond the end."""

    tag: int
    kind: int
    number: int
    at: int

    @property
    def size(self) -> int:
        return _SIZES.get(self.kind, 0) * self.number


def read_exif(block: Data) -> Exif:
    """Read an EXIF block, with or without its "Exif\\0\\0" prefix, or a whole TIFF, which is one. Never raises."""
    tiff = block[len(_PREFIX) :] if block[: len(_PREFIX)] == _PREFIX else block
    order, first = _beginning(tiff)
    if not order:
        return Exif()
    image = _directory(tiff, order, first)
    return Exif(image, _pointed(tiff, order, image, EXIF_POINTER), _pointed(tiff, order, image, GPS_POINTER))


def content(tiff: Data, tag: int, most: int) -> bytes:
    """What a tag of the first directory holds, at most so many bytes, whatever they mean; b"" without it."""
    order, first = _beginning(tiff)
    found = (entry for entry in _entries(tiff, order, first) if entry.tag == tag) if order else iter(())
    return next((tiff[entry.at : entry.at + min(entry.size, most)] for entry in found), b"")


def _beginning(tiff: Data) -> tuple[str, int]:
    """The order of bytes, "" if this is no TIFF, and where the first directory is."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4], "")
    if not order or len(tiff) < 8:
        return "", 0
    return order, struct.unpack_from(order + "L", tiff, 4)[0]


def _pointed(tiff: Data, order: str, image: Tags, tag: int) -> Tags:
    offset = image.get(tag)
    if isinstance(offset, tuple) and offset and isinstance(offset[0], int):
        return _directory(tiff, order, offset[0])
    return {}


def _directory(tiff: Data, order: str, offset: int) -> Tags:
    tags: dict[int, Value] = {}
    for entry in _entries(tiff, order, offset):
        value = _value(tiff, order, entry)
        if value is not None:
            tags.setdefault(entry.tag, value)
    return tags


def _entries(tiff: Data, order: str, offset: int) -> Iterator[_Entry]:
    """A value lies in place if it fits in four bytes, else where its offset says."""
    if not 8 <= offset <= len(tiff) - 2:
        return
    count = min(struct.unpack_from(order + "H", tiff, offset)[0], MAX_ENTRIES, (len(tiff) - offset - 2) // 12)
    for at in range(offset + 2, offset + 2 + count * 12, 12):
        tag, kind, number = struct.unpack_from(order + "HHL", tiff, at)
        entry = _Entry(tag, kind, number, at + 8)
        yield entry._replace(at=struct.unpack_from(order + "L", tiff, at + 8)[0]) if entry.size > 4 else entry


def _value(tiff: Data, order: str, entry: _Entry) -> Value | None:
    each = _SIZES.get(entry.kind, 0)
    if not entry.size:
        return None
    number = min(entry.number, MAX_VALUE // each)
    raw = tiff[entry.at : entry.at + each * number]
    return _typed(raw, order, entry.kind, number) if len(raw) == each * number else None


def _typed(raw: bytes, order: str, kind: int, number: int) -> Value:
    if kind in _BYTES:
        return raw
    if kind in (5, 10):
        parts = struct.unpack(f"{order}{number * 2}{'L' if kind == 5 else 'l'}", raw)
        return tuple(_ratio(over, under) for over, under in zip(parts[::2], parts[1::2], strict=True))
    return struct.unpack(f"{order}{number}{_CODES[kind]}", raw)


def _ratio(over: int, under: int) -> float:
    return over / under if under else float("nan")
