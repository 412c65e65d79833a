"""IMAGE_PROPERTIES: quality and dominant colours, of the whole picture, its foreground and its background.

Dominant colours are CSS colours, as Rekognition's answers show: every pixel of a small copy counts for the
named colour next to it, and PixelPercent is that colour's share. Foreground is what lies in the boxes of
detected objects, or the middle of a picture in which none was found.
"""

import colorsys
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from photosite.localaws.boxes import Box

Pixels = NDArray[np.float32]
Mask = NDArray[np.bool_]

COPY_SIDE: Final = 128
GREY_CHROMA: Final = 40
"""Under this difference of its channels (of 255) a colour is black, grey or white."""

EDGE: Final = 0.1
"""How much of each side is background in a picture without objects."""

LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
SHARP_EDGE: Final = 12.0
"""Mean absolute Laplacian, in grey levels, at which sharpness reaches 63."""

HUES: Final = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (170, "green"),
    (260, "blue"),
    (290, "purple"),
    (345, "pink"),
    (361, "red"),
)
"""Where each simple colour ends on the colour wheel, in degrees."""


def _css_colors() -> dict[str, tuple[int, int, int]]:
    """Every CSS colour once, in the British spelling that Rekognition uses."""
    by_value: dict[str, str] = {}
    for name in sorted(ImageColor.colormap, key=lambda name: ("gray" in name, name)):
        value = ImageColor.colormap[name]
        by_value.setdefault(
            value if isinstance(value, str) else "#{:02x}{:02x}{:02x}".format(*value[:3]), name
        )
    return {
        name: (int(hex_[1:3], 16), int(hex_[3:5], 16), int(hex_[5:7], 16)) for hex_, name in by_value.items()
    }


CSS_COLORS: Final = _css_colors()
CSS_NAMES: Final = tuple(CSS_COLORS)
CSS_VALUES: Final = np.array(list(CSS_COLORS.values()), np.float32)


def _nearest(values: Pixels, palette: Pixels) -> NDArray[np.intp]:
    """Index of the palette's colour next to each value; distance weighted roughly as the eye does."""
    weights = np.sqrt(np.array([2, 4, 3], np.float32))
    left, right = values * weights, palette * weights
    distance = (right**2).sum(axis=1) - 2 * left @ right.T
    indices: NDArray[np.intp] = distance.argmin(axis=1)
    return indices


def simple_name(red: int, green: int, blue: int) -> str:
    """One of twelve simple names, as many as Rekognition has ("One of 12 simplified color names", API reference).

    Which twelve, Amazon does not say; these are the eleven basic colour words of English, and beige.
    """
    low, high = min(red, green, blue), max(red, green, blue)
    if high - low < GREY_CHROMA:
        return _plain_name(low, high, warm=red > blue)
    hue = 360 * colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0]
    return _shade(next(name for end, name in HUES if hue < end), low, high)


def _plain_name(low: int, high: int, warm: bool) -> str:
    if high < 50:
        return "black"
    if low > 200:
        return "beige" if warm and high - low > 12 else "white"
    return "grey"


def _shade(name: str, low: int, high: int) -> str:
    """Dark orange is brown, pale orange beige, pale red pink."""
    if name in {"orange", "yellow"} and low > 160:
        return "beige"
    if name == "orange" and high < 215:
        return "brown"
    return "pink" if name == "red" and low > 140 else name


CSS_SIMPLE: Final = tuple(simple_name(*value) for value in CSS_COLORS.values())


class Palette:
    """A small copy of a picture whose pixels have been told apart by colour."""

    def __init__(self, photo: Image.Image) -> None:
        small = photo.copy()
        small.thumbnail((COPY_SIDE, COPY_SIDE), Image.Resampling.BOX)
        self.pixels: Pixels = np.asarray(small, np.float32)
        self.nearest = _nearest(self.pixels.reshape(-1, 3), CSS_VALUES).reshape(self.pixels.shape[:2])

    def inside(self, boxes: Iterable[Box]) -> Mask:
        """True for the pixels that lie in one of the boxes."""
        height, width = int(self.pixels.shape[0]), int(self.pixels.shape[1])
        mask = np.zeros((height, width), np.bool_)
        for box in boxes:
            left, top = int(box.left * width), int(box.top * height)
            right, bottom = round((box.left + box.width) * width), round((box.top + box.height) * height)
            mask[top : max(bottom, top + 1), left : max(right, left + 1)] = True
        return mask

    def dominant(self, mask: Mask, most: int) -> list[dict[str, Any]]:
        """DominantColors of the masked pixels, the largest share first."""
        counts = np.bincount(self.nearest[mask], minlength=len(CSS_NAMES))
        total = max(int(counts.sum()), 1)
        order = [int(index) for index in np.argsort(-counts, kind="stable")[:most] if counts[index]]
        return [_color(index, 100 * float(counts[index]) / total) for index in order]


def _color(index: int, percent: float) -> dict[str, Any]:
    red, green, blue = (int(value) for value in CSS_VALUES[index])
    return {
        "Red": red,
        "Green": green,
        "Blue": blue,
        "HexCode": f"#{red:02x}{green:02x}{blue:02x}",
        "CSSColor": CSS_NAMES[index],
        "SimplifiedColor": CSS_SIMPLE[index],
        "PixelPercent": percent,
    }


def quality(photo: Image.Image, mask: Mask | None = None) -> dict[str, float]:
    """Brightness, Sharpness and Contrast, 0…100, of a picture or of the part under a mask (any size)."""
    grey = np.asarray(photo, np.float32) @ LUMA
    edges = np.abs(_laplacian(grey))
    if mask is not None:
        part = _stretched(mask, grey.shape)
        grey, edges = grey[part], edges[part]
    if not grey.size:
        return {"Brightness": 0.0, "Sharpness": 0.0, "Contrast": 0.0}
    return {
        "Brightness": float(grey.mean()) / 2.55,
        "Sharpness": 100 * (1 - float(np.exp(-edges.mean() / SHARP_EDGE))),
        "Contrast": min(float(grey.std()) / 1.275, 100.0),
    }


def _laplacian(grey: Pixels) -> Pixels:
    """The second difference of every pixel with its four neighbours; the border repeats."""
    wide = np.pad(grey, 1, mode="edge")
    around = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]
    return around - 4 * grey


def _stretched(mask: Mask, shape: Sequence[int]) -> Mask:
    rows = np.arange(shape[0]) * mask.shape[0] // shape[0]
    columns = np.arange(shape[1]) * mask.shape[1] // shape[1]
    return mask[np.ix_(rows, columns)]


def image_properties(photo: Image.Image, palette: Palette, boxes: Sequence[Box], most: int) -> dict[str, Any]:
    """ImageProperties of an upright RGB photo with its palette; `boxes` hold what matters on it."""
    middle = Box(EDGE, EDGE, 1 - 2 * EDGE, 1 - 2 * EDGE)
    front = palette.inside(boxes or [middle])
    return {
        "Quality": quality(photo),
        "DominantColors": palette.dominant(np.ones_like(front), most),
        "Foreground": {"Quality": quality(photo, front), "DominantColors": palette.dominant(front, most)},
        "Background": {"Quality": quality(photo, ~front), "DominantColors": palette.dominant(~front, most)},
    }
