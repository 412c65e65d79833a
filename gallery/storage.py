"""The only room that speaks S3. Bucket, prefix and client of each storage come from django-storages' aliases.

Objects go in with one put each (an original must not replace anything and proves its SHA-256, which
django-storages can't ask for) and come out as streams, so that no object is ever held in memory whole.
"""

import base64
import contextlib
import dataclasses
import functools
import hashlib
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from django.core.files.storage import storages

_CHUNK: Final = 1024 * 1024
_client_lock: Final = threading.Lock()


class StorageAway(Exception):
    """The bucket can't be used now; the same call may work later."""


class StorageDenied(StorageAway):
    """The bucket answers that we may not: credentials or a permission. Never proof that an object is gone."""


class ObjectMissing(Exception):
    """The object is certainly not there (404, which S3 only says to who may list)."""


class ObjectExists(Exception):
    """Another object already has this key; it was not touched."""


class ObjectDamaged(Exception):
    """The bytes in the bucket are not those that were stored there."""


@dataclasses.dataclass(frozen=True)
class Stored:
    """One object: its key relative to the alias, its size in bytes, when it was written."""

    key: str
    size: int
    modified_at: datetime


@dataclasses.dataclass(frozen=True)
class Head:
    """What S3 tells of one object. `checksum`: as `checksum_of` or `checksum_of_parts` writes it; None where S3 was
    given none to check."""

    size: int
    checksum: str | None
    etag: str


@dataclasses.dataclass(frozen=True)
class Part:
    """One part of an original that is sent in several. Numbers begin with 1."""

    number: int
    etag: str
    size: int


@dataclasses.dataclass(frozen=True)
class Opened:
    """An upload in parts that was begun and neither joined nor aborted."""

    key: str
    multipart: str
    begun_at: datetime


def put_original(key: str, body: IO[bytes], *, size: int, sha256: str, content_type: str) -> None:
    """Stores an original once. S3 checks the bytes against `sha256` (hex) and refuses to replace another object.

    Sending the same bytes again is no error, so a put whose answer was lost can be repeated.
    Raises ObjectExists, StorageAway, StorageDenied.
    """
    checksum = checksum_of(sha256)
    body.seek(0)
    try:
        with _translated(key):
            _client().put_object(
                **_address("originals", key),
                Body=body,
                ContentLength=size,
                ContentType=content_type,
                ChecksumSHA256=checksum,
                IfNoneMatch="*",
            )
    except ObjectExists:
        if _checksum("originals", key) != checksum:
            raise


def put_rendition(key: str, path: Path, *, content_type: str) -> None:
    """Stores a rendition; the same key always means the same picture, so replacing it is harmless."""
    with path.open("rb") as body, _translated(key):
        parameters = storages["renditions"].get_object_parameters(key)  # type: ignore[attr-defined]  # an S3Storage
        _client().put_object(**_address("renditions", key), Body=body, ContentType=content_type, **parameters)


def fetch_original(key: str, into: Path, *, sha256: str) -> None:
    """Streams an original into a file and checks its hash. Raises ObjectMissing, ObjectDamaged, StorageAway."""
    digest = hashlib.sha256()
    with into.open("wb") as out:
        for chunk in _chunks("originals", key):
            digest.update(chunk)
            out.write(chunk)
    if digest.hexdigest() != sha256:
        raise ObjectDamaged(key)


def checksum_of(sha256: str) -> str:
    """As S3 writes it."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def checksum_of_parts(sha256s: Sequence[str]) -> str:
    """As S3 writes that of an object which was sent in parts: over the checksums of all of them."""
    whole = hashlib.sha256(b"".join(map(bytes.fromhex, sha256s)))
    return f"{base64.b64encode(whole.digest()).decode()}-{len(sha256s)}"


def original_head(key: str) -> Head:
    """Raises ObjectMissing; StorageDenied where S3 won't say; StorageAway."""
    with _translated(key):
        head = _client().head_object(**_address("originals", key), ChecksumMode="ENABLED")
    return Head(head["ContentLength"], head.get("ChecksumSHA256"), head["ETag"])


def beginning_of_original(key: str, length: int) -> bytes:
    """At most its first `length` bytes. Raises ObjectMissing, StorageAway."""
    return part_of_original(key, 0, length)


def part_of_original(key: str, start: int, length: int) -> bytes:
    """At most `length` bytes from byte `start` on, which is there. Raises ObjectMissing, StorageAway."""
    wanted = f"bytes={start}-{start + length - 1}"
    with _translated(key):
        body = _client().get_object(**_address("originals", key), Range=wanted)["Body"]
        with contextlib.closing(body):
            found: bytes = body.read(length)
    return found


def begin_parts(key: str, *, content_type: str, checked: bool) -> str:
    """What S3 calls an upload of this original in parts. `checked`: each is signed with its SHA-256, and only then.

    Raises StorageAway.
    """
    with _translated(key):
        begun = _client().create_multipart_upload(
            **_address("originals", key),
            ContentType=content_type,
            **({"ChecksumAlgorithm": "SHA256"} if checked else {}),
        )
    return str(begun["UploadId"])


def parts(key: str, multipart: str) -> list[Part]:
    """Those that are in the bucket, by number. Raises ObjectMissing if S3 knows no such upload; StorageAway.

    One that was sent twice counts once, as the last one; SeaweedFS lists both.
    """
    pages = _client().get_paginator("list_parts").paginate(**_address("originals", key), UploadId=multipart)
    with _translated(key):
        found = {
            part["PartNumber"]: Part(part["PartNumber"], part["ETag"], part["Size"])
            for page in pages
            for part in page.get("Parts", [])
        }
    return list(found.values())


