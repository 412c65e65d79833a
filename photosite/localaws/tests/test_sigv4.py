from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from photosite.localaws.refusals import Refusal
from photosite.localaws.sigv4 import Keys, Signed, verify

pytestmark = pytest.mark.pure

KEYS = Keys("AKIALOCAL", "secret", "us-west-2")
SHORT = "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=h, Signature=s"
BODY = b'{"Image": {}}'
HEADERS = {"x-amz-target": "RekognitionService.DetectLabels", "content-type": "application/x-amz-json-1.1"}


def signed(keys: Keys = KEYS, token: str | None = None, service: str = "rekognition") -> Signed:
    """A request as botocore signs it, now."""
    request = AWSRequest("POST", "http://127.0.0.1:9/", data=BODY, headers=dict(HEADERS))
    SigV4Auth(Credentials(keys.access_key, keys.secret_key, token), service, keys.region).add_auth(request)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    return Signed("POST", "/", "", {"host": "127.0.0.1:9", **headers}, BODY)


def with_header(request: Signed, name: str, value: str) -> Signed:
    return replace(request, headers={**request.headers, name: value})


def refused(request: Signed, at: datetime | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        verify(request, KEYS, at or datetime.now(UTC))
    assert caught.value.status == 400
    return caught.value


def test_what_botocore_signs_is_accepted() -> None:
    verify(signed(), KEYS, datetime.now(UTC))


def test_spaces_in_a_header_do_not_matter() -> None:
    request = signed()
    verify(with_header(request, "x-amz-target", f"  {HEADERS['x-amz-target']} "), KEYS, datetime.now(UTC))


def test_without_a_signature_the_token_is_missing() -> None:
    assert refused(replace(signed(), headers={})).code == "MissingAuthenticationTokenException"


@pytest.mark.parametrize(
    "header",
    ["Bearer abc", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b/c", SHORT],
)
def test_half_a_header_is_incomplete(header: str) -> None:
    assert refused(with_header(signed(), "authorization", header)).code == "IncompleteSignatureException"


def test_another_key_is_not_recognised() -> None:
    error = refused(signed(replace(KEYS, access_key="AKIAOTHER")))
    assert error.code == "UnrecognizedClientException"
    assert error.message == "The security token included in the request is invalid."


def test_a_session_token_is_somebody_elses() -> None:
    assert refused(signed(token="abc")).code == "UnrecognizedClientException"


def test_another_secret_gives_another_signature() -> None:
    assert refused(signed(replace(KEYS, secret_key="guess"))).code == "InvalidSignatureException"


@pytest.mark.parametrize(
    "change", [{"body": b'{"Image": []}'}, {"path": "/other"}, {"query": "a=b"}, {"method": "PUT"}]
)
def test_whatever_is_changed_breaks_the_signature(change: dict[str, bytes]) -> None:
    assert refused(replace(signed(), **change)).code == "InvalidSignatureException"  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["x-amz-target", "host"])
def test_a_changed_header_breaks_the_signature(name: str) -> None:
    assert refused(with_header(signed(), name, "other")).code == "InvalidSignatureException"


def test_an_amazon_header_that_is_not_signed_is_refused() -> None:
    error = refused(with_header(signed(), "x-amz-meta", "added"))
    assert "'x-amz-meta' must be a 'SignedHeader'" in error.message


@pytest.mark.parametrize(("minutes", "word"), [(6, "expired"), (-6, "not yet current")])
def test_clocks_may_differ_by_five_minutes(minutes: int, word: str) -> None:
    now = datetime.now(UTC)
    request = signed()
    verify(request, KEYS, now + timedelta(minutes=minutes * 4 / 6))
    error = refused(request, now + timedelta(minutes=minutes))
    assert error.code == "InvalidSignatureException"
    assert word in error.message


@pytest.mark.parametrize(
    ("keys", "service", "words"),
    [(replace(KEYS, region="eu-west-1"), "rekognition", "valid region"), (KEYS, "s3", "correct service")],
)
def test_the_scope_must_name_our_region_and_service(keys: Keys, service: str, words: str) -> None:
    error = refused(signed(keys, service=service))
    assert error.code == "InvalidSignatureException"
    assert words in error.message


def test_the_scope_must_end_as_it_should_and_name_the_day() -> None:
    request = signed()
    header = request.headers["authorization"]
    day = request.headers["x-amz-date"][:8]
    for wrong in (header.replace("aws4_request", "aws5_request"), header.replace(f"/{day}/", "/20010101/")):
        assert refused(with_header(request, "authorization", wrong)).code == "InvalidSignatureException"


def test_a_date_that_is_none_is_incomplete() -> None:
    request = signed()
    wrong = with_header(request, "x-amz-date", request.headers["x-amz-date"][:8] + "Tnoon")
    assert refused(wrong).code == "IncompleteSignatureException"


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(KEYS).replace("secret_key", "")
