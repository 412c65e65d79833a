"""Faults on demand, for tests of whoever calls the recogniser. Nothing here runs without a control port."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from photosite.localaws.botomodel import rekognition_model
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
    With an `operation` the step is for calls of that one; others pass it by. `body` answers for
    operations too that are not served here.
    """

    delay: float = 0.0
    throttle_per_second: float | None = None
    status: int | None = None
    code: str | None = None
    garbage: bool = False
    truncated: bool = False
    body: str | None = None
    times: int | None = None
    operation: str | None = None

    @property
    def name(self) -> str | None:
        """What the ledger calls it; None for a step that changes nothing."""
        set_ones = [one.name for one in fields(self) if one.name not in SCOPE and getattr(self, one.name)]
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
SCOPE: Final = frozenset({"times", "operation"})
"""The members of a step that say when, not what."""

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "delay": (int, float), "throttle_per_second": (int, float), "status": (int,), "code": (str,),
    "garbage": (bool,), "truncated": (bool,), "body": (str,), "times": (int,),
    "operation": (str,),
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
    if row.get("operation") not in (None, *rekognition_model().operation_names):
        raise ScriptError(f"Rekognition has no operation {row['operation']!r}")
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


@dataclass(eq=False)
class _Pending:
    """A step still to come: for how many calls yet, and what it lets pass."""

    step: Step
    left: int | None
    rate: Rate | None


class Script:
    """The steps still to come. Of those that concern an operation the first is in force; when none is left all
    is well with it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pending: list[_Pending] = []
        self._replaced = threading.Event()

    def replace(self, steps: list[Step]) -> None:
        """Starts over with these steps. Calls that an earlier step keeps waiting go on at once."""
        with self._lock:
            self._replaced.set()
            self._replaced = threading.Event()
            self._pending = [_pending(step) for step in steps if step.times != 0]

    def left(self) -> list[Step]:
        """The steps still to come, in their order."""
        with self._lock:
            return [one.step for one in self._pending]

    def next(self, operation: str) -> Turn:
        """What happens to one more call of an operation."""
        with self._lock:
            one = next((one for one in self._pending if one.step.operation in (None, operation)), None)
            if one is None:
                return NO_FAULT
            self._count_down(one)
            if one.rate is not None and not one.rate.admits(self._clock()):
                return Turn(one.step, one.step.throttle(), self._replaced)
            return Turn(one.step, one.step.refusal(), self._replaced)

    def _count_down(self, one: _Pending) -> None:
        if one.left is not None:
            one.left -= 1
            if one.left == 0:
                self._pending.remove(one)


def _pending(step: Step) -> _Pending:
    rate = None if step.throttle_per_second is None else Rate(step.throttle_per_second)
    return _Pending(step, step.times, rate)
