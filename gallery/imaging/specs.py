"""Which renditions there are. A new one, or another quality, is a line here and `manage.py rerender`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

RenditionFormat = Literal["webp", "jpeg", "avif"]

_CONTENT_TYPES: dict[RenditionFormat, str] = {
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "avif": "image/avif",
}
_EXTENSIONS: dict[RenditionFormat, str] = {"webp": "webp", "jpeg": "jpg", "avif": "avif"}
# Goes up when pictures of the same specification are to be made otherwise.
MADE_BY = 2


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
        """Without a dot: "webp", "jpg" or "avif"."""
        return _EXTENSIONS[self.format]

    @property
    def filename(self) -> str:
        return f"{self.name}.{self.extension}"

    @property
    def tag(self) -> str:
        """The name and all that the picture's bytes depend on, shortly: what is made otherwise is called otherwise."""
        told = json.dumps([MADE_BY, asdict(self)], sort_keys=True).encode()
        return f"{self.name}-{hashlib.blake2s(told, digest_size=4).hexdigest()}"


# WebP pays at thumbnail size only: at 1280 and above it costs 100 ms and more for few bytes saved.
SPECS: tuple[RenditionSpec, ...] = (
    RenditionSpec("thumb", 320, "webp", 75),
    RenditionSpec("preview", 1280, "jpeg", 80),
    RenditionSpec("full", 2048, "jpeg", 80),
)
# Beside `full`, which is what is analysed: at best a quarter fewer bytes, for more than three times the work.
AVIF_SPECS: tuple[RenditionSpec, ...] = (RenditionSpec("large", 2048, "avif", 70),)
