"""What each error of Rekognition and of the SDK means for the photo, and that a call looks as AWS expects it."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from botocore.stub import ANY, Stubber

from gallery.labelling import rekognition
from gallery.labelling.errors import LabellingError, Misconfigured, Rejected, Throttled, Unreachable, Unusable

pytestmark = pytest.mark.pure


@pytest.fixture
def stubber() -> Iterator[Stubber]:
    with Stubber(rekognition._client()) as stub:
        yield stub


@pytest.mark.parametrize(("code", "status", "meaning"), [
    ("ProvisionedThroughputExceededException", 400, Throttled),
    ("ThrottlingException", 400, Throttled),
    ("SomethingNew", 429, Throttled),
    ("AccessDeniedException", 400, Misconfigured),
    ("UnrecognizedClientException", 400, Misconfigured),
    ("InvalidSignatureException", 400, Misconfigured),
    ("ExpiredTokenException", 400, Misconfigured),
    ("403", 403, Misconfigured),
    ("InvalidImageFormatException", 400, Rejected),
    ("ImageTooLargeException", 400, Rejected),
    ("InvalidParameterException", 400, Rejected),
    ("ValidationException", 400, Rejected),
    ("InternalServerError", 500, Unusable),
    ("ServiceUnavailable", 503, Unusable),
    ("InvalidS3ObjectException", 400, Unusable),
])  # fmt: skip
def test_each_error_says_what_to_do_next(
    stubber: Stubber, code: str, status: int, meaning: type[LabellingError]
) -> None:
    stubber.add_client_error("detect_labels", service_error_code=code, http_status_code=status)
    with pytest.raises(meaning) as error:
        rekognition.ask("DetectLabels", b"jpeg", MinConfidence=55)
    assert error.value.code == code
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(("raised", "meaning"), [
    (NoCredentialsError(), Misconfigured),
    (ReadTimeoutError(endpoint_url="https://rekognition"), Unreachable),
    (EndpointConnectionError(endpoint_url="https://rekognition"), Unreachable),
])  # fmt: skip
def test_so_do_the_errors_of_the_sdk(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, meaning: type[LabellingError]
) -> None:
    def fail(**_: Any) -> None:
        raise raised

    monkeypatch.setattr(rekognition._client(), "detect_labels", fail)
    with pytest.raises(meaning):
        rekognition.ask("DetectLabels", b"jpeg", MinConfidence=55)


def test_the_picture_goes_as_bytes_with_the_least_confidence(stubber: Stubber) -> None:
    expected = {"Image": {"Bytes": ANY}, "MinConfidence": 55}
    stubber.add_response("detect_labels", {"Labels": [{"Name": "Cat", "Confidence": 90.0}]}, expected)
    answer = rekognition.ask("DetectLabels", b"jpeg", MinConfidence=55)
    assert answer == {"Labels": [{"Name": "Cat", "Confidence": 90.0}]}


def test_the_sdk_never_retries_on_its_own() -> None:
    assert rekognition._client().meta.config.retries["total_max_attempts"] == 1


@pytest.mark.usefixtures("recogniser")
def test_the_embedded_recogniser_answers_through_the_same_call() -> None:
    assert rekognition.reachable()
    with pytest.raises(Rejected):
        rekognition.ask("DetectLabels", b"not a picture", MinConfidence=55)


def test_an_endpoint_that_is_away_is_not_reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://rekognition")

    monkeypatch.setattr(rekognition._unsigned(), "list_collections", fail)
    assert not rekognition.reachable()
