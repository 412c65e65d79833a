"""From the faces that the network found to the FaceDetails that DetectFaces answers with.

Told are AWS's default attributes: BoundingBox, Confidence, Landmarks, Pose and Quality. Of AWS's thirty landmarks
there are five, of the pose there is the roll, which the line between the eyes gives; pitch and yaw would be
guesses. What else Attributes may ask for (age, emotions, glasses…) no network here knows: all of it is optional
in AWS's model, and left out.
"""

import math
from collections.abc import Iterable
from typing import Any, Final

from PIL import Image

from photosite.localaws import calibration
from photosite.localaws.boxes import Box, Floats
from photosite.localaws.face_network import Face
from photosite.localaws.properties import quality

MOST_FACES: Final = 100
"""DetectFaces tells the 100 largest (API reference)."""

SMALLEST: Final = 40 / 1920
"""Faces under 40 of 1920 pixels are not told ("Recommendations for facial input images", developer guide)."""

LANDMARKS: Final = ("eyeLeft", "eyeRight", "nose", "mouthLeft", "mouthRight")


def face_details(photo: Image.Image, found: Iterable[Face]) -> list[dict[str, Any]]:
    """FaceDetails of an upright RGB photo, the largest face first."""
    least = SMALLEST * max(photo.size)
    sized = [(one, one.box.width * photo.width, one.box.height * photo.height) for one in found]
    told = [(width * height, one) for one, width, height in sized if max(width, height) >= least]
    told.sort(key=lambda pair: -pair[0])
    return [_detail(photo, one) for _, one in told[:MOST_FACES]]


def _detail(photo: Image.Image, face: Face) -> dict[str, Any]:
    return {
        "BoundingBox": face.box.document(),
        "Confidence": calibration.confidence(calibration.FACE, face.score),
        "Landmarks": [
            {"Type": kind, "X": float(x), "Y": float(y)}
            for kind, (x, y) in zip(LANDMARKS, face.points, strict=True)
        ],
        "Pose": {"Roll": roll(face.points, photo.width, photo.height)},
        "Quality": _quality(photo, face.box),
    }


def roll(points: Floats, width: int, height: int) -> float:
    """Degrees that the eyes' line is turned clockwise on the photo, -180 to 180, as AWS's examples count it."""
    (left_x, left_y), (right_x, right_y) = points[0], points[1]
    return math.degrees(math.atan2(float(right_y - left_y) * height, float(right_x - left_x) * width))


def _quality(photo: Image.Image, box: Box) -> dict[str, float]:
    """Brightness and sharpness of what of the face lies on the photo."""
    left, top = int(max(box.left, 0) * photo.width), int(max(box.top, 0) * photo.height)
    right = math.ceil(min(box.left + box.width, 1) * photo.width)
    bottom = math.ceil(min(box.top + box.height, 1) * photo.height)
    measured = quality(photo.crop((left, top, max(right, left + 1), max(bottom, top + 1))))
    return {name: measured[name] for name in ("Brightness", "Sharpness")}
