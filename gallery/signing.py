"""Presigned URLs: Signature Version 4, byte-identical to botocore's, stable within a window, and cheap.

A URL that changes with every page defeats the browser's cache, so the time of signing is rounded down to a
window. A SigV4 query signature is four HMACs for the day's key, cached here, and one for the URL.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import dataclasses
import functools
import hashlib
import hmac
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

from botocore.credentials import RefreshableCredentials
from botocore.session import Session
from django.conf import settings

from gallery.models import Photo, Rendition

VIEW_WINDOW_SECONDS: Final = 3600
VIEW_LIFE_SECONDS: Final = 7200
PICTURE_SECONDS: Final = 300  # that an answer which leads to a URL may be kept: it is good for longer
DOWNLOAD_WINDOW_SECONDS: Final = 60
DOWNLOAD_LIFE_SECONDS: Final = 300
UPLOAD_LIFE_SECONDS: Final = 3600
_MARGIN_SECONDS: Final = 60
_STEP_SECONDS: Final = 300
_LOOK_AGAIN_SECONDS: Final = 5
_PLAIN: Final = re.compile(r"[A-Za-z0-9/_.~-]*").fullmatch  # what a URL's path holds unquoted
_session_lock: Final = threading.Lock()
_KEPT_URLS: Final = 10_000  # about 7 MB a process


class NoCredentials(Exception):
    """The SDK's chain finds no credentials, or they end too soon to sign anything."""


@dataclasses.dataclass(frozen=True)
class Keys:
    """Credentials as one signature uses them. `ends_at`: Unix time at which they expire, None for never."""

    access_key: str
    secret_key: str
    token: str | None = None
    ends_at: float | None = None


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a bucket answers: scheme and host, and the path before a key ("/bucket" or "")."""

    scheme: str
    host: str
    root: str

    @classmethod
    def of(cls, bucket: str, region: str, endpoint: str) -> "Place":
        """Path addressing at an endpoint of one's own, virtual-hosted addressing on AWS."""
        if not endpoint:
            return cls("https", f"{bucket}.s3.{region}.amazonaws.com", "")
        parts = urlsplit(endpoint)
        return cls(parts.scheme, parts.netloc, f"{parts.path}/{bucket}")


def rendition_url(rendition: Rendition) -> str:
    return rendition_key_url(rendition.key)


def rendition_key_url(key: str) -> str:
    """A URL to look at a rendition with: the same for an hour, good for one to two hours."""
    return _view_url(f"renditions/{key}")


def original_url(photo: Photo) -> str:
    """A URL to look at the original with, as long as one to a rendition."""
    return _view_url(f"originals/{photo.original_key}")


def download_url(photo: Photo) -> str:
    """A URL that downloads the untouched original under its true name, good for at least four minutes."""
    return _attached(f"originals/{photo.original_key}", photo.filename, photo.content_type)


def rendition_download_url(rendition: Rendition, filename: str) -> str:
    """The same for a rendition, which tells nothing but the picture, under a name of ours."""
    return _attached(f"renditions/{rendition.key}", filename, rendition.content_type)


def upload_url(key: str, headers: Mapping[str, str], query: Mapping[str, str] | None = None) -> str:
    """A URL that takes one PUT of an original, or of a part of it (`query`), with exactly these headers; for an hour.

    Content-Length is among them: a longer or shorter body does not fit the signature.
    """
    pen = _pen(_keys(), int(time.time()), UPLOAD_LIFE_SECONDS, query, method="PUT", headers=headers)
    return pen.url(f"originals/{key}")


