"""Ports for servers that tests start: below those of the sites beside them, and of outgoing connections."""

import os
import secrets
from typing import Final

from photosite.runfile import PORT_RANGE, is_free

_ANY: Final = range(10000, 13000)
_WORKERS: Final = 10
_OWN, _SHARE = range(13000, 15000), 40


def free_port() -> int:
    """A port that nobody listens on."""
    while not is_free(port := secrets.choice(_ANY)):
        pass
    return port


def of_this_process() -> range:
    """For the embedded parts of this test process, which are chosen now and started later: nobody else takes them."""
    return _OWN[os.getpid() * _SHARE % len(_OWN) :][:_SHARE]


def of_sites() -> range:
    """For the embedded parts of the sites that this test process starts. Two that start at the same moment would find
    the same port free, and the later one would wait for ever."""
    share = len(PORT_RANGE) // _WORKERS
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw")) % _WORKERS
    return PORT_RANGE[worker * share :][:share]
