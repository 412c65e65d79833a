"""From a network's raw score to a confidence in percent.

Rekognition's Confidence is meant to be read as a probability, and the site shows labels from 80 on. Raw
scores of the two networks are not that: a detector score of .50 is right nine times in ten. Each curve below
is piecewise linear through points measured on photographs with known content; between them it is monotone,
so that an order by confidence is an order by score. The anchors are detector .50 → 80, leaf .30 → 75, group
.45 → 80: somewhat below the measured precision, because a few dozen photos are no proof of more.
"""

from bisect import bisect_right
from typing import Final

Curve = tuple[tuple[float, float], ...]

DETECTOR: Final[Curve] = ((0.0, 0.0), (0.1, 25.0), (0.25, 55.0), (0.5, 80.0), (0.75, 92.0), (1.0, 99.0))
LEAF: Final[Curve] = (
    (0.0, 0.0),
    (0.05, 25.0),
    (0.15, 55.0),
    (0.3, 75.0),
    (0.5, 85.0),
    (0.8, 94.0),
    (1.0, 99.0),
)
GROUP: Final[Curve] = ((0.0, 0.0), (0.1, 25.0), (0.25, 55.0), (0.45, 80.0), (0.7, 90.0), (1.0, 99.0))


def confidence(curve: Curve, score: float) -> float:
    """The percentage 0…99 for a raw score; scores outside 0…1 are taken as the nearer end."""
    score = min(max(score, 0.0), 1.0)
    right = min(bisect_right(curve, score, key=lambda point: point[0]), len(curve) - 1)
    (x0, y0), (x1, y1) = curve[right - 1], curve[right]
    return y0 + (y1 - y0) * (score - x0) / (x1 - x0)
