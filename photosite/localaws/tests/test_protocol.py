"""A real recogniser and boto3: who may call, and what is refused in which words."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from photosite.localaws.sigv4 import Keys
from photosite.localaws.tests.conftest import encoded, photo_bytes
from photosite.localaws.tests.process import KEYS, RunningRecogniser
from photosite.localaws.tests.tiny_s3 import TinyS3

pytestmark = pytest.mark.pure

TARGET = {"X-Amz-Target": "RekognitionService.DetectLabels", "Content-Type": "application/x-amz-json-1.1"}
SERVED = ["detect_labels", "detect_faces", "detect_text"]
FORBIDDEN: dict[str, dict[str, Any]] = {
    "index_faces": {"CollectionId": "c", "Image": {"Bytes": b"x"}},
    "detect_moderation_labels": {"Image": {"Bytes": b"x"}},
    "detect_protective_equipment": {"Image": {"Bytes": b"x"}},
    "recognize_celebrities": {"Image": {"Bytes": b"x"}},
    "list_collections": {},
}


def refused(client: Any, operation: str = "detect_labels", **request: Any) -> dict[str, Any]:
    """The error that a call ends with; every one is a 400 with a request id."""
    with pytest.raises(ClientError) as caught:
        getattr(client, operation)(**request)
    response: dict[str, Any] = dict(caught.value.response)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert len(response["ResponseMetadata"]["RequestId"]) == 36
    error: dict[str, Any] = response["Error"]
    return error


def test_it_says_that_it_is_up_without_a_signature(recogniser: RunningRecogniser) -> None:
    assert recogniser.get("/healthz") == (200, b"ok\n")


@pytest.mark.parametrize("operation", sorted(FORBIDDEN))
def test_another_operation_is_answered_as_one_that_you_may_not_call(client: Any, operation: str) -> None:
    error = refused(client, operation, **FORBIDDEN[operation])
    assert error["Code"] == "AccessDeniedException"
    name = client.meta.method_to_api_mapping[operation]
    assert error["Message"].startswith("User: arn:aws:iam::")
    assert f"is not authorized to perform: rekognition:{name}" in error["Message"]


@pytest.mark.parametrize("target", ["RekognitionService.Dance", "RekognitionService.", "DetectLabels", ""])
def test_an_operation_that_there_is_not_is_unknown(recogniser: RunningRecogniser, target: str) -> None:
    status, body, headers = recogniser.post_raw(b"{}", {**TARGET, "X-Amz-Target": target})
    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")
    assert headers["x-amzn-requestid"]
    assert headers["x-amzn-errortype"] == "UnknownOperationException"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("PUT", "/"), ("POST", "/healthz"), ("POST", "/x")]
)
def test_only_a_post_to_the_root_is_an_operation(
    recogniser: RunningRecogniser, method: str, path: str
) -> None:
    assert recogniser.post_raw(b"{}", TARGET, method, path)[0] == 404


def test_without_a_signature_nothing_is_served(recogniser: RunningRecogniser) -> None:
    status, body, headers = recogniser.post_raw(b"{}", TARGET)
    assert (status, json.loads(body)["__type"]) == (400, "MissingAuthenticationTokenException")
    assert headers["content-type"] == "application/x-amz-json-1.1"


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (replace(KEYS, access_key="AKIAOTHER"), "UnrecognizedClientException"),
        (replace(KEYS, secret_key="guess"), "InvalidSignatureException"),
        (replace(KEYS, region="eu-west-1"), "InvalidSignatureException"),
    ],
)
def test_with_other_keys_nothing_is_served(
    recogniser: RunningRecogniser, keys: Keys, code: str, cat: bytes
) -> None:
    assert refused(recogniser.client(keys), Image={"Bytes": cat})["Code"] == code


@pytest.mark.parametrize("operation", SERVED)
def test_bytes_over_five_megabytes_violate_the_declared_length(client: Any, operation: str) -> None:
    error = refused(client, operation, Image={"Bytes": b"x" * 5_242_881})
    assert error["Code"] == "ValidationException"
    assert "at 'image.bytes' failed to satisfy constraint: Member must have length less" in error["Message"]


def test_five_megabytes_are_not_too_many(client: Any, cat: bytes) -> None:
    padded = cat + b"\0" * (5_242_880 - len(cat))
    assert client.detect_labels(Image={"Bytes": padded})["Labels"]


def test_a_request_that_is_far_too_large_is_told_so(recogniser: RunningRecogniser, client: Any) -> None:
    with pytest.raises(ClientError) as caught:
        client.detect_labels(Image={"Bytes": b"x" * 20_000_000})
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


@pytest.mark.parametrize("operation", SERVED)
@pytest.mark.parametrize("kind", ["WEBP", "GIF"])
def test_other_formats_are_refused(client: Any, kind: str, operation: str) -> None:
    error = refused(client, operation, Image={"Bytes": encoded(Image.new("RGB", (200, 200)), kind)})
    assert error == {"Code": "InvalidImageFormatException", "Message": "Request has invalid image format"}


@pytest.mark.parametrize("operation", SERVED)
def test_text_and_half_a_jpeg_are_no_pictures(client: Any, cat: bytes, operation: str) -> None:
    for data in (b"just text", cat[: len(cat) // 2]):
        error = refused(client, operation, Image={"Bytes": data})
        assert error["Code"] == "InvalidImageFormatException"


@pytest.mark.parametrize("operation", SERVED)
def test_modelled_errors_arrive_as_boto3s_own_exceptions(client: Any, operation: str) -> None:
    tiny = encoded(Image.new("RGB", (79, 79)))
    with pytest.raises(client.exceptions.InvalidParameterException):
        getattr(client, operation)(Image={"Bytes": tiny})
    wide = encoded(Image.new("L", (10_001, 80)), "PNG")
    with pytest.raises(client.exceptions.ImageTooLargeException):
        getattr(client, operation)(Image={"Bytes": wide})


@pytest.mark.parametrize("operation", SERVED)
@pytest.mark.parametrize(
    "image",
    [
        {},
        {"Bytes": b"x", "S3Object": {"Bucket": "bucket", "Name": "a"}},
        {"S3Object": {"Bucket": "bucket"}},
    ],
)
def test_a_picture_is_in_one_place(client: Any, image: dict[str, Any], operation: str) -> None:
    assert refused(client, operation, Image=image)["Code"] == "InvalidParameterException"


@pytest.mark.parametrize(
    "request_",
    [
        {"Image": {"Bytes": b"x"}, "MaxLabels": 1001},
        {"Image": {"Bytes": b"x"}, "Features": ["IMAGE_PROPERTIES"], "MinConfidence": 80.0},
    ],
)
def test_a_request_that_contradicts_itself_is_invalid(client: Any, request_: dict[str, Any]) -> None:
    assert refused(client, **request_)["Code"] == "InvalidParameterException"


def test_an_object_in_s3_is_fetched_with_the_local_keys(client: Any, tiny_s3: TinyS3, cat: bytes) -> None:
    tiny_s3.objects["/bucket/in/a/folder.jpg"] = cat
    answer = client.detect_labels(Image={"S3Object": {"Bucket": "bucket", "Name": "in/a/folder.jpg"}})
    assert "Cat" in [label["Name"] for label in answer["Labels"]]
    assert f"Credential={KEYS.access_key}/" in tiny_s3.authorizations[-1]


def test_an_object_that_is_missing_is_told_as_aws_does(client: Any) -> None:
    error = refused(client, Image={"S3Object": {"Bucket": "bucket", "Name": "missing.jpg"}})
    assert error == {
        "Code": "InvalidS3ObjectException",
        "Message": "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
    }


def test_an_object_over_fifteen_megabytes_is_too_large(client: Any, tiny_s3: TinyS3) -> None:
    tiny_s3.objects["/bucket/huge.jpg"] = b"x" * (15 * 1024 * 1024 + 1)
    error = refused(client, Image={"S3Object": {"Bucket": "bucket", "Name": "huge.jpg"}})
    assert error["Code"] == "ImageTooLargeException"


def test_an_s3_that_fails_is_an_internal_error(client: Any, tiny_s3: TinyS3) -> None:
    tiny_s3.objects["/bucket/broken.jpg"] = None
    with pytest.raises(client.exceptions.InternalServerError):
        client.detect_labels(Image={"S3Object": {"Bucket": "bucket", "Name": "broken.jpg"}})


def test_twenty_callers_at_once_each_get_their_own_answer(recogniser: RunningRecogniser) -> None:
    client = recogniser.client(max_pool_connections=20)
    expected = {"chelsea.jpg": "Cat", "coffee.jpg": "Cup", "astronaut.jpg": "Person"}

    def surest(name: str) -> set[str]:
        answer = client.detect_labels(Image={"Bytes": photo_bytes(name)}, MinConfidence=80)
        return {label["Name"] for label in answer["Labels"]}

    names = [*expected] * 7
    with ThreadPoolExecutor(20) as pool:
        for name, labels in zip(names, pool.map(surest, names), strict=True):
            assert expected[name] in labels


def test_the_ledger_has_one_entry_a_call(recogniser: RunningRecogniser, client: Any, cat: bytes) -> None:
    answer = client.detect_labels(Image={"Bytes": cat})
    refused(client, Image={"Bytes": b"text"})
    refused(client, "recognize_celebrities", Image={"Bytes": cat})
    first, second, third = recogniser.ledger()
    assert (first["number"], first["operation"], first["status"], first["code"]) == (
        1,
        "DetectLabels",
        200,
        None,
    )
    assert first["model"] == answer["LabelModelVersion"]
    assert (second["status"], second["code"]) == (400, "InvalidImageFormatException")
    assert (third["operation"], third["code"]) == ("RecognizeCelebrities", "AccessDeniedException")
    assert len({first["sha256"], second["sha256"]}) == 2


def test_a_body_that_is_not_json_but_signed_is_a_serialization_error(recogniser: RunningRecogniser) -> None:
    client = recogniser.client()

    def spoil(request: Any, **_: Any) -> None:
        request.data = base64.b64encode(b"not json")

    client.meta.events.register("request-created.rekognition.DetectLabels", spoil)
    client.meta.events.register_first("before-sign.rekognition.DetectLabels", spoil)
    assert refused(client, Image={"Bytes": b"x"})["Code"] == "SerializationException"
