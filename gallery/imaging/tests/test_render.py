from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.imaging.darkroom import Developed, develop
from gallery.imaging.specs import AVIF_SPECS, SPECS, RenditionSpec
from gallery.imaging.tests.pictures import (
    BLUE,
    GREEN,
    RED,
    STORED,
    WHITE,
    animation,
    corners,
    exif,
    heic,
    photo,
    saved,
    swapped_profile,
)

Colour = tuple[int, int, int]


def developed(original: Path, data: bytes, content_type: str, into: Path) -> Developed:
    original.write_bytes(data)
    return develop(original, content_type, into)


def shown(path: Path) -> Image.Image:
    with Image.open(path, formats=["JPEG", "WEBP", "AVIF"]) as image:
        image.load()
        return image


def near(found: Any, colour: Colour, slack: int = 14) -> bool:
    return all(abs(have - want) <= slack for have, want in zip(found, colour, strict=False))


def colours(path: Path) -> list[Any]:
    """Top left, top right, bottom left, bottom right."""
    image = shown(path).convert("RGB")
    width, height = image.size
    places = [(x, y) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [image.getpixel(place) for place in places]


def looks_like_the_corners(path: Path) -> bool:
    return all(
        near(found, want) for found, want in zip(colours(path), (RED, GREEN, BLUE, WHITE), strict=True)
    )


def held(stored: Image.Image, kind: str, orientation: int) -> bytes:
    """As a camera that was held that way writes it."""
    if kind == "TIFF":
        return saved(stored, kind, tiffinfo={0x0112: orientation})
    block = exif({0x0112: orientation})
    return heic(stored, exif=block) if kind == "HEIC" else saved(stored, kind, exif=block)


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIC"])
def test_every_rendition_is_upright(orientation: int, kind: str, original: Path, into: Path) -> None:
    turn = STORED[orientation]
    stored = corners() if turn is None else corners().transpose(turn)
    made = developed(original, held(stored, kind, orientation), f"image/{kind.lower()}", into)
    turned_before = kind in ("HEIC", "TIFF")
    assert (made.facts.width, made.facts.height) == (640, 400)
    assert made.facts.orientation == (1 if turned_before else orientation)
    assert [(each.width, each.height) for each in made.renditions] == [(320, 200), (640, 400), (640, 400)]
    assert all(looks_like_the_corners(each.path) for each in made.renditions)


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("JPEG", "CMYK", {}),
        ("JPEG", "RGB", {"progressive": True}),
        ("PNG", "P", {}),
        ("PNG", "RGB", {}),
        ("WEBP", "RGB", {"lossless": True}),
        ("GIF", "P", {}),
        ("AVIF", "RGB", {}),
        ("TIFF", "RGB", {}),
        ("TIFF", "CMYK", {"compression": "tiff_lzw"}),
        ("TIFF", "RGB", {"compression": "jpeg"}),
        ("TIFF", "P", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", "RGBA", {"compression": "packbits"}),
        ("MPO", "RGB", {"save_all": True, "append_images": [photo(640, 400)]}),
    ],
)
def test_colours_stay_whatever_way_they_are_stored(
    kind: str, mode: str, options: dict[str, Any], original: Path, into: Path
) -> None:
    data = saved(corners().quantize(8) if mode == "P" else corners().convert(mode), kind, **options)
    content_type = "image/jpeg" if kind == "MPO" else f"image/{kind.lower()}"
    made = developed(original, data, content_type, into)
    assert all(looks_like_the_corners(each.path) for each in made.renditions)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_of_an_animation_the_first_picture_is_shown(kind: str, original: Path, into: Path) -> None:
    made = developed(original, animation(kind), f"image/{kind.lower()}", into)
    assert all(
        near(found, want, 30)
        for found, want in zip(colours(made.renditions[2].path), (RED, GREEN), strict=False)
    )


