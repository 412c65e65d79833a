"""What is to be brought in, in which order, and what was said of each: before a single photo is read."""

import contextlib
import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from gallery.imports import takeout
from gallery.imports.entry import Entry, LeftOut, Unreadable
from gallery.imports.takeout import Sidecars
from gallery.pipeline import left_out

_SYSTEM: Final = {
    "thumbs.db",
    "desktop.ini",
    "ehthumbs.db",
    "picasa.ini",
    ".picasa.ini",
    "archive_browser.html",
}
_SYSTEM_FOLDERS: Final = {"__MACOSX", "@eaDir"}
_MOST_TITLES: Final = 20  # files of a folder that may be about it; there is one
_VIDEOS: Final = {".mp4", ".mov", ".m4v", ".mp"}
_STILLS: Final = (".heic", ".HEIC", ".jpg", ".JPG", ".jpeg", ".JPEG")


@dataclasses.dataclass(frozen=True)
class Item:
    """A file that may be a photo. `sidecar`: what tells of it; `album`: the title of the one that it is in, or ""."""

    entry: Entry
    sidecar: Entry | None = None
    album: str = ""


@dataclasses.dataclass(frozen=True)
class Plan:
    """`loose`: sidecars of photos that are not there; `albums`: titles by folder."""

    items: Sequence[Item]
    left_out: Sequence[LeftOut]
    loose: Sequence[Entry]
    albums: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes of all that may be photos."""
        return sum(item.entry.size for item in self.items)


def made(found: Iterable[Entry | LeftOut]) -> Plan:
    """An export in several archives is one: folders of the same name belong together."""
    folders: dict[PurePosixPath, list[Entry]] = defaultdict(list)
    out: list[LeftOut] = []
    for one in found:
        if isinstance(one, LeftOut):
            out.append(one)
        elif _is_system(one.path):
            out.append(LeftOut(one.place, left_out.SYSTEM, refused=False))
        else:
            folders[one.path.parent].append(one)
    items: list[Item] = []
    loose: list[Entry] = []
    albums: dict[str, str] = {}
    for folder, entries in folders.items():
        album = _album(entry for entry in entries if takeout.tells_an_album(entry.name))
        planned = list(_folder(entries, album))
        items += (one for one in planned if isinstance(one, Item))
        loose += (one for one in planned if isinstance(one, Entry))
        out += (one for one in planned if isinstance(one, LeftOut))
        albums |= {str(folder): album} if album else {}
    out += (LeftOut(entry.place, left_out.SPEAKS_OF_OTHERS, refused=False) for entry in loose)
    return Plan(items, out, loose, albums)


def _is_system(path: PurePosixPath) -> bool:
    name = path.name.lower()
    return (
        name in _SYSTEM
        or name.startswith("._")
        or name == ".ds_store"
        or bool(_SYSTEM_FOLDERS & {*path.parts})
    )


def _folder(entries: Sequence[Entry], album: str) -> Iterator[Item | LeftOut | Entry]:
    """As they come, but originals before their edited copies; and what tells of a photo that is not there."""
    files = [entry for entry in entries if not _is_json(entry)]
    told = [entry for entry in entries if _is_json(entry)]
    names = {entry.name for entry in files}
    edited = takeout.edited(names)
    sidecars = _Found(told)
    used = set()
    for entry in sorted(files, key=lambda entry: entry.name in edited):
        sidecar = sidecars.of(entry)
        used.add(sidecar)
        if _moves(entry.path, names):
            yield LeftOut(entry.place, left_out.MOVING, refused=False)
        else:
            yield Item(entry, sidecar, album)
    for entry in told:
        if entry not in used and not takeout.tells_an_album(entry.name):
            yield entry


def _is_json(entry: Entry) -> bool:
    return entry.path.suffix.lower() == ".json"


def _moves(path: PurePosixPath, names: set[str]) -> bool:
    """Whether its picture lies beside it: `IMG_1.HEIC` of `IMG_1.MP4` or `IMG_1.HEIC.MP4`, `PXL_1.MP.jpg` of
    `PXL_1.MP`."""
    if path.suffix.lower() not in _VIDEOS:
        return False
    stills = {f"{stem}{ending}" for stem in (path.stem, path.name) for ending in _STILLS}
    return not names.isdisjoint(stills | ({path.stem} if path.stem.endswith(_STILLS) else set()))


class _Found:
    """The sidecars of a folder. That of the same archive comes first: two may have files of one name."""

    def __init__(self, told: Iterable[Entry]) -> None:
        by_archive: dict[str, dict[str, Entry]] = defaultdict(dict)
        for entry in told:
            by_archive[entry.archive].setdefault(entry.name, entry)
        self._parts = {archive: _Part(entries) for archive, entries in by_archive.items()}

    def of(self, photo: Entry) -> Entry | None:
        own = self._parts.get(photo.archive)
        others = [part for archive, part in self._parts.items() if archive != photo.archive]
        found = (part.of(photo.name) for part in ([own] if own else []) + others)
        return next((entry for entry in found if entry), None)


class _Part:
    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries, self._sidecars = entries, Sidecars(entries)

    def of(self, photo: str) -> Entry | None:
        name = self._sidecars.of(photo)
        return self._entries[name] if name else None


def _album(told: Iterable[Entry]) -> str:
    """The first title that one of these tells."""
    some = itertools.islice(told, _MOST_TITLES)
    return next((title for entry in some if (title := takeout.album_title(text_of(entry)))), "")


def text_of(entry: Entry) -> bytes:
    """What a small file says; nothing where it can't be read, or is none."""
    if entry.size > takeout.MOST_BYTES:
        return b""
    with contextlib.suppress(Unreadable, OSError), entry.open() as file:
        return file.read(takeout.MOST_BYTES)
    return b""
