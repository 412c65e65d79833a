"""Ports for servers that tests start: below those of the sites beside them, and of outgoing connections."""

import os
import secrets
from typing import Final

from photosite.runfile import is_free

_ANY: Final = range(10000, 13000)
_OWN, _SHARE = range(13000, 15000), 40


def free_port() -> int:
    """A port that nobody listens on."""
    while not is_free(port := secrets.choice(_ANY)):
        pass
    return port


def of_this_process() -> range:
    """For the embedded parts of this test process, which are chosen now and started later: nobody else takes them."""
    return _OWN[os.getpid() * _SHARE % len(_OWN) :][:_SHARE]
