"""From a file to pixels. Only ever called in the child process: decoders are where hostile files bite."""

from __future__ import annotations

import contextlib
import io
import mmap
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pillow_heif.options
from PIL import AvifImagePlugin, Image, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from gallery.imaging.errors import refusal
from gallery.imaging.formats import AVIF, GIF, HEIC, JPEG, PNG, TIFF, WEBP, Format
from gallery.imaging.inspect import survey
from gallery.imaging.metadata.file import Metadata, read_metadata
from gallery.imaging.walks import png
from gallery.imaging.walks.outline import Outline

# A DCT scale that lands at most 5 % under the wanted size is taken: SSIM .996 for half the time.
TOLERANCE = 0.95

# The classes themselves and not Image.open: no other parser can be entered, and MPO stays a plain JPEG.
_READERS: Mapping[Format, Callable[[IO[bytes]], ImageFile.ImageFile]] = {
    JPEG: JpegImageFile,
    PNG: PngImageFile,
    WEBP: WebPImageFile,
    GIF: GifImageFile,
    HEIC: HeifImageFile,
    AVIF: AvifImageFile,
    TIFF: TiffImageFile,
}
# One picture has one processor, and the memory of one thread.
pillow_heif.options.DECODE_THREADS = AvifImagePlugin.DEFAULT_MAX_THREADS = 1
_LIBHEIF_OUT_OF_MEMORY = "Memory allocation error"
_SIXTEEN_BITS = ("I", "I;16")


@dataclass(frozen=True)
class Decoded:
    """The first picture of a file: L, LA, RGB, RGBA or CMYK, 8 bits, not yet sRGB; as `exif` says, not yet upright.

    image may be smaller than width x height, which are the file's; it has no metadata any more. exif, icc: the raw
    blocks, b"" where there are none; this EXIF says how the picture lies as its decoder left it (a TIFF comes upright),
    metadata has what the file itself says, there and elsewhere.
    """

    image: Image.Image
    width: int
    height: int
    exif: bytes
    icc: bytes
    metadata: Metadata


def decode(path: Path, content_type: str, longest_side: int) -> Decoded:
    """Decode a picture at least about `longest_side` pixels long, if it is that long.

    Raises Refused (what `inspect` refuses, a content type that is not what the file is, undecodable), MemoryError,
    and OSError with an errno if the file can't be read.
    """
    known, outline = survey(path)
    if known.content_type != content_type:
        raise refusal("undecodable")
    if known is PNG:
        _check_sums(path)
    metadata = read_metadata(path, known, outline)  # before the decoder has taken its memory
    with _blamed_on_the_picture(), _source(path, known, outline) as source, _READERS[known](source) as image:
        return _load(image, known, outline, metadata, longest_side)


def _check_sums(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        png.check_sums(data)


@contextlib.contextmanager
def _blamed_on_the_picture() -> Iterator[None]:
    """Decoders raise nearly everything on garbage. Only memory and real input/output errors are not the picture's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except MemoryError:
        raise
    except OSError as error:
        if error.errno is not None:
            raise
        raise refusal("undecodable") from error
    except Exception as error:
        if str(error).startswith(_LIBHEIF_OUT_OF_MEMORY):
            raise MemoryError from error
        raise refusal("undecodable") from error


def _source(path: Path, known: Format, outline: Outline) -> IO[bytes]:
    """WebP is read whole, twice: what follows its end stays out of it."""
    if known is not WEBP:
        return path.open("rb")
    with path.open("rb") as file:
        return io.BytesIO(file.read(outline.end))


def _load(
    image: ImageFile.ImageFile, known: Format, outline: Outline, metadata: Metadata, longest_side: int
) -> Decoded:
    if not _as_told(image, known, outline):
        raise refusal("undecodable")
    width, height = image.size
    image.draft(None, _at_least(width, height, longest_side))
    image.load()
    exif = b"" if known is TIFF else _exif(image.info)  # a PNG may have it behind its pixels
    icc = image.info.get("icc_profile")
    pixels = _plain(image)
    pixels.info = {}
    return Decoded(pixels, width, height, exif, icc if isinstance(icc, bytes) else b"", metadata)


def _as_told(image: ImageFile.ImageFile, known: Format, outline: Outline) -> bool:
    """A HEIC may show a part of what is stored, which only its decoder cuts out."""
    if known is HEIC:
        return image.width * image.height <= outline.most_pixels
    return image.size == (outline.width, outline.height)


def _at_least(width: int, height: int, longest_side: int) -> tuple[int, int]:
    wanted = int(longest_side * TOLERANCE)
    longest = max(width, height)
    return max(1, wanted * width // longest), max(1, wanted * height // longest)


def _plain(image: Image.Image) -> Image.Image:
    """One of the five modes that the rest knows."""
    if image.mode in _SIXTEEN_BITS:
        return _eight_bits(image)
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    if "transparency" in image.info and image.mode in ("1", "L", "RGB"):
        return image.convert("RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """The upper eight of sixteen bits. Pillow's own conversion would clip everything above 255 to white."""
    return image.point(lambda value: value * (1 / 256) + 0).convert("L")


def _exif(info: dict[str | tuple[int, int], object]) -> bytes:
    block = info.get("exif")
    if isinstance(block, bytes):
        return block
    return _imagemagick_exif(info.get("Raw profile type exif"))


def _imagemagick_exif(profile: object) -> bytes:
    """Before PNG had an eXIf chunk, ImageMagick wrote a text: an empty line, name, length, then lines of hex."""
    if not isinstance(profile, str):
        return b""
    with contextlib.suppress(ValueError):
        return bytes.fromhex("".join(profile.strip().splitlines()[2:]))
    return b""
