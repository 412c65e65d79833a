"""Signature Version 4 in the Authorization header, verified against one local pair of keys.

Follows "Create a signed AWS API request" of the AWS General Reference. The error codes and the five minutes
of clock skew are those that AWS's JSON services answer with; the body is always hashed, never taken on
trust.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, quote

from photosite.localaws.refusals import Refusal

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "rekognition"
SKEW: Final = timedelta(minutes=5)
TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"
_SPACES: Final = re.compile(r" +")


@dataclass(frozen=True)
class Keys:
    """The only identity that may call: its key pair and the region its signatures must name."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str


@dataclass(frozen=True)
class Signed:
    """What a signature covers. Header names are in lower case, `path` and `query` are as they came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Authorization:
    """The parts of an Authorization header."""

    access_key: str
    scope: tuple[str, str, str, str]
    signed_headers: tuple[str, ...]
    signature: str


def verify(request: Signed, keys: Keys, now: datetime) -> None:
    """Returns if the request was signed with our keys within five minutes of `now` (aware).

    Raises a Refusal: MissingAuthenticationTokenException, IncompleteSignatureException,
    UnrecognizedClientException or InvalidSignatureException.
    """
    claim = parse_authorization(request.headers.get("authorization", ""))
    # Our keys are long-lived: a session token can only belong to somebody else's credentials.
    if claim.access_key != keys.access_key or "x-amz-security-token" in request.headers:
        raise Refusal("UnrecognizedClientException", "The security token included in the request is invalid.")
    stamp = request.headers.get("x-amz-date", "")
    _check_scope(claim, stamp, keys.region)
    _check_clock(stamp, now)
    _check_signed_headers(claim, request.headers)
    if not hmac.compare_digest(signature(request, claim, stamp, keys.secret_key), claim.signature):
        raise _invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details."
        )


def parse_authorization(header: str) -> Authorization:
    """The parts of the header; a Refusal where one is missing."""
    if not header:
        raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
    algorithm, _, rest = header.partition(" ")
    if algorithm != ALGORITHM:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{algorithm[:40]}'.")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    missing = [name for name in ("Credential", "Signature", "SignedHeaders") if not parts.get(name)]
    if missing:
        raise _incomplete(" ".join(f"Authorization header requires '{name}' parameter." for name in missing))
    return _authorization(parts)


def _authorization(parts: Mapping[str, str]) -> Authorization:
    access_key, *scope = parts["Credential"].rsplit("/", 4)
    if len(scope) != 4:
        raise _incomplete("Credential must have exactly 5 slash-delimited elements.")
    day, region, service, end = scope
    headers = tuple(parts["SignedHeaders"].split(";"))
    return Authorization(access_key, (day, region, service, end), headers, parts["Signature"])


def _check_scope(claim: Authorization, stamp: str, region: str) -> None:
    day, named_region, service, end = claim.scope
    if named_region != region:
        raise _invalid(f"Credential should be scoped to a valid region, not '{named_region[:40]}'.")
    if service != SERVICE:
        raise _invalid(f"Credential should be scoped to correct service: '{SERVICE}'.")
    if end != "aws4_request":
        raise _invalid("Credential should be scoped with a valid terminator: 'aws4_request'.")
    if not stamp.startswith(day) or len(day) != 8:
        raise _invalid(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."
        )


def _check_clock(stamp: str, now: datetime) -> None:
    try:
        signed_at = datetime.strptime(stamp, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise _incomplete("Date must be in ISO-8601 'basic format'.") from error
    now_stamp = now.strftime(TIME_FORMAT)
    if signed_at < now - SKEW:
        raise _invalid(f"Signature expired: {stamp} is now earlier than the limit ({now_stamp} - 5 min.)")
    if signed_at > now + SKEW:
        raise _invalid(
            f"Signature not yet current: {stamp} is still later than the limit ({now_stamp} + 5 min.)"
        )


def _check_signed_headers(claim: Authorization, headers: Mapping[str, str]) -> None:
    """Host and every x-amz- header must be covered, or whoever sits between could change the operation."""
    needed = {"host"} | {name for name in headers if name.startswith("x-amz-")}
    for name in sorted(needed - set(claim.signed_headers)):
        raise _invalid(f"'{name}' must be a 'SignedHeader' in the AWS Authorization header.")


def signature(request: Signed, claim: Authorization, stamp: str, secret_key: str) -> str:
    """The signature, in hexadecimal, that the holder of the secret key would give this request."""
    canonical = hashlib.sha256(canonical_request(request, claim.signed_headers).encode()).hexdigest()
    to_sign = "\n".join([ALGORITHM, stamp, "/".join(claim.scope), canonical])
    key = f"AWS4{secret_key}".encode()
    for part in claim.scope:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


def canonical_request(request: Signed, signed_headers: tuple[str, ...]) -> str:
    """The canonical request of the specification."""
    lines = [f"{name}:{_SPACES.sub(' ', request.headers.get(name, '').strip())}" for name in signed_headers]
    return "\n".join(
        [
            request.method,
            quote(request.path, safe="/-_.~"),
            _canonical_query(request.query),
            *lines,
            "",
            ";".join(signed_headers),
            hashlib.sha256(request.body).hexdigest(),
        ]
    )


def _canonical_query(query: str) -> str:
    pairs = [(quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(query, True)]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidSignatureException", message)


def _incomplete(message: str) -> Refusal:
    return Refusal("IncompleteSignatureException", message)
