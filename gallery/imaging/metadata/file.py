"""All that stands in a file beside its picture."""

from __future__ import annotations

import contextlib
import mmap
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gallery.imaging.errors import Refused
from gallery.imaging.formats import AVIF, GIF, HEIC, JPEG, PNG, RAWS, TIFF, WEBP, Format
from gallery.imaging.metadata import containers, heif, png
from gallery.imaging.metadata.block import EXIF, IPTC, XMP, Block
from gallery.imaging.metadata.exif import Exif, read_exif
from gallery.imaging.metadata.iptc import Iptc, read_iptc
from gallery.imaging.metadata.kind import Kind, kind_of
from gallery.imaging.metadata.xmp import Xmp, read_xmp
from gallery.imaging.walks.outline import Data, Outline

_READERS: Final[Mapping[Format, Callable[[Data], Iterator[Block]]]] = {
    JPEG: containers.jpeg,
    PNG: png.blocks,
    WEBP: containers.webp,
    GIF: containers.gif,
    HEIC: heif.blocks,
    AVIF: heif.blocks,
    **dict.fromkeys((TIFF, *RAWS), containers.tiff),
}
_BROKEN: Final = (Refused, ValueError, LookupError, struct.error, zlib.error)


@dataclass(frozen=True)
class Metadata:
    """What each block tells, empty where there is none. texts: a PNG's own, in UTF-8, by their keywords."""

    exif: Exif = field(default_factory=Exif)
    xmp: Xmp = field(default_factory=dict)
    iptc: Iptc = field(default_factory=dict)
    texts: Mapping[str, bytes] = field(default_factory=dict)
    kind: Kind = "still"


def read_metadata(path: Path, known: Format, outline: Outline) -> Metadata:
    """Of a file that `inspect` let in. Raises only OSError, if it can't be read."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return read_blocks(data, known, outline)


def read_blocks(data: Data, known: Format, outline: Outline) -> Metadata:
    """Of the bytes of a file. Never raises."""
    found = _first_of_each(_READERS[known](data))
    xmp = read_xmp(found.pop(XMP, b""))
    return Metadata(
        exif=read_exif(data if known in (TIFF, *RAWS) else found.pop(EXIF, b"")),
        xmp=xmp,
        iptc=read_iptc(found.pop(IPTC, b"")),
        texts=found,
        kind=kind_of(data, outline, xmp),
    )


def _first_of_each(blocks: Iterator[Block]) -> dict[str, bytes]:
    """Up to where the file is broken."""
    found: dict[str, bytes] = {}
    with contextlib.suppress(*_BROKEN):
        for kind, content in blocks:
            found.setdefault(kind, content)
    return found
