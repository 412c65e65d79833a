"""Every picture in sRGB, whatever profile it came with."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageCms

from gallery.imaging.raster import Raster, changed

# What a profile must be made for to fit a picture of this mode. Source: ICC.1:2022, table 19.
_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}

Conversion = Callable[[Image.Image], Image.Image]


def to_srgb(raster: Raster, icc: bytes) -> Raster:
    """L, LA, RGB, RGBA or CMYK with the ICC profile it came with (b"": none) → L, LA, RGB or RGBA in sRGB.

    A broken profile, or one that is made for another kind of picture, is passed over.
    """
    if raster.see_through:
        converted = to_srgb(raster.opaque(), icc)
        return Raster(np.dstack((converted.pixels, raster.pixels[..., -1])), converted.mode + "A")
    convert = (_by_profile(raster.mode, icc) if icc else None) or _by_itself(raster.mode)
    return changed(raster, convert) if convert else raster


def _by_itself(mode: str) -> Conversion | None:
    return (lambda image: image.convert("RGB")) if mode == "CMYK" else None


def _by_profile(mode: str, icc: bytes) -> Conversion | None:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if profile.profile.xcolor_space != _SPACES[mode] or _is_srgb(profile):
            return None
        transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return lambda image: transform.apply(image).convert("L" if mode == "L" else "RGB")


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return (profile.profile.profile_description or "").startswith("sRGB")
