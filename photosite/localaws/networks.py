"""The two networks behind DetectLabels: a detector of 80 kinds of object and a classifier of 1000 kinds.

Both run on the processor with one thread per call: two calls at a time fill two cores, and threads inside a
call only spin. See models/NOTICE for where the networks come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photosite.localaws.boxes import Box, Floats, letterbox, suppress
from photosite.localaws.inference import quiet_session

DETECTOR_FILE: Final = "coco_ssd.onnx"
CLASSIFIER_FILE: Final = "efficientnet_lite0.onnx"
DETECTOR_SIDE: Final = 300
CLASSIFIER_SIDE: Final = 224
PADDING: Final = (114, 114, 114)
SCORE_FLOOR: Final = 0.1
"""Below this a detection is noise; its confidence would be 25."""

MODEL_VERSION: Final = "photosite-local-1.0 (coco-ssd + efficientnet-lite0)"


@dataclass(frozen=True)
class Detection:
    """One object: its COCO category id (1…90), the raw score 0…1 and where it is."""

    category: int
    score: float
    box: Box


@dataclass(frozen=True)
class Sight:
    """What the networks see on one photo: detections, best first, and 1000 class probabilities."""

    detections: tuple[Detection, ...]
    probabilities: Floats


class Networks:
    """Both networks, loaded once; `look` may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        self._detector = quiet_session(folder / DETECTOR_FILE)
        self._classifier = quiet_session(folder / CLASSIFIER_FILE)
        self._detector_input = self._detector.get_inputs()[0].name
        self._classifier_input = self._classifier.get_inputs()[0].name

    def look(self, photo: Image.Image) -> Sight:
        """What is on an upright RGB photo of any size."""
        (scores, boxes), probabilities = self.infer(squared(photo), classifier_views(photo))
        frame = letterbox(DETECTOR_SIDE, photo.width, photo.height)
        found = [
            Detection(category, score, frame.on_photo(corners))
            for category, score, corners in separate(scores, boxes)
        ]
        # The mean over the whole photo and its centre square is steadier than either.
        return Sight(tuple(sorted(found, key=lambda one: -one.score)), probabilities.mean(axis=0))

    def infer(
        self, square: Image.Image, views: Sequence[Image.Image]
    ) -> tuple[tuple[Floats, Floats], Floats]:
        """The bare networks.

        Scores [anchors, 90] and boxes [anchors, 4] of the square; probabilities [views, 1000].
        """
        pixels = np.asarray(square, np.float32)[None]
        scores, boxes = self._detector.run(["scores", "boxes"], {self._detector_input: pixels})
        batch = np.stack([np.asarray(view, np.uint8) for view in views])
        probabilities = self._classifier.run(["probabilities"], {self._classifier_input: batch})[0]
        return (scores[0], boxes[0, :, 0]), probabilities


def squared(photo: Image.Image) -> Image.Image:
    """The photo letterboxed into the detector's square: squashing it would cost a tenth of the precision.

    It lies at the top left because that is how the precision behind the calibration was measured.
    """
    frame = letterbox(DETECTOR_SIDE, photo.width, photo.height)
    square = Image.new("RGB", (DETECTOR_SIDE, DETECTOR_SIDE), PADDING)
    small = photo.resize((frame.width, frame.height), Image.Resampling.BILINEAR)
    square.paste(small, (0, 0))
    return square


def classifier_views(photo: Image.Image) -> tuple[Image.Image, Image.Image]:
    """The whole photo and its centre square, both at the classifier's size."""
    side = min(photo.size)
    left, top = (photo.width - side) // 2, (photo.height - side) // 2
    size = (CLASSIFIER_SIDE, CLASSIFIER_SIDE)
    return (
        photo.resize(size, Image.Resampling.BILINEAR),
        photo.resize(size, Image.Resampling.BILINEAR, box=(left, top, left + side, top + side)),
    )


def separate(scores: Floats, boxes: Floats) -> list[tuple[int, float, Floats]]:
    """Category id, score and corners of every object that survives.

    `scores` is [anchors, 90], column c standing for COCO category c + 1; `boxes` is [anchors, 4].
    """
    found: list[tuple[int, float, Floats]] = []
    columns: NDArray[np.intp] = np.flatnonzero((scores >= SCORE_FLOOR).any(axis=0))
    for column in columns:
        anchors = np.flatnonzero(scores[:, column] >= SCORE_FLOOR)
        kept = suppress(boxes[anchors], scores[anchors, column])
        found += [(int(column) + 1, float(scores[anchors[i], column]), boxes[anchors[i]]) for i in kept]
    return found
