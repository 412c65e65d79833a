"""What somebody has recognised besides labels, and what this server says it can't."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import wait_for_labels
from tests.browser.visitor import Visitor, jpeg

pytestmark = [pytest.mark.browser, pytest.mark.site]
ASTRONAUT = Path(__file__).resolve().parents[1] / "photos" / "astronaut.jpg"


def test_i_switch_faces_on_and_find_whom_i_photographed(member: Visitor) -> None:
    member.open("/recognition/")
    for name in ("Faces", "Text", "Celebrities", "Colours and quality"):
        member.page.get_by_label(re.compile(f"^{name}")).check()
    member.press("Save")
    member.sees("It counts for photos that are asked about from now on.")
    expect(member.page.get_by_label(re.compile("^Faces"))).to_be_checked()
    member.upload(jpeg("astronaut.jpg", ASTRONAUT.read_bytes()))
    member.follow("astronaut.jpg")
    wait_for_labels(member)
    member.sees("1 face", "Colours and quality", "Celebrities: Not available on this server.")
    expect(member.page.locator(".sight")).to_have_text(["Face 1"])
    member.open("/search/?q=has:people")
    expect(member.page.locator("main .tile")).to_have_count(1)
    member.open("/recognition/")
    member.sees("Not available on this server.")
    member.open("/usage/")
    member.sees("DetectFaces", "DetectLabels + IMAGE_PROPERTIES")
