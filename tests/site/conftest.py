"""Sites to try things on: one for all tests that leave it as it was, and new ones for those that don't."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.site.client import Client
from tests.site.running import START_SECONDS, Site

MOST_BYTES: Final = 3 * 1024 * 1024
# Between two tests nobody waits half a minute for the sweep, or a whole one until a refusal is asked about again.
QUICK: Final = {
    "PHOTOSITE_SWEEP_SECONDS": "3",
    "PHOTOSITE_LEASE_SECONDS": "10",
    "PHOTOSITE_PROBE_SECONDS": "3",
    "PHOTOSITE_MAX_UPLOAD_BYTES": str(MOST_BYTES),
}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One running site that its tests share. They leave it running and healthy."""
    shared = Site(tmp_path_factory.mktemp("site") / "data", QUICK)
    try:
        yield shared.start()
        shared.assert_logs_keep_secrets()
        shared.stop(seconds=START_SECONDS)
    finally:
        shared.end()


@pytest.fixture(scope="session")
def alice(site: Site) -> Client:
    return site.user("alice@example.org")


@pytest.fixture(scope="session")
def bob(site: Site) -> Client:
    return site.user("bob@example.org")


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes sites that are not started yet; nothing of them outlives the test."""
    made: list[Site] = []

    def make(**more: Any) -> Site:
        site = Site(tmp_path / f"data{len(made)}", **more)
        made.append(site)
        return site

    yield make
    for site in made:
        site.end()
    for site in made:
        site.assert_logs_keep_secrets()
