"""The perceptual hash: 63 bits that stay nearly the same when a picture is made smaller, packed harder or brighter.

The slowest waves of 32 x 32 grey pixels (a cosine transform), as in Zauner, "Implementation and Benchmarking of
Perceptual Image Hash Functions" (2010). Of each its sign, where others compare with the median: so a hash can be turned
together with its picture (gallery/likeness.py), and fewer copies are missed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gallery.likeness import SIDE

GREY_SIDE = 32
# Of 255: what differs less all over shows nothing that could be told from noise.
PLAIN = 6.0

Plane = NDArray[np.float64]


def perceptual_hash(image: Image.Image) -> int | None:
    """Of a picture of any size and of a mode that converts to RGBA, as it lies on white; None for one that is plain."""
    white = Image.new("RGBA", image.size, "white")
    shown = Image.alpha_composite(white, image.convert("RGBA")).convert("L")
    small = shown.resize((GREY_SIDE, GREY_SIDE), Image.Resampling.LANCZOS)
    return perceptual_hash_grey(np.asarray(small, dtype=np.float64))


def perceptual_hash_grey(grey: Plane) -> int | None:
    """The same of an array of 32 x 32, 0 to 255. Its first bit, which would be the average's, is 0."""
    if np.ptp(grey) < PLAIN:
        return None
    waves = _WAVES @ grey @ _WAVES.T
    waves[0, 0] = 0
    return int.from_bytes(np.packbits(waves > 0).tobytes())


def _cosines() -> Plane:
    at, wave = np.arange(GREY_SIDE) + 0.5, np.arange(SIDE)
    cosines: Plane = np.cos(np.pi / GREY_SIDE * np.outer(wave, at))
    return cosines


_WAVES = _cosines()
