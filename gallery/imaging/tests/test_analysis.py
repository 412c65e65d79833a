from __future__ import annotations

import pytest

from gallery.imaging.analysis import fits_rekognition


@pytest.mark.parametrize(
    ("width", "height", "size"), [(80, 80, 1), (2048, 1365, 5_242_880), (10_000, 80, 9_999)]
)
def test_what_rekognition_takes_is_sent(width: int, height: int, size: int) -> None:
    assert fits_rekognition(width, height, size) is None


@pytest.mark.parametrize(
    ("width", "height", "size", "word"),
    [
        (79, 400, 1, "too small"),
        (400, 1, 1, "too small"),
        (10_001, 400, 1, "too large"),
        (400, 400, 5_242_881, "5 MB"),
    ],
)
def test_what_rekognition_refuses_is_not_sent(width: int, height: int, size: int, word: str) -> None:
    assert word in (fits_rekognition(width, height, size) or "")
