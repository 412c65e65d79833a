"""A web worker dies in the middle of an upload: the program that sends the same request again gets its photo."""

import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial

import pytest
import urllib3

from tests.site import pictures
from tests.site.client import Client
from tests.site.running import Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site, pytest.mark.long]


def test_a_repeated_request_does_not_wait_for_the_one_that_died(site: Site, alice: Client) -> None:
    data, key = pictures.fresh(), "the same request"

    with frozen(site, "s3"):
        request = threading.Thread(target=send_and_forget, args=(alice, data, key))
        request.start()
        until(partial(is_open, site, key), "the request is being answered", 90)
        for worker in site.children("web"):
            worker.send(signal.SIGKILL)
        request.join()
    photo = alice.send_until_taken(data, key=key, seconds=60)
    assert alice.original(photo) == data
    assert [found["id"] for found in alice.photos()].count(photo) == 1


def send_and_forget(client: Client, data: bytes, key: str) -> None:
    with suppress(urllib3.exceptions.HTTPError):
        client.send(data, "photo.jpg", key)


def is_open(site: Site, key: str) -> bool:
    """Whether an upload with this key has begun and not ended. Asking the API would begin another."""
    with closing(sqlite3.connect(f"file:{site.data / 'photosite.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT 1 FROM gallery_upload WHERE state = 'open' AND idempotency_key = ?", [key]
        ).fetchall()
    return bool(rows)


@contextmanager
def frozen(site: Site, name: str) -> Iterator[None]:
    """A program that is alive and does nothing."""
    process = site.running(name)
    process.send(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send(signal.SIGCONT)
