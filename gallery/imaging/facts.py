"""What a picture tells about itself: when, with what and where it was taken, as far as it can be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from gallery.exposure import Exposure
from gallery.imaging.metadata import place, times, words
from gallery.imaging.metadata.exif import Exif
from gallery.imaging.metadata.exposure import exposure
from gallery.imaging.metadata.file import Metadata
from gallery.imaging.metadata.kind import Kind
from gallery.imaging.metadata.times import FIRST_PHOTOGRAPH as FIRST_PHOTOGRAPH

_ORIENTATION = 0x0112


@dataclass(frozen=True)
class Facts:
    """What is known of a picture.

    width, height: pixels, upright. taken_local: the wall clock where it was taken, naive; taken_offset:
    minutes east of UTC, known only together with taken_local; taken_source: "exif", "file" where something else in it
    says so, "" with neither. Texts are clean, "" when unknown; they may hold markup and must be escaped like any
    other text: single lines of at most 100 characters, but of the caption, which may have lines and 2,000. latitude,
    longitude: degrees, both or neither; altitude: metres above sea level. orientation: EXIF 1-8, as stored.
    rating: 0 to 5 stars. kind: of what is in the file; the picture is a still one always.
    """

    width: int
    height: int
    taken_local: datetime | None = None
    taken_offset: int | None = None
    taken_source: Literal["exif", "file", ""] = ""
    camera_make: str = ""
    camera_model: str = ""
    lens: str = ""
    exposure: Exposure = field(default_factory=Exposure)
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    caption: str = ""
    rating: int | None = None
    kind: Kind = "still"
    orientation: int = 1


def read_facts(
    told: Metadata, width: int, height: int, orientation: int = 1, *, now: datetime | None = None
) -> Facts:
    """Facts from what a file tells, its size as stored, and how the decoded picture lies. Never raises.

    `now` is the naive UTC time against which future dates are judged; by default the clock's.
    """
    if orientation >= 5:
        width, height = height, width
    taken = times.taken(told, now or times.utc_now())
    latitude, longitude = place.position(told) or (None, None)
    return Facts(
        width=width,
        height=height,
        taken_local=taken.local if taken else None,
        taken_offset=taken.offset if taken else None,
        taken_source=taken.source if taken else "",
        camera_make=words.camera_make(told),
        camera_model=words.camera_model(told),
        lens=words.lens(told),
        exposure=exposure(told),
        latitude=latitude,
        longitude=longitude,
        altitude=place.altitude(told),
        caption=words.caption(told),
        rating=words.rating(told),
        kind=told.kind,
        orientation=orientation,
    )


def orientation_of(exif: Exif) -> int:
    """EXIF 1-8; upright, if it says nothing that is one of these."""
    value = exif.image.get(_ORIENTATION)
    number = value[0] if isinstance(value, tuple) else 1
    return number if isinstance(number, int) and 1 <= number <= 8 else 1
