"""The network that finds faces: CenterFace, as models/NOTICE says. It wants RGB in 0…255."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from photosite.localaws.boxes import Box, Floats, suppress
from photosite.localaws.inference import quiet_session

NETWORK_FILE: Final = "centerface.onnx"
OUTPUTS: Final = ("heat", "size", "offset", "landmarks")
LONGEST: Final = 640
"""The longest side that is searched for faces, in pixels: the smallest face that Rekognition promises has 13."""

STEP: Final = 32
STRIDE: Final = 4
SCORE_FLOOR: Final = 0.4
"""Below this more is noise than face; its confidence would be under 55."""

OVERLAP: Final = 0.3
MODEL_VERSION: Final = "photosite-local-faces-1.0 (centerface)"
"""For the ledger alone: DetectFaces does not tell its model."""


@dataclass(frozen=True)
class Face:
    """A face: raw score 0…1, its box and five points [5,2] of x and y, all in ratios of the photo.

    The points are the eye on the photo's left, that on its right, the nose, and the mouth's left and right
    corner. Faces at an edge have boxes and points that leave 0…1.
    """

    score: float
    box: Box
    points: Floats


class FaceNetwork:
    """The network, loaded once; `find` may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        self._network = quiet_session(folder / NETWORK_FILE)

    def find(self, photo: Image.Image) -> list[Face]:
        """The faces on an upright RGB photo of any size, surest first."""
        small = searched(photo)
        return faces(self.infer(small), (small.width, small.height))

    def infer(self, small: Image.Image) -> list[Floats]:
        """The bare network: heat [1], size [2], offset [2] and landmarks [10], each × height/4 × width/4."""
        pixels = np.asarray(small, np.float32).transpose(2, 0, 1)[None]
        maps: list[Floats] = [found[0] for found in self._network.run(OUTPUTS, {"photo": pixels})]
        return maps


def searched(photo: Image.Image) -> Image.Image:
    """The photo at the size that is searched: its longest side 640 px, both multiples of 32."""
    scale = LONGEST / max(photo.size)
    width, height = (max(round(side * scale / STEP) * STEP, STEP) for side in photo.size)
    return photo.resize((width, height), Image.Resampling.BILINEAR)


def faces(maps: list[Floats], size: tuple[int, int]) -> list[Face]:
    """Faces from the network's maps, all of which tell y before x; `size` is width and height of its input."""
    heat, sizes, offsets, landmarks = maps
    rows, columns = np.nonzero(heat[0] >= SCORE_FLOOR)
    scores = heat[0, rows, columns]
    extent = np.exp(sizes[:, rows, columns].T) * STRIDE
    middle = (np.stack([rows, columns], axis=1) + offsets[:, rows, columns].T + 0.5) * STRIDE
    low = middle - extent / 2
    points = landmarks[:, rows, columns].T.reshape(-1, 5, 2) * extent[:, None] + low[:, None]
    kept = suppress(np.concatenate([low, low + extent], axis=1), scores, OVERLAP)
    ratio = 1 / np.array(size[::-1], np.float32)
    return [
        Face(float(scores[one]), _box(low[one] * ratio, extent[one] * ratio), (points[one] * ratio)[:, ::-1])
        for one in kept
    ]


def _box(low: Floats, extent: Floats) -> Box:
    return Box(float(low[1]), float(low[0]), float(extent[1]), float(extent[0]))
