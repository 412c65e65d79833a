"""Where JPEG, WebP, GIF and TIFF keep their blocks: each with its kind; of two of a kind the first counts.

Only ever asked of a file that its walk went through to the end; readers raise on what is broken all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gallery.imaging.metadata import exif
from gallery.imaging.metadata.block import EXIF, IPTC, MAX_BLOCK, XMP, Block
from gallery.imaging.walks.outline import Data

_EXIF_SEGMENT: Final = b"Exif\x00\x00"
# What does not fit into one segment of 64 KiB goes on in others (adobe.com/xmp/extension): depth maps and histories,
# nothing of what is asked for here.
_XMP_SEGMENT: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_PHOTOSHOP_SEGMENT: Final = b"Photoshop 3.0\x00"
_SEGMENTS: Final = (
    (0xE1, _EXIF_SEGMENT, EXIF),
    (0xE1, _XMP_SEGMENT, XMP),
    (0xED, _PHOTOSHOP_SEGMENT, IPTC),
)
_MARKER: Final = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
_SOS, _EOI = 0xDA, 0xD9
_RIFF: Final = {b"EXIF": EXIF, b"XMP ": XMP}
_MAX_CHUNKS: Final = 65_536
# Its content is no sub-blocks: bytes that lead every reader of those to the end follow it. Source: ISO 16684-3, 2.1.2.
_GIF_XMP, _GIF_END = b"\x21\xff\x0bXMP DataXMP", b"\x01\xff\xfe\xfd"
_TIFF_XMP, _TIFF_IPTC = 700, 33723


def jpeg(data: Data) -> Iterator[Block]:
    """From its segments, up to the picture itself."""
    position = 2
    while found := _MARKER.search(data, position):
        marker, body = found[1][0], found.end()
        if marker in (_SOS, _EOI):
            return
        position = body + max(2, int.from_bytes(data[body : body + 2], "big"))
        segment = data[body + 2 : position] if marker in (0xE1, 0xED) else b""
        for code, name, kind in _SEGMENTS:
            if marker == code and segment.startswith(name):
                yield kind, segment.removeprefix(name)


def webp(data: Data) -> Iterator[Block]:
    position = 12
    for _ in range(_MAX_CHUNKS):
        head = data[position : position + 8]
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "little")
        if kind := _RIFF.get(head[:4]):
            yield kind, data[position + 8 : position + 8 + min(size, MAX_BLOCK)]
        position += 8 + size + (size & 1)


def gif(data: Data) -> Iterator[Block]:
    start = data.find(_GIF_XMP) + len(_GIF_XMP)
    if start >= len(_GIF_XMP):
        end = data.find(_GIF_END, start, start + MAX_BLOCK)
        yield XMP, data[start : end if end > 0 else start + MAX_BLOCK]


def tiff(data: Data) -> Iterator[Block]:
    """Its EXIF is the file itself (see `file`); programs before 2005 wrote IPTC as numbers, whose bytes they are."""
    yield XMP, exif.content(data, _TIFF_XMP, MAX_BLOCK)
    yield IPTC, exif.content(data, _TIFF_IPTC, MAX_BLOCK)
