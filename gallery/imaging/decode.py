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
import simplejpeg
from PIL import AvifImagePlugin, Image, ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from gallery.imaging.errors import refusal
from gallery.imaging.formats import AVIF, GIF, HEIC, JPEG, PNG, RAWS, TIFF, WEBP, Format
from gallery.imaging.inspect import survey
from gallery.imaging.metadata.file import Metadata, read_metadata
from gallery.imaging.raster import Raster, from_image
from gallery.imaging.walks import png
from gallery.imaging.walks.outline import Outline

# A DCT scale that lands at most 5 % under the wanted size is taken, for half the time. Those between the powers of two
# are not: they differ far more from the picture (docs/decisions/0025-renditions-by-three-libraries.md).
TOLERANCE = 0.95
_SCALES = (8, 4, 2)
# TurboJPEG wants the file whole in memory. Pillow reads a larger one piece by piece.
_TURBO_BYTES = 64_000_000
_TURBO_SPACES = {"L": "GRAY", "RGB": "RGB"}
# What is this many times too long comes nearer by Pillow's box filter, so that there are never two of a large picture.
_GAP = 1.5

# The classes themselves and not Image.open: no other parser can be entered, and MPO stays a plain JPEG.
_READERS: Mapping[Format, Callable[[IO[bytes]], ImageFile.ImageFile]] = {
    JPEG: JpegImageFile,
    PNG: PngImageFile,
    WEBP: WebPImageFile,
    GIF: GifImageFile,
    HEIC: HeifImageFile,
    AVIF: AvifImageFile,
    TIFF: TiffImageFile,
    **dict.fromkeys(RAWS, JpegImageFile),
}
# One picture has one processor, and the memory of one thread.
pillow_heif.options.DECODE_THREADS = AvifImagePlugin.DEFAULT_MAX_THREADS = 1
_LIBHEIF_OUT_OF_MEMORY = "Memory allocation error"
_RAW_BLOCK_BYTES = 1 << 20
_SIXTEEN_BITS = ("I", "I;16")


@dataclass(frozen=True)
class Decoded:
    """The first picture of a file: L, LA, RGB, RGBA or CMYK, 8 bits, not yet sRGB; as `exif` says, not yet upright.

    raster may be smaller than width x height, which are the file's. exif, icc: the raw blocks, b"" where there are
    none; this EXIF says how the picture lies as its decoder left it (a TIFF comes upright), metadata has what the file
    itself says, there and elsewhere.
    """

    raster: Raster
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
        if not _as_told(image, known, outline):
            raise refusal("undecodable")
        width, height = image.size
        icc = image.info.get("icc_profile")
        raster = _by_turbo(path, image, outline, longest_side) or _loaded(image, longest_side)
        exif = _block(path, image, known)  # a PNG may have it behind its pixels
    return Decoded(raster, width, height, exif, icc if isinstance(icc, bytes) else b"", metadata)


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
    """WebP is read whole, twice: what follows its end stays out of it. Of a camera's RAW a part is the picture."""
    if known is not WEBP and known not in RAWS:
        return path.open("rb")
    with path.open("rb") as file:
        file.seek(outline.start)
        return io.BytesIO(file.read(outline.end - outline.start))


def _as_told(image: ImageFile.ImageFile, known: Format, outline: Outline) -> bool:
    """A HEIC may show a part of what is stored, which only its decoder cuts out."""
    if known is HEIC:
        return image.width * image.height <= outline.most_pixels
    return image.size == (outline.width, outline.height)


def _by_turbo(path: Path, image: ImageFile.ImageFile, outline: Outline, longest_side: int) -> Raster | None:
    """A JPEG's pixels, sooner than by Pillow. None: it is none, or Pillow is to say whether it can be read."""
    small = outline.end - outline.start <= _TURBO_BYTES
    if not isinstance(image, JpegImageFile) or image.mode not in _TURBO_SPACES or not small:
        return None
    width, height = _scaled(image, longest_side)
    with (
        contextlib.suppress(ValueError),
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        pixels = simplejpeg.decode_jpeg(
            data[outline.start : outline.end] if outline.start else data,
            _TURBO_SPACES[image.mode],
            fastdct=False,
            fastupsample=False,
            min_height=height,
            min_width=width,
            strict=False,
        )
        return Raster(pixels, image.mode)
    return None


def _loaded(image: ImageFile.ImageFile, longest_side: int) -> Raster:
    image.draft(None, _scaled(image, longest_side))
    image.load()
    plain = _plain(image)
    return from_image(plain.reduce(max(1, int(max(plain.size) / longest_side / _GAP))))


def _scaled(image: Image.Image, longest_side: int) -> tuple[int, int]:
    """The size of the smallest DCT scale that is long enough."""
    wanted = longest_side * TOLERANCE
    scale = next((scale for scale in _SCALES if max(image.size) / scale >= wanted), 1)
    width, height = (-(-side // scale) for side in image.size)
    return width, height


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


def _block(path: Path, image: ImageFile.ImageFile, known: Format) -> bytes:
    """Where it is told how the picture lies that the decoder gave: nowhere of a TIFF, which comes upright."""
    if known in RAWS:  # are such a block themselves, and begin with what is read of it
        with path.open("rb") as file:
            return file.read(_RAW_BLOCK_BYTES)
    return b"" if known is TIFF else _exif(image.info)


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
