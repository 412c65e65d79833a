"""ThumbHash: a picture's placeholder in at most 25 bytes. Source: https://evanw.github.io/thumbhash/.

Byte for byte what the reference implementations make. Sums therefore run in their order (pixel by pixel, row by
row): on flat pictures the rounding noise of another order would show in the result.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONGEST_SIDE = 100

Plane = NDArray[np.float64]


class _Channel(NamedTuple):
    """average: the constant part; waves: the others, scaled to 0-1; scale: the largest of them before."""

    average: float
    waves: list[float]
    scale: float


def thumbhash(image: Image.Image) -> bytes:
    """The hash of a picture of any size and of a mode that converts to RGBA; 5 to 25 bytes."""
    small = image.convert("RGBA")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return thumbhash_rgba(np.asarray(small))


def thumbhash_rgba(pixels: NDArray[np.uint8]) -> bytes:
    """The hash of an array of height x width x 4 (RGBA, not premultiplied), at most 100 x 100.

    Raises ValueError for another shape.
    """
    height, width, depth = pixels.shape
    if depth != 4 or not 1 <= width <= LONGEST_SIDE or not 1 <= height <= LONGEST_SIDE:
        raise ValueError(f"{width} x {height} x {depth} is not RGBA of at most 100 x 100")
    light, yellow, red, alpha, has_alpha = _planes(pixels)
    across, down = (
        max(1, round((5 if has_alpha else 7) * side / max(width, height))) for side in (width, height)
    )
    y, p, q = _channel(light, max(3, across), max(3, down)), _channel(yellow, 3, 3), _channel(red, 3, 3)
    header = _header((y, p, q), has_alpha, down if width > height else across, landscape=width > height)
    if not has_alpha:
        return header + _nibbles([*y.waves, *p.waves, *q.waves])
    a = _channel(alpha, 5, 5)
    opacity = bytes([round(15 * a.average) | round(15 * a.scale) << 4])
    return header + opacity + _nibbles([*y.waves, *p.waves, *q.waves, *a.waves])


def _planes(pixels: NDArray[np.uint8]) -> tuple[Plane, Plane, Plane, Plane, bool]:
    """Lightness, yellow against blue, red against green, opacity; and whether anything shows through."""
    red, green, blue, opacity = (pixels[:, :, index].astype(np.float64) for index in range(4))
    alpha = opacity / 255
    weight = alpha / 255
    total = _total(alpha)
    r, g, b = (_over_average(weight * plane, alpha, total) for plane in (red, green, blue))
    return (r + g + b) / 3, (r + g) / 2 - b, r - g, alpha, total < alpha.size


def _over_average(weighted: Plane, alpha: Plane, total: float) -> Plane:
    """The plane laid over its own average colour."""
    average = _total(weighted) / total if total else _total(weighted)
    over: Plane = average * (1 - alpha) + weighted
    return over


def _total(plane: Plane) -> float:
    """The sum from first to last, one by one: numpy's own sum adds in pairs."""
    return float(np.add.accumulate(plane.ravel())[-1])


def _channel(plane: Plane, across: int, down: int) -> _Channel:
    """The lowest frequencies of a plane: a triangle of its cosine transform."""
    height, width = plane.shape
    rows = _cosines(height, down)
    columns = _cosines(width, across)
    found = [
        float(total) / plane.size
        for cy in range(down)
        for total in _waves(plane, columns[: _triangle(across, down, cy)], rows[cy])
    ]
    scale = max((abs(value) for value in found[1:]), default=0.0)
    waves = [0.5 + 0.5 / scale * value for value in found[1:]] if scale else found[1:]
    return _Channel(found[0], waves, scale)


def _triangle(across: int, down: int, cy: int) -> int:
    """How many waves across go with wave `cy` down: those with cx * down < across * (down - cy)."""
    return -(across * (cy - down) // down)


def _waves(plane: Plane, columns: Plane, row: Plane) -> Plane:
    """The plane's share in each of the waves `columns` times the wave `row`, summed in order."""
    products = plane[None, :, :] * columns[:, None, :] * row[None, :, None]
    shares: Plane = np.add.accumulate(products.reshape(len(columns), -1), axis=1)[:, -1]
    return shares


def _cosines(size: int, waves: int) -> Plane:
    return np.array(
        [[math.cos(math.pi / size * wave * (at + 0.5)) for at in range(size)] for wave in range(waves)]
    )


def _header(
    channels: tuple[_Channel, _Channel, _Channel], has_alpha: bool, waves: int, *, landscape: bool
) -> bytes:
    """Averages and scales of lightness and both colours; how many waves the shorter side has."""
    light, yellow, red = channels
    first = round(63 * light.average) | round(31.5 + 31.5 * yellow.average) << 6
    first |= round(31.5 + 31.5 * red.average) << 12 | round(31 * light.scale) << 18 | has_alpha << 23
    second = waves | round(63 * yellow.scale) << 3 | round(63 * red.scale) << 9 | landscape << 15
    return first.to_bytes(3, "little") + second.to_bytes(2, "little")


def _nibbles(waves: list[float]) -> bytes:
    """Four bits a wave, the first in the lower half of its byte."""
    fours = [round(15 * wave) for wave in waves]
    fours += [0] * (len(fours) % 2)
    return bytes(low | high << 4 for low, high in zip(fours[::2], fours[1::2], strict=True))
