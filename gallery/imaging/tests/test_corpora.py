"""The test pictures of Pillow and pillow-heif, as their source packages ship them: shown, or refused with a reason."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from gallery.imaging import darkroom
from gallery.imaging.darkroom import Darkroom
from gallery.imaging.errors import Refused
from gallery.imaging.inspect import inspect
from gallery.imaging.wire import Answer, Developed

pytestmark = [pytest.mark.long, pytest.mark.pure]
MOST_RESIDENT: Final = 700_000_000
FETCH_SECONDS: Final = 300
KINDS: Final = {
    *(".jpg", ".jpeg", ".mpo", ".png", ".apng", ".webp", ".gif", ".heic", ".heif", ".hif", ".avif", ".avifs"),
    *(".tif", ".tiff"),
}
# All that is not shown. Most were made to be broken; the others say that they are of a rare kind, or too large.
REFUSED: Final = {
    "200MP.heic": "too_many_pixels",
    "broken.png": "damaged",
    "broken_data_stream.png": "damaged",
    "chunk_no_fctl.png": "undecodable",
    "corrupted.heic": "damaged",
    "corrupted.hif": "truncated",
    "decompression_bomb.gif": "truncated",
    "empty.heic": "empty",
    "hopper_bigtiff.tif": "unsupported_format",
    "hopper_unknown_pixel_mode.tif": "undecodable",
    "hopper_webp.tif": "unsupported_format",
    "libtiff_segfault.tif": "too_many_pixels",
    "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif": "truncated",
    "png_decompression_dos.png": "undecodable",
    "seek_too_large.tif": "unsupported_format",
    "syntax_num_frames_zero.png": "damaged",
    "test_extents_transparency.gif": "damaged",
    "tiff_overflow_rows_per_strip.tif": "undecodable",
    "tiff_tiled_jpeg_oob_read.tif": "undecodable",
    "tiff_wrong_bits_per_sample.tiff": "truncated",
    "truncated.heic": "truncated",
    "truncated_end_chunk.png": "truncated",
    "truncated_image.png": "truncated",
    "truncated_jpeg.jpg": "truncated",
    "ultrahdr.jpg": "truncated",
    "unknown_compression_method.png": "undecodable",
    "zero_width.gif": "truncated",
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpora")
    for package in ("pillow", "pillow-heif"):
        wanted = f"{package}=={importlib.metadata.version(package)}"
        fetch = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", package, wanted]
        subprocess.run(fetch, cwd=folder, check=True, timeout=FETCH_SECONDS)
    for source in folder.glob("*.tar.gz"):
        with tarfile.open(source) as packed:
            packed.extractall(folder, filter="data")
    return sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in KINDS and "images" in path.parts
    )


def test_each_is_shown_or_refused_with_a_reason(
    pictures: list[Path], into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = []

    def told(answer: Answer) -> Developed:
        resident.append(answer.resident)
        return outcome(answer)

    outcome = darkroom._outcome
    monkeypatch.setattr(darkroom, "_outcome", told)
    room = Darkroom()
    try:
        found = dict(_refused(room, pictures, into))
    finally:
        room.close()
    assert len(pictures) > 600
    assert found == REFUSED
    assert max(resident) <= MOST_RESIDENT


def _refused(room: Darkroom, pictures: list[Path], into: Path) -> Iterator[tuple[str, str]]:
    """Name and code of each that is."""
    for path in pictures:
        try:
            made = room.develop(path, inspect(path).content_type, into)
        except Refused as refused:
            yield path.name, refused.code
        else:
            assert all(one.width and one.height for one in made.renditions), path
