"""Texts: makers, lenses, captions; and how many stars."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from gallery.imaging.metadata import iptc, png
from gallery.imaging.metadata.exif import Tags
from gallery.imaging.metadata.file import Metadata

MAX_TEXT: Final = 100
MAX_CAPTION: Final = 2000

_MAKE, _MODEL, _LENS_MODEL = 0x010F, 0x0110, 0xA434
_DESCRIPTION, _RATING, _XP_TITLE, _XP_COMMENT = 0x010E, 0x4746, 0x9C9B, 0x9C9C
_CHARACTER_SET, _UTF_8 = (1, 90), b"\x1b%G"

# What cameras and programs write where a caption belongs, in any case.
_SAY_NOTHING: Final = frozenset(
    (
        *("olympus digital camera", "sony dsc", "minolta digital camera", "konica minolta digital camera"),
        *("samsung", "samsung camera pictures", "samsung digital camera", "<digimax i5, samsung #1>"),
        *(
            "kodak digital still camera",
            "casio computer co.,ltd",
            "casio digital camera",
            "nikon digital camera",
        ),
        *(
            "digital camera",
            "digital still camera",
            "exif_jpeg_picture",
            "exif jpeg",
            "dcf 1.0",
            "dvc 10.1 hdmi",
        ),
        *("lead technologies inc. v1.01", "acd systems digital imaging", "applemark", "jpeg", "dsc", "dcim"),
        *(
            "default",
            "untitled",
            "image",
            "picture",
            "photo",
            "screenshot",
            "binary comment",
            "charset=ascii",
        ),
        *("created with gimp", "created with the gimp", "file written by adobe photoshop¨ 4.0"),
        # Modes of Huawei's phones.
        *(
            "bsh",
            "bty",
            "burst",
            "btf",
            "btfhdr",
            "btfmdn",
            "btr",
            "cof",
            "dav",
            "edf",
            "fbt",
            "fbthdr",
            "frem",
        ),
        *(
            "frontbhdp",
            "fshbty",
            "hdr",
            "hdrpl",
            "mde",
            "mde_soft",
            "mon",
            "nor",
            "ozn",
            "oznor",
            "oznorwo",
            "ptr",
        ),
        *("qrf", "rbt", "rhdr", "rpt", "sdr", "sdr_hdrb", "tty", "vhdr", "vtr"),
    )
)
# And what programs keep there for themselves.
_BY_PROGRAMS: Final = ("imagej=", "[analyze]", "<?xml", "<ome", '{"shape"')


def camera_make(told: Metadata) -> str:
    return _line(told.exif.image, _MAKE) or clean_text(_first(told, "tiff:Make"))


def camera_model(told: Metadata) -> str:
    return _line(told.exif.image, _MODEL) or clean_text(_first(told, "tiff:Model"))


def lens(told: Metadata) -> str:
    names = (_first(told, name) for name in ("exifEX:LensModel", "aux:Lens"))
    return _line(told.exif.photo, _LENS_MODEL) or next(filter(None, map(clean_text, names)), "")


def caption(told: Metadata) -> str:
    """What somebody wrote of the picture; "" if only the camera did."""
    said = (clean_caption(words) for words in _captions(told))
    return next((words for words in said if words and not _says_nothing(words.casefold())), "")


def rating(told: Metadata) -> int | None:
    """Stars, 0 to 5. XMP first: Windows is the only one that writes the other, and it writes both."""
    for star in (_number(_first(told, "xmp:Rating")), _only(told.exif.image, _RATING)):
        if star is not None and math.isfinite(star) and 0 <= star <= 5:
            return round(star)
    return None


def _says_nothing(words: str) -> bool:
    return words.rstrip(".") in _SAY_NOTHING or words.startswith(_BY_PROGRAMS)


def _captions(told: Metadata) -> Iterator[str]:
    """Descriptions by trust, then titles."""
    image, utf_8 = told.exif.image, told.iptc.get(_CHARACTER_SET) == _UTF_8
    yield _decoded(_bytes(image, _DESCRIPTION))
    yield _first(told, "dc:description")
    yield _decoded(told.iptc.get(iptc.CAPTION, b""), sure=utf_8)
    yield _decoded(told.texts.get(png.DESCRIPTION, b""))
    yield _wide(image, _XP_COMMENT)
    yield _first(told, "dc:title")
    yield _wide(image, _XP_TITLE)
    yield _decoded(told.iptc.get(iptc.TITLE, b""), sure=utf_8)
    yield _decoded(told.texts.get(png.TITLE, b""))


def _first(told: Metadata, name: str) -> str:
    return told.xmp.get(name, ("",))[0]


def _bytes(tags: Tags, tag: int) -> bytes:
    value = tags.get(tag)
    return value.split(b"\x00")[0] if isinstance(value, bytes) else b""


def _wide(tags: Tags, tag: int) -> str:
    """Windows' own: UTF-16 in a row of bytes."""
    value = tags.get(tag)
    numbers = value if isinstance(value, tuple) else ()
    raw = bytes(one for one in numbers if isinstance(one, int) and 0 <= one <= 255)
    return raw.decode("utf-16-le", "ignore").split("\x00")[0]


def _decoded(text: bytes, *, sure: bool = False) -> str:
    """In UTF-8, as most write; else as Windows wrote in the West. `sure`: it says that it is UTF-8."""
    try:
        return text.decode("utf-8", "ignore" if sure else "strict")
    except UnicodeDecodeError:
        return text.decode("cp1252", "ignore")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _only(tags: Tags, tag: int) -> float | None:
    value = tags.get(tag)
    return value[0] if isinstance(value, tuple) and len(value) == 1 else None


def _line(tags: Tags, tag: int) -> str:
    return clean_text(_bytes(tags, tag).decode("utf-8", "ignore"))


def clean_text(text: str) -> str:
    """One line of at most 100 visible characters; "" if it says nothing ("----")."""
    spaced = (" " if c.isspace() else c for c in text)
    line = " ".join(_visible(spaced).split())[:MAX_TEXT].rstrip()
    return line if any(c.isalnum() for c in line) else ""


def _visible(text: Iterable[str]) -> str:
    return "".join(c for c in text if not unicodedata.category(c).startswith("C"))


def clean_caption(text: str) -> str:
    """At most 2,000 visible characters in lines; "" if it says nothing."""
    cut = text[: 4 * MAX_CAPTION].replace("\t", " ")
    lines = (" ".join(_visible(line).split()) for line in cut.splitlines())
    said = "\n".join(lines).strip()[:MAX_CAPTION].rstrip()
    return said if any(c.isalnum() or unicodedata.category(c) == "So" for c in said) else ""
