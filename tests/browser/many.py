"""A library of very many photos: rows only, whose pictures a browser test answers for itself.

Run with the settings of a site: `python -m tests.browser.many EMAIL COUNT`.
"""

import random
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import django
from django.db import transaction

django.setup()

from accounts.models import User  # noqa: E402 - settings come first
from gallery.models import OwnerMonth, Photo, Rendition  # noqa: E402

NEWEST: Final = datetime(2025, 12, 20, 12, tzinfo=UTC)
_DAYS: Final = 15 * 365
_BATCH: Final = 2000
_SHAPES: Final = ((4032, 3024), (3024, 4032), (6000, 4000), (4032, 2268), (3000, 3000), (2448, 3264))


def fill(email: str, count: int) -> None:
    owner = User.objects.get(email=email)
    photos = list(_photos(owner, count))
    with transaction.atomic():
        Photo.objects.bulk_create(photos, batch_size=_BATCH)
        Rendition.objects.bulk_create((_thumb(photo) for photo in photos), batch_size=_BATCH)
        months: dict[str, int] = {}
        for photo in photos:
            month = f"{photo.taken_local:%Y-%m}"
            months[month] = months.get(month, 0) + 1
        OwnerMonth.objects.add(owner.pk, months)


def _photos(owner: User, count: int) -> Iterator[Photo]:
    """Most of them of the last years, a few of long ago."""
    drawn = random.Random(count)
    for number in range(count):
        width, height = drawn.choice(_SHAPES)
        key = uuid.UUID(int=drawn.getrandbits(128), version=4)
        yield Photo(
            pk=key,
            owner=owner,
            original_key=f"many/{key}",
            sha256=f"{number:064x}",
            byte_size=1,
            content_type="image/jpeg",
            filename=f"IMG_{number:06}.jpg",
            width=width,
            height=height,
            taken_local=NEWEST - timedelta(seconds=int(_DAYS * 86_400 * drawn.random() ** 1.5)),
        )


def _thumb(photo: Photo) -> Rendition:
    longest = max(photo.width, photo.height)
    return Rendition(
        photo=photo,
        spec="thumb",
        key=f"{photo.pk}/thumb.webp",
        content_type="image/webp",
        width=photo.width * 320 // longest,
        height=photo.height * 320 // longest,
        byte_size=1,
    )


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))
