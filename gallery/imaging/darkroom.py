"""Develops pictures in one warm child process per process, within limits of memory, CPU and time."""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from gallery.imaging.errors import Interrupted, refusal
from gallery.imaging.limits import DEFAULT, Limits
from gallery.imaging.specs import SPECS, RenditionSpec
from gallery.imaging.wire import Answer, Developed, Order, Rendered, order_line, read_answer

__all__ = ["Darkroom", "Developed", "Rendered", "close", "develop"]

# A child is replaced after so many pictures, against slow leaks, and after a very large one, whose memory it keeps.
JOBS_PER_CHILD = 500
RESIDENT_TO_KEEP = 200_000_000
MAX_ANSWER = 1 << 20

_ROOT = Path(__file__).resolve().parents[2]
# Nothing of the parent's environment goes in, so no key and no password can come out. The rest keeps Pillow and malloc
# from giving memory back between pictures, libraries from starting threads, and these from having a heap of their own.
ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "PILLOW_BLOCKS_MAX": "8",
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "2147483648",
    "MALLOC_ARENA_MAX": "1",
    "VIPS_CONCURRENCY": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
# What some Pythons need to find their own libraries.
_PASSED_ON = ("LD_LIBRARY_PATH",)
# Limits never send these: somebody outside did (an operator, the kernel short of memory, the parent thread's end).
_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, -signal.SIGINT)


class _Died(Exception):
    """The child is gone; `status` as in Popen.returncode."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _TimedOut(Exception):
    """The child did not answer in time."""


class _Child:
    """One child process. Not thread-safe: the darkroom's lock is."""

    def __init__(self, limits: Limits) -> None:
        numbers = (os.getpid(), limits.memory, limits.cpu, limits.file)
        self.process = subprocess.Popen(
            # -P: only PYTHONPATH is searched, never the current directory; -s: nor the user's own packages.
            [sys.executable, "-P", "-s", "-m", "gallery.imaging.child", *(str(number) for number in numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=ENVIRONMENT | {name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
        self.jobs = 0

    def ask(self, line: bytes, deadline: float) -> bytes:
        """Send an order and wait for its answer. Raises _Died, _TimedOut."""
        self.jobs += 1
        assert self.process.stdin is not None  # noqa: S101 for the type checker: both are pipes
        try:
            self.process.stdin.write(line)
        except BrokenPipeError:
            raise _Died(self.process.wait()) from None
        return self._receive(deadline)

    def _receive(self, deadline: float) -> bytes:
        assert self.process.stdout is not None  # noqa: S101 as above
        received = bytearray()
        poll = select.poll()
        poll.register(self.process.stdout, select.POLLIN)
        while not received.endswith(b"\n"):
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise _TimedOut
            piece = os.read(self.process.stdout.fileno(), 65536)
            received += piece
            if not piece or len(received) > MAX_ANSWER:
                self.process.kill()
                raise _Died(self.process.wait())
        return bytes(received)

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._close_pipes()

    def disown(self) -> None:
        """Forget a child that belongs to the process we were forked from."""
        self.process.returncode = 0
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Darkroom:
    """A warm child and the lock before it. One picture at a time; threads wait for each other."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def develop(
        self,
        original: Path,
        content_type: str,
        into: Path,
        specs: Sequence[RenditionSpec] = SPECS,
        *,
        quarter_turns: int = 0,
        timeout: float = 60,
    ) -> Developed:
        """See `develop` below."""
        order = Order(original.absolute(), content_type, into.absolute(), tuple(specs), quarter_turns)
        try:
            with self._lock:
                answer = self._answer(order, timeout)
            return _outcome(answer)
        except BaseException:
            for spec in order.specs:
                (order.into / spec.filename).unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """End the child. One that is at work is killed, without waiting: a fresh one then does its work again."""
        child = self._child
        if self._lock.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._lock.release()
        elif child is not None:
            child.process.kill()

    def after_fork(self) -> None:
        """In a forked process: the lock may be held by a thread that is not here, the child is not ours."""
        self._lock = threading.Lock()
        child, self._child = self._child, None
        if child is not None:
            child.disown()

    def _answer(self, order: Order, timeout: float) -> Answer:
        """Ask, and ask a fresh child once more where the first one may have been at fault and not the picture."""
        child = self._warm()
        worn = child.jobs > 0
        try:
            answer = self._ask(child, order, timeout)
        except _Died as died:
            if died.status == -signal.SIGXCPU:
                raise refusal("limits") from None
            return self._last_answer(order, timeout)
        out_of_memory = answer.refused is not None and answer.refused.code == "limits"
        return self._last_answer(order, timeout) if out_of_memory and worn else answer

    def _last_answer(self, order: Order, timeout: float) -> Answer:
        self._drop()
        try:
            return self._ask(self._warm(), order, timeout)
        except _Died as died:
            if died.status in _FROM_OUTSIDE or died.status >= 0:
                raise Interrupted(f"The decoding process ended twice (status {died.status}).") from None
            raise refusal("limits" if died.status == -signal.SIGXCPU else "undecodable") from None

    def _ask(self, child: _Child, order: Order, timeout: float) -> Answer:
        finished = False
        try:
            answer = read_answer(child.ask(order_line(order), time.monotonic() + timeout), order.specs)
            finished = child.jobs < JOBS_PER_CHILD and answer.resident < RESIDENT_TO_KEEP
        except _TimedOut:
            raise refusal("limits") from None
        except (ValueError, KeyError, TypeError) as error:
            raise Interrupted(f"The decoding process answered nonsense ({type(error).__name__}).") from error
        finally:
            if not finished:
                self._drop()
        return answer

    def _warm(self) -> _Child:
        if self._child is None or not self._child.alive():
            self._drop()
            try:
                self._child = _Child(self._limits)
            except OSError as error:
                raise Interrupted(f"The decoding process can't be started: {error.strerror}.") from error
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()


def _outcome(answer: Answer) -> Developed:
    if answer.refused is not None:
        raise answer.refused
    if answer.developed is None:
        raise Interrupted(f"The picture could not be developed: {answer.fault}")
    return answer.developed


_darkroom = Darkroom()
os.register_at_fork(after_in_child=_darkroom.after_fork)
atexit.register(_darkroom.close)


def close() -> None:
    """End this process's child, if there is one; the next picture starts another."""
    _darkroom.close()


def develop(
    original: Path,
    content_type: str,
    into: Path,
    specs: Sequence[RenditionSpec] = SPECS,
    *,
    quarter_turns: int = 0,
    timeout: float = 60,
) -> Developed:
    """Decode a picture and write its renditions as files into the folder `into`, which the caller made and removes.

    content_type: as `inspect` told it. specs: which renditions are wanted; with none, only facts and hashes come
    back. quarter_turns: clockwise, of renditions and thumbhash. timeout: seconds. Thread-safe; one picture at a
    time per process.

    Raises Refused when it is the picture: what `inspect` refuses, "undecodable" when it is broken inside, "limits"
    when it needs more memory, CPU time or time than one picture may; Interrupted when it is not (disk full, file
    unreadable, child killed twice from outside): the same call may succeed later. On any error no file stays.
    """
    return _darkroom.develop(
        original, content_type, into, specs, quarter_turns=quarter_turns, timeout=timeout
    )
