"""What lies under the paths that somebody names: folders with all that is in them, zip files, single files."""

import contextlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from gallery.imports import archives
from gallery.imports.entry import Entry, LeftOut, Unreadable
from gallery.pipeline import left_out


def found(paths: Iterable[Path], held: contextlib.ExitStack) -> Iterator[Entry | LeftOut]:
    """Every file there, in the order of its name. Zip files are held open by `held`, for their entries to be read."""
    for path in paths:
        for file in _files(path):
            yield from _judged(file, held)


def _files(path: Path) -> Iterator[Path]:
    """A link is followed where somebody names it, and nowhere else."""
    if not path.is_dir():
        yield path.absolute()
        return
    for folder, folders, names in os.walk(path.absolute()):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        yield from (Path(folder) / name for name in sorted([*names, *links]))


def _judged(file: Path, held: contextlib.ExitStack) -> Iterator[Entry | LeftOut]:
    try:
        if file.is_symlink():
            yield LeftOut(str(file), left_out.LINK)
        elif not file.is_file():
            yield LeftOut(str(file), left_out.UNREADABLE % {"what": "no ordinary file"})
        elif file.suffix.lower() == ".zip" or (not file.suffix and zipfile.is_zipfile(file)):
            archive = held.enter_context(archives.opened(held.enter_context(file.open("rb"))))
            yield from archives.members(archive, str(file))
        else:
            yield _entry(file)
    except Unreadable as error:
        yield LeftOut(str(file), error.reason)
    except OSError as error:
        yield LeftOut(str(file), _in_words(error))


def _entry(file: Path) -> Entry:
    about = file.stat()
    # The clock on the wall of this machine, since what a file's time says is meant so.
    modified = datetime.fromtimestamp(about.st_mtime).replace(tzinfo=UTC)  # noqa: DTZ006
    return Entry("", PurePosixPath(file), about.st_size, modified, partial(_open, file), file)


@contextlib.contextmanager
def _open(file: Path) -> Iterator[IO[bytes]]:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise Unreadable(_in_words(error)) from error
    with opened:
        yield opened


def _in_words(error: OSError) -> str:
    return left_out.UNREADABLE % {"what": error.strerror or type(error).__name__}
