"""A picture in, the document of DetectLabels out."""

import threading
from pathlib import Path
from typing import Any, Final

from PIL import Image

from photosite.localaws.detect import S3Place, Wish
from photosite.localaws.labels import Choice, Label, all_labels, chosen, label_document
from photosite.localaws.networks import MODEL_VERSION, Networks
from photosite.localaws.objects import Objects
from photosite.localaws.pictures import read_picture
from photosite.localaws.properties import Palette, image_properties
from photosite.localaws.taxonomy import load_taxonomy

MODELS: Final = Path(__file__).parent / "models"
AT_ONCE: Final = 2
"""How many pictures are looked at together: as many as fill two cores; more would only cost memory."""

VISIBLE: Final = Choice()
"""Whose boxes make the foreground: those of the labels that a request without settings gets."""


class Recognition:
    """The networks, the words and the way to S3; `fetch` and `describe` may be called from many threads."""

    def __init__(self, objects: Objects) -> None:
        self._networks = Networks(MODELS)
        self._taxonomy = load_taxonomy(MODELS)
        self._objects = objects
        self._room = threading.Semaphore(AT_ONCE)

    def fetch(self, image: bytes | S3Place) -> bytes:
        """The picture's bytes. S3 is waited for outside the room, so that a slow one stops nobody else."""
        return image if isinstance(image, bytes) else self._objects.read(image)

    def describe(self, data: bytes, wish: Wish) -> dict[str, Any]:
        """The answer to a wish. Raises the Refusals of `read_picture`.

        OrientationCorrection is always null at AWS, and so is left out.
        """
        with self._room:
            photo = read_picture(data)
            labels = all_labels(self._networks.look(photo), self._taxonomy)
            return {**_answer(photo, labels, wish), "LabelModelVersion": MODEL_VERSION}


def _answer(photo: Image.Image, labels: list[Label], wish: Wish) -> dict[str, Any]:
    told = chosen(labels, wish.choice)
    if not wish.properties:
        return {"Labels": [label_document(label) for label in told]}
    palette = Palette(photo)
    boxes = [one.box for label in chosen(labels, VISIBLE) for one in label.instances]
    document: dict[str, Any] = {"ImageProperties": image_properties(photo, palette, boxes, wish.max_colors)}
    if wish.labels:
        document["Labels"] = [
            label_document(label, lambda box: palette.dominant(palette.inside([box]), wish.max_colors))
            for label in told
        ]
    return document
