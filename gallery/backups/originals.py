"""Which originals the rows of a backup name; whether the bucket has them; copies of them."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from gallery import storage
from gallery.digests import digests
from gallery.models import Photo

_COLUMNS: Final = ("original_key", "byte_size", "sha256", "content_type")
Done = Callable[[int], object]


@dataclasses.dataclass(frozen=True)
class Original:
    """`sha256` in hex."""

    key: str
    size: int
    sha256: str
    content_type: str


def named() -> Iterator[Original]:
    """Those of all photos, in the order of their keys."""
    rows = Photo.objects.order_by("original_key").values_list(*_COLUMNS)
    return (Original(*row) for row in rows.iterator())


def write(lines: TextIO) -> tuple[int, int]:
    """How many, and how many bytes they have."""
    count = size = 0
    for original in named():
        lines.write(json.dumps(dataclasses.asdict(original), separators=(",", ":")) + "\n")
        count, size = count + 1, size + original.size
    return count, size


def read(lines: Iterable[Any]) -> Iterator[Original]:
    return (Original(**line) for line in lines)


def missing(wanted: Iterable[Original]) -> Iterator[Original]:
    """Those that the bucket has not got, or of another size. Both come in the order of their keys, one by one."""
    there = storage.listed("originals")
    found = next(there, None)
    for original in wanted:
        while found is not None and found.key < original.key:
            found = next(there, None)
        if found is None or (found.key, found.size) != (original.key, original.size):
            yield original


def deleted_since(original: Original) -> bool:
    """Whether its photo is gone by now: then nothing is wrong with what the bucket has."""
    return not Photo.objects.filter(original_key=original.key).exists()


def copy_out(wanted: Iterable[Original], folder: Path, done: Done) -> None:
    """Copies into a folder what is not there yet, each checked against its SHA-256.

    Raises ObjectMissing, ObjectDamaged, StorageAway, OSError.
    """
    folder.mkdir(exist_ok=True)
    for original in wanted:
        path = folder / original.key
        if not path.exists() or path.stat().st_size != original.size:
            coming = path.with_suffix(".coming")
            storage.fetch_original(original.key, coming, sha256=original.sha256)
            coming.replace(path)
        done(original.size)


def put_back(wanted: Iterable[Original], folder: Path, done: Done) -> list[Original]:
    """Stores the copies of these; those of which there is none, or a damaged one. Raises StorageAway."""
    lost = []
    for original in wanted:
        path = folder / original.key
        if not path.exists() or digests(path).sha256 != original.sha256:
            lost.append(original)
            continue
        with path.open("rb") as body:
            storage.put_original(
                original.key,
                body,
                size=original.size,
                sha256=original.sha256,
                content_type=original.content_type,
            )
        done(original.size)
    return lost
