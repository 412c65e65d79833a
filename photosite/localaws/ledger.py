"""The list of calls that were answered, kept in a file so that it survives kill -9."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


@dataclass
class Call:
    """One call as it goes: what the ledger will say of it."""

    operation: str | None = None
    sha256: str | None = None
    status: int = 0
    code: str | None = None
    model: str | None = None
    fault: str | None = None
    ms: float = 0.0


class Ledger:
    """Entries in the order of their answers, numbered from 1; with a file they outlive the process.

    An entry is one line, written whole by one write(2) before the answer leaves: what the kernel has taken,
    no kill of this process takes back.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600) if path else None
        self._entries = _read(path, self._file) if path and self._file is not None else []
        self._number = len(self._entries)

    def record(self, call: Call) -> None:
        """Adds one entry."""
        with self._lock:
            self._number += 1
            entry = {"number": self._number, **asdict(call), "at": datetime.now(UTC).isoformat()}
            self._entries.append(entry)
            if self._file is not None:
                os.write(self._file, json.dumps(entry).encode() + b"\n")

    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forgets everything, in the file too; numbers begin at 1 again."""
        with self._lock:
            self._entries.clear()
            self._number = 0
            if self._file is not None:
                os.ftruncate(self._file, 0)


def _read(path: Path, file: int) -> list[Entry]:
    """What earlier lives wrote. A torn last line is cut away, or the next would grow out of it."""
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        os.ftruncate(file, len(whole))
    return [json.loads(line) for line in whole.splitlines()]
