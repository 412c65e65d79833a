"""Camera RAW files that are built like a TIFF: where the picture lies that the camera put in beside its sensor's.

Source: TIFF 6.0, section 2 and supplement 1 (SubIFDs); Adobe DNG 1.7.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import replace

from gallery.imaging.errors import Refused
from gallery.imaging.formats import ARW, DNG, EMPTY_RAW, NEF, Format
from gallery.imaging.walks import jpeg
from gallery.imaging.walks.outline import Data, Outline

# Less is a picture of a camera's own screen, and says too little of the photo.
LEAST_SIDE = 640
MAX_DIRECTORIES = 32
MAX_ENTRIES = 1024
MAX_PREVIEWS = 8
# Cameras' own have 15 MB at most, and the child has it in memory beside what a progressive one needs.
MAX_BYTES = 32_000_000

_FIRST, _COMPRESSION, _MAKE, _STRIPS, _STRIP_SIZES = 254, 259, 271, 273, 279
_SUB, _JPEG, _JPEG_SIZE, _DNG = 330, 513, 514, 50706
_AS_JPEG = (6, 7)
_MAKES = {b"NIKON": NEF, b"SONY": ARW}
_CODES = {1: "B", 2: "B", 3: "H", 4: "L", 13: "L"}

_Tags = Mapping[int, tuple[int, ...]]


def camera(data: Data) -> Format | None:
    """Whose RAW this TIFF is, by its first directory; None if it is none that is kept."""
    try:
        tags, _ = _directory(data, _order(data), _first(data))
    except struct.error:
        return None
    if _DNG in tags:
        return DNG
    make = bytes(tags.get(_MAKE, ()))
    reduced = tags.get(_FIRST, (0,))[0] & 1
    return next((kept for name, kept in _MAKES.items() if reduced and make.upper().startswith(name)), None)


def outline(data: Data) -> Outline:
    """The largest JPEG in it, with its place. Raises Refused: unsupported_format, if there is none worth showing."""
    places = sorted(set(_previews(data)), key=lambda place: place[1] - place[0], reverse=True)
    found = [seen for place in places[:MAX_PREVIEWS] if (seen := _seen(data, *place))]
    largest = max(found, key=lambda seen: seen.width * seen.height, default=None)
    if largest is None or max(largest.width, largest.height) < LEAST_SIDE:
        raise EMPTY_RAW.refused()
    return largest


def sides(head: bytes) -> None:
    """The pictures stand further on in the file."""


def _seen(data: Data, start: int, end: int) -> Outline | None:
    """What a sensor saw may be stored as JPEG, too, but of a kind that is refused."""
    try:
        seen = jpeg.outline(data[start:end])
    except Refused:
        return None
    return replace(seen, start=start, end=start + seen.end)


def _previews(data: Data) -> Iterator[tuple[int, int]]:
    """Where JPEGs begin and end, as all directories tell that can be read."""
    try:
        order, waiting, known = _order(data), [_first(data)], set[int]()
    except struct.error:
        return
    while waiting and len(known) < MAX_DIRECTORIES:
        at = waiting.pop(0)
        if at in known or not at:
            continue
        known.add(at)
        try:
            tags, following = _directory(data, order, at)
        except struct.error:
            continue
        waiting += [*tags.get(_SUB, ())[:MAX_DIRECTORIES], following]
        whole = tags.get(_COMPRESSION, (0,))[0] in _AS_JPEG and len(tags.get(_STRIPS, ())) == 1
        for place, size in ((_JPEG, _JPEG_SIZE), *(((_STRIPS, _STRIP_SIZES),) if whole else ())):
            start, length = tags.get(place, (0,))[0], tags.get(size, (0,))[0]
            fits = 0 < length <= MAX_BYTES and start + length <= len(data)
            if fits and data[start : start + 3] == b"\xff\xd8\xff":
                yield start, start + length


def _order(data: Data) -> str:
    return "<" if data[:2] == b"II" else ">"


def _first(data: Data) -> int:
    return int(struct.unpack_from(_order(data) + "L", data, 4)[0])


def _directory(data: Data, order: str, start: int) -> tuple[_Tags, int]:
    """Whole numbers and texts of a directory, and where the next one is. Raises struct.error where it is cut itself."""
    (count,) = struct.unpack_from(order + "H", data, start)
    tags = dict[int, tuple[int, ...]]()
    for at in range(start + 2, start + 2 + min(count, MAX_ENTRIES) * 12, 12):
        tag, kind, number = struct.unpack_from(order + "HHL", data, at)
        code = _CODES.get(kind)
        if code and tag not in tags and 0 < number <= MAX_ENTRIES:
            values = f"{order}{number}{code}"
            inside = struct.calcsize(values) <= 4
            there = at + 8 if inside else struct.unpack_from(order + "L", data, at + 8)[0]
            if there + struct.calcsize(values) <= len(data):
                tags[tag] = struct.unpack_from(values, data, there)
    (following,) = struct.unpack_from(order + "L", data, start + 2 + count * 12)
    return tags, following
