import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photosite.localaws.boxes import Box, letterbox, overlap, suppress

pytestmark = pytest.mark.pure

SIDES = st.integers(min_value=80, max_value=10_000)
RATIOS = st.floats(min_value=0, max_value=1, width=32)


def corners(*values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def test_a_wide_photo_fills_the_square_from_side_to_side() -> None:
    frame = letterbox(300, 1280, 640)
    assert (frame.width, frame.height) == (300, 150)


def test_a_box_over_the_filled_part_is_the_whole_photo() -> None:
    assert letterbox(300, 1280, 640).on_photo(corners(0, 0, 0.5, 1)) == Box(0, 0, 1, 1)


def test_a_box_in_the_padding_has_no_height() -> None:
    assert letterbox(300, 1280, 640).on_photo(corners(0.6, 0, 1, 1)).height == 0


def test_a_tall_photo_is_scaled_back_across() -> None:
    box = letterbox(300, 500, 1000).on_photo(corners(0.25, 0.125, 0.75, 0.375))
    assert (box.left, box.top, box.width, box.height) == pytest.approx((0.25, 0.25, 0.5, 0.5))


@given(SIDES, SIDES, st.tuples(RATIOS, RATIOS, RATIOS, RATIOS))
def test_every_box_lies_on_the_photo(
    width: int, height: int, ends: tuple[float, float, float, float]
) -> None:
    box = letterbox(300, width, height).on_photo(corners(*ends))
    assert box.left >= 0
    assert box.top >= 0
    assert box.width >= 0
    assert box.height >= 0
    assert box.left + box.width <= 1 + 1e-6
    assert box.top + box.height <= 1 + 1e-6


def test_overlap_is_intersection_over_union() -> None:
    others = np.stack([corners(0, 0, 1, 1), corners(0, 0.5, 1, 1.5), corners(2, 2, 3, 3)])
    assert overlap(corners(0, 0, 1, 1), others).tolist() == pytest.approx([1, 1 / 3, 0])


def test_of_two_boxes_on_one_object_the_surer_stays() -> None:
    boxes = np.stack([corners(0, 0, 1, 1), corners(0, 0, 1, 0.9), corners(2, 2, 3, 3)])
    assert suppress(boxes, corners(0.6, 0.9, 0.5)) == [1, 2]
