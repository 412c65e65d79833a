"""Whether a file is a picture that Photosite keeps: cheap enough for a web request, and without a decoder."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gallery.imaging.errors import Refused, refusal
from gallery.imaging.formats import (
    AVIF,
    GIF,
    HEAD_BYTES,
    HEIC,
    JPEG,
    PNG,
    RAWS,
    TIFF,
    WEBP,
    Foreign,
    Format,
    sniff,
)
from gallery.imaging.walks import gif, heif, jpeg, png, raw, tiff, webp
from gallery.imaging.walks.outline import Data, Outline

# No format takes more; each has its own, lower or equal bound from what its decoder needs (walks/).
MAX_PIXELS = jpeg.MAX_PIXELS

_WALKS: Mapping[Format, Callable[[Data], Outline]] = {
    JPEG: jpeg.outline,
    PNG: png.outline,
    WEBP: webp.outline,
    GIF: gif.outline,
    HEIC: heif.heif,
    AVIF: heif.avif,
    TIFF: tiff.outline,
    **dict.fromkeys(RAWS, raw.outline),
}
_SIDES: Mapping[Format, Callable[[bytes], tuple[int, int] | None]] = {
    JPEG: jpeg.sides,
    PNG: png.sides,
    WEBP: webp.sides,
    GIF: gif.sides,
    HEIC: heif.sides,
    AVIF: heif.sides,
    TIFF: tiff.sides,
    **dict.fromkeys(RAWS, raw.sides),
}


@dataclass(frozen=True)
class Glimpsed:
    """`sides`: width and height in pixels as stored, not yet upright; None if they stand further on in the file."""

    content_type: str
    sides: tuple[int, int] | None


@dataclass(frozen=True)
class Inspected:
    """What a picture is. extension: without dot; width, height: pixels as stored, not yet upright."""

    content_type: str
    extension: str
    width: int
    height: int
    animated: bool


def inspect(path: Path, *, max_pixels: int = MAX_PIXELS) -> Inspected:
    """Check signature, header and pixel cap and walk to the picture's end; bytes after the end are accepted.

    Raises Refused: empty, unsupported_format, truncated, damaged, too_many_pixels; OSError if it can't be read.
    """
    known, seen = survey(path, max_pixels=max_pixels)
    return Inspected(known.content_type, known.extension, seen.width, seen.height, seen.animated)


def glimpse(head: bytes, size: int) -> Glimpsed:
    """What the beginning of a file of `size` bytes tells; a file that is no longer than `head` is walked whole.

    Raises Refused as `inspect` does, for what no bytes behind these could mend.
    """
    if not head:
        raise refusal("empty")
    known = _known(head, head)
    if size <= len(head):
        seen = _WALKS[known](head)
        _check_pixels(seen, MAX_PIXELS)
        return Glimpsed(known.content_type, (seen.width, seen.height))
    sides = _SIDES[known](head)
    if sides and sides[0] * sides[1] > MAX_PIXELS:
        raise _too_many(*sides, MAX_PIXELS)
    return Glimpsed(known.content_type, sides)


def survey(path: Path, *, max_pixels: int = MAX_PIXELS) -> tuple[Format, Outline]:
    """What `inspect` does, with the outline for those who decode. Raises the same."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise refusal("empty")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            known = _known(head, data)
            seen = _WALKS[known](data)
    _check_pixels(seen, max_pixels)
    return known, seen


def _known(head: bytes, data: Data) -> Format:
    """Raises Refused: unsupported_format. Most cameras' RAW is a TIFF, which only what is in it tells from others."""
    known = sniff(head)
    if isinstance(known, Foreign):
        raise known.refused()
    return (raw.camera(data) or known) if known is TIFF else known


def _check_pixels(seen: Outline, max_pixels: int) -> None:
    most = min(max_pixels, seen.most_pixels)
    if seen.width * seen.height > most:
        raise _too_many(seen.width, seen.height, most)


def _too_many(width: int, height: int, most: int) -> Refused:
    return refusal("too_many_pixels", width=str(width), height=str(height), limit=f"{most / 1e6:.0f}")
