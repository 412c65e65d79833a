"""One file of an import, wherever it lies; and why one is left out."""

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO


class Unreadable(Exception):
    """A file can't be had. `reason`: a sentence of gallery.pipeline.left_out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclasses.dataclass(frozen=True)
class Entry:
    """`archive`: the zip file that it is in, or "". `path`: in that, or whole. `modified`: by the clock on the wall.

    `open` raises Unreadable, and so does reading what it gives. `on_disk`: where it lies as a file of its own.
    """

    archive: str
    path: PurePosixPath
    size: int
    modified: datetime | None
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    on_disk: Path | None = None

    @property
    def place(self) -> str:
        """For people."""
        return f"{self.archive}/{self.path}" if self.archive else str(self.path)

    @property
    def name(self) -> str:
        return self.path.name


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """`place` as an entry's. `refused`: its owner may miss it; otherwise it is left out on purpose."""

    place: str
    reason: str
    refused: bool = True
