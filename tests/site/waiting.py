"""Waiting for what must come true, with a deadline and never with a fixed sleep."""

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")
_PAUSE: Final = 0.05


def until(ask: Callable[[], Found | None], what: str, seconds: float, *, pause: float = _PAUSE) -> Found:
    """Asks until the answer is truthy and returns it; fails with `what` and the last answer after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds:g} s, but {answer!r}")
        threading.Event().wait(pause)
    return answer


def took(ask: Callable[[], object], what: str, seconds: float) -> float:
    """Seconds until the answer is truthy."""
    began = time.monotonic()
    until(ask, what, seconds)
    return time.monotonic() - began
