"""A person starts the site, looks around, starts it twice, and gets something wrong."""

import socket
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from tests.site import tree
from tests.site.running import Site

pytestmark = [pytest.mark.site]
LOOPBACK: Final = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def test_the_screen_tells_the_address_and_how_to_sign_in(site: Site) -> None:
    assert f"Photosite is running: http://localhost:{site.port}" in site.output
    assert f"Sign up at http://localhost:{site.port}/accounts/signup/" in site.output
    assert str(site.data) in site.output


def test_every_part_listens_and_none_beyond_this_machine(site: Site) -> None:
    open_to = tree.listening(site.left())
    assert [address for address in open_to if address[0] not in LOOPBACK] == []
    ports = {port for _, port in open_to}
    named = {site.port, site.control_port, *site.run["ports"].values()}
    assert named - ports == set()


def test_secrets_are_their_owners_alone(site: Site) -> None:
    secret = [site.run[name] for name in ("secret_access_key", "queue_password", "django_secret")]
    for path in site.data.rglob("*"):
        if path.is_file() and any(word.encode() in path.read_bytes() for word in secret):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(site.data.stat().st_mode) == 0o700
    for process in site.left():
        assert not any(word in process.command for word in secret), process


def test_a_second_start_on_the_same_data_is_refused_and_harms_nothing(site: Site) -> None:
    before = [site.running(name) for name in tree.PROGRAMS]
    second = Site(site.data, {"PHOTOSITE_PORT": "9999"}).manage("up")
    assert second.returncode != 0
    assert "already running" in second.stderr
    assert str(site.data) in second.stderr
    assert_one_line(second)
    assert [site.program(name) for name in tree.PROGRAMS] == before
    assert site.all_up()


def test_a_busy_port_is_named_with_the_setting_that_moves_it(new_site: Callable[..., Site]) -> None:
    site = new_site()
    with busy(site.port):
        refused = site.manage("up")
    assert refused.returncode != 0
    assert_one_line(refused)
    assert "PHOTOSITE_PORT" in refused.stderr
    assert str(site.port) in refused.stderr


def test_a_busy_port_of_an_embedded_part_is_named_with_the_file_that_holds_it(
    new_site: Callable[..., Site],
) -> None:
    site = new_site()
    assert site.manage("check").returncode == 0  # makes run.json
    with busy(site.run["ports"]["queue"]):
        refused = site.manage("up")
    assert refused.returncode != 0
    assert_one_line(refused)
    assert "run.json" in refused.stderr
    assert str(site.run["ports"]["queue"]) in refused.stderr


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"PHOTOSITE_PORT": "abc"}, "PHOTOSITE_PORT"),
        ({"PHOTOSITE_PORT": "70000"}, "PHOTOSITE_PORT"),
        ({"PHOTOSITE_SIGNUP": "maybe"}, "PHOTOSITE_SIGNUP"),
        ({"PHOTOSITE_QUOTA_BYTES": "-1"}, "PHOTOSITE_QUOTA_BYTES"),
        ({"PHOTOSITE_SWEEP_SECONDS": "often"}, "PHOTOSITE_SWEEP_SECONDS"),
        ({"DATABASE_URL": "nonsense", "SECRET_KEY": "a secret"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://user:password@127.0.0.1/photosite"}, "SECRET_KEY"),
        ({"REDIS_URL": "http://localhost"}, "REDIS_URL"),
        ({"EMAIL_URL": "carrier-pigeon://home"}, "EMAIL_URL"),
    ],
    ids=str,
)
def test_a_wrong_setting_is_one_line(
    new_site: Callable[..., Site], wrong: dict[str, str], named: str
) -> None:
    refused = new_site(settings=wrong).manage("up")
    assert refused.returncode != 0
    assert named in refused.stderr
    assert_one_line(refused)


def assert_one_line(refused: "subprocess.CompletedProcess[str]") -> None:
    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr


@contextmanager
def busy(port: int) -> Iterator[None]:
    """Another program that listens on this port."""
    with socket.create_server(("127.0.0.1", port)):
        yield
