"""From a decoded picture to its renditions: shrunk, upright, sRGB, without any metadata."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import simplejpeg
from PIL import Image

from gallery.imaging.colour import to_srgb
from gallery.imaging.decode import Decoded
from gallery.imaging.raster import Raster, from_image, shrunk, to_image, turned
from gallery.imaging.specs import RenditionFormat, RenditionSpec

# EXIF orientation → whether it is mirrored, and how many quarters clockwise then make it upright.
# Source: CIPA DC-008, tag 0x0112.
_UPRIGHT = {
    1: (False, 0),
    2: (True, 0),
    3: (False, 2),
    4: (True, 2),
    5: (True, 3),
    6: (False, 1),
    7: (True, 1),
    8: (False, 3),
}
# What Pillow is told beside the quality.
_ENCODERS: Mapping[RenditionFormat, Mapping[str, int]] = {
    "webp": {"method": 4},
    "avif": {"speed": 9, "max_threads": 1},
}


def ladder(
    decoded: Decoded, orientation: int, sides: Iterable[int], quarter_turns: int = 0
) -> Mapping[int, Raster]:
    """One upright sRGB picture (L, LA, RGB or RGBA) for each longest side in pixels, each made from the next larger.
    Turned clockwise by so many quarters, where somebody knows better what is up.

    Colours are converted and pictures turned only after the first step down, where that costs a fraction.
    """
    steps: dict[int, Raster] = {}
    raster: Raster | None = None
    for side in sorted(set(sides), reverse=True):
        if raster is None:
            raster = to_srgb(shrunk(_without_idle_alpha(decoded.raster), side), decoded.icc)
            mirrored, quarters = _UPRIGHT[orientation]
            raster = turned(raster, quarters + quarter_turns, mirrored=mirrored)
        else:
            raster = shrunk(raster, side)
        steps[side] = raster
    return steps


def encode(raster: Raster, spec: RenditionSpec) -> bytes:
    """The bytes of one rendition. Alpha stays in WebP and AVIF; JPEG, which has none, shows the picture on white."""
    if spec.format != "jpeg":
        out = io.BytesIO()
        to_image(raster).save(out, spec.format, quality=spec.quality, **_ENCODERS[spec.format])
        return out.getvalue()
    opaque = on_white(raster)
    space, sampling = ("GRAY", "Gray") if opaque.mode == "L" else ("RGB", "420")
    data: bytes = simplejpeg.encode_jpeg(opaque.pixels, spec.quality, space, sampling, fastdct=False)
    return data


def on_white(raster: Raster) -> Raster:
    if not raster.see_through:
        return raster
    image = to_image(raster).convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return from_image(Image.alpha_composite(white, image).convert("RGB"))


def _without_idle_alpha(raster: Raster) -> Raster:
    """A picture that is opaque everywhere needs no alpha channel, and its copies none either."""
    return raster.opaque() if raster.see_through and raster.pixels[..., -1].min() == 255 else raster
