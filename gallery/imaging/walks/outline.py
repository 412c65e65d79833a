"""What a walk finds."""

from __future__ import annotations

import mmap
from dataclasses import dataclass

Data = bytes | mmap.mmap


@dataclass(frozen=True)
class Outline:
    """A picture seen from outside: pixels as its decoder gives them; of JPEG, PNG, WebP and AVIF not yet upright.

    start, end: the offsets of its first byte and after its last one (anything may follow there). most_pixels: how
    many pixels the decoder can take of a picture built like this one within its memory.
    """

    width: int
    height: int
    animated: bool
    end: int
    most_pixels: int
    start: int = 0
