"""How Google Takeout writes down what somebody said of their photos. Pure functions on names and JSON.

Beside `IMG_1.jpg` lies `IMG_1.jpg.json`, or since 2024 `IMG_1.jpg.supplemental-metadata.json`. What stands before
`.json` is cut after 46 UTF-16 units; the number that tells two of a name apart stands behind the cut: `IMG_1(1).jpg`
goes with `IMG_1.jpg.supplemental-metadata(1).json`. An edited copy, `IMG_1-edited.jpg` in whatever language, has no
sidecar of its own. An album is a folder with a file that tells its title: `metadata.json`, in whatever language.
"""

import dataclasses
import json
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

MOST_BYTES: Final = 64 * 1024  # of a sidecar
_LONGEST_TITLE: Final = 255
_LONGEST_TEXT: Final = 2000  # of a caption
_CUT: Final = 46  # UTF-16 units before the number and `.json`
_SUPPLEMENT: Final = "supplemental-metadata"
_NUMBERED: Final = re.compile(r"(.*?)(\(\d+\))?", re.DOTALL)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Folders of a year or a day that Google makes of itself; some exports give them a title, too.
_NO_ALBUM: Final = re.compile(
    r"(?:Photos from|Photos de|Photos du|Fotos von|Fotos aus|Fotos de|Fotos del|Fotos d.|Foto del|Foto's uit|Foton från"
    r"|Bilder fra|Billeder fra|Zdjęcia z|Fotky z|Fotografii din|Фото за|Фотографии за) (?:19|20)\d\d"
    r"|\d{4}-\d\d-\d\d(?: ?#\d+| - \d{4}-\d\d-\d\d)?",
    re.IGNORECASE,
)
Key = tuple[str, str]
"""What a sidecar is about: a title, perhaps cut, and the number behind it or ""."""


@dataclasses.dataclass(frozen=True)
class Sidecar:
    """`title`: the file's name before it was cut. `taken`: the moment, in UTC. `position`: latitude and longitude."""

    title: str = ""
    taken: datetime | None = None
    position: tuple[float, float] | None = None
    altitude: float | None = None
    caption: str = ""
    favourite: bool = False
    archived: bool = False
    trashed: bool = False


class _Name(NamedTuple):
    stem: str
    number: str
    extension: str

    @property
    def title(self) -> str:
        """Before it was told apart from others of its name."""
        return self.stem + self.extension


