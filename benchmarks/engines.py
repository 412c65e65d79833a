"""One way of making renditions, asked by benchmarks/renditions.py: a path a line in, milliseconds and bytes a line out.

`python -m benchmarks.engines NAME`; the milliseconds are processor time of this process, the bytes the most memory that
it ever had. benchmarks/sharp.mjs is the same for npm's sharp.
"""

import io
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import simplejpeg
from PIL import Image, ImageOps

from gallery.imaging.child import develop
from gallery.imaging.decode import decode
from gallery.imaging.limits import most_resident
from gallery.imaging.raster import Raster
from gallery.imaging.render import encode, ladder
from gallery.imaging.specs import SPECS
from gallery.imaging.wire import Order

OURS: Final = "ours"
Engine = Callable[[Path], object]
_LARGEST: Final = max(spec.longest_side for spec in SPECS)


def ours(path: Path) -> None:
    """All that the child does: also facts, thumbhash, checksums and writing them down."""
    with tempfile.TemporaryDirectory() as folder:
        develop(Order(path, "image/jpeg", Path(folder), SPECS))


def naive(path: Path) -> None:
    """Each size from the whole picture, as many a site does it."""
    with Image.open(path) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    for spec in SPECS:
        small = upright.copy()
        small.thumbnail((spec.longest_side, spec.longest_side), Image.Resampling.LANCZOS, reducing_gap=None)
        small.save(io.BytesIO(), spec.format, quality=spec.quality)


def floor(path: Path, *, scaled: bool) -> None:
    """Nothing but one decode, whole or at the scale that ours takes, and the encoding of what is there already."""
    ready = _ready(path)
    height, width = ready[_LARGEST].pixels.shape[:2] if scaled else (0, 0)
    simplejpeg.decode_jpeg(path.read_bytes(), min_height=height, min_width=width, strict=False)
    for spec in SPECS:
        encode(ready[spec.longest_side], spec)


_made: dict[Path, dict[int, Raster]] = {}


def _ready(path: Path) -> dict[int, Raster]:
    """Made the first time, which is not measured."""
    if path not in _made:
        sides = [spec.longest_side for spec in SPECS]
        _made[path] = dict(ladder(decode(path, "image/jpeg", _LARGEST), 1, sides))
    return _made[path]


ENGINES: Final[dict[str, Engine]] = {
    OURS: ours,
    "floor": partial(floor, scaled=False),
    "scaled floor": partial(floor, scaled=True),
    "naive Pillow": naive,
}


def main(name: str) -> None:
    for line in sys.stdin:
        began = time.process_time()
        ENGINES[name](Path(line.rstrip("\n")))
        print((time.process_time() - began) * 1000, most_resident(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
