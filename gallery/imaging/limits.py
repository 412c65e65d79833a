"""What the child may use, and how it is held to it. Linux only where it must be (prctl)."""

from __future__ import annotations

import ctypes
import os
import re
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """memory: bytes of address space; cpu: seconds for one picture; file: bytes of one written file.

    Of these 910 MB of address space 180 are taken at the start, of which only 55 are ever resident (the rest is
    reserved by libraries). walks/ derive from this what each format may need, so that 700 MB are never resident.
    """

    memory: int = 910_000_000
    cpu: int = 30
    file: int = 64_000_000


DEFAULT = Limits()


def confine(limits: Limits) -> None:
    """Bound this process for good: memory, files, no core dump."""
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_FSIZE, limits.file)
    _lower(resource.RLIMIT_CORE, 0)


def allow_cpu(seconds: int) -> None:
    """Give this process `seconds` more of CPU time from now on; then it dies of SIGXCPU.

    CPU time adds up over a process's life, so a warm child needs a later limit for each picture.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = used + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def die_with_parent(parent: int) -> None:
    """Be killed by the kernel when the parent dies, even in the middle of a picture; exit if it is dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)


def most_resident() -> int:
    """The most bytes of memory this program ever had; 0 where the kernel does not tell.

    Not getrusage's ru_maxrss: that one is inherited from the parent through fork and exec.
    Source: proc_pid_status(5).
    """
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _lower(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
