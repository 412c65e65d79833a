"""ExifTool, the judge of what stands in a photo; and a corpus that it writes: tags of all kinds, in all formats."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from gallery.imaging.tests.pictures import corners, heic, saved
from tests import install

_SECONDS: Final = 120
FORMATS: Final[Mapping[str, str]] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "heic": "image/heic",
    "avif": "image/avif",
    "tif": "image/tiff",
}
EVERY: Final = tuple(FORMATS)
WITH_EXIF: Final = tuple(name for name in EVERY if name != "gif")
WITH_IPTC: Final = ("jpg", "png", "tif")


@dataclasses.dataclass(frozen=True)
class Case:
    """written: what ExifTool puts into a file. told: a fact of ours → the tag in which ExifTool reads the same; None:
    the fact is not to be believed."""

    written: tuple[str, ...]
    told: Mapping[str, str | None]
    formats: tuple[str, ...] = WITH_EXIF


def program() -> str:
    found = install.EXIFTOOL.find()
    if found is None and install.must_be_there():
        pytest.fail(install.EXIFTOOL.how_to)
    if found is None:
        pytest.skip(install.EXIFTOOL.how_to)
    return found


def write(folder: Path, cases: Mapping[str, Case]) -> None:
    """A file for each case and format, by one process."""
    blank, orders = _blank(), list[str]()
    for name, case in cases.items():
        for extension in case.formats:
            path = folder / f"{name}.{extension}"
            path.write_bytes(blank[extension])
            orders += [*case.written, "-q", "-q", "-overwrite_original", "-n", str(path), "-execute"]
    told = folder / "orders"
    told.write_text("\n".join(orders))
    done = subprocess.run(
        [program(), "-@", str(told)], check=False, capture_output=True, text=True, timeout=_SECONDS
    )
    told.unlink()
    assert not done.stderr, done.stderr


def read(paths: Iterable[Path]) -> Mapping[Path, Mapping[str, Any]]:
    """What it reads in each, in numbers, by group and tag ("ExifIFD:ISO")."""
    asked = [program(), "-json", "-n", "-G1", "-struct", "-charset", "iptc=UTF8", *map(str, paths)]
    done = subprocess.run(asked, check=True, capture_output=True, timeout=_SECONDS)
    return {Path(row["SourceFile"]): row for row in json.loads(done.stdout)}


def _blank() -> Mapping[str, bytes]:
    picture = corners(48, 32)
    kinds = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "avif": "AVIF", "tif": "TIFF"}
    return {"heic": heic(picture)} | {extension: saved(picture, kind) for extension, kind in kinds.items()}
