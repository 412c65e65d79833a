"""Zip files that nobody vouches for. Nothing is ever written under a name from inside; what is read is read in
order, up to the size that it announces."""

import contextlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Final, cast

from gallery.imports.entry import Entry, LeftOut, Unreadable
from gallery.pipeline import left_out

MOST_FILES: Final = 200_000
MOST_RATIO: Final = 100  # photographs are packed already
_LONGEST_NAME: Final = 1024
_SMALL: Final = 1024 * 1024  # unpacked, where the ratio does no harm
_MOST_AT_ONCE: Final = 48 * 1024 * 1024  # the directory of as many files as may be
_LOCAL_HEADER: Final = 30  # bytes before the name
_RECORD: Final = b"PK\x01\x02"  # what each line of the directory begins with
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_WRONG: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class _Bounded(io.RawIOBase):
    """Of a file as much at once as an honest directory needs: `zipfile` reads one of any announced size whole."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if size > _MOST_AT_ONCE:
            raise Unreadable(left_out.TOO_MANY % {"limit": f"{MOST_FILES:,}"})
        data = self._file.read(size)
        if data.count(_RECORD) > MOST_FILES:  # before there is an object for each
            raise Unreadable(left_out.TOO_MANY % {"limit": f"{MOST_FILES:,}"})
        return data


@contextlib.contextmanager
def opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Raises Unreadable: no zip file, not whole, or with too many files."""
    try:
        archive = zipfile.ZipFile(cast("IO[bytes]", _Bounded(file)))
    except _WRONG as error:
        raise Unreadable(left_out.NO_ARCHIVE) from error
    with archive:
        if len(archive.infolist()) > MOST_FILES:
            raise Unreadable(left_out.TOO_MANY % {"limit": f"{MOST_FILES:,}"})
        yield archive


def members(archive: zipfile.ZipFile, name: str) -> Iterator[Entry | LeftOut]:
    """Its files in the order in which they lie in it. `name`: what people call the archive."""
    end = 0
    start = archive.start_dir  # of the directory, which is no file's
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        overlaps = info.header_offset < end or _end(info) > start
        end = max(end, _end(info))
        if info.filename.endswith("/"):
            continue
        if reason := left_out.OVERLAPS if overlaps else _wrong(info):
            yield LeftOut(f"{name}/{info.filename}", reason)
        else:
            path = PurePosixPath(info.filename)
            yield Entry(name, path, info.file_size, _modified(info), partial(_open, archive, info))


def _end(info: zipfile.ZipInfo) -> int:
    return info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size


def _wrong(info: zipfile.ZipInfo) -> str:
    """Why it is not to be touched; "" where nothing speaks against it."""
    if not info.filename:
        return left_out.OUTSIDE
    if len(info.filename) > _LONGEST_NAME:
        return left_out.NAME
    if _leads_outside(info.filename) or _leads_outside(info.orig_filename):
        return left_out.OUTSIDE
    if stat.S_ISLNK(info.external_attr >> 16):
        return left_out.LINK
    if info.flag_bits & _ENCRYPTED:
        return left_out.ENCRYPTED
    if info.compress_type not in _METHODS:
        return left_out.METHOD
    if info.file_size > _SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
        return left_out.BOMB % {"limit": MOST_RATIO}
    return ""


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not parts[0] or ".." in parts or parts[0][1:2] == ":" or "\x00" in name


def _modified(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:  # the month 0 of a clock that was never set
        return None


@contextlib.contextmanager
def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with _in_our_words():
        file = archive.open(info)
    with file:
        yield cast("IO[bytes]", _Member(file))


class _Member(io.RawIOBase):
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        with _in_our_words():
            return self._file.read(size)


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except _WRONG as error:
        raise Unreadable(left_out.BROKEN) from error
