"""Two databases of one kind: the large library and the small one, and which of them the site's code speaks to now.

Importing this sets Django up, with the environment's DATABASE_URL for the large one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
SMALL: Final = "small"
_large = settings.DATABASES["default"]
_beside = "photosite_small" if settings.DATABASE_URL else settings.DATA_DIR / "small.sqlite3"
settings.DATABASES[SMALL] = {**_large, "NAME": _beside}
django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.db import connection, connections  # noqa: E402 - as above

from benchmarks.search.collection import Library  # noqa: E402 - as above
from benchmarks.search.fill import fill  # noqa: E402 - as above
from gallery.models import Photo  # noqa: E402 - as above

_connections: Final = {"large": connections["default"], SMALL: connections[SMALL]}


@contextmanager
def using(name: str) -> Iterator[None]:
    """`large` or `small` is the database of the site."""
    connections["default"] = _connections[name]
    try:
        yield
    finally:
        connections["default"] = _connections["large"]


def server_processes() -> list[int]:
    """The server's processes that answer us; SQLite has none."""
    if connection.vendor != "postgresql":
        return []
    found = []
    for name in _connections:
        with using(name), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            found.append(cursor.fetchone()[0])
    return found


def ensure(name: str, library: Library) -> bool:
    """Fills it unless that was done by an earlier run. Answers whether it had to."""
    if name == SMALL and connection.vendor == "postgresql":
        _create()
    with using(name):
        call_command("migrate", verbosity=0)
        if Photo.objects.exists():
            return False
        fill(library)
        return True


def _create() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [str(_beside)])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{_beside}"')
