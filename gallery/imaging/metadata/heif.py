"""EXIF and XMP of HEIF and AVIF: items beside the picture, each with its type. Source: ISO/IEC 23008-12, annex A."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gallery.imaging.metadata.block import EXIF, MAX_BLOCK, XMP, Block
from gallery.imaging.walks.heif import Box, Seen, boxes, extents, number_at
from gallery.imaging.walks.outline import Data

_RDF = b"application/rdf+xml"


def blocks(data: Data) -> Iterator[Block]:
    seen = Seen()
    (meta, *_) = (box for box in boxes(data, seen, 0, len(data), cut=True) if box.kind == b"meta")
    inside = {box.kind: box for box in boxes(data, seen, meta.start + 4, meta.end)}
    own = inside[b"idat"].start if b"idat" in inside else 0
    wanted = _first_of_each(_kinds(data, seen, inside[b"iinf"]))
    pieces: dict[int, bytes] = defaultdict(bytes)
    for item, start, length in extents(data, seen, inside[b"iloc"], own):
        if item in wanted.values() and len(pieces[item]) < MAX_BLOCK:
            pieces[item] += data[start : start + min(length, MAX_BLOCK)]
    for kind, item in wanted.items():
        yield kind, _exif(pieces[item]) if kind == EXIF else pieces[item]


def _kinds(data: Data, seen: Seen, box: Box) -> Iterator[tuple[int, str]]:
    """Items that are metadata."""
    head = box.start + 4 + (4 if data[box.start] else 2)
    for entry in boxes(data, seen, head, box.end):
        wide = 4 if data[entry.start] == 3 else 2
        item, at = number_at(data, entry.start + 4, wide), entry.start + 4 + wide + 2
        kind = data[at : at + 4]
        if kind == b"Exif":
            yield item, EXIF
        elif kind == b"mime" and data[at + 4 : entry.end].split(b"\x00")[1:2] == [_RDF]:
            yield item, XMP


def _first_of_each(kinds: Iterator[tuple[int, str]]) -> dict[str, int]:
    """Thousands of items may point to the same megabyte."""
    first: dict[str, int] = {}
    for item, kind in kinds:
        first.setdefault(kind, item)
    return first


def _exif(item: bytes) -> bytes:
    """It begins with the number of bytes that lie before the TIFF header."""
    return item[4 + int.from_bytes(item[:4], "big") :]