def test_sixteen_bits_become_the_upper_eight(original: Path, into: Path) -> None:
    ramp = np.linspace(0, 65_535, 256, dtype=np.uint16)
    made = developed(original, saved(Image.fromarray(np.tile(ramp, (64, 1))), "PNG"), "image/png", into)
    row = np.asarray(shown(made.renditions[2].path).convert("L"))[32].astype(int)
    assert np.abs(row - np.arange(256)).max() <= 4


def test_one_bit_stays_black_and_white(original: Path, into: Path) -> None:
    half = Image.new("1", (64, 64))
    half.paste(1, (32, 0, 64, 64))
    made = developed(original, saved(half, "PNG"), "image/png", into)
    assert near(colours(made.renditions[2].path)[0], (0, 0, 0))
    assert near(colours(made.renditions[2].path)[1], (255, 255, 255))


def test_what_is_transparent_is_white_in_jpeg_and_stays_transparent_in_the_thumb(
    original: Path, into: Path
) -> None:
    image = corners().convert("RGBA")
    image.paste((9, 9, 9, 0), (0, 0, 320, 200))
    thumb, _, full = developed(original, saved(image, "PNG"), "image/png", into).renditions
    assert near(colours(full.path)[0], (255, 255, 255))
    assert near(colours(full.path)[1], GREEN)
    assert shown(thumb.path).mode == "RGBA"
    assert shown(thumb.path).getpixel((40, 40))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize("mode", ["LA", "P"])
def test_grey_and_palette_transparency_is_kept(mode: str, original: Path, into: Path) -> None:
    if mode == "LA":
        data = saved(Image.new("LA", (64, 64), (200, 0)), "PNG")
    else:
        data = saved(Image.new("RGB", (64, 64), RED).quantize(4), "PNG", transparency=0)
    thumb, _, full = developed(original, data, "image/png", into).renditions
    assert shown(thumb.path).getpixel((9, 9))[3] == 0  # type: ignore[index]
    assert near(colours(full.path)[0], (255, 255, 255))


def test_an_alpha_channel_that_shows_nothing_is_dropped(original: Path, into: Path) -> None:
    made = developed(original, saved(corners().convert("RGBA"), "PNG"), "image/png", into)
    assert shown(made.renditions[0].path).mode == "RGB"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_profile_s_colours_become_srgb(kind: str, original: Path, into: Path) -> None:
    """In the profile red and green have changed places, so red pixels must come out green."""
    pure = Image.new("RGB", (64, 64), (255, 0, 0))
    made = developed(
        original, saved(pure, kind, icc_profile=swapped_profile()), f"image/{kind.lower()}", into
    )
    assert all(near(colours(each.path)[0], (0, 255, 0), 20) for each in made.renditions)


def test_a_profile_works_beside_transparency(original: Path, into: Path) -> None:
    pure = Image.new("RGBA", (64, 64), (255, 0, 0, 120))
    thumb = developed(
        original, saved(pure, "PNG", icc_profile=swapped_profile()), "image/png", into
    ).renditions[0]
    assert near(shown(thumb.path).getpixel((30, 30)), (0, 255, 0), 20)
    assert shown(thumb.path).getpixel((30, 30))[3] == 120  # type: ignore[index]


@pytest.mark.parametrize("profile", [b"garbage", swapped_profile()[:200], bytes(5000)])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_broken_or_foreign_profile_is_passed_over(
    profile: bytes, mode: str, original: Path, into: Path
) -> None:
    data = saved(corners().convert(mode), "JPEG", icc_profile=profile)
    assert len(developed(original, data, "image/jpeg", into).renditions) == 3


