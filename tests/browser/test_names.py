"""What the main pages are to somebody who hears them: kept as text in `heard/`, so that a change is seen.

`HEARD=write pytest tests/browser/test_names.py` writes them anew.
"""

import dataclasses
import os
import re
from pathlib import Path
from typing import Final

import pytest

from tests.browser.collection import Library
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]
FOLDER: Final = Path(__file__).with_name("heard")
PAGES: Final = {
    "timeline": "/",
    "photo": "/photos/{cat}/",
    "albums": "/albums/",
    "album": "/albums/{album}/",
    "search": "/search/?label=Cat",
    "labels": "/labels/",
    "upload": "/upload/",
    "trash": "/trash/",
    "settings": "/accounts/settings/",
}
_MONTH: Final = r"(January|February|March|April|May|June|July|August|September|October|November|December)"
_SHORT: Final = r"(Jan\.|Feb\.|March|April|May|June|July|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
# What differs from run to run: addresses, how sure the networks are, when something was.
_DIFFERS: Final = (
    (re.compile(rf"{_SHORT} \d+, \d{{4}}(, ([\d:]+ [ap]\.m\.|noon|midnight))?"), "DATE"),
    (re.compile(rf"{_MONTH} \d{{4}}"), "MONTH"),
    (re.compile(r"\n +- /url:.*"), ""),
    (re.compile(r"\b\d+(\.\d+)? ?%"), "N %"),
    (re.compile(r"\b\d+(\.\d+)?\s(KB|MB|kB|bytes|minutes?|seconds?|hours?|days?)\b"), r"N \2"),
)


@pytest.mark.parametrize("name", PAGES)
def test_it_is_heard_as_it_was(library: Library, alice: Visitor, name: str) -> None:
    alice.open(PAGES[name].format(**dataclasses.asdict(library)))
    heard = alice.page.locator("body").aria_snapshot() + "\n"
    for pattern, instead in _DIFFERS:
        heard = pattern.sub(instead, heard)
    path = FOLDER / f"{name}.yaml"
    if os.environ.get("HEARD") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(heard)
    assert heard == path.read_text()
