"""The S3 room against the real server: what is acknowledged is there, and nothing replaces an original."""

import hashlib
import io
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from django.conf import settings

from gallery import signing, storage

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("s3")]


def put(data: bytes, key: str = "", sha256: str = "") -> str:
    key = key or str(uuid.uuid4())
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    storage.put_original(key, io.BytesIO(data), size=len(data), sha256=sha256, content_type="image/jpeg")
    return key


def test_an_original_comes_back_byte_for_byte(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    key = put(data)
    storage.fetch_original(key, tmp_path / "copy", sha256=hashlib.sha256(data).hexdigest())
    assert (tmp_path / "copy").read_bytes() == data
    assert storage.original_sha256(key) == hashlib.sha256(data).hexdigest()


def test_storing_the_same_bytes_again_is_no_error() -> None:
    key = put(b"same")
    assert put(b"same", key) == key


def test_other_bytes_never_replace_an_original() -> None:
    key = put(b"first")
    with pytest.raises(storage.ObjectExists):
        put(b"second", key)
    assert storage.original_sha256(key) == hashlib.sha256(b"first").hexdigest()


def test_bytes_that_changed_on_the_way_are_refused() -> None:
    key = str(uuid.uuid4())
    with pytest.raises(storage.StorageAway):
        put(b"what arrived", key, hashlib.sha256(b"what was sent").hexdigest())
    assert not storage.exists("originals", key)


def test_an_answer_that_was_lost_is_made_good_by_asking_again() -> None:
    data, key = b"stored, but nobody heard", str(uuid.uuid4())
    real = storage._client().put_object

    def deaf(**parameters: Any) -> None:
        real(**parameters)
        raise ReadTimeoutError(endpoint_url="http://s3")

    with mock.patch.object(storage._client(), "put_object", deaf), pytest.raises(storage.StorageAway):
        put(data, key)
    assert put(data, key) == key


def test_a_damaged_original_is_noticed(tmp_path: Path) -> None:
    key = put(b"one thing")
    with pytest.raises(storage.ObjectDamaged):
        storage.fetch_original(key, tmp_path / "copy", sha256=hashlib.sha256(b"another").hexdigest())


def test_what_is_not_there_is_missing() -> None:
    with pytest.raises(storage.ObjectMissing):
        storage.read_rendition("nothing/here.webp")


def test_deleting_twice_is_no_error() -> None:
    key = put(b"short life")
    storage.delete("originals", key)
    assert not storage.exists("originals", key)
    storage.delete("originals", key)


def test_deleting_one_leaves_those_whose_key_begins_like_it() -> None:
    key = str(uuid.uuid4())
    put(b"a", key)
    put(b"b", f"{key}0")
    storage.delete("originals", key)
    assert storage.exists("originals", f"{key}0")


def test_a_rendition_is_cached_by_browsers_and_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "thumb").write_bytes(b"RIFF")
    key = f"{uuid.uuid4()}/thumb.webp"
    storage.put_rendition(key, tmp_path / "thumb", content_type="image/webp")
    with urllib.request.urlopen(signing.rendition_url(mock.Mock(key=key))) as answer:
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.read() == b"RIFF"


@pytest.mark.parametrize("spoil", [
    lambda url: url[:-1] + ("0" if url[-1] != "0" else "1"),
    lambda url: url.replace("Expires=7200", "Expires=7201"),
    lambda url: url.split("?")[0],
], ids=["signature", "life", "unsigned"])  # fmt: skip
def test_a_url_that_was_tampered_with_opens_nothing(spoil: Any, tmp_path: Path) -> None:
    (tmp_path / "thumb").write_bytes(b"RIFF")
    key = f"{uuid.uuid4()}/thumb.webp"
    storage.put_rendition(key, tmp_path / "thumb", content_type="image/webp")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(spoil(signing.rendition_url(mock.Mock(key=key))))
    assert refused.value.code == 403
    refused.value.close()


def test_a_url_that_has_ended_opens_nothing() -> None:
    key = put(b"old")
    keys = signing.Keys(settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY)
    place = signing.Place.of(settings.BUCKET, settings.AWS_REGION, settings.S3_PUBLIC_URL)
    at = time.time() - 7300
    url = signing.Pen(place, settings.AWS_REGION, keys, at=at, life=7200).url(f"originals/{key}")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)
    assert refused.value.code == 403
    refused.value.close()


def test_a_download_comes_under_its_true_name() -> None:
    key = put(b"holiday")
    photo = mock.Mock(original_key=key, filename="Überfahrt 1.jpg", content_type="image/jpeg")
    with urllib.request.urlopen(signing.download_url(photo)) as answer:
        assert "filename*=UTF-8''%C3%9Cberfahrt%201.jpg" in answer.headers["Content-Disposition"]
        assert answer.read() == b"holiday"


def _error(status: int, code: str) -> ClientError:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "HeadObject")


@pytest.mark.parametrize(("status", "code", "meaning"), [
    (404, "404", storage.ObjectMissing),
    (404, "NoSuchBucket", storage.StorageAway),
    (403, "AccessDenied", storage.StorageDenied),
    (403, "403", storage.StorageDenied),
    (412, "PreconditionFailed", storage.ObjectExists),
    (409, "ConditionalRequestConflict", storage.StorageAway),
    (500, "InternalError", storage.StorageAway),
    (503, "SlowDown", storage.StorageAway),
    (400, "BadDigest", storage.StorageAway),
])  # fmt: skip
def test_an_error_is_told_in_our_words(status: int, code: str, meaning: type[Exception]) -> None:
    assert type(storage._meaning(_error(status, code), "key")) is meaning


def test_403_is_never_taken_for_gone() -> None:
    with (
        mock.patch.object(storage._client(), "head_object", side_effect=_error(403, "403")),
        pytest.raises(storage.StorageDenied),
    ):
        storage.exists("originals", "anything")
