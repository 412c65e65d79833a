"""What the scripts and the styles of a page weigh as they are sent, and what they may."""

from typing import Final

import brotli
from playwright.sync_api import Page

# In bytes. The viewer and the map bring a library each.
SCRIPTS: Final = 30_000
WITH_LIBRARY: Final = 60_000
STYLES: Final = 10_000
_LIBRARIES: Final = ("photoswipe", "leaflet")
_ASKED: Final = "[...new Set(performance.getEntriesByType('resource').map(one => one.name))]"
_known: dict[str, int] = {}  # by the last part of the address, in which is a hash of the content


def too_heavy(page: Page) -> list[str]:
    """What is beyond the budget, with its weight by file."""
    sent = page.evaluate(_ASKED)
    scripts, styles = (
        {name: _weight(page, name) for name in sent if name.endswith(end)} for end in (".js", ".css")
    )
    most = WITH_LIBRARY if any(library in name for library in _LIBRARIES for name in scripts) else SCRIPTS
    return [
        f"{sum(files.values())} bytes of {most}: {files}"
        for files, most in ((scripts, most), (styles, STYLES))
        if sum(files.values()) > most
    ]


def _weight(page: Page, address: str) -> int:
    name = address.rpartition("/")[2]
    if name not in _known:
        _known[name] = len(brotli.compress(page.context.request.get(address).body()))
    return _known[name]
