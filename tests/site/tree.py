"""The processes of a site, read from /proc: by pid, parent and session, never by a name that others may have."""

import contextlib
import dataclasses
import os
import re
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_LISTENING: Final = "0A"
_SOCKET: Final = re.compile(r"socket:\[(\d+)\]")
# What stands in the command line of each program's first process.
PROGRAMS: Final = {
    "s3": "/weed mini",
    "queue": "valkey-server",
    "recogniser": "photosite.localaws.rekognition",
    "web": "gunicorn photosite.wsgi",
    "worker-images": "worker -Q images",
    "worker-labels": "worker -Q labels",
    "purger": "worker -Q purge",
    "scheduler": "--skip-checks beat",
}


@dataclasses.dataclass(frozen=True)
class Process:
    """One living process. `born`: when, in clock ticks since boot; with the pid it is unique."""

    pid: int
    parent: int
    session: int
    born: int
    command: str

    def __str__(self) -> str:
        return f"{self.pid} (child of {self.parent}): {self.command[:120]}"

    def send(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def alive(self) -> bool:
        now = read(self.pid)
        return now is not None and now.born == self.born


def read(pid: int) -> Process | None:
    """The process with this id; None if there is none, or only its zombie."""
    folder = Path("/proc") / str(pid)
    try:
        stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if stat[0] in "ZX":
        return None
    return Process(pid, int(stat[1]), int(stat[3]), int(stat[19]), command)


def everything() -> list[Process]:
    found = (read(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [process for process in found if process]


def in_session(session: int) -> list[Process]:
    """All that was started under a session leader, orphans too: nothing in the site leaves its session."""
    return [process for process in everything() if process.session == session]


def descendants(of: int) -> list[Process]:
    """All below this process, parents before their children."""
    by_parent: dict[int, list[Process]] = {}
    for process in everything():
        by_parent.setdefault(process.parent, []).append(process)
    found, look_at = [], [of]
    while look_at:
        children = by_parent.get(look_at.pop(), [])
        found += children
        look_at += [child.pid for child in children]
    return found


def mentioning(folder: Path) -> list[Process]:
    """All whose command line or environment names this folder: catches what left the session."""
    return [process for process in everything() if str(folder) in process.command + _environment(process.pid)]


def listening(processes: Iterable[Process]) -> dict[tuple[str, int], int]:
    """The TCP addresses (as /proc writes them, with the port) that these processes listen on, by pid."""
    sockets = {inode: process.pid for process in processes for inode in _sockets(process.pid)}
    return {
        (address, port): sockets[inode] for inode, address, port in _listening_sockets() if inode in sockets
    }


def _environment(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "environ").read_text(errors="replace")
    except OSError:
        return ""


def _sockets(pid: int) -> Iterator[str]:
    with contextlib.suppress(OSError):
        for entry in (Path("/proc") / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                if found := _SOCKET.match(str(entry.readlink())):
                    yield found.group(1)


def _listening_sockets() -> Iterator[tuple[str, str, int]]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == _LISTENING:
                address, port = columns[1].rsplit(":", 1)
                yield columns[9], address, int(port, 16)
