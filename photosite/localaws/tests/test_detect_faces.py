"""What a real recogniser says about faces, held against AWS's own description of an answer."""

from typing import Any

import numpy as np
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from photosite.localaws import face_network
from photosite.localaws.boxes import Box
from photosite.localaws.face_network import Face, faces
from photosite.localaws.faces import LANDMARKS, face_details, roll
from photosite.localaws.tests.answers import violations
from photosite.localaws.tests.conftest import PHOTOS, encoded, photo_bytes
from photosite.localaws.tests.process import RunningRecogniser
from photosite.localaws.tests.tiny_s3 import TinyS3

pytestmark = pytest.mark.pure

FACELESS = ["chelsea.jpg", "china.jpg", "coffee.jpg", "flower.jpg", "rocket.jpg"]


@pytest.fixture(scope="module")
def astronaut() -> Image.Image:
    """Eileen Collins, 512 × 512; her face begins a third from the left and a tenth from the top."""
    return Image.open(PHOTOS / "astronaut.jpg").convert("RGB")


def details(client: Any, data: bytes, **request: Any) -> list[dict[str, Any]]:
    """The faces of an answer that AWS might have given."""
    answer = client.detect_faces(Image={"Bytes": data}, **request)
    del answer["ResponseMetadata"]
    assert violations(answer, "DetectFacesResponse") == []
    told: list[dict[str, Any]] = answer["FaceDetails"]
    return told


def face(left: float, top: float, side: float) -> Face:
    return Face(0.9, Box(left, top, side, side), np.full((5, 2), left, np.float32))


def test_a_face_is_found_where_it_is(client: Any) -> None:
    (told,) = details(client, photo_bytes("astronaut.jpg"))
    assert told["Confidence"] > 90
    box = told["BoundingBox"]
    assert (box["Left"], box["Top"]) == pytest.approx((0.35, 0.11), abs=0.04)
    assert (box["Width"], box["Height"]) == pytest.approx((0.18, 0.23), abs=0.05)


def test_its_landmarks_have_aws_names_and_lie_in_order(client: Any) -> None:
    (told,) = details(client, photo_bytes("astronaut.jpg"))
    places = {one["Type"]: (one["X"], one["Y"]) for one in told["Landmarks"]}
    assert tuple(places) == LANDMARKS
    assert places["eyeLeft"][0] < places["nose"][0] < places["eyeRight"][0]
    assert places["mouthLeft"][0] < places["mouthRight"][0]
    assert places["eyeLeft"][1] < places["nose"][1] < places["mouthLeft"][1]


@pytest.mark.parametrize("photo", FACELESS)
def test_where_no_face_is_none_is_told(client: Any, photo: str) -> None:
    assert details(client, photo_bytes(photo)) == []


@pytest.mark.parametrize("attributes", [["DEFAULT"], ["ALL"], ["AGE_RANGE", "SMILE"], []])
def test_what_no_network_knows_is_left_out(client: Any, attributes: list[str]) -> None:
    (told,) = details(client, photo_bytes("astronaut.jpg"), Attributes=attributes)
    assert set(told) == {"BoundingBox", "Confidence", "Landmarks", "Pose", "Quality"}


def test_an_attribute_that_aws_does_not_know_is_named(client: Any) -> None:
    with pytest.raises(ClientError, match=r"'attributes\.1\.member' failed to satisfy constraint") as caught:
        client.detect_faces(Image={"Bytes": b"x"}, Attributes=["SHOE_SIZE"])
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_head_that_leans_rolls(client: Any, astronaut: Image.Image) -> None:
    """Pillow turns against the clock; so much lower is the left eye."""
    (told,) = details(client, encoded(astronaut.rotate(15)))
    assert told["Pose"] == {"Roll": pytest.approx(-15 + 1, abs=5)}


