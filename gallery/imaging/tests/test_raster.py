from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import pyvips
import simplejpeg
from PIL import Image

from gallery.imaging import decode as module
from gallery.imaging.decode import decode
from gallery.imaging.raster import Raster, from_image, shrunk, to_image, turned
from gallery.imaging.tests.pictures import corners, photo, saved


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_a_picture_is_the_same_there_and_back(mode: str) -> None:
    image = photo(301, 700).convert(mode)
    assert to_image(from_image(image)).tobytes() == image.tobytes()


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_a_smaller_picture_is_nearly_what_pillow_makes(mode: str) -> None:
    image = photo(800, 500).convert(mode)
    made = shrunk(from_image(image), 300)
    wanted = np.asarray(image.resize((300, 188), Image.Resampling.LANCZOS)).reshape(188, 300, -1)
    assert (made.mode, made.width, made.height) == (mode, 300, 188)
    assert np.abs(made.pixels.astype(int) - wanted).mean() < 1


def test_the_colour_of_what_shows_through_runs_into_nothing() -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[:, :32] = (255, 0, 0, 255)
    pixels[:, 32:] = (0, 255, 0, 0)
    made = shrunk(Raster(pixels, "RGBA"), 7).pixels
    seen = made[made[..., 3] > 0]
    assert seen[:, 0].min() > 250
    assert seen[:, 1].max() < 5


def test_what_is_small_enough_stays_as_it_is() -> None:
    small = from_image(corners(30, 20))
    assert shrunk(small, 30) is small
    assert turned(small, 4) is small


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_turning_goes_clockwise_after_mirroring(quarters: int, mirrored: bool) -> None:
    pixels = from_image(photo(64, 40)).pixels
    wanted = np.rot90(pixels[:, ::-1] if mirrored else pixels, -quarters)
    assert (turned(Raster(pixels, "RGB"), quarters, mirrored=mirrored).pixels == wanted).all()


def test_libvips_opens_no_file_and_no_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(saved(corners(), "PNG"))
    with pytest.raises(pyvips.Error):
        pyvips.Image.new_from_file(str(path))
    with pytest.raises(pyvips.Error):
        pyvips.Image.new_from_buffer(path.read_bytes(), "")


def test_a_jpeg_that_is_not_for_turbo_is_read_by_pillow(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original.write_bytes(saved(photo(1600, 1200), "JPEG", quality=95))
    quick = decode(original, "image/jpeg", 400)
    monkeypatch.setattr(module, "_TURBO_BYTES", 1000)
    slow = decode(original, "image/jpeg", 400)
    assert quick.raster.pixels.shape == slow.raster.pixels.shape == (300, 400, 3)
    assert np.abs(quick.raster.pixels.astype(int) - slow.raster.pixels).max() <= 2


def test_a_jpeg_that_turbo_does_not_read_is_read_by_pillow(
    original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise ValueError

    original.write_bytes(saved(corners(), "JPEG"))
    monkeypatch.setattr(simplejpeg, "decode_jpeg", refuses)
    assert decode(original, "image/jpeg", 400).raster.width == 640


@pytest.mark.parametrize(("side", "width"), [(2048, 1400), (1400, 1400), (730, 700), (600, 700), (80, 175)])
def test_only_halves_quarters_and_eighths_are_taken_from_the_decoder(
    side: int, width: int, original: Path
) -> None:
    original.write_bytes(saved(photo(1400, 900), "JPEG"))
    assert decode(original, "image/jpeg", side).raster.width == width


def test_a_large_picture_that_is_no_jpeg_comes_nearer_before_it_is_copied(original: Path) -> None:
    original.write_bytes(saved(photo(1400, 900), "PNG"))
    assert decode(original, "image/png", 400).raster.width == 700
    assert decode(original, "image/png", 500).raster.width == 1400
