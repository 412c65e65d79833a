"""WebP: the RIFF container, its chunks and their frame headers. Source: RFC 9649."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.imaging.errors import Refused, refusal
from gallery.imaging.walks.outline import Data, Outline

# libwebp's animation decoder, which Pillow always uses, has two canvases, its answer and Pillow's copy: 16 bytes
# a pixel. The file itself is held twice. Both together must leave room in the child's memory (limits.py).
DECODER_BYTES = 560_000_000
BYTES_PER_PIXEL = 16
# Animations have three chunks a frame at most.
MAX_CHUNKS = 65_536

_ANIMATED = 0x02


@dataclass
class _Seen:
    size: tuple[int, int] = (0, 0)
    canvas: tuple[int, int] | None = None
    flags: int = 0
    pictures: int = 0


def outline(data: Data) -> Outline:
    """Walk a WebP up to the size its RIFF header tells. Raises Refused: truncated, damaged."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise refusal("truncated")
    seen = _Seen()
    position = 12
    for _ in range(MAX_CHUNKS):
        if end - position < 8:
            return _outline(seen, end)
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        if position + 8 + size > end:
            raise _damaged()
        _look(seen, data[position : position + 4], data[position + 8 : position + 8 + min(size, 16)])
        position += 8 + size + (size & 1)
    raise refusal("pieces")


def sides(head: bytes) -> tuple[int, int] | None:
    """Width and height, which a WebP's first chunk tells. Raises Refused: damaged."""
    seen = _Seen()
    _look(seen, head[12:16], head[20:36])
    return seen.canvas or (seen.size if seen.pictures else None)


def _look(seen: _Seen, name: bytes, head: bytes) -> None:
    if name == b"VP8X":
        _take_canvas(seen, head)
    elif name == b"VP8 ":
        _take_picture(seen, _lossy_size(head))
    elif name == b"VP8L":
        _take_picture(seen, _lossless_size(head))
    elif name == b"ANMF":
        _take_frame(seen, head)


def _take_canvas(seen: _Seen, head: bytes) -> None:
    if seen.canvas is not None or seen.pictures or len(head) < 10:
        raise _damaged()
    seen.flags = head[0]
    seen.canvas = int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1


def _take_picture(seen: _Seen, size: tuple[int, int]) -> None:
    """A still picture fills its canvas; a second one would never be shown."""
    if seen.pictures or 0 in size or (seen.canvas is not None and seen.canvas != size):
        raise _damaged()
    seen.size = size
    seen.pictures = 1


def _take_frame(seen: _Seen, head: bytes) -> None:
    if seen.canvas is None or len(head) < 16:
        raise _damaged()
    left, top, width, height = (int.from_bytes(head[at : at + 3], "little") for at in (0, 3, 6, 9))
    if left * 2 + width + 1 > seen.canvas[0] or top * 2 + height + 1 > seen.canvas[1]:
        raise _damaged()
    seen.size = seen.canvas
    seen.pictures += 1


def _lossy_size(head: bytes) -> tuple[int, int]:
    if len(head) < 10 or head[3:6] != b"\x9d\x01\x2a":
        raise _damaged()
    return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF


def _lossless_size(head: bytes) -> tuple[int, int]:
    if len(head) < 5 or head[0] != 0x2F:
        raise _damaged()
    bits = int.from_bytes(head[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _outline(seen: _Seen, end: int) -> Outline:
    if not seen.pictures:
        raise _damaged()
    width, height = seen.size
    most = max(0, (DECODER_BYTES - 2 * end) // BYTES_PER_PIXEL)
    return Outline(width, height, bool(seen.flags & _ANIMATED) and seen.pictures > 1, end, most)


def _damaged() -> Refused:
    return refusal("damaged", what="WebP")
