"""The recogniser throttles or refuses everything for a while: the site goes on, says why, and catches up."""

import threading
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.site import pictures
from tests.site.browser import Browser
from tests.site.client import Client
from tests.site.running import Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site]
THROTTLED: Final = {"code": "ProvisionedThroughputExceededException"}
DENIED: Final = {"code": "AccessDeniedException"}
EVERY_SECONDS: Final = 0.7


@pytest.fixture
def carol(site: Site) -> Iterator[Client]:
    """A user of this test alone; however it ends, the recogniser is healed."""
    yield site.user(f"carol-{time.monotonic_ns()}@example.org")
    site.script()


@pytest.mark.parametrize(
    "seconds", [6, pytest.param(60, marks=pytest.mark.long)], ids=lambda seconds: f"{seconds}s"
)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(THROTTLED, "busy", id="throttled"),
        pytest.param(DENIED, "refuses", id="denied", marks=pytest.mark.long),
    ],
)
def test_photos_and_pages_go_on_and_everything_is_labelled_afterwards(
    site: Site, carol: Client, fault: dict[str, Any], reason: str, seconds: int
) -> None:
    browser = Browser(site.url).sign_in(carol.email)
    site.script(fault)
    photos = send_for(seconds, carol, browser)
    until(lambda: reason in reasons(carol), f"a photo says {reason!r}", 30)
    site.script()
    until(lambda: states(carol) == {"done"}, "everything is labelled", 120)
    assert {photo["id"] for photo in carol.photos()} == set(photos)
    assert all(carol.photo(photo)["labels"] for photo in photos)


@pytest.mark.long
def test_a_recogniser_that_is_gone_for_a_while_costs_nothing_but_time(site: Site, carol: Client) -> None:
    site.script({"delay": 3600.0})  # no answer at all
    photo = carol.add(pictures.fresh())
    until(lambda: "does not answer" in reasons(carol), "the reason is told", 60)
    site.script()
    assert carol.labelled(photo)["labels"]


def send_for(seconds: float, client: Client, browser: Browser) -> list[str]:
    """Sends a photo now and then and looks at the site's pages meanwhile; the photos' ids."""
    sent: list[str] = []
    until_then = time.monotonic() + seconds
    while time.monotonic() < until_then:
        sent.append(client.add(pictures.fresh()))
        for page in ("/", f"/photos/{sent[-1]}/", "/upload/", "/activity/"):
            answer = browser.get(page)
            assert answer.status == 200, (page, answer)
        assert "failed" not in states(client)
        threading.Event().wait(EVERY_SECONDS)
    return sent


def states(client: Client) -> set[str]:
    found = {photo["processing"]["state"] for photo in client.photos()}
    assert "failed" not in found
    return found


def reasons(client: Client) -> str:
    """All reasons that the user's photos give for their waiting."""
    steps = [step for photo in client.photos() for step in photo["processing"]["steps"]]
    return " ".join(step["reason"] for step in steps if step["state"] == "waiting")
