"""One person's thousand photos do not keep another's one waiting."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import pytest

from tests.site import pictures
from tests.site.client import Client
from tests.site.running import Site
from tests.site.waiting import took, until

pytestmark = [pytest.mark.site, pytest.mark.long]
QUOTA: Final = 4
ANSWER: Final = json.dumps({"Labels": [{"Name": "Cat", "Confidence": 98.5}], "LabelModelVersion": "3.0"})
SENT_SECONDS: Final = 600
DONE_SECONDS: Final = 30  # the issue's
SENDERS: Final = 4


def waiting(client: Client) -> int:
    return sum(photo["processing"]["state"] == "pending" for photo in client.photos())


def done(client: Client, photo: str) -> bool:
    return bool(client.photo(photo)["processing"]["state"] == "done")


def test_with_a_thousand_queued_by_one_anothers_is_done_within_thirty_seconds(
    new_site: Callable[..., Site],
) -> None:
    site = new_site(settings={"PHOTOSITE_REKOGNITION_TPS": f"{QUOTA}"}).start()
    site.script({"delay": 0.3, "throttle_per_second": QUOTA, "body": ANSWER})
    alice, bob = site.user("alice@example.org"), site.user("bob@example.org")
    with ThreadPoolExecutor(SENDERS) as programs:
        sent = [
            programs.submit(alice.send_until_taken, pictures.distinct(number), seconds=SENT_SECONDS)
            for number in range(1000)
        ]
        until(lambda: waiting(alice) >= 100, "Alice's photos wait", SENT_SECONDS, pause=1)
        assert (
            took(partial(done, bob, bob.add(pictures.fresh())), "Bob's is done", DONE_SECONDS) < DONE_SECONDS
        )
        for one in sent:
            one.result(timeout=SENT_SECONDS)
    queued = waiting(alice)
    assert queued > 400, "there would be nothing to wait for"
    assert took(partial(done, bob, bob.add(pictures.fresh())), "Bob's is done", DONE_SECONDS) < DONE_SECONDS
    assert waiting(alice) > queued / 2
