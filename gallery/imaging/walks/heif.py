"""HEIF and AVIF: the boxes of the container, where the picture's bytes lie, and its size. Source: ISO/IEC 23008-12."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gallery.imaging.errors import refusal
from gallery.imaging.walks.outline import Data, Outline

# The file is held whole. libheif's planes, turned, its RGB and Pillow's copy were seen to take 8.4 bytes of address
# space a pixel, libavif's 10, and 20 where there are more than eight bits (32 megapixels of a Sony's HIF; 16 of them
# resident). All together must leave room in the child's memory (limits.py).
DECODER_BYTES = 670_000_000
BYTES_PER_PIXEL, BYTES_OF_DEEP = 12, 20
# A photograph of 200 megapixels has some 800 tiles, each an item of which four places tell.
MAX_STEPS = 65_536

_TOP = (b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"idat", b"uuid", b"mpvd", b"styp")
_SEQUENCES = (b"hevc", b"hevx", b"msf1", b"avis")


# Where decoders are told that there are more than eight bits. Source: ISO/IEC 14496-15, 8.3.2.1; AV1 in ISOBMFF, 2.3.3.
_DEPTHS = {b"hvcC": (17, 0x07), b"av1C": (2, 0x40)}


@dataclass
class Seen:
    """Where properties are; the numbers, from 1 on, of those that each item has; how far into the file items reach."""

    steps: int = 0
    primary: int = 0
    properties: list[tuple[bytes, int, int]] = field(default_factory=list)
    owned: dict[int, list[int]] = field(default_factory=dict)
    reach: int = 0

    def step(self, count: int = 1) -> range:
        """So many steps more, which together must not be more than any photograph needs."""
        self.steps += count
        if self.steps > MAX_STEPS:
            raise refusal("pieces")
        return range(count)


@dataclass(frozen=True)
class Box:
    """`start`, `end`: of what is in it, without its head."""

    kind: bytes
    start: int
    end: int


def heif(data: Data) -> Outline:
    """Walk a HEIF; its size is of the picture as libheif gives it, turned. Raises Refused: truncated, damaged."""
    return _outline(data, "HEIC", turned=True)


def avif(data: Data) -> Outline:
    """Walk an AVIF; its size is of the picture as it is stored. Raises Refused: truncated, damaged."""
    return _outline(data, "AVIF", turned=False)


def sides(head: bytes) -> tuple[int, int] | None:
    """Width and height, if the beginning of a HEIF or AVIF has the box that tells; of an AVIF as it is stored."""
    seen, turned = Seen(), True
    try:
        for box in boxes(head, seen, 0, len(head), cut=True):
            if box.kind == b"ftyp":
                turned = head[box.start : box.start + 4] not in (b"avif", b"avis")
            elif box.kind == b"meta" and box.end <= len(head):
                _look_into(head, box, seen)
                width, height = _size(head, seen, turned=turned)
                return (width, height) if width and height else None
    except (struct.error, IndexError, KeyError) as error:
        raise refusal("damaged", what="HEIF") from error
    return None


def _outline(data: Data, what: str, *, turned: bool) -> Outline:
    try:
        seen, end, moving = _walk(data)
        width, height = _size(data, seen, turned=turned)
    except (struct.error, IndexError, KeyError) as error:
        raise refusal("damaged", what=what) from error
    if seen.reach > len(data):
        raise refusal("truncated")
    if not width * height:
        raise refusal("damaged", what=what)
    end = max(end, seen.reach)
    each = BYTES_OF_DEEP if _is_deep(data, seen) else BYTES_PER_PIXEL
    return Outline(width, height, moving, end, max(0, (DECODER_BYTES - end) // each))


def _walk(data: Data) -> tuple[Seen, int, bool]:
    """What was seen, the end of the last box, and whether the file says that it is a sequence."""
    seen, end, brand = Seen(), 0, b""
    for box in boxes(data, seen, 0, len(data), cut=True):
        if box.kind not in _TOP:
            break
        if box.end > len(data):
            raise refusal("truncated")
        if box.kind == b"ftyp":
            brand = data[box.start : box.start + 4]
        elif box.kind == b"meta" and not seen.properties:
            _look_into(data, box, seen)
        end = box.end
    return seen, end, brand in _SEQUENCES


def boxes(data: Data, seen: Seen, at: int, end: int, *, cut: bool = False) -> Iterator[Box]:
    """The boxes that lie between two offsets. `cut`: the last one may say that it goes on beyond."""
    while end - at >= 8:
        seen.step()
        size, kind = struct.unpack_from(">L4s", data, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start)
            start += 8
        stop = end if size == 0 else at + size
        if stop < start or (stop > end and not cut):
            raise IndexError
        yield Box(kind, start, stop)
        at = stop


def _look_into(data: Data, meta: Box, seen: Seen) -> None:
    """Of a picture without an item of its own (a sequence alone) nothing is seen."""
    inside = {box.kind: box for box in boxes(data, seen, meta.start + 4, meta.end)}
    if b"pitm" not in inside or b"iprp" not in inside:
        return
    seen.primary = number_at(data, inside[b"pitm"].start + 4, 4 if data[inside[b"pitm"].start] else 2)
    own = inside[b"idat"].start if b"idat" in inside else 0
    seen.reach = max(meta.end, _reach(data, seen, inside[b"iloc"], own))
    for box in boxes(data, seen, inside[b"iprp"].start, inside[b"iprp"].end):
        if box.kind == b"ipco":
            seen.properties = [
                (one.kind, one.start, one.end) for one in boxes(data, seen, box.start, box.end)
            ]
        elif box.kind == b"ipma":
            seen.owned |= _owned(data, seen, box)


def number_at(data: Data, at: int, size: int) -> int:
    if at + size > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + size], "big")


def _reach(data: Data, seen: Seen, box: Box, own: int) -> int:
    """How far into the file its items reach."""
    return max((start + length for _, start, length in extents(data, seen, box, own)), default=0)


def extents(data: Data, seen: Seen, box: Box, own: int) -> Iterator[tuple[int, int, int]]:
    """Item, offset and length of each piece that lies in the file, from the box that tells (iloc).

    `own`: where the data begins that lies in the meta box itself.
    """
    version, at = data[box.start], box.start + 4
    sizes = (data[at] >> 4, data[at] & 15, data[at + 1] >> 4, data[at + 1] & 15 if version else 0)
    offset_size, length_size, base_size, index_size = sizes
    if any(size not in (0, 4, 8) for size in sizes):
        raise IndexError
    wide = 4 if version == 2 else 2
    count, at = number_at(data, at + 2, wide), at + 2 + wide
    for _ in seen.step(count):
        item, at = number_at(data, at, wide), at + wide
        method = number_at(data, at, 2) & 15 if version else 0
        at += (2 if version else 0) + 2  # the construction, and which file
        base, pieces = number_at(data, at, base_size), number_at(data, at + base_size, 2)
        at += base_size + 2
        for _ in seen.step(pieces):
            offset = number_at(data, at + index_size, offset_size)
            length = number_at(data, at + index_size + offset_size, length_size)
            at += index_size + offset_size + length_size
            if method < 2:
                yield item, base + offset + (own if method == 1 else 0), length


def _owned(data: Data, seen: Seen, box: Box) -> dict[int, list[int]]:
    """The numbers of its properties by item."""
    version, wide = data[box.start], 2 if data[box.start + 3] & 1 else 1
    count, at, owned = number_at(data, box.start + 4, 4), box.start + 8, dict[int, list[int]]()
    for _ in seen.step(count):
        item = number_at(data, at, 4 if version else 2)
        at += 4 if version else 2
        numbers = [number_at(data, at + 1 + place * wide, wide) for place in seen.step(data[at])]
        owned[item] = [number & (0x7FFF if wide == 2 else 0x7F) for number in numbers]
        at += 1 + len(numbers) * wide
    return owned


def _is_deep(data: Data, seen: Seen) -> bool:
    """Whether any picture in it says that it has more than eight bits a colour."""
    for kind, start, end in seen.properties:
        at, mask = _DEPTHS.get(kind, (0, 0))
        if mask and end > start + at and data[start + at] & mask:
            return True
    return False


def _size(data: Data, seen: Seen, *, turned: bool) -> tuple[int, int]:
    """Of the primary item: told by its own properties."""
    own = [seen.properties[number - 1] for number in seen.owned[seen.primary] if number]
    starts = {kind: start for kind, start, _ in own}
    width, height = (number_at(data, starts[b"ispe"] + at, 4) for at in (4, 8))
    on_its_side = turned and b"irot" in starts and data[starts[b"irot"]] & 1
    return (height, width) if on_its_side else (width, height)
