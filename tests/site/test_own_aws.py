"""A person whose own AWS set-up names a real account starts the site: it neither reads nor touches it."""

import ctypes
import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from tests.site import pictures
from tests.site.running import Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site]
CONFIG: Final = (
    "[profile holiday]\nregion = eu-central-1\ncredential_process = touch {touched}\nno such line\n"
)
_IN_OPEN: Final = 0x20
_EVENT_HEAD: Final = struct.Struct("iIII")


class Watch:
    """Notes when a file of a folder is opened, by whomever (inotify)."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = libc.inotify_init1(os.O_NONBLOCK)
        assert libc.inotify_add_watch(self._fd, bytes(folder), _IN_OPEN) >= 0, os.strerror(ctypes.get_errno())

    def opened(self) -> list[str]:
        """The names of the files that were opened since it was last asked."""
        try:
            events = os.read(self._fd, 65536)
        except BlockingIOError:
            return []
        names = []
        while events:
            _, _, _, length = _EVENT_HEAD.unpack_from(events)
            names.append(events[_EVENT_HEAD.size :][:length].rstrip(b"\0").decode())
            events = events[_EVENT_HEAD.size + length :]
        return [name for name in names if name]

    def close(self) -> None:
        os.close(self._fd)


class Outside:
    """What stands for the internet: a port that counts who comes, and answers nobody."""

    def __init__(self) -> None:
        self.visits: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def _receive(self) -> None:
        while True:
            try:
                visitor, _ = self._server.accept()
            except OSError:
                return
            with visitor:
                visitor.settimeout(5)
                self.visits.append(visitor.recv(4096))

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


def hostile(home: Path, outside: str) -> dict[str, str]:
    """The environment of somebody who works with AWS all day, through a proxy."""
    return {
        "HOME": str(home),
        "AWS_PROFILE": "holiday",
        "AWS_DEFAULT_PROFILE": "holiday",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "a token of the person",
        "AWS_CONFIG_FILE": str(home / ".aws/config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws/credentials"),
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": outside,
        "AWS_ENDPOINT_URL_STS": outside,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": outside,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": outside,
        "AWS_CA_BUNDLE": "/nowhere/ca.pem",
        "AWS_MAX_ATTEMPTS": "nonsense",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported",
        "BOTO_CONFIG": str(home / ".boto"),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), outside),
    }


@pytest.fixture
def outside() -> Iterator[Outside]:
    server = Outside()
    yield server
    server.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose AWS files break every program that reads them."""
    folder = tmp_path / "home"
    (folder / ".aws").mkdir(parents=True)
    for name in ("config", "credentials"):
        (folder / ".aws" / name).write_text(CONFIG.format(touched=tmp_path / "touched"))
    return folder


@pytest.mark.long
def test_the_site_neither_reads_nor_touches_a_persons_own_aws(
    new_site: Callable[..., Site], home: Path, outside: Outside
) -> None:
    with closing(Watch(home / ".aws")) as watch:
        site = new_site(settings=hostile(home, outside.url)).start()
        alice = site.user("alice@example.org")
        photo = alice.add(pictures.cat())
        assert alice.labelled(photo)["labels"]
        assert alice.original(photo) == pictures.cat()
        site.assert_verified()
        site.stop()
        assert watch.opened() == []
        assert outside.visits == []
        assert not (home.parent / "touched").exists()


def test_who_reads_or_goes_outside_would_be_seen(home: Path, outside: Outside) -> None:
    with closing(Watch(home / ".aws")) as watch:
        (home / ".aws/config").read_text()
        assert watch.opened() == ["config"]
    host, port = outside.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as visitor:
        visitor.sendall(b"a visit")
    until(lambda: outside.visits == [b"a visit"], "it counts who comes", 10)
