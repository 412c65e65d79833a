"""The page that shows the whole look: nothing is missing on it, and it is what the templates make today."""

import re

import pytest

from gallery.management.commands import design
from gallery.management.specimens import NOTHING_TO_SEE, SPECIMENS

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("plain_pages")]


def test_every_component_is_shown() -> None:
    there = {path.stem for path in design.COMPONENTS.glob("*.html")}
    shown = {specimen.component for specimen in SPECIMENS if not specimen.is_tag}
    assert there - shown == NOTHING_TO_SEE.keys(), "add a specimen to gallery/management/specimens.py"
    assert shown <= there


def test_every_icon_and_every_token_is_shown() -> None:
    page = design.page()
    for path in design.ICONS.glob("*.svg"):
        assert f"icons/{path.name}" in page
    assert len(design.tokens()) > 20
    for name in design.tokens():
        assert f"<code>{name}</code>" in page


def test_no_style_asks_for_a_token_that_there_is_not() -> None:
    known = set(design.tokens())
    for path in (design.PAGE.parent.parent / "static/css").glob("*.css"):
        css = path.read_text()
        own = set(re.findall(r"(--[-\w]+):", css))
        if not path.name.startswith("admin"):
            assert set(re.findall(r"var\((--[-\w]+)\)", css)) - own - known - {"--r", "--lit"} == set(), (
                path.name
            )


def test_the_page_is_up_to_date() -> None:
    assert design.PAGE.read_text() == design.page(), "make it anew: .venv/bin/python manage.py design"
