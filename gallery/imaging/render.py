"""From a decoded picture to its renditions: shrunk, upright, sRGB, without any metadata."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from PIL import Image

from gallery.imaging.colour import to_srgb
from gallery.imaging.decode import Decoded
from gallery.imaging.specs import RenditionSpec

# EXIF orientation → what makes it upright. Source: CIPA DC-008, tag 0x0112.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Clockwise, while Pillow turns the other way.
_QUARTERS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
_WEBP_METHOD = 4


def ladder(
    decoded: Decoded, orientation: int, sides: Iterable[int], quarter_turns: int = 0
) -> Mapping[int, Image.Image]:
    """One upright sRGB picture (L, LA, RGB or RGBA) for each longest side in pixels, each made from the next larger.
    Turned clockwise by so many quarters, where somebody knows better what is up.

    Colours are converted and pictures turned only after the first step down, where that costs a fraction.
    """
    steps: dict[int, Image.Image] = {}
    image: Image.Image | None = None
    for side in sorted(set(sides), reverse=True):
        if image is None:
            image = _finished(shrunk(decoded.image, side), orientation, decoded.icc)
            image = _turned(image, _QUARTERS.get(quarter_turns))
        else:
            image = shrunk(image, side)
        steps[side] = image
    return steps


def shrunk(image: Image.Image, longest_side: int) -> Image.Image:
    """The picture at most `longest_side` pixels long; the same object if it is no longer than that."""
    longest = max(image.size)
    if longest <= longest_side:
        return image
    width, height = (max(1, round(side * longest_side / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def encode(image: Image.Image, spec: RenditionSpec) -> bytes:
    """The bytes of one rendition. Alpha stays in WebP; JPEG, which has none, shows the picture on white."""
    out = io.BytesIO()
    if spec.format == "webp":
        image.save(out, "WEBP", quality=spec.quality, method=_WEBP_METHOD)
    else:
        on_white(image).save(out, "JPEG", quality=spec.quality)
    return out.getvalue()


def on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")


def _finished(image: Image.Image, orientation: int, icc: bytes) -> Image.Image:
    coloured = to_srgb(_without_idle_alpha(image), icc)
    return _turned(coloured, _UPRIGHT.get(orientation))


def _turned(image: Image.Image, turn: Image.Transpose | None) -> Image.Image:
    return image if turn is None else image.transpose(turn)


def _without_idle_alpha(image: Image.Image) -> Image.Image:
    """A picture that is opaque everywhere needs no alpha channel, and its copies none either."""
    if image.mode in ("LA", "RGBA") and image.getchannel("A").getextrema() == (255, 255):
        return image.convert(image.mode[:-1])
    return image
