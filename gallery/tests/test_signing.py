"""Presigned URLs: byte-identical to botocore's, stable within a window, never outliving the credentials."""

import datetime
import time
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, parse_qsl, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from hypothesis import given
from hypothesis import strategies as st

from gallery import signing

pytestmark = pytest.mark.pure
AT = 1_790_000_000
KEYS = signing.Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SESSION_KEYS = signing.Keys("ASIDEXAMPLE", "secret", "token/with+odd=characters==")


def botocores(
    keys: signing.Keys,
    key: str,
    *,
    endpoint: str,
    life: int,
    operation: str = "get_object",
    **parameters: Any,
) -> str:
    """What boto3 itself signs at the same moment."""
    client = boto3.client(
        "s3",
        region_name="us-west-2",
        endpoint_url=endpoint or "https://s3.us-west-2.amazonaws.com",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path" if endpoint else "virtual"}),
    )
    now = datetime.datetime.fromtimestamp(AT, datetime.UTC)
    with mock.patch(
        "botocore.auth.get_current_datetime", lambda remove_tzinfo=True: now.replace(tzinfo=None)
    ):
        url: str = client.generate_presigned_url(
            operation, Params={"Bucket": "photosite", "Key": key, **parameters}, ExpiresIn=life
        )
    return url


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:15000", "https://s3.example.org"])
@pytest.mark.parametrize("keys", [KEYS, SESSION_KEYS], ids=["keys", "session"])
@pytest.mark.parametrize("key", ["renditions/a/thumb-320-q75.webp", "originals/ü ber~-_.+&=?#%.jpg"])
def test_it_is_byte_identical_to_botocores(endpoint: str, keys: signing.Keys, key: str) -> None:
    place = signing.Place.of("photosite", "us-west-2", endpoint)
    ours = signing.Pen(place, "us-west-2", keys, at=AT, life=7200).url(key)
    assert ours == botocores(keys, key, endpoint=endpoint, life=7200)


@pytest.mark.parametrize("endpoint", ["", "http://127.0.0.1:15000"])
@pytest.mark.parametrize("keys", [KEYS, SESSION_KEYS], ids=["keys", "session"])
@pytest.mark.parametrize("part", [False, True], ids=["whole", "part"])
def test_an_upload_has_botocores_signature(endpoint: str, keys: signing.Keys, part: bool) -> None:
    """And its parameters, in another order."""
    sha256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg="
    headers = {"content-length": "7", "x-amz-checksum-sha256": sha256}
    asked: dict[str, Any] = {"ContentLength": 7, "ChecksumSHA256": sha256}
    query = {"partNumber": "3", "uploadId": "a/b=c d"} if part else {}
    if part:
        asked |= {"PartNumber": 3, "UploadId": "a/b=c d"}
    else:
        headers |= {"content-type": "image/jpeg", "if-none-match": "*"}
        asked |= {"ContentType": "image/jpeg", "IfNoneMatch": "*"}
    place = signing.Place.of("photosite", "us-west-2", endpoint)
    pen = signing.Pen(place, "us-west-2", keys, at=AT, life=3600, query=query, method="PUT", headers=headers)
    operation = "upload_part" if part else "put_object"
    url = botocores(keys, "originals/a", endpoint=endpoint, life=3600, operation=operation, **asked)
    ours, theirs = urlsplit(pen.url("originals/a")), urlsplit(url)
    assert ours[:3] == theirs[:3]
    assert sorted(parse_qsl(ours.query)) == sorted(parse_qsl(theirs.query))


@pytest.mark.parametrize(
    "name", ["cat.jpg", 'a "b" \\c;.jpg', "ünï çødé 猫 😀.jpg", "x\r\nSet-Cookie: a.jpg", "%41.jpg"]
)
def test_a_download_is_too(name: str) -> None:
    query = {"response-content-disposition": signing.attachment(name), "response-content-type": "image/jpeg"}
    place = signing.Place.of("photosite", "us-west-2", "")
    ours = signing.Pen(place, "us-west-2", KEYS, at=AT, life=300, query=query).url("originals/a")
    theirs = botocores(
        KEYS, "originals/a", endpoint="", life=300,
        ResponseContentDisposition=query["response-content-disposition"], ResponseContentType="image/jpeg",
    )  # fmt: skip
    assert ours == theirs


@given(st.text())
def test_a_file_name_never_breaks_out_of_its_header(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:  # lone surrogates are dropped where a name comes in
        return
    header = signing.attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [float(AT // 3600 * 3600)]
    monkeypatch.setattr("gallery.signing.time.time", lambda: moment[0])
    monkeypatch.setattr(signing, "_keys", lambda: KEYS)
    signing._keys_at.cache_clear()
    return moment


def _rendition(key: str = "a/thumb.webp") -> Any:
    return mock.Mock(key=key)


def test_a_url_is_the_same_within_its_hour_and_another_one_after(clock: list[float]) -> None:
    first = signing.rendition_url(_rendition())
    clock[0] += 3599
    assert signing.rendition_url(_rendition()) == first
    clock[0] += 1
    assert signing.rendition_url(_rendition()) != first


def test_a_url_is_good_for_an_hour_at_least(clock: list[float]) -> None:
    clock[0] += 3599
    query = parse_qs(urlsplit(signing.rendition_url(_rendition())).query)
    signed_at = datetime.datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(
        tzinfo=datetime.UTC
    )
    assert signed_at.timestamp() + int(query["X-Amz-Expires"][0]) - clock[0] >= 3600


@pytest.mark.parametrize(
    ("left", "life"), [(86400, 7200), (7200, 6900), (3661, 3600), (3659, 3300), (400, 300), (361, 300)]
)
def test_it_never_outlives_the_credentials(left: int, life: int) -> None:
    keys = signing.Keys("A", "s", "t", ends_at=AT + left)
    assert signing.life_of(keys, at=AT, wanted=7200) == life
    assert life <= left


def test_credentials_that_are_about_to_end_sign_nothing() -> None:
    with pytest.raises(signing.NoCredentials):
        signing.life_of(signing.Keys("A", "s", "t", ends_at=AT + 200), at=AT, wanted=7200)


def test_new_credentials_make_new_urls(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    before = signing.rendition_url(_rendition())
    monkeypatch.setattr(signing, "_keys", lambda: SESSION_KEYS)
    clock[0] += signing._LOOK_AGAIN_SECONDS
    after = signing.rendition_url(_rendition())
    assert "X-Amz-Security-Token" in after
    assert before.split("Signature=")[1] != after.split("Signature=")[1]


def test_the_end_of_temporary_credentials_is_known() -> None:
    ends = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    metadata = {"access_key": "A", "secret_key": "s", "token": "t", "expiry_time": ends.isoformat()}
    credentials = RefreshableCredentials.create_from_metadata(metadata, lambda: metadata, "test")
    assert signing._ends_at(credentials) == pytest.approx(ends.timestamp(), abs=1)
    assert signing._ends_at(object()) is None
    assert time.time() < ends.timestamp()


def test_without_credentials_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "_session", lambda: mock.Mock(get_credentials=lambda: None))
    with pytest.raises(signing.NoCredentials):
        signing._keys()
