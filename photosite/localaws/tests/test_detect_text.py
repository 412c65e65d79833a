"""What a real recogniser reads, held against AWS's own description of an answer."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image, ImageDraw, ImageFont

from photosite.localaws.tests.answers import violations
from photosite.localaws.tests.conftest import PHOTOS, encoded, photo_bytes
from photosite.localaws.tests.process import RunningRecogniser
from photosite.localaws.tests.tiny_s3 import TinyS3
from photosite.localaws.text_network import MODEL_VERSION

pytestmark = pytest.mark.pure

LEFT_HALF = {"BoundingBox": {"Left": 0.0, "Top": 0.0, "Width": 0.5, "Height": 1.0}}
RIGHT_TRIANGLE = {"Polygon": [{"X": 1.0, "Y": 0.0}, {"X": 1.0, "Y": 1.0}, {"X": 0.0, "Y": 1.0}]}


def page(*texts: tuple[tuple[int, int], int, str], size: tuple[int, int] = (800, 400)) -> Image.Image:
    """A white page; each text with its place and its height in pixels."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for place, height, text in texts:
        pen.text(place, text, font=ImageFont.load_default(height), fill="black")
    return picture


@pytest.fixture(scope="module")
def sign() -> bytes:
    """Two lines: a large one at the top left, a small one at the bottom right."""
    return encoded(page(((40, 40), 60, "Platform 9"), ((480, 320), 30, "mind the gap")))


def detections(client: Any, data: bytes, **filters: Any) -> list[dict[str, Any]]:
    """What was read, in an answer that AWS might have given."""
    answer = client.detect_text(Image={"Bytes": data}, **({"Filters": filters} if filters else {}))
    del answer["ResponseMetadata"]
    assert violations(answer, "DetectTextResponse") == []
    assert answer["TextModelVersion"] == MODEL_VERSION
    told: list[dict[str, Any]] = answer["TextDetections"]
    assert [one["Id"] for one in told] == list(range(len(told)))
    return told


def texts(told: list[dict[str, Any]], kind: str) -> list[str]:
    return [one["DetectedText"] for one in told if one["Type"] == kind]


def test_lines_come_before_their_words(client: Any, sign: bytes) -> None:
    told = detections(client, sign)
    assert texts(told, "LINE") == ["Platform 9", "mind the gap"]
    words = [(one["DetectedText"], one["ParentId"]) for one in told if one["Type"] == "WORD"]
    assert words == [("Platform", 0), ("9", 0), ("mind", 1), ("the", 1), ("gap", 1)]
    assert not any("ParentId" in one for one in told if one["Type"] == "LINE")
    assert all(one["Confidence"] > 90 for one in told)


def test_a_word_is_where_it_stands(client: Any, sign: bytes) -> None:
    told = {one["DetectedText"]: one["Geometry"] for one in detections(client, sign)}
    box = told["Platform"]["BoundingBox"]
    assert (box["Left"], box["Top"]) == pytest.approx((40 / 800, 50 / 400), abs=0.05)
    corners = [(point["X"], point["Y"]) for point in told["Platform"]["Polygon"]]
    assert corners[0] == pytest.approx((box["Left"], box["Top"]), abs=0.02)
    assert corners[2] == pytest.approx(
        (box["Left"] + box["Width"], box["Top"] + box["Height"]),
        abs=0.02,
    )
    ends = told["Platform"]["BoundingBox"]["Left"] + told["Platform"]["BoundingBox"]["Width"]
    assert ends <= told["9"]["BoundingBox"]["Left"] + 0.02


def test_text_on_a_photograph_is_read(client: Any) -> None:
    photo = Image.open(PHOTOS / "china.jpg").convert("RGB")
    pen = ImageDraw.Draw(photo)
    pen.text((30, 30), "Summer Palace 2009", font=ImageFont.load_default(48), fill="black")
    assert texts(detections(client, encoded(photo)), "LINE") == ["Summer Palace 2009"]


@pytest.mark.parametrize("photo", sorted(path.name for path in PHOTOS.glob("*.jpg")))
def test_where_nothing_is_written_nothing_is_read(client: Any, photo: str) -> None:
    assert detections(client, photo_bytes(photo)) == []


@pytest.mark.parametrize("angle", [90, -90, 20, -20])
def test_text_that_is_turned_is_read(client: Any, angle: int) -> None:
    turned = page(((40, 70), 50, "EXIT this way"), size=(420, 200)).rotate(
        angle, expand=True, fillcolor="white"
    )
    (line, *_) = detections(client, encoded(turned))
    assert line["DetectedText"] == "EXIT this way"
    start, end = line["Geometry"]["Polygon"][0], line["Geometry"]["Polygon"][1]
    if angle == 90:
        assert start["Y"] > end["Y"] + 0.3
    elif angle == -90:
        assert start["Y"] < end["Y"] - 0.3
    else:
        assert start["X"] < end["X"] - 0.3


