"""Whether a file is a picture that Photosite keeps: cheap enough for a web request, and without a decoder."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gallery.imaging.errors import refusal
from gallery.imaging.formats import AVIF, GIF, HEAD_BYTES, HEIC, JPEG, PNG, TIFF, WEBP, Foreign, Format, sniff
from gallery.imaging.walks import gif, heif, jpeg, png, tiff, webp
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
}


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


def survey(path: Path, *, max_pixels: int = MAX_PIXELS) -> tuple[Format, Outline]:
    """What `inspect` does, with the outline for those who decode. Raises the same."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise refusal("empty")
        known = sniff(head)
        if isinstance(known, Foreign):
            raise known.refused()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            seen = _WALKS[known](data)
    _check_pixels(seen, max_pixels)
    return known, seen


def _check_pixels(seen: Outline, max_pixels: int) -> None:
    most = min(max_pixels, seen.most_pixels)
    if seen.width * seen.height > most:
        raise refusal(
            "too_many_pixels", width=str(seen.width), height=str(seen.height), limit=f"{most / 1e6:.0f}"
        )
