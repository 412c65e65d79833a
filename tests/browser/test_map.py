"""The map, by keys and without script; nobody but this site is asked for anything."""

import io
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.conftest import new_address
from tests.browser.test_axe import ALWAYS, barriers_of
from tests.browser.visitor import Visitor
from tests.site import pictures
from tests.site.running import Site

pytestmark = [pytest.mark.browser, pytest.mark.site]
PARIS, LYON, SYDNEY = (48.86, 2.35), (45.76, 4.84), (-33.87, 151.21)


def taken_at(place: tuple[float, float], shade: int) -> bytes:
    """A picture as a telephone writes it."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 120)).save(out, "JPEG", exif=pictures.position(*place))
    return out.getvalue()


@pytest.fixture
def traveller(site: Site) -> str:
    """The address of somebody who was in three towns."""
    owner = site.user(new_address())
    ids = [owner.add(taken_at(place, 60 * n), f"{n}.jpg") for n, place in enumerate((PARIS, LYON, SYDNEY))]
    for photo_id in ids:
        owner.labelled(photo_id)
    return owner.email


def clusters(visitor: Visitor) -> Locator:
    return visitor.page.locator("photo-map .cluster")


def test_by_keys_one_goes_nearer_and_to_the_photo(visit: Callable[..., Visitor], traveller: str) -> None:
    member = visit()
    member.sign_in(traveller)
    asked: list[str] = []
    member.page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    member.open("/map/")
    both = member.page.get_by_role("button", name="2 photos: look closer")
    both.focus()
    member.page.keyboard.press("Enter")
    expect(clusters(member)).to_have_count(2)
    expect(member.page.locator(".in-view .tile")).to_have_count(2)
    expect(member.page).to_have_url(re.compile(r"/map/\?box="))
    clusters(member).first.focus()
    with member.page.expect_navigation(wait_until="load"):
        member.page.keyboard.press("Enter")
    member.is_at(r"/photos/[-0-9a-f]+/")
    bucket = next(iter(member.policy["connect-src"] - {"'self'"}))
    assert set(asked) <= {urlsplit(member.site).netloc, urlsplit(bucket).netloc, ""}


_AT_ONCE: Final = """new MutationObserver((_, observer) => {
  const found = document.querySelector("photo-map .cluster:not(.single)");
  if (!found) return;
  observer.disconnect();
  const press = () => found.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
  requestAnimationFrame(() => requestAnimationFrame(press)); // an animation would be under way
}).observe(document, {childList: true, subtree: true});"""


def test_a_key_pressed_as_soon_as_the_clusters_are_there_counts(
    visit: Callable[..., Visitor], traveller: str
) -> None:
    member = visit()
    member.sign_in(traveller)
    member.page.add_init_script(_AT_ONCE)
    member.open("/map/")
    expect(member.page.locator(".in-view .tile")).to_have_count(2)


def test_without_script_dots_lead_to_the_photo(visit: Callable[..., Visitor], traveller: str) -> None:
    member = visit(scripts=False)
    member.sign_in(traveller)
    member.open("/map/")
    assert not member.page.locator("photo-map").is_visible()
    member.follow("1 photo near -33.87, 151.21", member.page.locator(".earth"))
    member.is_at(r"/photos/[-0-9a-f]+/")
    member.follow("Show it on the map")
    expect(member.page.locator(".in-view .tile")).to_have_count(1)


@pytest.mark.long
@pytest.mark.parametrize("variant", ALWAYS, ids=str)
def test_it_has_no_barrier(visit: Callable[..., Visitor], traveller: str, variant: Any) -> None:
    member = visit(**variant.context)
    member.sign_in(traveller)
    member.open("/map/")
    expect(clusters(member).first).to_be_visible()
    assert barriers_of(member, variant) == []