def test_a_photo_taken_sideways_is_read_upright(client: Any, sign: bytes) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = page(((40, 40), 60, "Platform 9"))
    sideways = encoded(upright.transpose(Image.Transpose.ROTATE_90), exif=exif)
    assert texts(detections(client, sideways), "LINE") == ["Platform 9"]


def test_words_can_be_asked_for_by_size(client: Any, sign: bytes) -> None:
    tall = detections(client, sign, WordFilter={"MinBoundingBoxHeight": 0.13})
    assert texts(tall, "LINE") == ["Platform 9"]
    wide = detections(client, sign, WordFilter={"MinBoundingBoxWidth": 0.2})
    assert texts(wide, "LINE") == texts(wide, "WORD") == ["Platform"]


def test_words_can_be_asked_for_by_confidence(client: Any, sign: bytes) -> None:
    assert detections(client, sign, WordFilter={"MinConfidence": 100}) == []
    everything = detections(client, photo_bytes("coffee.jpg"), WordFilter={"MinConfidence": 0})
    assert all(one["Confidence"] < 80 for one in everything)


def test_words_can_be_asked_for_by_place(client: Any, sign: bytes) -> None:
    assert texts(detections(client, sign, RegionsOfInterest=[LEFT_HALF]), "LINE") == ["Platform 9"]
    assert texts(detections(client, sign, RegionsOfInterest=[RIGHT_TRIANGLE]), "LINE") == ["mind the gap"]
    both = detections(client, sign, RegionsOfInterest=[LEFT_HALF, RIGHT_TRIANGLE])
    assert texts(both, "LINE") == ["Platform 9", "mind the gap"]
    assert detections(client, sign, RegionsOfInterest=[]) == detections(client, sign)


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"WordFilter": {"MinConfidence": 101.0}}, "ValidationException"),
        ({"WordFilter": {"MinBoundingBoxHeight": 1.1}}, "ValidationException"),
        ({"RegionsOfInterest": [LEFT_HALF] * 11}, "ValidationException"),
        ({"RegionsOfInterest": [{}]}, "InvalidParameterException"),
        ({"RegionsOfInterest": [LEFT_HALF | RIGHT_TRIANGLE]}, "InvalidParameterException"),
        ({"RegionsOfInterest": [{"BoundingBox": {"Left": 0.1}}]}, "InvalidParameterException"),
        ({"RegionsOfInterest": [{"Polygon": [{"X": 0.1}]}]}, "InvalidParameterException"),
        ({"RegionsOfInterest": [{"Polygon": [{"X": 0.1, "Y": 0.1}] * 2}]}, "InvalidParameterException"),
        ({"RegionsOfInterest": [{"Polygon": [{"X": 0.1, "Y": 0.1}] * 11}]}, "InvalidParameterException"),
        ({"RegionsOfInterest": [{"Polygon": [{"X": 1e308, "Y": 0.1}] * 3}]}, "InvalidParameterException"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    client: Any, sign: bytes, filters: dict[str, Any], code: str
) -> None:
    with pytest.raises(ClientError) as caught:
        client.detect_text(Image={"Bytes": sign}, Filters=filters)
    assert caught.value.response["Error"]["Code"] == code


def test_no_more_than_a_hundred_words_are_told(client: Any) -> None:
    rows = [((10, 10 + 40 * row), 24, "one two three four five six seven") for row in range(17)]
    told = detections(client, encoded(page(*rows, size=(560, 700))))
    assert len(texts(told, "WORD")) == 100
    assert texts(told, "LINE")[-1] == "one two"
    assert len(texts(told, "LINE")) == 15


@pytest.mark.parametrize("size", [(80, 80), (2000, 80), (80, 2000)])
def test_pictures_of_every_shape_are_taken(client: Any, size: tuple[int, int]) -> None:
    assert detections(client, encoded(Image.effect_noise(size, 100).convert("RGB"))) == []


def test_text_in_s3_is_read_too(
    recogniser: RunningRecogniser, client: Any, tiny_s3: TinyS3, sign: bytes
) -> None:
    tiny_s3.objects["/bucket/sign.jpg"] = sign
    answer = client.detect_text(Image={"S3Object": {"Bucket": "bucket", "Name": "sign.jpg"}})
    assert answer["TextDetections"]
    (entry,) = recogniser.ledger()
    assert (entry["operation"], entry["model"]) == ("DetectText", MODEL_VERSION)
