"""Two networks that read: one marks where text is, the other reads it line by line.

PP-OCR's detector and recogniser, as models/NOTICE says. Both want BGR in -1…1.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from photosite.localaws.boxes import Floats
from photosite.localaws.inference import quiet_session
from photosite.localaws.quads import sides, text_regions

DETECTOR_FILE: Final = "text_detector.onnx"
READER_FILE: Final = "text_reader.onnx"
MOST_PIXELS: Final = 960 * 672
"""As much of a photo as is searched for text: letters 12 px high on 1000 × 700 are found, in 150 MB."""

STEP: Final = 32
LINE_HEIGHT: Final = 48
SHORTEST_LINE: Final = 320
LONGEST_LINE: Final = 1600
"""Lines are read 48 px high; shorter ones are padded, as in training, and longer ones squeezed."""

TALL: Final = 1.5
"""A box so much higher than wide holds text that runs up or down."""

MODEL_VERSION: Final = "photosite-local-text-1.0 (PP-OCRv6 small)"


@dataclass(frozen=True)
class Glyph:
    """A character, the network's chance for it 0…1, and its middle as a share of the line's length."""

    character: str
    chance: float
    place: float


@dataclass(frozen=True)
class Line:
    """A line of text: its quad in ratios of the photo, its glyphs from beginning to end, and the detector's
    certainty 0…1 that this is text.
    """

    quad: Floats
    glyphs: tuple[Glyph, ...]
    certainty: float


class TextNetworks:
    """Both networks, loaded once; `read` may be called from several threads, at 150 MB each."""

    def __init__(self, folder: Path) -> None:
        self._detector = quiet_session(folder / DETECTOR_FILE)
        self._reader = quiet_session(folder / READER_FILE)
        listed = self._reader.get_modelmeta().custom_metadata_map["character"]
        # Before the listed characters comes "none", after them the space between words.
        self._characters = ["", *listed.split("\n"), " "]

    def read(self, photo: Image.Image) -> list[Line]:
        """The lines on an upright RGB photo of any size, from top to bottom."""
        small = searched(photo)
        scale = np.array([photo.width / small.width, photo.height / small.height], np.float32)
        lines = [self._line(photo, one.quad * scale, one.mean) for one in text_regions(self.detect(small))]
        written = [line for line in lines if line.glyphs]
        return sorted(written, key=lambda line: (float(line.quad[:, 1].min()), float(line.quad[0, 0])))

    def detect(self, small: Image.Image) -> Floats:
        """The bare detector: the chance of text [height, width] for each pixel."""
        chances: Floats = self._detector.run(None, {"x": _pixels(small)})[0][0, 0]
        return chances

    def decipher(self, strip: Image.Image) -> tuple[Glyph, ...]:
        """The bare reader: what stands on a strip of 48 px height."""
        width = max(strip.width, SHORTEST_LINE)
        pixels = np.zeros((1, 3, LINE_HEIGHT, width), np.float32)
        pixels[..., : strip.width] = _pixels(strip)
        chances: Floats = self._reader.run(None, {"x": pixels})[0][0]
        best = chances.argmax(axis=1)
        # The same character twice in a row is one that is wide; "none" lies between two that are two.
        told = np.flatnonzero((best != 0) & (best != np.roll(best, 1)))
        places = (told + 0.5) / len(best) * width / strip.width
        return tuple(
            Glyph(self._characters[best[at]], float(chances[at, best[at]]), min(float(place), 1.0))
            for at, place in zip(told, places, strict=True)
        )

    def _line(self, photo: Image.Image, quad: Floats, certainty: float) -> Line:
        """The better of the readings of a quad in pixels of the photo."""
        length, height = sides(quad)
        ways = [quad] if height < TALL * length else [np.roll(quad, turn, axis=0) for turn in (-1, 1)]
        ratios = np.array(photo.size, np.float32)
        readings = [Line(way / ratios, self.decipher(strip(photo, way)), certainty) for way in ways]
        return max(readings, key=lambda line: sum(glyph.chance for glyph in line.glyphs))


def searched(photo: Image.Image) -> Image.Image:
    """The photo at the size that is searched, both sides multiples of 32 px; it is never enlarged."""
    scale = min(math.sqrt(MOST_PIXELS / (photo.width * photo.height)), 1.0)
    width, height = (max(round(side * scale / STEP) * STEP, STEP) for side in photo.size)
    return photo.resize((width, height), Image.Resampling.BILINEAR)


def strip(photo: Image.Image, quad: Floats) -> Image.Image:
    """What a quad in pixels shows, laid flat and 48 px high."""
    length, height = sides(quad)
    corners = quad[[0, 3, 2, 1]].ravel().tolist()
    flat = photo.transform(
        (max(round(length), 1), max(round(height), 1)),
        Image.Transform.QUAD,
        corners,
        Image.Resampling.BILINEAR,
    )
    width = min(max(round(LINE_HEIGHT * length / height), LINE_HEIGHT // 4), LONGEST_LINE)
    return flat.resize((width, LINE_HEIGHT), Image.Resampling.BILINEAR)


def _pixels(picture: Image.Image) -> Floats:
    """[1, 3, height, width] in -1…1, blue first."""
    bgr = np.asarray(picture, np.float32)[..., ::-1]
    return np.ascontiguousarray((bgr / 127.5 - 1).transpose(2, 0, 1)[None])