class Sidecars:
    """Those of one folder, to be asked which of them is about a photo there."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_title: dict[Key, str] = {}
        self._by_stem: dict[Key, str] = {}
        for name in sorted(names):
            for title, number in _about(name):
                self._by_title.setdefault((title, number), name)
                self._by_stem.setdefault((_stem(title), number), name)

    def of(self, photo: str) -> str | None:
        """The name of the sidecar that tells of the photo with this name."""
        name = _name(photo)
        return (
            self._among(self._by_title, _titles(name))
            or self._among(self._by_stem, _stems(name))
            or next((found for copied in _originals(name) if (found := self._of_original(copied))), None)
        )

    def _of_original(self, name: _Name) -> str | None:
        """An edited copy may be of another format."""
        return self._among(self._by_title, _titles(name)) or self._among(self._by_stem, _stems(name))

    @staticmethod
    def _among(names: Mapping[Key, str], wanted: Iterable[Key]) -> str | None:
        return next((names[key] for key in wanted if key in names), None)


def edited(photos: Collection[str]) -> set[str]:
    """Those that are edited copies of others among these."""
    stems = {name.stem + name.number for name in map(_name, photos)}
    return {
        photo
        for photo in photos
        if any(copied.stem + copied.number in stems for copied in _originals(_name(photo)))
    }


def _about(sidecar: str) -> Iterator[Key]:
    """Both readings, since a title may end as the supplement begins."""
    title, number = _parted(_plain(sidecar).removesuffix(".json"))
    yield title, number
    before, dot, last = title.rpartition(".")
    if dot and _SUPPLEMENT.startswith(last):
        yield before, number


def _titles(name: _Name) -> Iterator[Key]:
    """What its sidecar may be about, surest first. A number may be part of the title itself."""
    whole = name.stem + name.number + name.extension
    yield whole, ""
    yield name.title, name.number
    yield _cut(name.title), name.number
    yield _cut(whole), ""
    if name.number and _cut(name.title) != name.title:  # an edited copy whose "-edited" was cut off
        yield _cut(name.title), ""


def _stems(name: _Name) -> Iterator[Key]:
    yield name.stem + name.number, ""
    yield name.stem, name.number


def _originals(name: _Name) -> Iterator[_Name]:
    """Without the word behind a hyphen that says it was edited: its languages are many, and it may be cut."""
    stem, hyphen, word = name.stem.rpartition("-")
    if hyphen and stem and not any(c.isdecimal() or c in "()" for c in word):
        bare, number = _parted(stem)
        yield _Name(bare, number or name.number, name.extension)


def _name(photo: str) -> _Name:
    stem, dot, extension = _plain(photo).rpartition(".")
    if not stem:
        stem, dot, extension = _plain(photo), "", ""
    return _Name(*_parted(stem), dot + extension)


def _parted(text: str) -> tuple[str, str]:
    match = _NUMBERED.fullmatch(text)
    return (match[1], match[2] or "") if match else (text, "")


def _stem(title: str) -> str:
    stem, dot, extension = title.rpartition(".")
    return stem if dot and stem and len(extension) <= 5 else title


def _cut(title: str) -> str:
    return title.encode("utf-16-le", "surrogatepass")[: 2 * _CUT].decode("utf-16-le", "ignore")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def tells_an_album(name: str) -> bool:
    """Whether a file of this name may be about its folder: a sidecar has a dot in what is before `.json`."""
    return name.lower().endswith(".json") and "." not in name[: -len(".json")]


def is_googles_own(folder: str) -> bool:
    """Whether a folder of this name is one of a year or a day."""
    return bool(_NO_ALBUM.fullmatch(folder))


def album_title(data: bytes) -> str:
    """What the album is called that this file tells of; "" where it tells of none, or of a folder of Google's own."""
    told = _object(data)
    older = told.get("albumData")
    told = older if isinstance(older, dict) else told
    if "photoTakenTime" in told or not {"date", "access", "description"} & told.keys():
        return ""
    title = _text(told, "title")[:_LONGEST_TITLE]
    return "" if is_googles_own(title) else title


def read(data: bytes) -> Sidecar:
    """What a sidecar says, as far as it can be believed. What can't be read says nothing."""
    told = _object(data)
    position, altitude = _position(told.get("geoData")) or _position(told.get("geoDataExif")) or (None, None)
    return Sidecar(
        title=_text(told, "title")[:_LONGEST_TITLE],
        taken=_moment(told.get("photoTakenTime")),
        position=position,
        altitude=altitude,
        caption=_text(told, "description")[:_LONGEST_TEXT],
        favourite=told.get("favorited") is True,
        archived=told.get("archived") is True,
        trashed=told.get("trashed") is True,
    )


def _object(data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    """A surrogate alone is no character."""
    value = told.get(name)
    clean = value.replace("\x00", "") if isinstance(value, str) else ""
    return clean.encode("utf-8", "ignore").decode().strip()


def _moment(told: Any) -> datetime | None:
    """Seconds since 1970, as a text. 0 is what is not known."""
    try:
        seconds = int(told["timestamp"])
        return _EPOCH + timedelta(seconds=seconds) if seconds else None
    except (TypeError, KeyError, ValueError, OverflowError):
        return None


def _position(told: Any) -> tuple[tuple[float, float], float | None] | None:
    """0, 0 is what is not known; an altitude of 0 the same."""
    if not isinstance(told, dict):
        return None
    latitude, longitude = _number(told.get("latitude")), _number(told.get("longitude"))
    if latitude is None or longitude is None or latitude == longitude == 0:
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return (latitude, longitude), _number(told.get("altitude")) or None


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
    return float(value) if usable and math.isfinite(value) else None
