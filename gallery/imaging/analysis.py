"""What Rekognition takes. It is sent the `full` rendition as it is: upright, sRGB, without metadata."""

from __future__ import annotations

# Source: Amazon Rekognition Developer Guide, "Guidelines and quotas": 80 pixels a side at least, 10,000 at most;
# 5 MB as bytes (the model of the API says 5,242,880).
SMALLEST_SIDE = 80
LONGEST_SIDE = 10_000
MOST_BYTES = 5_242_880


def fits_rekognition(width: int, height: int, size: int) -> str | None:
    """None if a JPEG of these pixels and this many bytes can be analysed, else the reason as a sentence."""
    if min(width, height) < SMALLEST_SIDE:
        return (
            f"The picture is too small to be analysed: {width} by {height} pixels, and 80 a side are needed."
        )
    if max(width, height) > LONGEST_SIDE:
        return f"The picture is too large to be analysed: {width} by {height} pixels, and 10,000 a side are taken."
    if size > MOST_BYTES:
        return "The picture has too many bytes to be analysed: more than 5 MB even when it is made smaller."
    return None
