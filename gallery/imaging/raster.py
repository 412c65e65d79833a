"""Pixels in memory, made smaller and turned by libvips, which never sees a file: its own readers are locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyvips
from numpy.typing import NDArray
from PIL import Image

pyvips.operation_block_set("VipsForeign", True)
pyvips.cache_set_max(0)

# Up to this many times smaller by Lanczos alone; libvips' box filter, which goes before it, is seen in small pictures.
_GAP = 3.0
# Pillow has pictures of its own: with so many rows at a time there is never a second whole one.
_STRIP = 64
_SEE_THROUGH = ("LA", "RGBA")


@dataclass(frozen=True)
class Raster:
    """pixels: height x width x bands, 8 bits each. mode: what the bands are: L, LA, RGB, RGBA or CMYK, as in Pillow."""

    pixels: NDArray[np.uint8]
    mode: str

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def see_through(self) -> bool:
        return self.mode in _SEE_THROUGH

    def opaque(self) -> Raster:
        """Without its alpha channel, which it must have."""
        return Raster(self.pixels[..., :-1].copy(), self.mode[:-1])

    def strip(self, top: int) -> Raster:
        return Raster(self.pixels[top : top + _STRIP], self.mode)


def from_image(image: Image.Image) -> Raster:
    return _gathered(
        image.height,
        lambda top: image.crop((0, top, image.width, min(top + _STRIP, image.height))),
    )


def changed(raster: Raster, change: Callable[[Image.Image], Image.Image]) -> Raster:
    """What Pillow makes of each pixel by itself."""
    return _gathered(raster.height, lambda top: change(to_image(raster.strip(top))))


def _gathered(height: int, strip: Callable[[int], Image.Image]) -> Raster:
    first = strip(0)
    pixels = np.empty((height, first.width, len(first.getbands())), np.uint8)
    for top in range(0, height, _STRIP):
        there = pixels[top : top + _STRIP]
        there[:] = np.asarray(strip(top) if top else first).reshape(there.shape)
    return Raster(pixels, first.mode)


def to_image(raster: Raster) -> Image.Image:
    size = (raster.width, raster.height)
    return Image.frombuffer(raster.mode, size, raster.pixels, "raw", raster.mode, 0, 1)


def shrunk(raster: Raster, longest_side: int) -> Raster:
    """The picture at most `longest_side` pixels long; the same object if it is no longer than that."""
    longest = max(raster.width, raster.height)
    if longest <= longest_side:
        return raster
    width, height = (max(1, round(side * longest_side / longest)) for side in (raster.width, raster.height))
    image = _opened(raster)
    # What shows through has a colour nobody sees, which must not run into what is beside it.
    image = image.premultiply() if raster.see_through else image
    image = image.resize(width / raster.width, vscale=height / raster.height, gap=_GAP)
    image = image.unpremultiply().rint().cast("uchar") if raster.see_through else image
    return _taken(image, raster.mode)


def turned(raster: Raster, quarters: int, *, mirrored: bool = False) -> Raster:
    """Left and right changed if `mirrored`, then turned clockwise by so many quarters."""
    angle = quarters % 4 * 90
    if not angle and not mirrored:
        return raster
    image = _opened(raster)
    image = image.fliphor() if mirrored else image
    return _taken(image.rot(f"d{angle}"), raster.mode)


def _opened(raster: Raster) -> pyvips.Image:
    bands = raster.pixels.shape[2]
    return pyvips.Image.new_from_memory(raster.pixels, raster.width, raster.height, bands, "uchar")


def _taken(image: pyvips.Image, mode: str) -> Raster:
    shape = (image.height, image.width, image.bands)
    return Raster(np.frombuffer(image.write_to_memory(), np.uint8).reshape(shape), mode)