def join_parts(key: str, multipart: str, found: Sequence[Part], sha256s: Sequence[str]) -> None:
    """Makes one object of these parts, never over another. `sha256s`: of all of them, in hex, if they were checked.

    Raises ObjectExists, ObjectMissing, StorageAway.
    """
    checksums = [{"ChecksumSHA256": checksum_of(sha256)} for sha256 in sha256s] or [{}] * len(found)
    joined = [
        {"PartNumber": part.number, "ETag": part.etag} | checksum
        for part, checksum in zip(found, checksums, strict=True)
    ]
    with _translated(key):
        _client().complete_multipart_upload(
            **_address("originals", key),
            UploadId=multipart,
            MultipartUpload={"Parts": joined},
            IfNoneMatch="*",
        )


def abort_parts(key: str, multipart: str) -> None:
    """Throws away what was sent; an upload that is not there any more is no error. Raises StorageAway."""
    with contextlib.suppress(ObjectMissing), _translated(key):
        _client().abort_multipart_upload(**_address("originals", key), UploadId=multipart)


def opened_parts() -> Iterator[Opened]:
    """Every upload in parts that is under way, or was left lying."""
    root = f"{_location('originals')}/"
    pages = (
        _client()
        .get_paginator("list_multipart_uploads")
        .paginate(Bucket=_bucket_name("originals"), Prefix=root)
    )
    with _translated(root):
        for page in pages:
            for item in page.get("Uploads", []):
                yield Opened(item["Key"].removeprefix(root), item["UploadId"], item["Initiated"])


def stream_original(key: str) -> Iterator[bytes]:
    """An original's bytes, a megabyte at a time. Raises ObjectMissing, StorageAway."""
    return _chunks("originals", key)


def read_rendition(key: str) -> bytes:
    """A rendition's bytes; renditions are small (at most a few MB). Raises ObjectMissing, StorageAway."""
    return b"".join(_chunks("renditions", key))


def original_sha256(key: str) -> str:
    """The SHA-256 (hex) of what is in the bucket now, by reading all of it."""
    digest = hashlib.sha256()
    for chunk in _chunks("originals", key):
        digest.update(chunk)
    return digest.hexdigest()


def delete(alias: str, key: str) -> None:
    """Deletes an object with all its versions; one that is not there is no error."""
    address = _address(alias, key)
    with _translated(key):
        versions = _client().list_object_versions(Bucket=address["Bucket"], Prefix=address["Key"])
        found = versions.get("Versions", []) + versions.get("DeleteMarkers", [])
        for version in found:
            if version["Key"] == address["Key"]:
                _client().delete_object(**address, VersionId=version["VersionId"])


def exists(alias: str, key: str) -> bool:
    """Whether the object is there. Raises StorageDenied where S3 won't say."""
    try:
        with _translated(key):
            _client().head_object(**_address(alias, key))
    except ObjectMissing:
        return False
    return True


def listed(alias: str) -> Iterator[Stored]:
    """Every object of a storage in the order of the keys, a thousand a request."""
    root = f"{_location(alias)}/"
    pages = _client().get_paginator("list_objects_v2").paginate(Bucket=_bucket_name(alias), Prefix=root)
    with _translated(root):
        for page in pages:
            for item in page.get("Contents", []):
                yield Stored(item["Key"].removeprefix(root), item["Size"], item["LastModified"])


def reachable() -> bool:
    """Whether the bucket answers. 403 counts: without ListBucket S3 says it of every key that is not there.

    A GET, since a HEAD has no body that tells a missing bucket from a missing key.
    """
    try:
        with _translated("readiness"):
            _client().get_object(**_address("originals", ".ready"))["Body"].close()
    except (ObjectMissing, StorageDenied):
        return True
    except StorageAway:
        return False
    return True


@functools.cache
def _shared_client() -> Any:
    return storages["originals"].connection.meta.client  # type: ignore[attr-defined]  # an S3Storage


def _client() -> Any:
    """One client a process: it is thread-safe, and django-storages would make one a thread."""
    with _client_lock:
        return _shared_client()


def _location(alias: str) -> str:
    return str(storages[alias].location)  # type: ignore[attr-defined]  # an S3Storage


def _bucket_name(alias: str) -> str:
    return str(storages[alias].bucket_name)  # type: ignore[attr-defined]  # an S3Storage


def _address(alias: str, key: str) -> dict[str, str]:
    return {"Bucket": _bucket_name(alias), "Key": f"{_location(alias)}/{key}"}


def _checksum(alias: str, key: str) -> str | None:
    with _translated(key):
        head = _client().head_object(**_address(alias, key), ChecksumMode="ENABLED")
    checksum: str | None = head.get("ChecksumSHA256")
    return checksum


def _chunks(alias: str, key: str) -> Iterator[bytes]:
    with _translated(key):
        body = _client().get_object(**_address(alias, key))["Body"]
        with contextlib.closing(body):
            yield from body.iter_chunks(_CHUNK)


@contextlib.contextmanager
def _translated(key: str) -> Iterator[None]:
    """botocore's errors in our words."""
    try:
        yield
    except NoCredentialsError as error:
        raise StorageDenied("no AWS credentials were found") from error
    except BotoCoreError as error:
        raise StorageAway(f"{type(error).__name__} for {key}") from error
    except ClientError as error:
        raise _meaning(error, key) from error


def _meaning(error: ClientError, key: str) -> Exception:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = error.response.get("Error", {}).get("Code", "")
    if status == 412:
        return ObjectExists(key)
    if code == "NoSuchBucket":
        return StorageAway("the bucket is not there")
    if status == 404:
        return ObjectMissing(key)
    if status in (401, 403):
        return StorageDenied(f"{code} for {key}")
    return StorageAway(f"{status} {code} for {key}")
