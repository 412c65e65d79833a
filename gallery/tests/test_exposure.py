"""What a camera tells of its exposure: as a row, and in words."""

import math
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gallery.exposure import Exposure
from gallery.views.facts import exposure_line, stars

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (
            {"time": 1 / 250, "f_number": 1.8, "iso": 64, "focal_length": 26.0},
            "1/250 s · f/1.8 · ISO 64 · 26 mm",
        ),
        ({"time": 0.25}, "1/4 s"),
        ({"time": 1 / 3}, "0.3 s"),
        ({"time": 30.0, "f_number": 11.0}, "30 s · f/11"),
        ({"focal_length": 6.81, "focal_length_35mm": 26}, "6.8 mm (26 mm equivalent)"),
        ({"focal_length": 50.0, "focal_length_35mm": 50}, "50 mm"),
        ({"focal_length_35mm": 26}, "26 mm"),
        ({"bias": 2 / 3, "flash": True}, "+0.7 EV · with flash"),
        ({"bias": -1.0, "flash": False}, "−1 EV"),
        ({"bias": 0.0}, ""),
        ({}, ""),
    ],
)
def test_it_is_one_line_as_photographers_say_it(told: dict[str, Any], line: str) -> None:
    assert exposure_line(Exposure(**told)) == line


def test_numbers_are_written_as_the_reader_s_language_does() -> None:
    with translation.override("de"):
        assert (
            exposure_line(Exposure(f_number=1.8, time=0.5)).replace("\xa0", " ").startswith("0,5 s · f/1,8")
        )


def test_stars_are_shown_where_there_are_some() -> None:
    assert [stars(rating) for rating in (None, 0, 1, 5)] == ["", "", "★☆☆☆☆", "★★★★★"]


@pytest.mark.parametrize(
    "told",
    [
        {"time": 0, "f_number": 0.0, "iso": 0, "focal_length": 0, "focal_length_35mm": 0},
        {"time": math.nan, "f_number": math.inf, "iso": -1, "bias": -400},
        {"time": 86_401, "flash": 7},
    ],
)
def test_what_no_camera_does_is_not_believed(told: dict[str, Any]) -> None:
    assert Exposure.believed(**told) == Exposure()
    assert Exposure().as_row is None


@given(
    st.builds(
        Exposure.believed,
        **{name: st.none() | st.floats() | st.integers() for name in Exposure.__annotations__},
    )
)
def test_a_row_says_what_it_was_made_of(exposure: Exposure) -> None:
    assert Exposure.of_row(exposure.as_row) == exposure
    exposure_line(exposure)


def test_a_row_of_another_time_is_read_as_far_as_it_is_known() -> None:
    assert Exposure.of_row({"iso": 64, "shutter": "leaf", "time": "fast"}) == Exposure(iso=64)
