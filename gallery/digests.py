"""What a file's bytes come down to: the SHA-256 by which the site knows them, and the SHA-1 by which others ask."""

import hashlib
from pathlib import Path
from typing import Any, Final, NamedTuple

_CHUNK: Final = 1024 * 1024


class Digests(NamedTuple):
    """`sha256` in hex; `sha1` as bytes."""

    sha256: str
    sha1: bytes


def digests(path: Path) -> Digests:
    """Both in one reading."""
    sha256, sha1 = hashlib.sha256(), _sha1()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            sha1.update(chunk)
    return Digests(sha256.hexdigest(), sha1.digest())


def sha1_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, _sha1).digest()


def _sha1() -> Any:
    """It finds what somebody has twice, and proves nothing."""
    return hashlib.sha1(usedforsecurity=False)
