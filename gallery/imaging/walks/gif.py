"""GIF: from the header over its blocks to the trailer. Source: GIF89a specification, CompuServe 1990."""

from __future__ import annotations

import struct

from gallery.imaging.errors import refusal
from gallery.imaging.walks.outline import Data, Outline

# The first picture is in memory at up to 8 bytes a pixel, as with PNG.
MAX_PIXELS = 64_000_000
# A sub-block holds up to 255 bytes: 200 MiB in full ones are 822,000.
MAX_SUB_BLOCKS = 2_000_000
MAX_BLOCKS = 65_536

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


class _Walk:
    """A place in the data that only moves forward, and what is left of the allowance of pieces."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.position = 0
        self.pieces = MAX_SUB_BLOCKS

    def take(self, size: int) -> bytes:
        taken = self.data[self.position : self.position + size]
        if len(taken) < size:
            raise refusal("truncated")
        self.position += size
        return taken

    def skip_sub_blocks(self) -> None:
        data, position, size = self.data, self.position, len(self.data)
        while position < size and (length := data[position]):
            position += length + 1
            self.pieces -= 1
            if self.pieces < 0:
                raise refusal("pieces")
        if position >= size:
            raise refusal("truncated")
        self.position = position + 1


def outline(data: Data) -> Outline:
    """Walk a GIF. Its size is the screen's, enlarged where the first picture reaches beyond it, as in Pillow.

    Raises Refused: truncated, damaged.
    """
    walk = _Walk(data)
    walk.take(6)
    width, height, flags, _, _ = struct.unpack("<HHBBB", walk.take(7))
    _skip_colours(walk, flags)
    pictures = 0
    for _ in range(MAX_BLOCKS):
        introducer = walk.take(1)[0]
        if introducer == _TRAILER:
            return _outline(width, height, pictures, walk.position)
        if introducer == _IMAGE:
            right, bottom = _picture(walk)
            if not pictures:
                width, height = max(width, right), max(height, bottom)
            pictures += 1
        elif introducer == _EXTENSION:
            walk.take(1)
            walk.skip_sub_blocks()
        elif introducer:  # a zero is a terminator too many, which some programs write
            raise refusal("damaged", what="GIF")
    raise refusal("pieces")


def sides(head: bytes) -> tuple[int, int] | None:
    """Width and height of the screen, which a GIF begins with; None if only its pictures tell."""
    width, height = struct.unpack_from("<HH", head, 6)
    return (width, height) if width and height else None


def _picture(walk: _Walk) -> tuple[int, int]:
    left, top, width, height, flags = struct.unpack("<HHHHB", walk.take(9))
    _skip_colours(walk, flags)
    walk.take(1)  # LZW minimum code size
    walk.skip_sub_blocks()
    return left + width, top + height


def _skip_colours(walk: _Walk, flags: int) -> None:
    if flags & 0x80:
        walk.take(3 << ((flags & 7) + 1))


def _outline(width: int, height: int, pictures: int, end: int) -> Outline:
    if not pictures or not width or not height:
        raise refusal("damaged", what="GIF")
    return Outline(width, height, pictures > 1, end, MAX_PIXELS)
