"""Zip files for tests: honest ones, and such as attackers make."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pytest

from gallery.imports import archives
from gallery.imports.entry import Entry, LeftOut, Unreadable


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 7, 4, 12, 34, 56)), data, method)
    return out.getvalue()


def packed_as(info: zipfile.ZipInfo, data: bytes) -> bytes:
    """One file, described as `info` does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, data)
    return out.getvalue()


def directory(data: bytes) -> int:
    """Where the first file's line in the central directory begins."""
    return data.index(b"PK\x01\x02")


def patched(data: bytes, offset: int, layout: str, value: int) -> bytes:
    return data[:offset] + struct.pack(layout, value) + data[offset + struct.calcsize(layout) :]


def reasons(data: bytes) -> dict[str, str]:
    """Of each file of the archive that is left out before or while it is read; "" of one that is read whole."""
    found: dict[str, str] = {}
    with archives.opened(io.BytesIO(data)) as archive:
        for one in archives.members(archive, "a.zip"):
            found[one.place.removeprefix("a.zip/")] = one.reason if isinstance(one, LeftOut) else _read(one)
    return found


def _read(entry: Entry) -> str:
    try:
        with entry.open() as file:
            while file.read(65536):
                pass
    except Unreadable as error:
        return error.reason
    return ""


def refused_whole(data: bytes) -> str:
    with pytest.raises(Unreadable) as error, archives.opened(io.BytesIO(data)):
        pass
    return error.value.reason
