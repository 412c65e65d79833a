"""A backup as it lies on a disk: gzipped lines, backup.json that tells of it, SHA256SUMS as `sha256sum -c` reads it."""

import contextlib
import dataclasses
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

ROWS: Final = "rows.jsonl.gz"
ORIGINALS: Final = "originals.jsonl.gz"
ABOUT: Final = "backup.json"
SUMS: Final = "SHA256SUMS"
COPIES: Final = "originals"
_LISTED: Final = (ROWS, ORIGINALS, ABOUT)
FORMAT: Final = 1


class NoBackup(Exception):
    """A sentence that says what is wrong with a folder, and what to do."""


@dataclasses.dataclass(frozen=True)
class About:
    """`made_at`: the moment whose rows these are, ISO 8601. `migrations`: the newest of each app. `rows`: by table."""

    made_at: str
    migrations: dict[str, str]
    rows: dict[str, int]
    originals: int
    bytes: int
    format: int = FORMAT


@contextlib.contextmanager
def written(path: Path) -> Iterator[TextIO]:
    with gzip.open(path, "wt", encoding="utf-8", newline="\n", compresslevel=6) as lines:
        yield lines


@contextlib.contextmanager
def read(path: Path) -> Iterator[Iterator[Any]]:
    """One JSON value a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield map(json.loads, lines)


def close(folder: Path, about: About) -> None:
    """Says what it is, and seals it: without SHA256SUMS it is none."""
    (folder / ABOUT).write_text(json.dumps(dataclasses.asdict(about), indent=2) + "\n", encoding="utf-8")
    sums = "".join(f"{_sum(folder / name)}  {name}\n" for name in _LISTED)
    (folder / SUMS).write_text(sums, encoding="utf-8")


def opened(folder: Path) -> About:
    """What it is, when all of it is there and unchanged. Raises NoBackup."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        damaged = [name for name in _LISTED if told.get(name) != _sum(folder / name)]
    except FileNotFoundError as error:
        lacks = Path(str(error.filename)).name
        raise NoBackup(
            f"{folder} is no whole backup: {lacks} is missing. One that was interrupted has no {SUMS}; make it "
            "again, or take another one."
        ) from error
    if damaged:
        names = ", ".join(damaged)
        raise NoBackup(f"{names} in {folder} changed since it was made. Take another copy of this backup.")
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    if about["format"] != FORMAT:
        sentence = f"{folder} has format {about['format']}, and this version reads {FORMAT}"
        raise NoBackup(f"{sentence}. Use the version that made it.")
    return About(**about)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
