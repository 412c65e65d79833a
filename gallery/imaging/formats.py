"""What a file is, decided by its first bytes alone: never by its name or by what the sender said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gallery.imaging.errors import Refused, refusal

HEAD_BYTES = 4096

Kind = Literal["photo", "video", "audio", "drawing", "document", "program", "archive", "unknown"]


@dataclass(frozen=True)
class Format:
    """A format that is kept. `extension`, and `others` that its files may have, have no dot."""

    name: str
    content_type: str
    extension: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Foreign:
    """Something else that was recognised: `what` reads after "This is" ("a video (MP4)")."""

    kind: Kind
    what: str

    def refused(self) -> Refused:
        return refusal(self.kind, what=self.what)


JPEG = Format("JPEG", "image/jpeg", "jpg", ("jpeg", "jpe", "jfif", "mpo"))
PNG = Format("PNG", "image/png", "png")
WEBP = Format("WebP", "image/webp", "webp")
GIF = Format("GIF", "image/gif", "gif")
HEIC = Format("HEIC", "image/heic", "heic", ("heif", "hif"))
AVIF = Format("AVIF", "image/avif", "avif")
TIFF = Format("TIFF", "image/tiff", "tif", ("tiff",))
# Of these the JPEG is shown that the camera put in (walks/raw.py).
DNG = Format("DNG", "image/x-adobe-dng", "dng")
CR2 = Format("CR2", "image/x-canon-cr2", "cr2")
NEF = Format("NEF", "image/x-nikon-nef", "nef")
ARW = Format("ARW", "image/x-sony-arw", "arw")
RAWS = (DNG, CR2, NEF, ARW)
FORMATS = (JPEG, PNG, WEBP, GIF, HEIC, AVIF, TIFF, *RAWS)

CAMERA_RAW = Foreign("photo", "a camera RAW file (such as PEF or SRW)")
EMPTY_RAW = Foreign("photo", "a camera RAW file without a large picture in it")
RARE_TIFF = Foreign("photo", "a TIFF of a kind that hardly any program can show")
UNKNOWN = Foreign("unknown", "an unknown file")
_TEXT = Foreign("document", "a text file")
_HTML = Foreign("document", "a web page (HTML)")
_XML = Foreign("document", "an XML file")
_SVG = Foreign("drawing", "a drawing (SVG)")
_CR3 = Foreign("photo", "a camera RAW file (Canon CR3)")
_MP4 = Foreign("video", "a video (MP4)")
_MOV = Foreign("video", "a video (QuickTime MOV)")
_M4A = Foreign("audio", "a sound file (M4A)")
_BIG_TIFF = Foreign("photo", "a TIFF of the kind for more than 4 GB (BigTIFF)")
_JPEG_2000 = Foreign("photo", "a JPEG 2000 picture")
_JPEG_XL = Foreign("photo", "a JPEG XL picture")
_BMP = Foreign("photo", "a bitmap (BMP)")
_ICON = Foreign("photo", "an icon (ICO)")
_POSTSCRIPT = Foreign("drawing", "a PostScript file (EPS)")
_MP3 = Foreign("audio", "a sound file (MP3)")
_ZIP = Foreign("archive", "a ZIP archive")
_MPEG = Foreign("video", "a video (MPEG)")
_APPLE_PROGRAM = Foreign("program", "a program (macOS)")

_KEPT: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)

# Longer signatures stand before the shorter ones they begin with.
_SIGNATURES: tuple[tuple[int, bytes, Foreign], ...] = (
    (0, b"II+\x00", _BIG_TIFF),
    (0, b"MM\x00+", _BIG_TIFF),
    (0, b"IIRO", Foreign("photo", "a camera RAW file (Olympus ORF)")),
    (0, b"IIRS", Foreign("photo", "a camera RAW file (Olympus ORF)")),
    (0, b"MMOR", Foreign("photo", "a camera RAW file (Olympus ORF)")),
    (0, b"IIU\x00", Foreign("photo", "a camera RAW file (Panasonic RW2)")),
    (0, b"II\x1a\x00\x00\x00HEAPCCDR", Foreign("photo", "a camera RAW file (Canon CRW)")),
    (0, b"FUJIFILMCCD-RAW", Foreign("photo", "a camera RAW file (Fujifilm RAF)")),
    (0, b"FOVb", Foreign("photo", "a camera RAW file (Sigma X3F)")),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", _JPEG_2000),
    (0, b"\xff\x4f\xff\x51", _JPEG_2000),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", _JPEG_XL),
    (0, b"\xff\x0a", _JPEG_XL),
    (0, b"\x00\x00\x01\x00", _ICON),
    (0, b"\x00\x00\x02\x00", _ICON),
    (0, b"8BPS", Foreign("photo", "a Photoshop file (PSD)")),
    (0, b"DDS ", Foreign("photo", "a texture (DDS)")),
    (0, b"SIMPLE  =", Foreign("photo", "an astronomical picture (FITS)")),
    (0, b"%!PS", _POSTSCRIPT),
    (0, b"\xc5\xd0\xd3\xc6", _POSTSCRIPT),
    (0, b"%PDF", Foreign("document", "a PDF document")),
    (0, b"{\\rtf", Foreign("document", "a text document (RTF)")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign("document", "an Office document")),
    (0, b"0&\xb2u\x8ef\xcf\x11", Foreign("video", "a video (WMV)")),
    (0, b"FLV\x01", Foreign("video", "a video (FLV)")),
    (0, b"\x00\x00\x01\xba", _MPEG),
    (0, b"\x00\x00\x01\xb3", _MPEG),
    (0, b"ID3", _MP3),
    (0, b"\xff\xfb", _MP3),
    (0, b"\xff\xf3", _MP3),
    (0, b"\xff\xf2", _MP3),
    (0, b"fLaC", Foreign("audio", "a sound file (FLAC)")),
    (0, b"OggS", Foreign("audio", "a sound or video file (Ogg)")),
    (0, b"PK\x03\x04", _ZIP),
    (0, b"PK\x05\x06", _ZIP),
    (0, b"\x1f\x8b", Foreign("archive", "a GZIP archive")),
    (0, b"7z\xbc\xaf\x27\x1c", Foreign("archive", "a 7-Zip archive")),
    (0, b"Rar!\x1a\x07", Foreign("archive", "a RAR archive")),
    (0, b"\xfd7zXZ\x00", Foreign("archive", "an XZ archive")),
    (0, b"BZh", Foreign("archive", "a BZIP2 archive")),
    (257, b"ustar", Foreign("archive", "a TAR archive")),
    (0, b"\x7fELF", Foreign("program", "a program (Linux, ELF)")),
    (0, b"MZ", Foreign("program", "a program (Windows)")),
    (0, b"\xcf\xfa\xed\xfe", _APPLE_PROGRAM),
    (0, b"\xca\xfe\xba\xbe", _APPLE_PROGRAM),
)

# ISO base media brands, https://mp4ra.org/registered-types/brands
_BRANDS: dict[bytes, Format | Foreign] = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), AVIF),
    b"crx ": _CR3,
    b"qt  ": _MOV,
    b"M4A ": _M4A,
    b"M4B ": _M4A,
}
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"pnot")


def sniff(head: bytes) -> Format | Foreign:
    """Name the format of a file from its first HEAD_BYTES (fewer only if the file is shorter).

    A `Format` is one of those that are kept; anything else is a `Foreign`, at worst UNKNOWN.
    """
    for signature, known in _KEPT:
        if head.startswith(signature):
            return known
    return _riff(head) or _media(head) or _signed(head) or _tiff(head) or _written(head) or UNKNOWN


def _riff(head: bytes) -> Format | Foreign | None:
    if not head.startswith(b"RIFF"):
        return None
    forms: dict[bytes, Format | Foreign] = {
        b"WEBP": WEBP,
        b"AVI ": Foreign("video", "a video (AVI)"),
        b"WAVE": Foreign("audio", "a sound file (WAV)"),
    }
    return forms.get(head[8:12])


def _media(head: bytes) -> Format | Foreign | None:
    if head[4:8] == b"ftyp":
        return _branded(head)
    if head[4:8] in _OLD_QUICKTIME:
        return _MOV
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        name = "WebM" if b"webm" in head[:64] else "Matroska MKV"
        return Foreign("video", f"a video ({name})")
    return None


def _branded(head: bytes) -> Format | Foreign:
    """mif1 and msf1 only say "HEIF container": an AVIF may begin so and name itself further on."""
    compatible = head[16 : min(len(head), int.from_bytes(head[:4], "big"), 256)]
    found = _BRANDS.get(head[8:12], _MP4)
    return AVIF if found is HEIC and head[8:12] in (b"mif1", b"msf1") and b"avif" in compatible else found


def _tiff(head: bytes) -> Format | None:
    """Camera RAW files that are told apart by their first bytes were named before; walks/raw.py names the others."""
    if head[8:12] == b"CR\x02\x00":
        return CR2
    return TIFF if head.startswith((b"II*\x00", b"MM\x00*")) else None


def _signed(head: bytes) -> Foreign | None:
    for offset, signature, foreign in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return foreign
    # "BM" alone would also be the beginning of a text; a bitmap has four reserved zero bytes after its size.
    return _BMP if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00" else None


def _written(head: bytes) -> Foreign | None:
    """Markup is named only if the file is text at all."""
    text = _text(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n\f").lower()
    if start.startswith("<") and "<svg" in start:
        return _SVG
    if start.startswith(("<!doctype html", "<html", "<head", "<body", "<script")):
        return _HTML
    return _XML if start.startswith("<?xml") else _TEXT


def _text(head: bytes) -> str | None:
    """The head as text, or None if it has bytes that no text has. The last character may be cut in two."""
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if text and all(c.isprintable() or c in "\t\r\n\f\ufeff" for c in text) else None
    return None
