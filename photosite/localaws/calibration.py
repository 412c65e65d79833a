"""From a network's raw score to a confidence in percent.

Rekognition's Confidence is meant to be read as a probability, and the site shows labels from 80 on. Raw
scores of the networks are not that: a detector score of .50 is right nine times in ten. Each curve below
is piecewise linear through points measured on photographs with known content; between them it is monotone,
so that an order by confidence is an order by score. The anchors are detector .50 → 80, leaf .30 → 75, group
.45 → 80: somewhat below the measured precision, because a few dozen photos are no proof of more.

Faces were measured on 98 views of seven photos with twelve faces, made smaller, darker, blurred or noisy, and on
250 of photos without any: from .50 on all 150 finds were faces, between .20 and .40 half of them, and faces
as an ordinary photo shows them have .84 to .93. Text (the reader's mean chance for a word's glyphs × the
detector's for its region) on 548 printed words over photos, blurred, noisy and turned: from .90 on 92 in 100
were right to the letter, most of the others cut off by the photo's edge; between .80 and .90 half, and
what was read where nothing is written stayed under .77.
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

FACE: Final[Curve] = (
    (0.0, 0.0),
    (0.2, 25.0),
    (0.4, 55.0),
    (0.5, 80.0),
    (0.65, 92.0),
    (0.8, 97.0),
    (1.0, 99.0),
)
TEXT: Final[Curve] = (
    (0.0, 0.0),
    (0.5, 20.0),
    (0.75, 50.0),
    (0.85, 78.0),
    (0.9, 88.0),
    (0.95, 96.0),
    (1.0, 99.0),
)


def confidence(curve: Curve, score: float) -> float:
    """The percentage 0…99 for a raw score; scores outside 0…1 are taken as the nearer end."""
    score = min(max(score, 0.0), 1.0)
    right = min(bisect_right(curve, score, key=lambda point: point[0]), len(curve) - 1)
    (x0, y0), (x1, y1) = curve[right - 1], curve[right]
    return y0 + (y1 - y0) * (score - x0) / (x1 - x0)