def test_a_dark_face_is_darker_and_a_small_one_less_sharp(client: Any, astronaut: Image.Image) -> None:
    dark = encoded(astronaut.point(lambda value: value // 3))
    soft = encoded(astronaut.resize((128, 128)).resize((512, 512)))
    plain, dim, blurred = (details(client, data)[0]["Quality"] for data in (encoded(astronaut), dark, soft))
    assert dim["Brightness"] < plain["Brightness"] / 2
    assert blurred["Sharpness"] < plain["Sharpness"] / 2


def test_the_largest_face_comes_first_and_half_a_face_reaches_over_the_edge(
    client: Any, astronaut: Image.Image
) -> None:
    """The same head twice: whole but small, and large but cut by the left edge."""
    picture = Image.new("RGB", (900, 512), "gray")
    picture.paste(astronaut, (-225, 0))
    picture.paste(astronaut.resize((256, 256)), (600, 200))
    large, small = details(client, encoded(picture))
    assert large["BoundingBox"]["Left"] < 0
    assert small["BoundingBox"]["Left"] > 0.6
    assert large["BoundingBox"]["Width"] > small["BoundingBox"]["Width"]


def test_a_photo_taken_sideways_is_seen_upright(client: Any, astronaut: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = encoded(astronaut.transpose(Image.Transpose.ROTATE_90), exif=exif, quality=95)
    (told,), (straight,) = details(client, sideways), details(client, encoded(astronaut, quality=95))
    assert told["BoundingBox"] == pytest.approx(straight["BoundingBox"], abs=0.02)


def test_a_photo_in_s3_is_looked_at_too(client: Any, tiny_s3: TinyS3) -> None:
    tiny_s3.objects["/bucket/crew.jpg"] = photo_bytes("astronaut.jpg")
    answer = client.detect_faces(Image={"S3Object": {"Bucket": "bucket", "Name": "crew.jpg"}})
    assert len(answer["FaceDetails"]) == 1


def test_the_ledger_names_operation_and_network(recogniser: RunningRecogniser, client: Any) -> None:
    details(client, photo_bytes("astronaut.jpg"))
    (entry,) = recogniser.ledger()
    assert (entry["operation"], entry["status"]) == ("DetectFaces", 200)
    assert entry["model"] == face_network.MODEL_VERSION


def test_no_more_than_a_hundred_faces_are_told_the_largest() -> None:
    crowd = [face(0.1, 0.1, 0.03 + number / 10_000) for number in range(120)]
    told = face_details(Image.new("RGB", (500, 400)), crowd)
    widths = [one["BoundingBox"]["Width"] for one in told]
    assert len(widths) == 100
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == pytest.approx(0.0419)


def test_a_face_too_small_for_aws_is_not_told() -> None:
    photo = Image.new("RGB", (1920, 1080))
    assert face_details(photo, [face(0.5, 0.5, 30 / 1920)]) == []
    assert len(face_details(photo, [face(0.5, 0.5, 41 / 1920)])) == 1


def test_a_face_outside_the_photo_has_a_quality_still() -> None:
    (told,) = face_details(Image.new("RGB", (200, 100), "white"), [face(1.0, 1.0, 0.2)])
    assert 0 <= told["Quality"]["Brightness"] <= 100


def test_roll_counts_pixels_not_ratios() -> None:
    points = np.array([[0.4, 0.4], [0.6, 0.5], [0, 0], [0, 0], [0, 0]], np.float32)
    assert roll(points, 500, 1000) == pytest.approx(45)
    assert roll(points[[1, 0, 2, 3, 4]], 500, 1000) == pytest.approx(-135)


def test_of_two_marks_on_one_face_the_surer_stays() -> None:
    heat = np.zeros((1, 8, 8), np.float32)
    heat[0, 4, 4], heat[0, 4, 5] = 0.6, 0.9
    sizes = np.full((2, 8, 8), np.log(4), np.float32)
    (told,) = faces([heat, sizes, np.zeros_like(sizes), np.full((10, 8, 8), 0.5, np.float32)], (32, 32))
    assert told.score == pytest.approx(0.9)
    assert (told.box.left, told.box.top) == pytest.approx(((5.5 * 4 - 8) / 32, (4.5 * 4 - 8) / 32))
    assert told.points[2].tolist() == pytest.approx([5.5 * 4 / 32, 4.5 * 4 / 32])
