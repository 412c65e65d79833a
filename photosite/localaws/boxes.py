"""Boxes on a photo and the letterboxed square that the detector sees. Pure; no image, no network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """A rectangle in ratios of the upright photo (0…1, or beyond at its edges)."""

    left: float
    top: float
    width: float
    height: float

    def document(self) -> dict[str, float]:
        """The box as a BoundingBox of AWS."""
        return {"Width": self.width, "Height": self.height, "Left": self.left, "Top": self.top}


@dataclass(frozen=True)
class Letterbox:
    """How a photo lies in the square: from the top left, its longest side filling it. In pixels."""

    side: int
    width: int
    height: int

    def on_photo(self, corners: Floats) -> Box:
        """A box given as ymin, xmin, ymax, xmax in 0…1 of the square, in ratios of the photo, clamped."""
        ymin, xmin, ymax, xmax = (float(value) * self.side for value in corners)
        left, right = _clamped(xmin, self.width), _clamped(xmax, self.width)
        top, bottom = _clamped(ymin, self.height), _clamped(ymax, self.height)
        return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))


def letterbox(side: int, width: int, height: int) -> Letterbox:
    """Where a photo of the given size comes to lie in a square of `side` pixels."""
    scale = side / max(width, height)
    return Letterbox(side, max(round(width * scale), 1), max(round(height * scale), 1))


def _clamped(value: float, length: int) -> float:
    return min(max(value / length, 0.0), 1.0)


def overlap(box: Floats, others: Floats) -> Floats:
    """Intersection over union of one box [4] with others [N,4], all as ymin, xmin, ymax, xmax."""
    corner_low = np.maximum(box[:2], others[:, :2])
    corner_high = np.minimum(box[2:], others[:, 2:])
    common = np.prod(np.clip(corner_high - corner_low, 0, None), axis=1)
    union = _areas(box[None])[0] + _areas(others) - common
    shares: Floats = common / np.maximum(union, np.float32(1e-9))
    return shares


def _areas(boxes: Floats) -> Floats:
    areas: Floats = np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 0, None), axis=1)
    return areas


def suppress(boxes: Floats, scores: Floats, limit: float = 0.5) -> list[int]:
    """Non-maximum suppression within one class: indices that stay, best score first."""
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best, rest = int(order[0]), order[1:]
        kept.append(best)
        order = rest[overlap(boxes[best], boxes[rest]) <= limit]
    return kept
