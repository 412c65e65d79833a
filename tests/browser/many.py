"""A library of very many photos: rows only, whose pictures a browser test answers for itself.

Run with the settings of a site on SQLite: `python -m tests.browser.many EMAIL COUNT`. A hundredth of them is drawn; the
others are copies of these some hours older, which SQLite makes in a fifth of the time.
"""

import random
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import django
from django.db import connection, models, transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth

django.setup()

from accounts.models import User  # noqa: E402 - settings come first
from gallery.models import OwnerMonth, Photo, Rendition  # noqa: E402 - as above

NEWEST: Final = datetime(2025, 12, 20, 12, tzinfo=UTC)
_DAYS: Final = 15 * 365
_COPIES: Final = 99
# What is another one of the n-th copy, as SQL.
_OTHER_PHOTO: Final = {
    "id": "printf('%%04x', n) || substr(id, 5)",
    "original_key": "original_key || '/' || n",
    "sha256": "printf('%%04x', n) || substr(sha256, 5)",
    "taken_local": "strftime('%%Y-%%m-%%d %%H:%%M:%%S', taken_local, printf('-%%d minutes', 271 * n))",
}
_OTHER_RENDITION: Final = {"photo_id": "printf('%%04x', n) || substr(photo_id, 5)", "key": "key || '/' || n"}
_SHAPES: Final = ((4032, 3024), (3024, 4032), (6000, 4000), (4032, 2268), (3000, 3000), (2448, 3264))


def fill(email: str, count: int) -> None:
    owner = User.objects.get(email=email)
    photos = list(_photos(owner, count // (_COPIES + 1)))
    with transaction.atomic():
        Photo.objects.bulk_create(photos)
        Rendition.objects.bulk_create(map(_thumb, photos))
        _copy(Photo, "owner_id = %s", owner.pk.hex, _OTHER_PHOTO)
        _copy(Rendition, "key LIKE %s", "many/%", _OTHER_RENDITION)
        months = owner.photos.values_list(TruncMonth("taken_local")).annotate(Count("pk"))
        OwnerMonth.objects.add(owner.pk, {f"{month:%Y-%m}": photos for month, photos in months})


def _copy(model: type[models.Model], whose: str, value: str, other: dict[str, str]) -> None:
    fields = model._meta.concrete_fields
    columns = [str(field.column) for field in fields if not isinstance(field, models.AutoField)]
    table, chosen = model._meta.db_table, ", ".join(other.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < %s) "  # noqa: S608 - our own
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table}, copy WHERE {whose} "
            "ORDER BY n",  # or it would go on to copy the copies
            [_COPIES, value],
        )


def _photos(owner: User, count: int) -> Iterator[Photo]:
    """Most of them of the last years, a few of long ago."""
    drawn = random.Random(count)
    for number in range(count):
        width, height = drawn.choice(_SHAPES)
        key = uuid.UUID(int=drawn.getrandbits(112), version=4)  # the first four digits are for copies
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
            compared_at=NEWEST,  # or the sweep would look for their thumbs
            taken_local=NEWEST - timedelta(seconds=int(_DAYS * 86_400 * drawn.random() ** 1.5)),
        )


def _thumb(photo: Photo) -> Rendition:
    longest = max(photo.width, photo.height)
    return Rendition(
        photo=photo,
        spec="thumb",
        key=f"many/{photo.pk}/thumb.webp",
        content_type="image/webp",
        width=photo.width * 320 // longest,
        height=photo.height * 320 // longest,
        byte_size=1,
    )


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))
