"""Whatever happens, no log tells a secret: not after downloads, wrong passwords, faults of the parts, wrong input."""

import signal

import pytest

from tests.site import pictures
from tests.site.browser import Browser
from tests.site.client import Client
from tests.site.running import PASSWORD, Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site]


def test_no_log_tells_a_secret(site: Site, alice: Client) -> None:
    photo = alice.add(pictures.fresh())
    alice.labelled(photo)
    alice.original(photo)
    ask_the_site_with_secrets_in_every_place(site, alice)
    for name in ("queue", "s3", "recogniser"):
        site.running(name).send(signal.SIGKILL)
        alice.ask("GET", "/readyz")
    until(site.all_up, "all parts are back", 60)
    alice.labelled(alice.send_until_taken(pictures.fresh(), seconds=60))
    lines = (site.data / "logs/web.log").read_text().splitlines()
    assert any(photo in line for line in lines), "requests are logged"
    site.assert_logs_keep_secrets()


def ask_the_site_with_secrets_in_every_place(site: Site, alice: Client) -> None:
    """In the address, in a form, in a header, and as another's."""
    browser = Browser(site.url).sign_in(alice.email)
    browser.post("/accounts/login/", {"login": alice.email, "password": PASSWORD + " not"})
    browser.post("/accounts/signup/", {"email": "x", "password1": PASSWORD, "password2": PASSWORD})
    for path in (
        f"/?token={alice.token}&password={PASSWORD}",
        f"/api/v1/photos/?cursor={alice.token}",
        f"/api/v1/photos/?token={alice.token}&X-Amz-Signature={'0a' * 32}",
        f"/nothing/?X-Amz-Credential=me&X-Amz-Signature={'0a' * 32}",
    ):
        alice.ask("GET", path.replace(" ", "%20"))
        browser.get(path.replace(" ", "%20"))
    Client(site.url, alice.token + "x").ask("GET", "/api/v1/account/")
    alice.ask(
        "POST", "/api/v1/photos/", body=PASSWORD.encode(), headers={"Content-Type": "multipart/form-data"}
    )
    alice.ask("PATCH", "/api/v1/photos/not-an-id/", body=f'{{"password": "{PASSWORD}"'.encode())
