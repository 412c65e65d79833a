"""Where a picture was taken, and how high."""

from __future__ import annotations

import math
import re
from typing import Final

from gallery.imaging.metadata.exif import Tags
from gallery.imaging.metadata.file import Metadata
from gallery.imaging.metadata.numbers import of_text
from gallery.imaging.metadata.xmp import Xmp

_ALTITUDE_BELOW, _ALTITUDE = 5, 6
_BELOW: Final = ((1,), b"\x01", (3,), b"\x03")  # the sea, or the ellipsoid that stands for it
_XMP_DEGREES = re.compile(r"(\d{1,3})(?:,(\d{1,2}(?:\.\d+)?))?(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])", re.ASCII)
_SIGNS: Final = {"N": 1, "E": 1, "S": -1, "W": -1}

Position = tuple[float, float]


def position(told: Metadata) -> Position | None:
    """Degrees north and east."""
    return _on_earth(_degrees(told.exif.gps, 1, "NS"), _degrees(told.exif.gps, 3, "EW")) or _on_earth(
        _degrees_of_text(told.xmp, "exif:GPSLatitude", "NS"),
        _degrees_of_text(told.xmp, "exif:GPSLongitude", "EW"),
    )


def altitude(told: Metadata) -> float | None:
    """Metres; from the deepest trench to the height of balloons, anything else is a fault of the device."""
    for metres in (_height(told.exif.gps), _height_of_text(told.xmp)):
        if metres is not None and math.isfinite(metres) and -11_000 <= metres <= 60_000:
            return metres
    return None


def _on_earth(latitude: float | None, longitude: float | None) -> Position | None:
    """0, 0 is what devices without a fix write, and nobody photographs there."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(tags: Tags, reference: int, letters: str) -> float | None:
    """Degrees, minutes and seconds stand in the tag after the one that names the hemisphere."""
    named, parts = tags.get(reference), tags.get(reference + 1)
    letter = named[:1].decode("ascii", "ignore").upper() if isinstance(named, bytes) else ""
    if not letter or letter not in letters or not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    degrees = sum(part / 60**power for power, part in enumerate(parts))
    return _SIGNS[letter] * degrees if math.isfinite(degrees) and min(parts) >= 0 else None


def _degrees_of_text(xmp: Xmp, name: str, letters: str) -> float | None:
    """ "46,30.6N" or "46,30,36N"."""
    match = _XMP_DEGREES.fullmatch(xmp.get(name, ("",))[0])
    if match is None or match[4] not in letters:
        return None
    degrees, minutes, seconds = (float(part or 0) for part in match.group(1, 2, 3))
    return _SIGNS[match[4]] * (degrees + minutes / 60 + seconds / 3600)


def _height(tags: Tags) -> float | None:
    value = tags.get(_ALTITUDE)
    if not isinstance(value, tuple) or len(value) != 1:
        return None
    return float(-value[0] if tags.get(_ALTITUDE_BELOW) in _BELOW else value[0])


def _height_of_text(xmp: Xmp) -> float | None:
    metres = of_text(xmp.get("exif:GPSAltitude", ("",))[0])
    below = xmp.get("exif:GPSAltitudeRef", ("",))[0] == "1"
    return -metres if metres is not None and below else metres
