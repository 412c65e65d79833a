"""How like two pictures look, by their perceptual hashes: 64 bits each, the first of them 0. Pure.

A bit says whether one of the slow waves that a picture is made of (row by row, its average left out) is positive:
`imaging/phash.py`. So a picture that is turned has the same waves, some of them upside down.
"""

from collections.abc import Iterator
from typing import Final

SIDE: Final = 8
NEAREST_UNLIKE: Final = 8
"""From so many bits on they are others. Copies that are smaller, packed harder, brighter or cut by a hundredth or two
hardly ever differ in more than 7; different photos in 31 more or less, like coins: of 100,000 hardly one pair in less
than 8 (decision 27)."""
_BAND_BITS: Final = 16
BANDS: Final = tuple(range(0, SIDE * SIDE, _BAND_BITS))
"""How far the bits of each band are shifted."""
BAND: Final = (1 << _BAND_BITS) - 1


def distance(one: int, other: int) -> int:
    """The bits in which they differ."""
    return (one ^ other).bit_count()


def band(phash: int, shift: int) -> int:
    return phash >> shift & BAND


def near_bands(phash: int, shift: int) -> Iterator[int]:
    """What this band may be in a hash that is alike: of four, one at least differs in one bit or none, since in less
    than eight bits not every one can differ in two."""
    here = band(phash, shift)
    yield here
    yield from (here ^ 1 << bit for bit in range(_BAND_BITS))


def turned(phash: int, quarter_turns: int) -> int:
    """The hash of the picture turned clockwise by so many quarters."""
    for _ in range(quarter_turns % 4):
        phash = _turned_once(phash)
    return phash


def _turned_once(phash: int) -> int:
    """What went across goes down; and the other way round, where odd waves begin at their other end."""
    bits = 0
    for down in range(SIDE):
        for across in range(SIDE):
            upside_down = across % 2 if (down, across) != (0, 0) else 0
            bits = bits << 1 | (_bit(phash, across, down) ^ upside_down)
    return bits


def _bit(phash: int, down: int, across: int) -> int:
    return phash >> SIDE * SIDE - 1 - (SIDE * down + across) & 1
