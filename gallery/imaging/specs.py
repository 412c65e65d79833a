"""Which renditions there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RenditionFormat = Literal["webp", "jpeg"]

_CONTENT_TYPES: dict[RenditionFormat, str] = {"webp": "image/webp", "jpeg": "image/jpeg"}
_EXTENSIONS: dict[RenditionFormat, str] = {"webp": "webp", "jpeg": "jpg"}


@dataclass(frozen=True)
class RenditionSpec:
    """How one rendition is made: at most `longest_side` pixels on either side, never enlarged; quality 1-100.

    `full` may be up to 5 % smaller than its longest side where the decoder offers such a size directly.
    """

    name: str
    longest_side: int
    format: RenditionFormat
    quality: int

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self.format]

    @property
    def extension(self) -> str:
        """Without a dot: "webp" or "jpg"."""
        return _EXTENSIONS[self.format]

    @property
    def filename(self) -> str:
        return f"{self.name}.{self.extension}"


# WebP pays at thumbnail size only: at 1280 and above it costs 100 ms and more for few bytes saved.
SPECS: tuple[RenditionSpec, ...] = (
    RenditionSpec("thumb", 320, "webp", 75),
    RenditionSpec("preview", 1280, "jpeg", 80),
    RenditionSpec("full", 2048, "jpeg", 80),
)
