"""Bob has an account and no business with Alice's photos; somebody else has none at all."""

import re
import uuid
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest

from gallery.urls import urlpatterns
from tests.site import pictures
from tests.site.browser import Browser
from tests.site.client import Client
from tests.site.running import BUCKET, Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site]
BODIES: Final[dict[str, bytes]] = {"PATCH": b'{"caption": "mine now"}', "PUT": b'{"state": "confirmed"}'}


@pytest.fixture(scope="module")
def photo(alice: Client) -> str:
    found = alice.add(pictures.fresh())
    alice.labelled(found)
    return found


def pages(photo: str) -> list[str]:
    """Every page of one photo, from the URLconf: a new one is tried on the day it is born.

    Those behind a link are for whoever has it: gallery/tests/test_shared.py.
    """
    routes = [str(route.pattern) for route in urlpatterns]
    own = [route for route in routes if "<uuid:photo_id>" in route and "<str:token>" not in route]
    return [f"/{route.replace('<uuid:photo_id>', photo)}" for route in own]


def calls(site: Site, photo: str) -> Iterator[tuple[str, str]]:
    """Every method and address of the API that names one photo, from its own description."""
    described = Client(site.url).ask("GET", "/api/v1/openapi.json").json["paths"]
    for path, methods in described.items():
        if "{photo_id}" in path:
            yield from ((method.upper(), path.replace("{photo_id}", photo)) for method in methods)


def test_the_pages_of_a_photo_are_not_there_for_another_user(
    site: Site, alice: Client, bob: Client, photo: str
) -> None:
    before = alice.photo(photo)
    browser = Browser(site.url).sign_in(bob.email)
    for page in pages(photo):
        statuses = {browser.get(page).status, browser.post(page, {"caption": "mine now"}).status}
        assert statuses <= {404, 405}, page
        assert 404 in statuses, page
    assert alice.photo(photo) == before


def test_the_pages_of_a_photo_ask_a_stranger_to_sign_in(site: Site, alice: Client, photo: str) -> None:
    before = alice.photo(photo)
    browser = Browser(site.url)
    for page in pages(photo):
        for answer in (browser.get(page), browser.post(page, {"caption": "mine now"})):
            assert answer.status in (302, 405), (page, answer)
            if answer.status == 302:
                assert urlsplit(answer.headers["location"]).path == "/accounts/login/", page
    assert alice.photo(photo) == before


def test_the_api_answers_another_user_as_if_there_were_no_photo(
    site: Site, alice: Client, bob: Client, photo: str
) -> None:
    before = alice.photo(photo)
    random = str(uuid.uuid4())
    asked = list(calls(site, photo))
    assert {method for method, _ in asked} >= {"GET", "PATCH", "DELETE", "POST"}
    for method, path in asked:
        answer = bob.ask(method, path, body=BODIES.get(method))
        nothing = bob.ask(method, path.replace(photo, random), body=BODIES.get(method))
        assert answer.status == 404, (method, path)
        assert answer.body == nothing.body, (method, path)
    assert [found["id"] for found in bob.photos() if found["id"] == photo] == []
    assert alice.photo(photo) == before


@pytest.mark.parametrize("token", ["", "photosite_0123456789abcdef0123456789abcdef"])
def test_the_api_answers_a_stranger_with_401(site: Site, alice: Client, photo: str, token: str) -> None:
    before = alice.photo(photo)
    nobody = Client(site.url, token)
    for method, path in [*calls(site, photo), ("GET", "/api/v1/photos/"), ("GET", "/api/v1/account/")]:
        answer = nobody.ask(method, path, body=BODIES.get(method))
        assert answer.status == 401, (method, path, answer)
    assert nobody.send(pictures.fresh(), "photo.jpg").status == 401
    assert alice.photo(photo) == before


def test_a_signed_address_opens_one_object_and_only_as_it_was_signed(alice: Client, photo: str) -> None:
    renditions = alice.photo(photo)["renditions"]
    url = renditions["preview"]["url"]
    assert alice.fetch(url).status == 200
    signature = url.rsplit("=", 1)[1]
    for position in (0, len(signature) // 2, len(signature) - 1):
        other = "0" if signature[position] != "0" else "1"
        changed = signature[:position] + other + signature[position + 1 :]
        assert alice.fetch(url.replace(signature, changed)).status == 403
    path = urlsplit(url).path
    assert alice.fetch(url.replace(path, urlsplit(renditions["thumb"]["url"]).path)).status == 403
    assert alice.fetch(url.replace("X-Amz-Expires=7200", "X-Amz-Expires=7201")).status == 403
    assert alice.fetch(url.split("?")[0]).status == 403
    assert alice.fetch(re.sub(r"/renditions/.*", "/", url)).status == 403


def test_a_signed_address_ends_in_time(site: Site, alice: Client, photo: str) -> None:
    key = urlsplit(alice.photo(photo)["renditions"]["thumb"]["url"]).path.removeprefix(f"/{BUCKET}/")
    wanted = {"Bucket": BUCKET, "Key": key}
    for_long, for_a_moment = (
        site.s3().generate_presigned_url("get_object", wanted, ExpiresIn=seconds) for seconds in (600, 2)
    )
    until(lambda: alice.fetch(for_a_moment).status == 403, "a signed address ends", 30)
    assert alice.fetch(for_long).status == 200
