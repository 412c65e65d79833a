"""What Rekognition takes. It is sent the `full` rendition as it is: upright, sRGB, without metadata."""

from __future__ import annotations

# Source: Amazon Rekognition Developer Guide, "Guidelines and quotas": 80 pixels a side at least, 10,000 at most;
# 5 MB as bytes (the model of the API says 5,242,880).
SMALLEST_SIDE = 80
LONGEST_SIDE = 10_000
MOST_BYTES = 5_242_880
TOO_SMALL = (
    "The picture is too small to be analysed: %(width)s by %(height)s pixels, and 80 a side are needed."
)
TOO_LARGE = (
    "The picture is too large to be analysed: %(width)s by %(height)s pixels, and 10,000 a side are taken."
)
TOO_MANY_BYTES = "The picture has too many bytes to be analysed: more than 5 MB even when it is made smaller."


def fits_rekognition(width: int, height: int, size: int) -> str | None:
    """None if a JPEG of these pixels and this many bytes can be analysed, else the reason as a sentence."""
    pixels = {"width": width, "height": height}
    if min(width, height) < SMALLEST_SIDE:
        return TOO_SMALL % pixels
    if max(width, height) > LONGEST_SIDE:
        return TOO_LARGE % pixels
    return TOO_MANY_BYTES if size > MOST_BYTES else None
