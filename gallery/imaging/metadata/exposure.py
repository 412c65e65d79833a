"""How a picture was exposed. Source of the tags: CIPA DC-008, 4.6.5; of the properties: CIPA DC-010."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gallery.exposure import Exposure
from gallery.imaging.metadata.exif import Tags
from gallery.imaging.metadata.file import Metadata
from gallery.imaging.metadata.numbers import of_tag, of_text
from gallery.imaging.metadata.xmp import Xmp

_TIME, _F_NUMBER, _SHUTTER, _APERTURE = 0x829A, 0x829D, 0x9201, 0x9202
_FLASH, _FIRED = 0x9209, 1
_APEX_MOST = 50
# In sixteen bits, which end at 65,535; above that it stands in one of the others.
_ISO, _ISO_MOST, _LONG_ISO = 0x8827, 65_535, (0x8833, 0x8832, 0x8831)
_PLAIN: Final = {"bias": 0x9204, "focal_length": 0x920A, "focal_length_35mm": 0xA405}
_OF_XMP: Final = {
    "time": ("exif:ExposureTime",),
    "f_number": ("exif:FNumber",),
    "iso": ("exifEX:PhotographicSensitivity", "exif:ISOSpeedRatings"),
    "focal_length": ("exif:FocalLength",),
    "focal_length_35mm": ("exif:FocalLengthIn35mmFilm",),
    "bias": ("exif:ExposureBiasValue",),
}


def exposure(told: Metadata) -> Exposure:
    """Each by itself: what EXIF can't be believed in, XMP may tell."""
    exif, xmp = (
        Exposure.believed(**dict(_of_exif(told.exif.photo))),
        Exposure.believed(**dict(_of_xmp(told.xmp))),
    )
    return Exposure.of_row((xmp.as_row or {}) | (exif.as_row or {}))


def _of_exif(tags: Tags) -> Iterator[tuple[str, float]]:
    """Time and aperture in their own units, or as powers of two (APEX)."""
    told = {name: of_tag(tags, tag) for name, tag in _PLAIN.items()}
    told["time"] = of_tag(tags, _TIME) or _apex(tags, _SHUTTER, lambda value: 2.0**-value)
    told["f_number"] = of_tag(tags, _F_NUMBER) or _apex(tags, _APERTURE, lambda value: 2.0 ** (value / 2))
    told["iso"] = _sensitivity(tags)
    flash = of_tag(tags, _FLASH)
    told["flash"] = None if flash is None else int(flash) & _FIRED
    return ((name, value) for name, value in told.items() if value is not None)


def _of_xmp(xmp: Xmp) -> Iterator[tuple[str, float]]:
    for field, names in _OF_XMP.items():
        for value in (of_text(xmp.get(name, ("",))[0]) for name in reversed(names)):
            if value is not None:
                yield field, value
    if fired := xmp.get("exif:Fired"):
        yield "flash", fired[0].casefold() == "true"


def _sensitivity(tags: Tags) -> float | None:
    iso = of_tag(tags, _ISO)
    longer = (of_tag(tags, tag) for tag in _LONG_ISO) if iso is None or iso >= _ISO_MOST else iter(())
    return next((value for value in longer if value), iso)


def _apex(tags: Tags, tag: int, meant: Callable[[float], float]) -> float | None:
    value = of_tag(tags, tag)
    return meant(value) if value is not None and abs(value) < _APEX_MOST else None
