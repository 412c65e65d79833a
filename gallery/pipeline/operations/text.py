"""DetectText: the lines that can be read on a photo, for `text:`.

https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectText.html
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gallery.geometry import BoundingBox
from gallery.labelling import reading
from gallery.labelling.answer import listed
from gallery.models import Photo, TextLine
from gallery.pipeline import copies
from gallery.pipeline.operation import Operation

_MOST_DETECTIONS: Final = 200  # DetectText tells at most 100 words, and the lines that they make
_LONGEST_LINE: Final = 500


@dataclasses.dataclass(frozen=True)
class FoundLine:
    """What is written, where, and how sure that is, 0 to 100."""

    text: str
    box: BoundingBox
    confidence: float


def read(raw: Mapping[str, Any]) -> tuple[FoundLine, ...]:
    """The lines of an answer, top to bottom as told; the words are in them. Raises Unusable if it isn't one."""
    listed(raw, "TextDetections")
    told = reading.structures(raw["TextDetections"], _MOST_DETECTIONS)
    found = (_line(item) for item in told if item.get("Type") == "LINE")
    return tuple(line for line in found if line)


def _line(item: Mapping[str, Any]) -> FoundLine | None:
    written = reading.text(item.get("DetectedText"), _LONGEST_LINE)
    place = reading.box(reading.members(item.get("Geometry")).get("BoundingBox"))
    confidence = reading.percent(item.get("Confidence"))
    if not written or place is None or confidence is None:
        return None
    return FoundLine(written, place, confidence)


def _save(photo: Photo, found: Sequence[FoundLine], _version: str) -> None:
    TextLine.objects.filter(photo=photo).delete()
    TextLine.objects.bulk_create(
        TextLine(photo=photo, text=line.text, confidence=line.confidence, **dataclasses.asdict(line.box))
        for line in found
    )
    # Read anew: its caption may have been changed since the question was asked.
    copies.retold(Photo.objects.get(pk=photo.pk))


DETECT_TEXT: Final = Operation(
    name="DetectText",
    read=read,
    save=_save,
    nothing={"TextDetections": []},
    version="TextModelVersion",
)
