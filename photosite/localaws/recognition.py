"""A picture in, the document of an operation out."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from PIL import Image

from photosite.localaws import face_network, networks, text_network
from photosite.localaws.detect import S3Place, Wish, parse_wish
from photosite.localaws.face_network import FaceNetwork
from photosite.localaws.faces import face_details
from photosite.localaws.labels import Choice, Label, all_labels, chosen, label_document
from photosite.localaws.networks import Networks
from photosite.localaws.objects import Objects
from photosite.localaws.pictures import read_picture
from photosite.localaws.properties import Palette, image_properties
from photosite.localaws.taxonomy import load_taxonomy
from photosite.localaws.text import TextChoice, parse_text_choice, text_detections
from photosite.localaws.text_network import TextNetworks

MODELS: Final = Path(__file__).parent / "models"
AT_ONCE: Final = 2
"""How many pictures are looked at together: as many as fill two cores; more would only cost memory."""

VISIBLE: Final = Choice()
"""Whose boxes make the foreground: those of the labels that a request without settings gets."""

TEXT_SIDE: Final = 720
"""The shorter side, in pixels, of what is searched for text: small letters need more of them than a cat does."""

Wanted = TypeVar("Wanted")
Loaded = TypeVar("Loaded")
Document = dict[str, Any]


@dataclass(frozen=True)
class Operation(Generic[Wanted]):
    """An operation of Rekognition that is answered here.

    `parse` takes a request's checked members and may raise InvalidParameterException; `answer` takes the
    picture's bytes and raises the Refusals of `read_picture`; `model` names the networks in the ledger.
    """

    parse: Callable[[Mapping[str, Any]], Wanted]
    answer: Callable[[bytes, Wanted], Document]
    model: str


class Recognition:
    """The networks, the words and the way to S3; `fetch` and what `operations` has may be called from many threads.

    The networks for labels are there from the start, those for faces and text from their first use.
    """

    def __init__(self, objects: Objects) -> None:
        self._loading = threading.Lock()
        self._loaded: dict[Callable[[Path], Any], Any] = {}
        self._taxonomy = load_taxonomy(MODELS)
        self._objects = objects
        self._room = threading.Semaphore(AT_ONCE)
        # Text takes most time and memory by far: two of them would keep everybody else out of the room.
        self._reading = threading.Lock()
        self._network(Networks)
        self.operations: Final[Mapping[str, Operation[Any]]] = {
            "DetectLabels": Operation(parse_wish, self._labels, networks.MODEL_VERSION),
            "DetectFaces": Operation(lambda _: None, self._faces, face_network.MODEL_VERSION),
            "DetectText": Operation(parse_text_choice, self._text, text_network.MODEL_VERSION),
        }

    def fetch(self, image: bytes | S3Place) -> bytes:
        """The picture's bytes. S3 is waited for outside the room, so that a slow one stops nobody else."""
        return image if isinstance(image, bytes) else self._objects.read(image)

    def _network(self, kind: Callable[[Path], Loaded]) -> Loaded:
        """The networks of some kind, loaded once."""
        with self._loading:
            if kind not in self._loaded:
                self._loaded[kind] = kind(MODELS)
            loaded: Loaded = self._loaded[kind]
            return loaded

    def _labels(self, data: bytes, wish: Wish) -> Document:
        """OrientationCorrection is always null at AWS, and so is left out, here and with faces."""
        with self._room:
            photo = read_picture(data)
            labels = all_labels(self._network(Networks).look(photo), self._taxonomy)
            return {**_label_answer(photo, labels, wish), "LabelModelVersion": networks.MODEL_VERSION}

    def _faces(self, data: bytes, _wish: None) -> Document:
        with self._room:
            photo = read_picture(data)
            return {"FaceDetails": face_details(photo, self._network(FaceNetwork).find(photo))}

    def _text(self, data: bytes, choice: TextChoice) -> Document:
        with self._reading, self._room:
            lines = self._network(TextNetworks).read(read_picture(data, TEXT_SIDE))
        return {
            "TextDetections": text_detections(lines, choice),
            "TextModelVersion": text_network.MODEL_VERSION,
        }


def _label_answer(photo: Image.Image, labels: list[Label], wish: Wish) -> Document:
    told = chosen(labels, wish.choice)
    if not wish.properties:
        return {"Labels": [label_document(label) for label in told]}
    palette = Palette(photo)
    boxes = [one.box for label in chosen(labels, VISIBLE) for one in label.instances]
    document: Document = {"ImageProperties": image_properties(photo, palette, boxes, wish.max_colors)}
    if wish.labels:
        document["Labels"] = [
            label_document(label, lambda box: palette.dominant(palette.inside([box]), wish.max_colors))
            for label in told
        ]
    return document
