"""PNG: from the signature over its chunks to IEND. Source: W3C PNG, third edition."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from gallery.imaging.errors import refusal
from gallery.imaging.walks.outline import Data, Outline

# The whole picture is in memory at up to 8 bytes a pixel (RGBA, and once more premultiplied while it
# shrinks): 512 MB of the child's memory (limits.py).
MAX_PIXELS = 64_000_000
# libpng writes chunks of 8 KiB: 200 MiB are 25,600 of them.
MAX_CHUNKS = 65_536

_SIGNATURE_BYTES = 8
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CRC_PIECE = 1 << 20


class Chunk(NamedTuple):
    """start, end: offsets of its content; the four bytes before are its name, the four after its checksum."""

    name: bytes
    start: int
    end: int


def outline(data: Data) -> Outline:
    """Walk a PNG. Only the header's checksum is looked at here. Raises Refused: truncated, damaged."""
    width = height = end = 0
    seen: set[bytes] = set()
    for chunk in chunks(data):
        if not seen:
            width, height = _header(data, chunk)
        if chunk.name == b"acTL" and b"IDAT" not in seen:
            seen.add(b"animated")
        seen.add(chunk.name)
        end = chunk.end + 4
    if b"IDAT" not in seen:
        raise refusal("damaged", what="PNG")
    return Outline(width, height, b"animated" in seen, end, MAX_PIXELS)


def sides(head: bytes) -> tuple[int, int]:
    """Width and height, which a PNG begins with. Raises Refused: damaged."""
    return _header(head, _chunk(head, _SIGNATURE_BYTES))


def chunks(data: Data) -> Iterator[Chunk]:
    """Every chunk up to and with IEND. Raises Refused: truncated, damaged."""
    position = _SIGNATURE_BYTES
    for _ in range(MAX_CHUNKS):
        chunk = _chunk(data, position)
        yield chunk
        if chunk.name == b"IEND":
            return
        position = chunk.end + 4
    raise refusal("pieces")


def check_sums(data: Data) -> None:
    """Check every checksum: a wrong one means changed bytes, which a decoder might show as a changed picture.

    Raises Refused: undecodable.
    """
    for chunk in chunks(data):
        if not _sum_is_right(data, chunk):
            raise refusal("undecodable")


def _chunk(data: Data, position: int) -> Chunk:
    head = data[position : position + 8]
    if len(head) < 8:
        raise refusal("truncated")
    length, name = int.from_bytes(head[:4], "big"), head[4:]
    if length > 0x7FFFFFFF or not name.isalpha():
        raise refusal("damaged", what="PNG")
    if position + 12 + length > len(data):
        raise refusal("truncated")
    return Chunk(name, position + 8, position + 8 + length)


def _header(data: Data, chunk: Chunk) -> tuple[int, int]:
    if chunk.name != b"IHDR" or chunk.end - chunk.start != 13 or not _sum_is_right(data, chunk):
        raise refusal("damaged", what="PNG")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(
        ">LLBBBBB", data[chunk.start : chunk.end]
    )
    fits = depth in _DEPTHS.get(colour, ()) and not compression and not filtering and interlace in (0, 1)
    if not fits or not 0 < width <= 0x7FFFFFFF or not 0 < height <= 0x7FFFFFFF:
        raise refusal("damaged", what="PNG")
    return width, height


def _sum_is_right(data: Data, chunk: Chunk) -> bool:
    crc = 0
    for start in range(chunk.start - 4, chunk.end, _CRC_PIECE):
        crc = zlib.crc32(data[start : min(start + _CRC_PIECE, chunk.end)], crc)
    return crc == int.from_bytes(data[chunk.end : chunk.end + 4], "big")
