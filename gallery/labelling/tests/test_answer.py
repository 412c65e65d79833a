"""Whatever a recogniser answers becomes labels that can be stored and shown, or is no answer."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.labelling import answer
from gallery.labelling.errors import Unusable

pytestmark = pytest.mark.pure
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_json = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
_box = st.dictionaries(st.sampled_from(["Left", "Top", "Width", "Height"]), _scalars)
_label = st.fixed_dictionaries(
    {},
    optional={
        "Name": _scalars,
        "Confidence": _scalars,
        "Parents": _json | st.lists(st.fixed_dictionaries({"Name": _scalars})),
        "Aliases": _json,
        "Categories": _json,
        "Instances": _json | st.lists(st.fixed_dictionaries({"BoundingBox": _box, "Confidence": _scalars})),
    },
)


def label(**members: Any) -> dict[str, Any]:
    return {"Name": "Cat", "Confidence": 90, **members}


def read_one(**members: Any) -> answer.FoundLabel:
    (found,) = answer.read({"Labels": [label(**members)]}).labels
    return found


@given(st.lists(_label | _json))
def test_any_list_of_labels_can_be_read(labels: list[Any]) -> None:
    read = answer.read({"Labels": labels, "LabelModelVersion": "1"})
    for found in read.labels:
        assert found.name.strip() == found.name != ""
        assert len(found.name) <= 100
        assert found.name.isprintable()
        assert 0 <= found.confidence <= 100
        for instance in found.instances:
            box = instance.box
            assert 0 <= box.left <= box.left + box.width <= 1 + 1e-9
            assert 0 <= box.top <= box.top + box.height <= 1 + 1e-9
            assert box.area > 0


@pytest.mark.parametrize("raw", [{}, {"Labels": None}, {"Labels": "Cat"}, {"message": "<html>"}])
def test_without_a_list_of_labels_it_is_no_answer(raw: dict[str, Any]) -> None:
    with pytest.raises(Unusable):
        answer.read(raw)


def test_no_labels_is_an_answer() -> None:
    assert answer.read({"Labels": []}).labels == ()


def test_markup_is_kept_as_the_text_it_is() -> None:
    assert read_one(Name="<script>alert(1)</script>").name == "<script>alert(1)</script>"


@pytest.mark.parametrize(("sent", "kept"), [("99.5", 99.5), (-1, 0), (1000, 100), (True, 1)])
def test_odd_confidences_are_clamped(sent: Any, kept: float) -> None:
    assert read_one(Confidence=sent).confidence == kept


@pytest.mark.parametrize("sent", [math.nan, math.inf, None, "many", [], {}])
def test_a_label_without_a_number_is_left_out(sent: Any) -> None:
    assert answer.read({"Labels": [label(Confidence=sent)]}).labels == ()


def test_ten_thousand_labels_are_cut_to_what_rekognition_may_send() -> None:
    labels = [label(Name=f"Label {number}") for number in range(10_000)]
    assert len(answer.read({"Labels": labels}).labels) == 1000


def test_a_name_told_twice_is_one_label_with_the_better_confidence() -> None:
    read = answer.read({"Labels": [label(Confidence=60), label(Confidence=80), label(Confidence=70)]})
    assert [(found.name, found.confidence) for found in read.labels] == [("Cat", 80)]