def test_nothing_of_the_metadata_is_in_a_rendition(original: Path, into: Path) -> None:
    block = exif({0x010F: "SECRETCAM"}, {0x9003: "2020:01:01 00:00:00"}, {1: "N", 2: (46.0, 0.0, 0.0)})
    options = {"exif": block, "xmp": b"<x:xmpmeta>SECRETXMP", "comment": b"SECRETCOMMENT", "dpi": (301, 301)}
    data = saved(photo(640, 400), "JPEG", icc_profile=swapped_profile(), **options)
    thumb, *jpegs = developed(original, data, "image/jpeg", into).renditions
    assert thumb.path.read_bytes()[8:16] == b"WEBPVP8 "  # the simple kind, which has no room for metadata
    for each in jpegs:
        header = each.path.read_bytes().partition(b"\xff\xda")[0]
        assert not any(
            word in header for word in (b"SECRET", b"Exif", b"xmp", b"ICC_PROFILE", b"\xff\xe1", b"\xff\xfe")
        )
    for each in (thumb, *jpegs):
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(shown(each.path).info)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_facts_are_read_from_png_and_webp(kind: str, original: Path, into: Path) -> None:
    data = saved(corners(), kind, exif=exif({0x010F: "Canon"}, {0x9003: "2020:01:01 00:00:00"}))
    facts = developed(original, data, f"image/{kind.lower()}", into).facts
    assert (facts.camera_make, getattr(facts.taken_local, "year", None)) == ("Canon", 2020)


def test_a_photo_of_twelve_megapixels_comes_in_three_sizes(original: Path, into: Path) -> None:
    data = saved(photo(4032, 3024), "JPEG", exif=exif({0x0112: 6}))
    made = developed(original, data, "image/jpeg", into)
    assert (made.facts.width, made.facts.height) == (3024, 4032)
    assert [(each.width, each.height) for each in made.renditions] == [(240, 320), (960, 1280), (1512, 2016)]
    assert all(each.size == len(each.path.read_bytes()) for each in made.renditions)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3000, 1), (1, 3000), (319, 321)])
def test_nothing_is_enlarged_and_nothing_vanishes(
    width: int, height: int, original: Path, into: Path
) -> None:
    made = developed(original, saved(photo(width, height), "PNG"), "image/png", into)
    for each in made.renditions:
        assert 1 <= each.width <= width
        assert 1 <= each.height <= height
        assert max(each.width, each.height) == min(each.spec.longest_side, max(width, height))


def test_a_rendition_is_the_same_whichever_others_are_made(original: Path, into: Path) -> None:
    original.write_bytes(saved(photo(2500, 1600), "JPEG"))
    together = develop(original, "image/jpeg", into)
    for index, spec in enumerate(SPECS):
        alone = develop(original, "image/jpeg", into, [spec])
        assert alone.renditions == (together.renditions[index],)
        assert alone.thumbhash == together.thumbhash


def test_specs_say_what_they_make() -> None:
    assert [(spec.filename, spec.content_type) for spec in SPECS] == [
        ("thumb.webp", "image/webp"),
        ("preview.jpg", "image/jpeg"),
        ("full.jpg", "image/jpeg"),
    ]


def test_each_way_of_making_a_picture_has_a_name_of_its_own() -> None:
    """Whoever has to change these lines has changed pictures: `manage.py rerender` makes them anew."""
    assert [spec.tag for spec in SPECS + AVIF_SPECS] == [
        "thumb-eb72d353",
        "preview-602b9102",
        "full-ef710d4d",
        "large-2380d5df",
    ]


def test_an_avif_is_made_as_upright_and_as_colourful(original: Path, into: Path) -> None:
    stored = corners().transpose(Image.Transpose.ROTATE_90)
    original.write_bytes(saved(stored, "JPEG", exif=exif({0x0112: 6})))
    (made,) = develop(original, "image/jpeg", into, AVIF_SPECS).renditions
    assert (made.width, made.height, made.path.name) == (640, 400, "large.avif")
    assert looks_like_the_corners(made.path)


def test_a_spec_larger_than_all_others_is_made_too(original: Path, into: Path) -> None:
    original.write_bytes(saved(photo(3000, 2000), "JPEG"))
    (made,) = develop(original, "image/jpeg", into, [RenditionSpec("huge", 2600, "jpeg", 70)]).renditions
    assert (made.width, made.height, made.path.name) == (2600, 1733, "huge.jpg")
