"""From a map of where text is to the turned rectangles around it. Pure; no image, no network.

A quad is an array [4,2] of x and y, clockwise from the corner where the text begins: its first edge is the top
of the letters.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photosite.localaws.boxes import Box, Floats

Indices = NDArray[np.intp]

IS_TEXT: Final = 0.3
"""Chance from which a pixel belongs to a text; this and the next two as PaddleOCR has them for its detector."""

LEAST_MEAN: Final = 0.5
GROWTH: Final = 1.6
"""The network shrinks what it marks, so that lines stay apart; the rectangle grows by area × this / outline."""

THINNEST: Final = 3.0
MOST_REGIONS: Final = 200
ANGLES: Final = np.radians(np.arange(-45.0, 45.0, 0.5))


@dataclass(frozen=True)
class Region:
    """A text's rectangle in pixels of the map, lying within 45° of the horizontal."""

    quad: Floats
    mean: float


def text_regions(chances: Floats) -> list[Region]:
    """The texts in a map [height, width] of chances 0…1, largest first and at most 200."""
    rows, starts, ends = _runs(chances > IS_TEXT)
    labels = _joined(len(rows), *_touching(rows, starts, ends, chances.shape[1]))
    sums = np.concatenate([[0.0], np.cumsum(chances, dtype=np.float64)])
    at = rows * chances.shape[1]
    chance = sums[at + ends] - sums[at + starts]
    names, members = np.unique(labels, return_inverse=True)
    areas = np.bincount(members, ends - starts)
    means = np.bincount(members, chance) / np.maximum(areas, 1)
    largest = np.argsort(-areas, kind="stable")[:MOST_REGIONS]
    found = []
    for number in largest[means[largest] >= LEAST_MEAN]:
        mine = labels == names[number]
        quad = _rectangle(rows[mine], starts[mine], ends[mine])
        if quad is not None:
            found.append(Region(quad, float(means[number])))
    return found


def _runs(mask: NDArray[np.bool_]) -> tuple[Indices, Indices, Indices]:
    """Row, first column and the column after the last of every run of True, row by row."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    return rows, starts, np.nonzero(edges == -1)[1]


def _touching(rows: Indices, starts: Indices, ends: Indices, width: int) -> tuple[Indices, Indices]:
    """Pairs of runs in neighbouring rows that touch, be it at a corner."""
    stride = width + 2
    below = (rows + 1) * stride
    low = np.searchsorted(rows * stride + ends, below + starts, "left")
    high = np.searchsorted(rows * stride + starts, below + ends, "right")
    counts = np.maximum(high - low, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, np.repeat(low, counts) + offsets


def _joined(count: int, left: Indices, right: Indices) -> Indices:
    """A number for each of `count` runs that is the same for all that hang together."""
    labels = np.arange(count)
    while True:
        least = np.minimum(labels[left], labels[right])
        lower = labels.copy()
        np.minimum.at(lower, labels[left], least)
        np.minimum.at(lower, labels[right], least)
        lower = lower[lower]
        if np.array_equal(lower, labels):
            return labels
        labels = lower


def _rectangle(rows: Indices, starts: Indices, ends: Indices) -> Floats | None:
    """The smallest rectangle around some runs, grown; None if it is too thin for letters."""
    x, y = np.concatenate([starts, ends] * 2), np.concatenate([rows, rows, rows + 1, rows + 1])
    along = np.outer(np.cos(ANGLES), x) + np.outer(np.sin(ANGLES), y)
    across = np.outer(np.cos(ANGLES), y) - np.outer(np.sin(ANGLES), x)
    lengths, heights = np.ptp(along, axis=1), np.ptp(across, axis=1)
    best = int(np.argmin(lengths * heights))
    length, height = lengths[best], heights[best]
    if min(length, height) < THINNEST:
        return None
    grow = GROWTH * length * height / (2 * (length + height))
    left, right = along[best].min() - grow, along[best].max() + grow
    top, bottom = across[best].min() - grow, across[best].max() + grow
    turned = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    cos, sin = np.cos(ANGLES[best]), np.sin(ANGLES[best])
    quad: Floats = (turned @ np.array([[cos, sin], [-sin, cos]])).astype(np.float32)
    return quad


def sides(quad: Floats) -> tuple[float, float]:
    """Length of the top edge and of the left edge."""
    return float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))


def part(quad: Floats, left: float, right: float) -> Floats:
    """What lies between two shares (0…1) of a quad's way from its beginning to its end."""
    shares = np.array([[left], [right]], np.float32)
    top = quad[0] + shares * (quad[1] - quad[0])
    bottom = quad[3] + shares * (quad[2] - quad[3])
    return np.stack([top[0], top[1], bottom[1], bottom[0]])


def around(quad: Floats) -> Box:
    """The upright box around a quad."""
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    return Box(float(left), float(top), float(right - left), float(bottom - top))


def share_inside(box: Box, polygon: Floats, grid: int = 16) -> float:
    """How much of a box (0…1) lies in a polygon [N,2], by the rule of odd crossings on a grid of points."""
    steps = (np.arange(grid) + 0.5) / grid
    x, y = np.meshgrid(box.left + steps * box.width, box.top + steps * box.height)
    odd = np.zeros(x.shape, np.bool_)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y0 != y1:
            odd ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return float(odd.mean())
