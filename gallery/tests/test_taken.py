"""What the name of a file tells of the time it was taken."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.intake.taken import named

pytestmark = pytest.mark.pure
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filename", "taken", "offset"),
    [
        ("IMG_20240615_123456.jpg", "2024-06-15T12:34:56", None),
        ("20240615_123456(1).jpg", "2024-06-15T12:34:56", None),
        ("20240615_123456_HDR.heic", "2024-06-15T12:34:56", None),
        ("IMG20240615123456.jpg", "2024-06-15T12:34:56", None),
        ("PXL_20240615_123456789.MP.jpg", "2024-06-15T12:34:56", 0),
        ("Screenshot_20240615-123456.png", "2024-06-15T12:34:56", None),
        ("Screenshot_2024-06-15-12-34-56-123_com.example.png", "2024-06-15T12:34:56", None),
        ("Screenshot 2024-06-15 at 12.34.56.png", "2024-06-15T12:34:56", None),
        ("Screenshot 2024-06-15 at 9.34.56\u202fPM.png", "2024-06-15T21:34:56", None),
        ("Screen Shot 2014-06-15 at 12.34.56 AM.png", "2014-06-15T00:34:56", None),
        ("Bildschirmfoto 2024-06-15 um 12.34.56.png", "2024-06-15T12:34:56", None),
        ("signal-2024-06-15-123456.jpg", "2024-06-15T12:34:56", None),
        ("photo_2024-06-15_12-34-56.jpg", "2024-06-15T12:34:56", None),
        ("2024-06-15 12.34.56.jpg", "2024-06-15T12:34:56", None),
        ("WIN_20240615_12_34_56_Pro.jpg", "2024-06-15T12:34:56", None),
        ("C360_2014-06-15-12-34-56-789.jpg", "2014-06-15T12:34:56", None),
        ("IMG-20240615-WA0012.jpg", "2024-06-15T12:00:00", None),
        ("1969-07-20 Moon.jpg", "1969-07-20T12:00:00", None),
        ("FB_IMG_1718451296000.jpg", "2024-06-15T11:34:56", 0),
        ("1718451296123.jpg", "2024-06-15T11:34:56", 0),
    ],
)
def test_names_that_tell_it(filename: str, taken: str, offset: int | None) -> None:
    found = named(filename, NOW)
    assert found is not None
    assert (found.local.isoformat().removesuffix("+00:00"), found.offset) == (taken, offset)


@pytest.mark.parametrize(
    "filename",
    [
        *(
            "photo.jpg",
            "IMG_1234.jpg",
            "DSC00001.JPG",
            "",
            "20240615.jpg",
            "12345678_123456.jpg",
            "1234567890123456.jpg",
        ),
        *(
            "IMG_20240230_123456.jpg",
            "IMG_20241315_123456.jpg",
            "IMG_20240615_253456.jpg",
            "2024-02-30 x.jpg",
        ),
        *(
            "IMG_20990615_123456.jpg",
            "1700-01-01 old.jpg",
            "9718451296000.jpg",
        ),
    ],
)
def test_names_that_tell_nothing_or_what_can_not_be(filename: str) -> None:
    assert named(filename, NOW) is None


@given(st.text(alphabet="0123456789-_.: atumIMGPXLWA", max_size=40))
def test_no_name_breaks_anything(filename: str) -> None:
    found = named(filename, NOW)
    assert found is None or found.local.tzinfo is UTC
