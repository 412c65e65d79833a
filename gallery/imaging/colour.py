"""Every picture in sRGB, whatever profile it came with."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

# What a profile must be made for to fit a picture of this mode. Source: ICC.1:2022, table 19.
_SPACES = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}


def to_srgb(image: Image.Image, icc: bytes) -> Image.Image:
    """L, LA, RGB, RGBA or CMYK with the ICC profile it came with (b"": none) → L, LA, RGB or RGBA in sRGB.

    A broken profile, or one that is made for another kind of picture, is passed over.
    """
    if image.mode in ("LA", "RGBA"):
        converted = to_srgb(image.convert("L" if image.mode == "LA" else "RGB"), icc)
        converted.putalpha(image.getchannel("A"))
        return converted
    converted = _transformed(image, icc) if icc else image
    return converted.convert("RGB") if converted.mode == "CMYK" else converted


def _transformed(image: Image.Image, icc: bytes) -> Image.Image:
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if profile.profile.xcolor_space != _SPACES[image.mode] or _is_srgb(profile):
            return image
        made = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    if made is None:
        return image
    return made.convert("L") if image.mode == "L" else made


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return (profile.profile.profile_description or "").startswith("sRGB")
