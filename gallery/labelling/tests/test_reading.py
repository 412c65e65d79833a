"""What the smallest parts of an answer are read as."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.labelling import reading

pytestmark = pytest.mark.pure
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_what_a_database_refuses_is_taken_out_of_the_raw_answer() -> None:
    raw = {"Labels": [{"Name": "a\x00b", "Confidence": math.nan}]}
    assert reading.storable(raw) == {"Labels": [{"Name": "ab", "Confidence": "nan"}]}


@given(ANYTHING)
def test_anything_can_be_stored(value: Any) -> None:
    assert "\\u0000" not in json.dumps(reading.storable(value), allow_nan=False)


@given(ANYTHING)
def test_anything_can_be_read(value: Any) -> None:
    assert 0 <= (reading.percent(value) or 0) <= 100
    assert math.isfinite(reading.number(value) or 0)
    written = reading.text(value, 20)
    assert len(written) <= 20
    assert written == "" or written.isprintable()
    place = reading.box(value)
    assert place is None or place.area > 0
    assert list(reading.structures(value, 3)) == [
        item for item in (value if isinstance(value, list) else [])[:3] if isinstance(item, dict)
    ]
