"""What whole pages cost, asked as a browser asks them: address, session, middleware, template, all of it.

The made-up library has no pictures; those photos that are on a page here get the rows of theirs, so that addresses
are signed as on a real one.
"""

import dataclasses
import functools
import re
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from accounts.models import User
from benchmarks.search.clock import Work, by_turns
from benchmarks.search.databases import SMALL, using
from benchmarks.search.fill import largest_owner
from benchmarks.search.naive import PHOTOS
from benchmarks.search.table import Line, ratio
from gallery.imaging.specs import SPECS
from gallery.models import OwnerMonth, Photo, Rendition

ROUNDS: Final = 30
_TILE: Final = re.compile(r'href="/photos/([0-9a-f-]{36})/')
_DEEP: Final = 0.99
_PLAIN: Final = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def pages() -> Iterator[Line]:
    with override_settings(STORAGES=_PLAIN, ROOT_URLCONF="benchmarks.search.naive", ALLOWED_HOSTS=["*"]):
        yield from _pages(largest_owner())


def _pages(owner: User) -> Iterator[Line]:
    deep = f"/?month={_month_at(owner, _DEEP)}"
    with using(SMALL):
        small = _asked(largest_owner(), "/")
    works = {
        "first": _asked(owner, "/"),
        "deep": _asked(owner, deep),
        "chunk": _asked(owner, f"/?part=tiles&month={_month_at(owner, 0)}&skip=0"),
        "naive": _asked(owner, "/naive/"),
    }
    works["small"] = _in_small(small)
    shown = {name: len(_shown(work)) for name, work in works.items()}
    found = by_turns(works, ROUNDS)
    told = f"tiles {shown}"
    line = ratio("timeline, whole page, large against small", found["first"], found["small"], 1.1)
    yield dataclasses.replace(line, told=f"{line.told}; {told}")
    deepest = 1.5 if connection.vendor == "postgresql" else 3
    yield ratio("timeline, whole page at 99 % against first", found["deep"], found["first"], deepest)
    for name, what in (("first", "timeline, whole page"), ("chunk", "tiles as script fetches them")):
        each = found[name].p50 / shown[name] / (found["naive"].p50 / shown["naive"])
        told = f"{found[name]} for {shown[name]}, against {found['naive']} for {shown['naive']}"
        yield Line(f"{what}, a photo of it against the naive page", each, 1 / 6, told)


def _asked(owner: User, address: str) -> Work:
    """Asks for a page, signed in; the first time its photos get their pictures' rows."""
    client = Client()
    client.force_login(owner)
    work = functools.partial(_get, client, address)
    if address == "/naive/":
        photos = Photo.objects.visible_to(owner).live().newest_first()[:PHOTOS]
        _draw([photo.pk for photo in photos])
    else:
        _draw(_shown(work))
    return work


def _get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def _shown(work: Work) -> list[UUID]:
    return [UUID(found) for found in dict.fromkeys(_TILE.findall(str(work())))]


def _draw(photos: list[UUID]) -> None:
    rows = [
        Rendition(photo_id=photo, spec=spec.name, key=f"{photo}/{spec.name}", content_type="image/webp",
                  width=320, height=240, byte_size=12_000)
        for photo in photos for spec in SPECS
    ]  # fmt: skip
    Rendition.objects.bulk_create(rows, ignore_conflicts=True)


def _in_small(work: Work) -> Work:
    def there() -> object:
        with using(SMALL):
            return work()

    return there


def _month_at(owner: User, part: float) -> str:
    """The month where this part of the timeline is behind one."""
    rows = list(OwnerMonth.objects.filter(owner=owner).order_by("-month").values_list("month", "photos"))
    left = sum(photos for _, photos in rows) * part
    for month, photos in rows:
        left -= photos
        if left <= 0:
            return str(month)
    return str(rows[-1][0])
