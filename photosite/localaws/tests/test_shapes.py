import json
from typing import Any

import pytest

from photosite.localaws.botomodel import rekognition_model
from photosite.localaws.refusals import Refusal
from photosite.localaws.shapes import parse_body

pytestmark = pytest.mark.pure

SHAPE = rekognition_model().shape_for("DetectLabelsRequest")
IMAGE = {"Bytes": "aGVsbG8="}
FAILED = " failed to satisfy constraint: Member must "
LOW = FAILED + "have {} greater than or equal to {}"
HIGH = FAILED + "have {} less than or equal to {}"


def filters(names: list[str]) -> dict[str, Any]:
    return {"Settings": {"GeneralLabels": {"LabelInclusionFilters": names}}}


def parsed(**members: Any) -> dict[str, Any]:
    return parse_body(json.dumps({"Image": IMAGE, **members}).encode(), SHAPE)


def refused(body: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        parse_body(body, SHAPE)
    return caught.value


def refused_members(**members: Any) -> Refusal:
    return refused(json.dumps({"Image": IMAGE, **members}).encode())


def test_blobs_are_decoded_and_nulls_left_out() -> None:
    assert parsed(MaxLabels=None, Nonsense=1) == {"Image": {"Bytes": b"hello"}}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"\xff",
        b'{"Image": {"Bytes": "aGVsbG8="}, "MinConfidence": NaN}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_object_cannot_be_read(body: bytes) -> None:
    assert refused(body).code == "SerializationException"


@pytest.mark.parametrize(
    "members",
    [
        {"Image": "text"},
        {"Image": {"Bytes": 1}},
        {"Image": {"Bytes": "not base64!"}},
        {"MaxLabels": "10"},
        {"MaxLabels": 1.5},
        {"MaxLabels": True},
        {"MinConfidence": "55"},
        {"Features": "GENERAL_LABELS"},
        {"Features": [1]},
        {"Settings": []},
        {"MinConfidence": 10**400},
    ],
)
def test_a_wrong_type_is_a_serialization_error(members: dict[str, Any]) -> None:
    assert refused_members(**members).code == "SerializationException"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"MaxLabels": -1}, "Value '-1' at 'maxLabels'" + LOW.format("value", 0)),
        ({"MinConfidence": 100.5}, "Value '100.5' at 'minConfidence'" + HIGH.format("value", 100)),
        (
            {"Features": ["FACES"]},
            "at 'features.1.member'" + FAILED + "satisfy enum value set: [GENERAL_LABELS, IMAGE_PROPERTIES]",
        ),
        ({"Image": {"Bytes": ""}}, "at 'image.bytes'" + LOW.format("length", 1)),
        (
            {"Image": {"S3Object": {"Bucket": "a!b"}}},
            "at 'image.s3Object.bucket'" + FAILED + "satisfy regular",
        ),
        (filters(["x"] * 101), "abelInclusionFilters'" + HIGH.format("length", 100)),
        (filters(["x" * 51]), ".1.member'" + HIGH.format("length", 50)),
        (
            {"Settings": {"ImageProperties": {"MaxDominantColors": 21}}},
            "axDominantColors'" + HIGH.format("value", 20),
        ),
    ],
)
def test_a_value_outside_its_limits_is_named(members: dict[str, Any], message: str) -> None:
    error = refused_members(**members)
    assert error.code == "ValidationException"
    assert error.message.startswith("1 validation error detected: ")
    assert message in error.message


def test_all_violations_are_told_at_once() -> None:
    error = refused(json.dumps({"MaxLabels": -1}).encode())
    assert error.message.startswith("2 validation errors detected: Value null at 'image'")


def test_an_empty_request_lacks_its_image() -> None:
    assert "at 'image' failed to satisfy constraint: Member must not be null" in refused(b"").message
