"""Numbers as EXIF and XMP keep them."""

from __future__ import annotations

import math

from gallery.imaging.metadata.exif import Tags


def of_tag(tags: Tags, tag: int) -> float | None:
    """The first one; None for 0/0."""
    value = tags.get(tag)
    return value[0] if isinstance(value, tuple) and math.isfinite(value[0]) else None


def of_text(text: str) -> float | None:
    """Of "1.8", or of "18/10" as XMP writes most of them."""
    over, _, under = text.partition("/")
    try:
        value = float(over) / float(under or 1)
    except (ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) else None
