import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from photosite.localaws.boxes import Box, Floats
from photosite.localaws.quads import around, part, share_inside, sides, text_regions

pytestmark = pytest.mark.pure

UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def marked(*polygons: list[tuple[float, float]], size: tuple[int, int] = (200, 100)) -> Floats:
    """A map with chance 1 in some polygons."""
    picture = Image.new("L", size)
    for polygon in polygons:
        ImageDraw.Draw(picture).polygon(polygon, fill=1)
    return np.asarray(picture, np.float32)


def test_a_marked_rectangle_grows_into_its_quad() -> None:
    """60 × 10 grow by 1.6 × 600 / 140 on each side."""
    (region,) = text_regions(marked([(20, 40), (79, 40), (79, 49), (20, 49)]))
    grown = 1.6 * 600 / 140
    assert region.mean == 1
    assert region.quad[0].tolist() == pytest.approx([20 - grown, 40 - grown], abs=0.01)
    assert region.quad[2].tolist() == pytest.approx([80 + grown, 50 + grown], abs=0.01)


def test_a_turned_rectangle_has_a_turned_quad() -> None:
    (region,) = text_regions(marked([(20, 20), (120, 60), (112, 80), (12, 40)]))
    (x0, y0), (x1, y1) = region.quad[:2]
    assert np.degrees(np.arctan2(y1 - y0, x1 - x0)) == pytest.approx(21.8, abs=1)
    length, height = sides(region.quad)
    assert length > 2 * height > 0


def test_two_texts_are_told_apart_and_the_larger_comes_first() -> None:
    chances = marked([(10, 10), (40, 10), (40, 20), (10, 20)], [(10, 60), (90, 60), (90, 70), (10, 70)])
    assert [region.quad[0, 1] > 40 for region in text_regions(chances)] == [True, False]


def test_what_hangs_together_at_a_corner_is_one_text() -> None:
    chances = np.zeros((20, 20), np.float32)
    chances[2:10, 2:10] = chances[10:18, 10:18] = 1
    assert len(text_regions(chances)) == 1


def test_a_ring_is_one_text() -> None:
    chances = np.ones((30, 30), np.float32)
    chances[5:25, 5:25] = 0
    assert len(text_regions(chances)) == 1


def test_a_hair_and_a_guess_are_no_text() -> None:
    hair = np.zeros((50, 50), np.float32)
    hair[10, 5:45] = 1
    guess = np.full((50, 50), 0.4, np.float32)
    assert text_regions(hair) == text_regions(guess) == text_regions(np.zeros((8, 8), np.float32)) == []


@given(arrays(np.bool_, (12, 15)))
def test_runs_are_joined_as_a_flood_would(mask: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> None:
    wide = mask.repeat(4, axis=0).repeat(4, axis=1).astype(np.float32)
    assert len(text_regions(wide)) == flooded(mask)


def flooded(mask: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> int:
    """How many islands there are, corners joining."""
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)}
    islands = 0
    while left:
        islands += 1
        stack = [left.pop()]
        while stack:
            row, column = stack.pop()
            near = {(row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            stack += near
    return islands


def test_a_noisy_map_is_worked_through() -> None:
    checkered = (np.indices((960, 672)).sum(axis=0) % 4 < 2).astype(np.float32)
    assert len(text_regions(checkered)) <= 200


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_part_of_a_quad_lies_between_its_ends(left: float, right: float) -> None:
    low, high = sorted((left, right))
    box = around(part(UNIT, low, high))
    assert (box.left, box.top, box.width, box.height) == pytest.approx((low, 0, high - low, 1), abs=1e-6)


@pytest.mark.parametrize(
    ("box", "share"),
    [
        (Box(0.2, 0.2, 0.2, 0.2), 1),
        (Box(-0.5, 0.0, 1.0, 1.0), 0.5),
        (Box(0.75, 0.75, 0.5, 0.5), 0.25),
        (Box(2.0, 2.0, 0.1, 0.1), 0),
    ],
)
def test_how_much_of_a_box_lies_in_a_polygon(box: Box, share: float) -> None:
    assert share_inside(box, UNIT) == pytest.approx(share)
    assert share_inside(box, UNIT[::-1]) == pytest.approx(share)
