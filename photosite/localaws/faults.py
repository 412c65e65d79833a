"""Faults on demand, for tests of whoever calls the recogniser. Nothing here runs without a control port."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from photosite.localaws.refusals import Refusal

GARBAGE: Final = b"<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
CODES: Final[Mapping[int, str]] = {
    400: "InvalidParameterException",
    403: "AccessDeniedException",
    429: "ThrottlingException",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}
MESSAGES: Final[Mapping[str, str]] = {
    "ProvisionedThroughputExceededException": "Provisioned Rate exceeded",
    "ThrottlingException": "Slow down; sudden increase in rate of requests",
    "InternalServerError": "Internal server error",
}


class ScriptError(ValueError):
    """A script that cannot be read; the message says why."""


@dataclass(frozen=True)
class Step:
    """What goes wrong with a call. Everything that is set applies, in this order:

    `delay` seconds of waiting, or until the script is replaced; beyond `throttle_per_second` calls a second
    `code` (by default ProvisionedThroughputExceededException, 400); `status` or `code` alone answer with
    that error; `garbage` answers HTML and `body` that text, both with `status` or 200; `truncated` sends
    half of the true answer and hangs up. `times` is for how many calls the step lasts; None is for ever.
    """

    delay: float = 0.0
    throttle_per_second: float | None = None
    status: int | None = None
    code: str | None = None
    garbage: bool = False
    truncated: bool = False
    body: str | None = None
    times: int | None = None

    @property
    def name(self) -> str | None:
        """What the ledger calls it; None for a step that changes nothing."""
        set_ones = [one.name for one in fields(self) if one.name != "times" and getattr(self, one.name)]
        return "+".join(set_ones) or None

    @property
    def raw(self) -> bytes | None:
        """The bytes that replace the answer."""
        if self.body is not None:
            return self.body.encode()
        return GARBAGE if self.garbage else None

    def refusal(self) -> Refusal | None:
        """The AWS error that this step answers every call with."""
        if self.throttle_per_second is not None or self.raw is not None or not (self.status or self.code):
            return None
        code = self.code or CODES.get(self.status or 0, "InternalServerError")
        status = self.status or (500 if code == "InternalServerError" else 400)
        return Refusal(code, MESSAGES.get(code, "Injected by the fault script"), status)

    def throttle(self) -> Refusal:
        code = self.code or "ProvisionedThroughputExceededException"
        return Refusal(code, MESSAGES.get(code, "Rate exceeded"), self.status or 400)


HEALTHY: Final = Step()
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "delay": (int, float), "throttle_per_second": (int, float), "status": (int,), "code": (str,),
    "garbage": (bool,), "truncated": (bool,), "body": (str,), "times": (int,),
}  # fmt: skip


def parse_script(document: Any) -> list[Step]:
    """Steps from JSON: one object, a list of objects, or nothing at all to heal. Raises ScriptError."""
    rows = document if isinstance(document, list) else [document] if document else []
    return [_step(row) for row in rows]


def _step(row: Any) -> Step:
    if not isinstance(row, dict):
        raise ScriptError("a step is a JSON object")
    for name, value in row.items():
        if name not in _TYPES:
            raise ScriptError(f"unknown member {name!r}; known are {', '.join(_TYPES)}")
        wrong_kind = not isinstance(value, _TYPES[name]) or (
            isinstance(value, bool) and bool not in _TYPES[name]
        )
        if wrong_kind or (isinstance(value, int | float) and value < 0):
            raise ScriptError(f"{name} cannot be {value!r}")
    if not 100 <= row.get("status", 200) <= 599:
        raise ScriptError("status is an HTTP status, 100 to 599")
    return Step(**row)


@dataclass
class Rate:
    """A sliding window of one second over the calls that passed."""

    per_second: float
    passed: deque[float] = field(default_factory=deque)

    def admits(self, now: float) -> bool:
        """Whether one more call fits; if so it counts."""
        window = max(1.0, 1 / self.per_second) if self.per_second else 0.0
        while self.passed and now - self.passed[0] >= window:
            self.passed.popleft()
        if len(self.passed) >= self.per_second * window:
            return False
        self.passed.append(now)
        return True


@dataclass(frozen=True)
class Turn:
    """What happens to one call: its step, and the error it is answered with, if any."""

    step: Step
    refusal: Refusal | None
    replaced: threading.Event

    def wait(self) -> None:
        """Keeps the call waiting for as long as its step says."""
        if self.step.delay:
            self.replaced.wait(self.step.delay)


NO_FAULT: Final = Turn(HEALTHY, None, threading.Event())


class Script:
    """The steps still to come. Steps follow one another as calls come in; after the last one all is well."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._steps: list[Step] = []
        self._left: int | None = None
        self._rate: Rate | None = None
        self._replaced = threading.Event()

    def replace(self, steps: list[Step]) -> None:
        """Starts over with these steps. Calls that an earlier step keeps waiting go on at once."""
        with self._lock:
            self._replaced.set()
            self._replaced = threading.Event()
            self._steps = [step for step in steps if step.times != 0]
            self._begin()

    def left(self) -> list[Step]:
        """The steps still to come; the first is the one in force."""
        with self._lock:
            return list(self._steps)

    def next(self) -> Turn:
        """What happens to one more call."""
        with self._lock:
            if not self._steps:
                return NO_FAULT
            step, rate = self._steps[0], self._rate
            self._count_down()
            if rate is not None and not rate.admits(self._clock()):
                return Turn(step, step.throttle(), self._replaced)
            return Turn(step, step.refusal(), self._replaced)

    def _begin(self) -> None:
        step = self._steps[0] if self._steps else HEALTHY
        self._left = step.times
        self._rate = None if step.throttle_per_second is None else Rate(step.throttle_per_second)

    def _count_down(self) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            del self._steps[0]
            self._begin()
