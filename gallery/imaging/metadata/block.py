"""A block of metadata: its kind, and its bytes."""

from __future__ import annotations

from typing import Final

# The longest packets that cameras and programs write have some hundred kilobytes. What is longer is cut: EXIF keeps
# what matters at its beginning, and XMP is read up to where it ends.
MAX_BLOCK: Final = 1 << 20
EXIF, XMP, IPTC = "exif", "xmp", "iptc"

# A PNG's own texts have their keyword as their kind.
Block = tuple[str, bytes]
