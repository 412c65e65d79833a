from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from gallery.imaging.tests.pictures import photo
from gallery.imaging.thumbhash import thumbhash, thumbhash_rgba

# Recorded from the package thumbhash 0.1.2 on PyPI. Its operator precedence fails on pictures with alpha; those
# vectors come from it with that one expression put in brackets.
VECTORS = [
    (1, 1, False, False, "000802070000000000000000000000000000000000000000"),
    (100, 75, False, False, "1f08060d826676476657086465546776ee8fbabc40"),
    (75, 100, False, False, "1ff8050d025444749550634064646667fedd3da66f"),
    (32, 32, False, False, "dd180a170a2046873369998588688868788787f7e2406906"),
    (40, 7, False, False, "97190e318630587984787887183f07a486"),
    (64, 48, False, True, "db230105807879877788777788787880778f0fc897"),
    (50, 50, True, False, "5ff8810d04275c8071936468577f97fc239866057767787887"),
    (100, 60, True, False, "1f08820b8207e67853a550fa8c7a6f8517076656777777"),
    (20, 90, True, True, "db2381010028798887770860557909774069566a967787"),
]


def pattern(width: int, height: int, *, alpha: bool, flat: bool) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:height, 0:width]
    planes = (x * 7 + y * 3, x * x + 5 * y, x * y, x * 11 + y)
    pixels = np.stack([plane % 256 for plane in planes], axis=-1).astype(np.uint8)
    if flat:
        pixels[..., :3] = (10, 120, 200)
    if not alpha:
        pixels[..., 3] = 255
    return pixels


@pytest.mark.parametrize(("width", "height", "alpha", "flat", "expected"), VECTORS)
def test_the_hash_is_the_reference_s_byte_for_byte(
    width: int, height: int, alpha: bool, flat: bool, expected: str
) -> None:
    assert thumbhash_rgba(pattern(width, height, alpha=alpha, flat=flat)).hex() == expected


def test_a_picture_of_any_size_has_a_hash_of_at_most_25_bytes() -> None:
    assert 5 < len(thumbhash(photo(640, 427))) <= 25


def test_nothing_but_transparency_has_a_hash() -> None:
    assert len(thumbhash(Image.new("RGBA", (50, 20)))) <= 25


@pytest.mark.parametrize("shape", [(101, 1, 4), (1, 101, 4), (0, 1, 4), (4, 4, 3)])
def test_other_shapes_are_an_error(shape: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="RGBA"):
        thumbhash_rgba(np.zeros(shape, dtype=np.uint8))
