from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from gallery.imaging.phash import perceptual_hash
from gallery.imaging.tests.pictures import PHOTOS, photo
from gallery.likeness import BANDS, NEAREST_UNLIKE, distance, near_bands, turned

NAMES = sorted(path.name for path in PHOTOS.glob("*.jpg"))


def known(image: Image.Image) -> int:
    phash = perceptual_hash(image)
    assert phash is not None
    return phash


def original(name: str) -> Image.Image:
    with Image.open(PHOTOS / name, formats=["JPEG"]) as image:
        return image.convert("RGB")


def packed(image: Image.Image, quality: int = 30) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out)


def cut(image: Image.Image, part: float = 0.02) -> Image.Image:
    across, down = (round(side * part / 2) for side in image.size)
    return image.crop((across, down, image.width - across, image.height - down))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "packed harder": packed,
    "sent by a messenger": lambda image: packed(image.resize((160, 120)), 70),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.15),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "with more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.3),
    "grey": lambda image: image.convert("L"),
    "cut a little": cut,
    "opaque with an alpha channel": lambda image: image.convert("RGBA"),
}


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_looks_alike(name: str, copied: str) -> None:
    image = original(name)
    assert distance(known(image), known(COPIES[copied](image))) < NEAREST_UNLIKE


def test_different_photos_and_parts_of_them_do_not() -> None:
    pictures = [original(name) for name in NAMES]
    pictures += [image.crop((0, 0, image.width // 2, image.height // 2)) for image in pictures]
    hashes = map(known, pictures)
    assert min(distance(one, other) for one, other in combinations(hashes, 2)) > NEAREST_UNLIKE


@pytest.mark.parametrize("quarters", range(4))
def test_a_hash_is_turned_as_its_picture_is(quarters: int) -> None:
    image = photo(320, 213)
    upright = known(image)
    beside = known(image.rotate(-90 * quarters, expand=True))
    assert distance(turned(upright, quarters), beside) <= 2  # roundings of what is nearly nothing
    assert turned(turned(upright, quarters), -quarters) == upright


def test_it_fits_into_a_signed_number_and_leaves_the_average_out() -> None:
    assert all(0 <= turned(known(photo(90, 60, name)), 1) < 2**63 for name in NAMES)
    image = photo(90, 60)
    assert known(image) == known(Image.eval(image, lambda value: value // 2 + 60))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (33, 31)])
def test_pictures_of_any_size_have_one_or_are_plain(size: tuple[int, int]) -> None:
    black = Image.new("L", size)
    assert perceptual_hash(black) is None
    ImageDraw.Draw(black).point((size[0] - 1, size[1] - 1), 255)
    found = perceptual_hash(black)
    assert found is None if size == (1, 1) else found is not None


@pytest.mark.parametrize(
    "image", [Image.new("RGB", (64, 64), "red"), Image.new("RGBA", (64, 64)), Image.new("L", (9, 9), 255)]
)
def test_a_plain_picture_has_none(image: Image.Image) -> None:
    assert perceptual_hash(image) is None


def test_what_shines_through_lies_on_white() -> None:
    figure = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(figure).ellipse((4, 12, 40, 50), "black")
    on_white = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(on_white).ellipse((4, 12, 40, 50), "black")
    assert known(figure) == known(on_white)


def test_whatever_bits_differ_one_band_of_those_that_are_alike_is_near() -> None:
    here = known(photo(90, 60))
    for first in range(0, 63, 5):
        bits = [(first + step * 9) % 63 for step in range(NEAREST_UNLIKE - 1)]
        other = here ^ sum(1 << bit for bit in set(bits))
        assert any((other >> shift & 0xFFFF) in set(near_bands(here, shift)) for shift in BANDS)
