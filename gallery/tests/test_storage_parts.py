"""What goes to the bucket by signed addresses, against the real server: exactly the bytes that were asked for, once."""

import base64
import hashlib
import uuid
from collections.abc import Iterator

import pytest

from gallery import signing, storage
from gallery.tests import sending

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("s3")]
MIB = 1024 * 1024


def checksum(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def whole(data: bytes) -> dict[str, str]:
    """The headers that a PUT of these bytes is signed with."""
    return {
        "content-length": str(len(data)),
        "content-type": "image/jpeg",
        "if-none-match": "*",
        "x-amz-checksum-sha256": checksum(data),
    }


def send(url: str, data: bytes, headers: dict[str, str]) -> int:
    return sending.send(url, data, headers)[0]


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def head_of(key: str) -> tuple[int, str | None]:
    head = storage.original_head(key)
    return head.size, head.checksum


def test_the_bytes_that_were_asked_for_arrive(key: str) -> None:
    data = b"a picture" * 1000
    assert send(signing.upload_url(key, whole(data)), data, whole(data)) == 200
    assert head_of(key) == (len(data), checksum(data))
    assert storage.beginning_of_original(key, 9) == b"a picture"


@pytest.mark.parametrize(
    "sent",
    [b"other bytes", b"a picture and more", b"a pictur", b""],
    ids=["other", "longer", "shorter", "none"],
)
def test_no_other_bytes_do(key: str, sent: bytes) -> None:
    headers = whole(b"a picture!!")
    assert send(signing.upload_url(key, headers), sent, headers) in (400, 403)
    assert not storage.exists("originals", key)


@pytest.mark.parametrize(
    ("name", "value"),
    [("content-type", "text/html"), ("if-none-match", ""), ("x-amz-checksum-sha256", checksum(b"other"))],
)
def test_no_signed_header_may_be_another(key: str, name: str, value: str) -> None:
    data = b"a picture"
    url = signing.upload_url(key, whole(data))
    assert send(url, data, {**whole(data), name: value}) in (400, 403)
    assert not storage.exists("originals", key)


def test_a_second_time_replaces_nothing(key: str) -> None:
    data = b"a picture"
    url = signing.upload_url(key, whole(data))
    assert [send(url, data, whole(data)) for _ in range(2)] == [200, 412]


def test_an_address_is_good_for_one_key(key: str) -> None:
    data, other = b"a picture", str(uuid.uuid4())
    assert send(signing.upload_url(key, whole(data)).replace(key, other), data, whole(data)) == 403
    assert not storage.exists("originals", other)


@pytest.fixture
def multipart(key: str) -> Iterator[str]:
    begun = storage.begin_parts(key, content_type="image/jpeg", checked=True)
    yield begun
    storage.abort_parts(key, begun)


def send_part(key: str, multipart: str, number: int, data: bytes, *, signed: bytes | None = None) -> int:
    headers = {"content-length": str(len(data)), "x-amz-checksum-sha256": checksum(signed or data)}
    query = {"partNumber": str(number), "uploadId": multipart}
    return send(signing.upload_url(key, headers, query), data, headers)


def test_parts_become_one_original(key: str, multipart: str) -> None:
    sent = [bytes([n]) * size for n, size in ((1, 5 * MIB), (2, 5 * MIB), (3, 1000))]
    for number, data in ((2, sent[1]), (1, sent[0]), (3, sent[2])):
        assert send_part(key, multipart, number, data) == 200
    found = storage.parts(key, multipart)
    assert [(part.number, part.size) for part in found] == [(1, 5 * MIB), (2, 5 * MIB), (3, 1000)]
    sha256s = [hashlib.sha256(data).hexdigest() for data in sent]
    storage.join_parts(key, multipart, found, sha256s)
    assert storage.original_sha256(key) == hashlib.sha256(b"".join(sent)).hexdigest()
    assert head_of(key) == (sum(map(len, sent)), storage.checksum_of_parts(sha256s))


def test_a_part_that_was_sent_twice_counts_once(key: str, multipart: str) -> None:
    """The line broke when all of it was there and nobody had been told."""
    part = b"a part"
    assert [send_part(key, multipart, 1, part) for _ in range(2)] == [200, 200]
    found = storage.parts(key, multipart)
    assert [(one.number, one.size) for one in found] == [(1, len(part))]
    storage.join_parts(key, multipart, found, [hashlib.sha256(part).hexdigest()])
    assert storage.original_sha256(key) == hashlib.sha256(part).hexdigest()


def test_parts_without_checksums_do_too(key: str) -> None:
    multipart, data = storage.begin_parts(key, content_type="image/jpeg", checked=False), b"a part"
    headers = {"content-length": str(len(data))}
    query = {"partNumber": "1", "uploadId": multipart}
    assert send(signing.upload_url(key, headers, query), data, headers) == 200
    storage.join_parts(key, multipart, storage.parts(key, multipart), [])
    assert head_of(key) == (len(data), None)


def test_parts_of_other_checksums_are_not_joined(key: str, multipart: str) -> None:
    assert send_part(key, multipart, 1, b"a part") == 200
    with pytest.raises(storage.StorageAway):
        storage.join_parts(key, multipart, storage.parts(key, multipart), [hashlib.sha256(b"b").hexdigest()])
    assert not storage.exists("originals", key)


def test_a_part_of_other_bytes_is_refused(key: str, multipart: str) -> None:
    assert send_part(key, multipart, 1, b"other", signed=b"these") in (400, 403)
    assert storage.parts(key, multipart) == []


def test_joined_parts_replace_nothing(key: str, multipart: str) -> None:
    assert send_part(key, multipart, 1, b"the second") == 200
    assert send(signing.upload_url(key, whole(b"the first")), b"the first", whole(b"the first")) == 200
    sha256, found = hashlib.sha256(b"the second").hexdigest(), storage.parts(key, multipart)
    with pytest.raises(storage.ObjectExists):
        storage.join_parts(key, multipart, found, [sha256])
    assert storage.beginning_of_original(key, 100) == b"the first"


def test_what_is_given_up_leaves_nothing(key: str, multipart: str) -> None:
    assert send_part(key, multipart, 1, b"a part") == 200
    assert key in {one.key for one in storage.opened_parts()}
    storage.abort_parts(key, multipart)
    storage.abort_parts(key, multipart)
    assert key not in {one.key for one in storage.opened_parts()}
    with pytest.raises(storage.ObjectMissing):
        storage.parts(key, multipart)