def _view_url(key: str) -> str:
    now = time.time()
    write = _view_writer(_keys_at(int(now // _LOOK_AGAIN_SECONDS)), int(now // VIEW_WINDOW_SECONDS))
    return write(key)


def _attached(key: str, filename: str, content_type: str) -> str:
    query = {
        "response-content-disposition": attachment(filename),
        "response-content-type": content_type,
    }
    at = int(time.time()) // DOWNLOAD_WINDOW_SECONDS * DOWNLOAD_WINDOW_SECONDS
    return _pen(_keys(), at, DOWNLOAD_LIFE_SECONDS, query).url(key)


def attachment(filename: str) -> str:
    """A Content-Disposition header value for any name (RFC 6266): ASCII for old clients, UTF-8 for all others."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


class Pen:
    """Signs URLs as of one moment. What they all share is computed once; each costs one hash and one HMAC."""

    def __init__(
        self,
        place: Place,
        region: str,
        keys: Keys,
        *,
        at: float,
        life: int,
        query: Mapping[str, str] | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`at`: Unix time of the signature; `life`: seconds from then; `query`, `headers` (by names in lower case):
        what else is signed, and so must be sent as it stands here."""
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        scope = f"{moment[:8]}/{region}/s3/aws4_request"
        lines = sorted({**(headers or {}), "host": place.host}.items())
        names = ";".join(name for name, _ in lines)
        parameters = {
            **(query or {}),
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{keys.access_key}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(life),
            "X-Amz-SignedHeaders": names,
        }
        if keys.token:
            parameters["X-Amz-Security-Token"] = keys.token
        pairs = [
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in parameters.items()
        ]
        self._origin = f"{place.scheme}://{place.host}"
        self._root = f"{place.root}/"
        self._query = f"?{'&'.join(pairs)}&X-Amz-Signature="
        signed = "".join(f"{name}:{value}\n" for name, value in lines)
        self._method = f"{method}\n"
        self._canonical = f"\n{'&'.join(sorted(pairs))}\n{signed}\n{names}\nUNSIGNED-PAYLOAD"
        self._to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n"
        # HMAC (RFC 2104) with the key's two halves hashed once: half the cost of hmac.digest for each URL.
        block = _day_key(keys.secret_key, moment[:8], region).ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def url(self, key: str) -> str:
        path = self._root + (key if _PLAIN(key) else quote(key, safe="/~"))
        digest = hashlib.sha256(f"{self._method}{path}{self._canonical}".encode()).hexdigest()
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update((self._to_sign + digest).encode())
        outer.update(inner.digest())
        return f"{self._origin}{path}{self._query}{outer.hexdigest()}"


def life_of(keys: Keys, *, at: float, wanted: int) -> int:
    """Seconds a URL signed at `at` may claim: never longer than its credentials live, in steps of five minutes.

    A presigned URL dies with the token that signed it; the steps keep the URL the same between two pages.
    """
    if keys.ends_at is None:
        return wanted
    left = int((keys.ends_at - _MARGIN_SECONDS - at) // _STEP_SECONDS) * _STEP_SECONDS
    if left <= 0:
        raise NoCredentials("the AWS credentials end within minutes and were not renewed")
    return min(wanted, left)


@functools.lru_cache(maxsize=1)
def _keys_at(_tick: int) -> Keys:
    """Whether the credentials were renewed is looked at every few seconds, not for each URL."""
    return _keys()


@functools.lru_cache(maxsize=2)
def _view_writer(keys: Keys, hour: int) -> Callable[[str], str]:
    """Writes this hour's URLs, and remembers those it wrote last."""
    pen = _pen(keys, hour * VIEW_WINDOW_SECONDS, VIEW_LIFE_SECONDS)
    return functools.lru_cache(maxsize=_KEPT_URLS)(pen.url)


def _pen(keys: Keys, at: int, life: int, query: Mapping[str, str] | None = None, **more: Any) -> Pen:
    place = Place.of(settings.BUCKET, settings.AWS_REGION, settings.S3_PUBLIC_URL)
    life = life_of(keys, at=at, wanted=life)
    return Pen(place, settings.AWS_REGION, keys, at=at, life=life, query=query, **more)


@functools.cache
def _session() -> Session:
    return Session()


def _keys() -> Keys:
    with _session_lock:
        credentials = _session().get_credentials()
    if credentials is None:
        raise NoCredentials("no AWS credentials were found")
    frozen = credentials.get_frozen_credentials()
    return Keys(frozen.access_key or "", frozen.secret_key or "", frozen.token, _ends_at(credentials))


def _ends_at(credentials: object) -> float | None:
    if not isinstance(credentials, RefreshableCredentials):
        return None
    expiry: datetime = vars(credentials)["_expiry_time"]  # botocore has no public name for it
    return expiry.astimezone(UTC).timestamp()


@functools.lru_cache(maxsize=64)
def _day_key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
