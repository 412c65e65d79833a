"""Fills a running site with originals that nobody decodes, in one album: `… -m tests.site.originals EMAIL N BYTES`.

For downloads: rows and objects are there as an upload leaves them, without the work that an upload brings. Prints
the album's id and the key of a session of its owner.
"""

import hashlib
import io
import os
import random
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402 - as above
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 - as above

from accounts.models import User  # noqa: E402 - as above
from gallery import storage  # noqa: E402 - as above
from gallery.organise import albums  # noqa: E402 - as above
from gallery.tests.making import make_photo  # noqa: E402 - as above

SENDERS = 4


def name(number: int) -> str:
    return f"IMG_{number:05d}.jpg"


def content(number: int, size: int) -> bytes:
    """Nothing that could be packed smaller, another for each number."""
    block = random.Random(number).randbytes(65536)
    return (block * (size // len(block) + 1))[:size]


def checksum(number: int, size: int) -> int:
    return zlib.crc32(content(number, size))


def main(email: str, count: int, size: int) -> None:
    owner = User.objects.get(email=email)
    photos = [make_photo(owner, filename=name(number), byte_size=size) for number in range(count)]

    def put(number: int) -> None:
        data = content(number, size)
        storage.put_original(
            photos[number].original_key,
            io.BytesIO(data),
            size=size,
            sha256=hashlib.sha256(data).hexdigest(),
            content_type="image/jpeg",
        )

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(put, range(count)))
    album = albums.make(owner, "All of it")
    albums.add(owner.pk, album.pk, [photo.pk for photo in photos])
    sys.stdout.write(f"{album.pk} {_session(owner)}\n")


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
