"""Large files go straight into the bucket in parts while one part of the site after the other is killed.

What was sent arrives whole and once; of what was begun and left, nothing stays once its day is over.
"""

import hashlib
import secrets
import signal
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import pytest
import urllib3

from gallery.intake.direct import PART_BYTES
from tests.site import pictures
from tests.site.client import Client
from tests.site.running import BUCKET, Site
from tests.site.test_crowd import child, everything_done, first
from tests.site.waiting import until

pytestmark = [pytest.mark.site, pytest.mark.long]
FILES: Final = 6
LEFT: Final = 3
BYTES: Final = 20_000_000
SECONDS: Final = 240
VICTIMS: Final = (
    first("s3"),
    child("web"),
    first("s3"),
    first("worker-images"),
    child("web"),
    first("queue"),
)
_UPLOADS: Final = "from django.utils import timezone; from gallery.models import Upload; "
_EXPIRE: Final = _UPLOADS + "print(Upload.objects.filter(state='open').update(expires_at=timezone.now()))"
_COUNT: Final = _UPLOADS + "print(Upload.objects.exclude(state='done').exclude(multipart='').count())"


def large() -> bytes:
    cat = pictures.fresh()
    return cat + secrets.token_bytes(BYTES - len(cat))


def parts_of(data: bytes) -> list[bytes]:
    return [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)]


def announced(data: bytes) -> dict[str, Any]:
    sums = [hashlib.sha256(part).hexdigest() for part in parts_of(data)]
    return {
        "filename": "large.jpg",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "content_type": "image/jpeg",
        "part_sha256s": sums,
    }


def begin(client: Client, data: bytes) -> dict[str, Any] | None:
    """The upload, or None while the site is in trouble."""
    answer = client.ask("POST", "/api/v1/uploads/", json=announced(data))
    assert answer.status in (200, 201, 409) or answer.status >= 500, answer
    return dict(answer.json) if answer.status < 300 else None


def put(client: Client, data: bytes, part: dict[str, Any]) -> None:
    headers = {name: value for name, value in part["headers"].items() if name != "content-length"}
    body = parts_of(data)[part["number"] - 1]
    Client(client.site, pool=client.pool).ask("PUT", part["url"], headers=headers, body=body)


def attempt(client: Client, data: bytes) -> str | None:
    """Sends what is missing, as a patient program does; the photo's id when it is one."""
    try:
        upload = begin(client, data)
        if upload is None:
            return None
        if "photo" in upload:
            return str(upload["photo"]["id"])
        for part in upload["parts"]:
            put(client, data, part)
        done = client.ask("POST", f"/api/v1/uploads/{upload['id']}/complete/", json={})
    except urllib3.exceptions.HTTPError:
        return None
    assert done.status in (200, 201, 409) or done.status >= 500, done
    return str(done.json["id"]) if done.status < 300 else None


def send(client: Client, data: bytes) -> str:
    return until(lambda: attempt(client, data), "a large file is taken", SECONDS, pause=0.5)


def leave(client: Client, data: bytes) -> None:
    """Begins it, sends its first part, and never comes back."""

    def left() -> bool:
        try:
            upload = begin(client, data)
            if upload:
                put(client, data, upload["parts"][0])
        except urllib3.exceptions.HTTPError:
            return False
        return upload is not None

    until(left, "a large file is begun", SECONDS, pause=0.5)


def arrived(sent: list[Future[str]]) -> int:
    return sum(one.done() for one in sent)


def more(sent: list[Future[str]], than: int) -> bool:
    return arrived(sent) > than or arrived(sent) == len(sent)


def test_large_files_arrive_and_nothing_is_left_of_those_that_were_given_up(
    new_site: Callable[..., Site],
) -> None:
    site = new_site(settings={"PHOTOSITE_SWEEP_SECONDS": "3", "PHOTOSITE_LEASE_SECONDS": "10"}).start()
    client = site.user("parts@example.org")
    files, left = [large() for _ in range(FILES)], [large() for _ in range(LEFT)]
    with ThreadPoolExecutor(3) as people:
        sent = [people.submit(send, client, data) for data in files]
        gone = [people.submit(leave, client, data) for data in left]
        for victim in VICTIMS:
            until(partial(victim, site), "it lives", SECONDS).send(signal.SIGKILL)
            until(partial(more, sent, arrived(sent)), "files come in", SECONDS)
        photos = [one.result() for one in sent]
        for one in gone:
            one.result()
    everything_done(client, photos)
    assert len({*photos}) == FILES == len(client.photos())
    for photo, data in zip(photos, files, strict=True):
        assert client.original(photo) == data
    assert asked(site, _EXPIRE) == LEFT
    until(lambda: asked(site, _COUNT) == 0, "the sweep has ended what was left", SECONDS)
    assert "Uploads" not in site.s3().list_multipart_uploads(Bucket=BUCKET)
    until(lambda: len(objects(site)) == FILES, "only the photos' objects are there", SECONDS)
    site.assert_verified()
    site.stop()


def asked(site: Site, command: str) -> int:
    return int(site.typed("shell", "-v", "0", "-c", command))


def objects(site: Site) -> list[str]:
    return [
        one["Key"]
        for one in site.s3().list_objects_v2(Bucket=BUCKET, Prefix="originals/").get("Contents", [])
    ]
