"""What the chunks of a PNG tell: eXIf, XMP as a text, texts under keywords, and whole blocks that ImageMagick and
ExifTool wrote as texts before there was a chunk for them. Source: W3C PNG, third edition, 11.3.3.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from gallery.imaging.metadata.block import EXIF, IPTC, MAX_BLOCK, XMP, Block
from gallery.imaging.walks import png
from gallery.imaging.walks.outline import Data

CREATED, DESCRIPTION, TITLE = "Creation Time", "Description", "Title"
_KEYWORDS: Final = {
    "XML:com.adobe.xmp": XMP,
    CREATED: CREATED,
    DESCRIPTION: DESCRIPTION,
    TITLE: TITLE,
}
_PROFILES: Final = {
    "Raw profile type exif": EXIF,
    "Raw profile type APP1": EXIF,
    "Raw profile type xmp": XMP,
    "Raw profile type iptc": IPTC,
}
_LONGEST_KEYWORD: Final = 79
_XMP_IN_APP1: Final = b"http://ns.adobe.com/xap/1.0/\x00"


def blocks(data: Data) -> Iterator[Block]:
    """Each keyword is listened to once: thousands of texts could unpack to a megabyte each."""
    heard: set[bytes] = set()
    for chunk in png.chunks(data):
        if chunk.name == b"eXIf":
            yield EXIF, _cut(data, chunk)
        elif chunk.name in (b"tEXt", b"zTXt", b"iTXt"):
            keyword, _, rest = _cut(data, chunk).partition(b"\x00")
            if keyword not in heard:
                yield from _told(chunk.name, keyword.decode("latin-1"), rest)
            heard.add(keyword[:_LONGEST_KEYWORD])


def _cut(data: Data, chunk: png.Chunk) -> bytes:
    return data[chunk.start : min(chunk.end, chunk.start + MAX_BLOCK)]


def _told(name: bytes, said: str, rest: bytes) -> Iterator[Block]:
    if said in _KEYWORDS:
        yield _KEYWORDS[said], _text(name, rest)
    elif said in _PROFILES:
        block = _of_hex(_text(name, rest))
        packed = block.startswith(_XMP_IN_APP1)
        yield (XMP, block.removeprefix(_XMP_IN_APP1)) if packed else (_PROFILES[said], block)


def _text(name: bytes, rest: bytes) -> bytes:
    """In UTF-8, wherever it stood; two of the three may be packed."""
    if name == b"tEXt":
        return rest.decode("latin-1").encode()
    if name == b"zTXt":
        return _unpacked(rest[1:]).decode("latin-1").encode()
    packed, words = rest[:1] == b"\x01", rest[2:].split(b"\x00", 2)
    text = words[-1] if len(words) == 3 else b""  # after its language, and its keyword in that
    return _unpacked(text) if packed else text


def _unpacked(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, MAX_BLOCK)


def _of_hex(text: bytes) -> bytes:
    """An empty line, a name, a length, then lines of hex."""
    return bytes.fromhex("".join(text.decode("ascii").strip().splitlines()[2:]))
