"""What whole pages cost, asked as a browser asks them: address, session, middleware, template, all of it.

The made-up library has no pictures; those photos that are on a page here get the rows of theirs, so that addresses
are signed as on a real one.
"""

import dataclasses
import functools
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final
from unittest import mock
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
    with _of_small():
        small = _asked(largest_owner(), "/")
    works = {
        "first": _asked(owner, "/"),
        "deep": _asked(owner, deep),
        "chunk": _asked(owner, f"/?part=tiles&month={_month_at(owner, 0)}&skip=0"),
        "naive": _asked(owner, "/naive/"),
    }
    with _hundred():
        works["hundred"] = _asked(owner, "/")
    works["hundred"] = _in(_hundred, works["hundred"])
    works["small"] = _in(_of_small, small)
    shown = {name: len(_shown(work)) for name, work in works.items()}
    found = by_turns(works, ROUNDS)
    told = f"tiles {shown}"
    line = ratio("timeline, whole page, large against small", found["first"], found["small"], 1.1)
    yield dataclasses.replace(line, told=f"{line.told}; {told}")
    deepest = 1.5 if connection.vendor == "postgresql" else 3
    yield ratio("timeline, whole page at 99 % against first", found["deep"], found["first"], deepest)
    ours, naive = found["hundred"], found["naive"]
    told = f"p50 {ours.own_p50:.2f}, against {naive.own_p50:.2f} ms; with the database's server {ours}, against {naive}"
    yield Line(
        "page of 100 in the web process, against the naive one", ours.own_p50 / naive.own_p50, 1 / 6, told
    )
    each = found["chunk"].p50 / shown["chunk"] / (found["naive"].p50 / shown["naive"])
    told = f"{found['chunk']} for {shown['chunk']}, against {found['naive']} for {shown['naive']}"
    yield Line("tiles as script fetches them, a photo of it against the naive page", each, 1 / 6, told)


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


def _of_small() -> AbstractContextManager[None]:
    return using(SMALL)


def _hundred() -> AbstractContextManager[object]:
    """Our pages have fewer photos than the naive one; they are compared with as many."""
    return mock.patch("gallery.views.timeline.PAGE_SIZE", PHOTOS)


def _in(around: Callable[[], AbstractContextManager[object]], work: Work) -> Work:
    def inside() -> object:
        with around():
            return work()

    return inside


def _month_at(owner: User, part: float) -> str:
    """The month where this part of the timeline is behind one."""
    rows = list(OwnerMonth.objects.filter(owner=owner).order_by("-month").values_list("month", "photos"))
    left = sum(photos for _, photos in rows) * part
    for month, photos in rows:
        left -= photos
        if left <= 0:
            return str(month)
    return str(rows[-1][0])
