"""Many photos as one zip file, from the real bucket through the real web server: whole, and never held there."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.site import originals
from tests.site.downloading import fill
from tests.site.running import Site
from tests.site.unzipped import Member

pytestmark = [pytest.mark.site, pytest.mark.long]
PHOTOS: Final = 200
BYTES: Final = 1_500_000
MOST_MEGABYTES: Final = 48
"""Far less than the 300 that are sent; what the first large answer of a process makes it keep is in it."""


def test_the_web_server_stays_as_it_is_while_it_sends_more_than_it_could_hold(
    new_site: Callable[..., Site],
) -> None:
    site = new_site().start()
    download = fill(site, PHOTOS, BYTES, seconds=240)
    found = sorted(download.members(), key=lambda member: member.name)
    wanted = [(originals.name(number), originals.checksum(number, BYTES)) for number in range(PHOTOS)]
    assert found == [Member(name, BYTES, checksum) for name, checksum in wanted]
    assert download.received > PHOTOS * BYTES
    assert download.grew < MOST_MEGABYTES
