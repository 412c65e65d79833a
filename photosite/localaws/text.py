"""What a DetectText request wants of the lines that were read, and its answer."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import numpy as np

from photosite.localaws import calibration
from photosite.localaws.boxes import Floats
from photosite.localaws.quads import around, part, share_inside
from photosite.localaws.refusals import invalid_parameters
from photosite.localaws.text_network import Glyph, Line

MOST_WORDS: Final = 100
"""DetectText tells up to 100 words (API reference)."""

DEFAULT_CONFIDENCE: Final = 80.0
"""Of WordFilter's MinConfidence (DetectionFilter, API reference)."""

CORNERS: Final = range(3, 11)
"""How many points a region's polygon may have; "up to 10" (RegionOfInterest, API reference)."""


@dataclass(frozen=True)
class TextChoice:
    """Which words a caller wants: WordFilter, its sizes in ratios, and RegionsOfInterest as polygons [N,2]."""

    min_confidence: float = DEFAULT_CONFIDENCE
    min_height: float = 0.0
    min_width: float = 0.0
    regions: tuple[Floats, ...] = ()

    def wants(self, word: "Word") -> bool:
        """Whether a word passes: large and sure enough, and more than half in one of the regions."""
        box = around(word.quad)
        return (
            word.confidence >= self.min_confidence
            and box.height >= self.min_height
            and box.width >= self.min_width
            and (not self.regions or any(share_inside(box, region) > 0.5 for region in self.regions))
        )


@dataclass(frozen=True)
class Word:
    """What stands between two spaces; `quad` in ratios of the photo, `confidence` in percent."""

    text: str
    confidence: float
    quad: Floats


def parse_text_choice(members: Mapping[str, Any]) -> TextChoice:
    """The choice from a request's checked members.

    Raises InvalidParameterException for a region that is not one box or one polygon of 3 to 10 finite points.
    """
    filters = members.get("Filters", {})
    words = filters.get("WordFilter", {})
    return TextChoice(
        min_confidence=words.get("MinConfidence", DEFAULT_CONFIDENCE),
        min_height=words.get("MinBoundingBoxHeight", 0.0),
        min_width=words.get("MinBoundingBoxWidth", 0.0),
        regions=tuple(_polygon(region) for region in filters.get("RegionsOfInterest", ())),
    )


def _polygon(region: Mapping[str, Any]) -> Floats:
    if ("BoundingBox" in region) == ("Polygon" in region):
        raise invalid_parameters()
    try:
        points = _corners(region["BoundingBox"]) if "BoundingBox" in region else _points(region["Polygon"])
    except KeyError as error:
        raise invalid_parameters() from error
    # Beyond these a float32 would overflow, and no photo has anything there.
    if len(points) not in CORNERS or not all(abs(value) <= 1e6 for point in points for value in point):
        raise invalid_parameters()
    return np.array(points, np.float32)


def _corners(box: Mapping[str, float]) -> list[tuple[float, float]]:
    left, top = box["Left"], box["Top"]
    right, bottom = left + box["Width"], top + box["Height"]
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _points(polygon: Iterable[Mapping[str, float]]) -> list[tuple[float, float]]:
    return [(point["X"], point["Y"]) for point in polygon]


def text_detections(lines: Iterable[Line], choice: TextChoice) -> list[dict[str, Any]]:
    """TextDetections: the lines, then their words, as AWS orders them.

    A line is told as the wanted words on it, and a line without any is not told.
    """
    left = MOST_WORDS
    told: list[list[Word]] = []
    for line in lines:
        wanted = [word for word in words(line) if choice.wants(word)][:left]
        left -= len(wanted)
        if wanted:
            told.append(wanted)
    parents = [_detection(_joined(line), number, "LINE") for number, line in enumerate(told)]
    children = [(word, number) for number, line in enumerate(told) for word in line]
    return parents + [
        {**_detection(word, number, "WORD"), "ParentId": parent}
        for number, (word, parent) in enumerate(children, len(parents))
    ]


def words(line: Line) -> Iterator[Word]:
    """The words of a line; each reaches half a glyph beyond its first and its last."""
    places = [glyph.place for glyph in line.glyphs]
    half = float(np.median(np.diff(places))) / 2 if len(places) > 1 else 0.5
    for blank, group in groupby(line.glyphs, key=lambda glyph: glyph.character.isspace()):
        glyphs = list(group)
        if not blank:
            ends = max(glyphs[0].place - half, 0.0), min(glyphs[-1].place + half, 1.0)
            text = "".join(glyph.character for glyph in glyphs)
            yield Word(text, _confidence(glyphs, line.certainty), part(line.quad, *ends))


def _confidence(glyphs: Sequence[Glyph], certainty: float) -> float:
    mean = math.fsum(glyph.chance for glyph in glyphs) / len(glyphs)
    return calibration.confidence(calibration.TEXT, mean * certainty)


def _joined(line: Sequence[Word]) -> Word:
    """Words as one, from the beginning of the first to the end of the last."""
    first, last = line[0].quad, line[-1].quad
    return Word(
        " ".join(word.text for word in line),
        math.fsum(word.confidence for word in line) / len(line),
        np.stack([first[0], last[1], last[2], first[3]]),
    )


def _detection(word: Word, number: int, kind: str) -> dict[str, Any]:
    return {
        "DetectedText": word.text,
        "Type": kind,
        "Id": number,
        "Confidence": word.confidence,
        "Geometry": {
            "BoundingBox": around(word.quad).document(),
            "Polygon": [{"X": float(x), "Y": float(y)} for x, y in word.quad],
        },
    }
