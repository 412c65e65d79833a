"""TIFF: its first directory, and where the strips or tiles of its picture lie. Source: TIFF 6.0, 2, 3 and 15."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from gallery.imaging.errors import Refused, refusal
from gallery.imaging.formats import CAMERA_RAW, RARE_TIFF
from gallery.imaging.walks.outline import Data, Outline

# Pillow has four bytes a pixel, and as many again where it turns the picture; libtiff has one piece of the file and
# what comes out of it. All together must leave room in the child's memory (limits.py).
DECODER_BYTES = 560_000_000
BYTES_PER_PIXEL, BYTES_TURNED = 5, 9
MAX_ENTRIES = 1024
MAX_PIECES = 1_048_576

_FIRST, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_STRIPS, _ORIENTATION, _SAMPLES, _ROWS, _STRIP_SIZES = 273, 274, 277, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_SIZES = 322, 323, 324, 325
_DNG = 50706
# None, the fax codes, LZW, JPEG, deflate, PackBits, LZMA, Zstandard.
_COMPRESSIONS = (1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34925, 50000)
_CAMERAS = (32767, 32769, 34713, 34892, 65535)  # Sony's, Epson's, Nikon's, lossy DNG's, Pentax'
_ON_ITS_SIDE = (5, 6, 7, 8)
_COLOUR_FILTER = (32803, 34892)
_CODES = {1: "B", 3: "H", 4: "L"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TOLD = frozenset(
    (
        *(_FIRST, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _ORIENTATION, _SAMPLES, _ROWS),
        *(_STRIP_SIZES, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_SIZES, _DNG),
    )
)

_Tags = Mapping[int, tuple[int, ...]]


def outline(data: Data) -> Outline:
    """Walk the first picture of a TIFF; its size is upright, as Pillow gives it.

    Raises Refused: truncated, damaged, pieces, unsupported_format (a camera's RAW file, or of a rare kind).
    """
    try:
        tags, end = _directory(data)
    except struct.error as error:
        raise refusal("truncated") from error
    _check_kind(tags)
    width, height = _one(tags, _WIDTH), _one(tags, _HEIGHT)
    starts = tags.get(_TILES) or tags.get(_STRIPS) or ()
    if not width * height or not starts:
        raise _damaged()
    sizes = tags.get(_TILE_SIZES) or tags.get(_STRIP_SIZES) or (0,) * len(starts)
    if len(sizes) < len(starts):
        raise _damaged()
    end = max(end, *(start + size for start, size in zip(starts, sizes, strict=False)))
    if end > len(data) or min(starts) >= len(data):
        raise refusal("truncated")
    orientation = _one(tags, _ORIENTATION, 1)
    room = DECODER_BYTES - max(sizes) - _piece(tags, width, height)
    most = max(0, room // (BYTES_PER_PIXEL if orientation == 1 else BYTES_TURNED))
    if orientation in _ON_ITS_SIDE:
        width, height = height, width
    return Outline(width, height, animated=False, end=end, most_pixels=most)


def sides(head: bytes) -> tuple[int, int] | None:
    """Width and height, if the beginning of a TIFF has its directory. Raises Refused: pieces, unsupported_format."""
    try:
        tags, _ = _directory(head)
    except struct.error:
        return None
    _check_kind(tags)
    width, height = _one(tags, _WIDTH), _one(tags, _HEIGHT)
    if _one(tags, _ORIENTATION, 1) in _ON_ITS_SIDE:
        width, height = height, width
    return (width, height) if width and height else None


def _check_kind(tags: _Tags) -> None:
    if _is_raw(tags):
        raise CAMERA_RAW.refused()
    if _one(tags, _COMPRESSION, 1) not in _COMPRESSIONS:
        raise RARE_TIFF.refused()


def _directory(data: Data) -> tuple[_Tags, int]:
    """What is told here of the first directory, and how far into the file it and its values reach."""
    order = "<" if data[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "L", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    if count > MAX_ENTRIES:
        raise refusal("pieces")
    tags, end = dict[int, tuple[int, ...]](), start + 2 + count * 12 + 4
    for at in range(start + 2, start + 2 + count * 12, 12):
        tag, kind, number, there = struct.unpack_from(order + "HHLL", data, at)
        size = _SIZES.get(kind, 0) * number
        end = max(end, there + size if size > 4 else 0)
        if tag in _TOLD and tag not in tags and kind in _CODES and number:
            tags[tag] = struct.unpack_from(
                f"{order}{_few(number)}{_CODES[kind]}", data, there if size > 4 else at + 8
            )
    return tags, end


def _few(number: int) -> int:
    if number > MAX_PIECES:
        raise refusal("pieces")
    return number


def _is_raw(tags: _Tags) -> bool:
    """Cameras begin with a small picture of the photo, or store what their sensor saw."""
    return (
        _DNG in tags
        or bool(_one(tags, _FIRST) & 1)
        or _one(tags, _PHOTOMETRIC) in _COLOUR_FILTER
        or _one(tags, _COMPRESSION, 1) in _CAMERAS
    )


def _piece(tags: _Tags, width: int, height: int) -> int:
    """Bytes of the largest strip or tile when it is decoded."""
    rows = min(_one(tags, _ROWS, height), height)
    wide, high = (_one(tags, _TILE_WIDTH), _one(tags, _TILE_HEIGHT)) if _TILES in tags else (width, rows)
    bits = max(tags.get(_BITS, (1,))) * _one(tags, _SAMPLES, 1)
    return wide * high * bits // 8


def _one(tags: _Tags, tag: int, otherwise: int = 0) -> int:
    return (tags.get(tag) or (otherwise,))[0]


def _damaged() -> Refused:
    return refusal("damaged", what="TIFF")
