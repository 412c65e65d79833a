"""The only room that calls Amazon Rekognition. Retries are the Job's: the SDK's own would hide throttles."""

import contextlib
import functools
import threading
from collections.abc import Iterator
from typing import Any, Final

import boto3
from botocore import UNSIGNED, xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
from django.conf import settings

from gallery.labelling.errors import Denied, Misconfigured, Rejected, Throttled, Unreachable, Unusable

_THROTTLE: Final = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "LimitExceededException",
}
_DENIED: Final = {
    "AccessDeniedException",
    "AccessDenied",
    "OptInRequired",
    "SubscriptionRequiredException",
    "UnknownOperationException",
}
_CONFIGURATION: Final = {
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "ExpiredTokenException",
    "ExpiredToken",
    "MissingAuthenticationTokenException",
    "MissingAuthenticationToken",
}
_PICTURE: Final = {
    "InvalidImageFormatException",
    "ImageTooLargeException",
    "InvalidParameterException",
    "ValidationException",  # more bytes than Image.Bytes may have
}
NO_CREDENTIALS: Final = "The site has no credentials for image recognition."
SILENT: Final = "The image recognition does not answer."
BUSY: Final = "The image recognition is busy; the photo is tried again."
FAULT: Final = "The image recognition had a fault; the photo is tried again."
REFUSED: Final = "The image recognition refuses the site's access. The operator has to mend it."
PICTURE: Final = "The image recognition could not read this picture."
PICTURE_WITH_CODE: Final = "The image recognition could not read this picture. (%(code)s)"
_lock: Final = threading.Lock()


def ask(operation: str, jpeg: bytes, **members: Any) -> dict[str, Any]:
    """Asks one operation, such as "DetectLabels", of one JPEG: one paid call. Answers the members as they came.

    The JPEG has at most 5,242,880 bytes and 80 to 10,000 px a side; `members`: what else the operation takes.
    Raises Throttled, Unreachable, Unusable, Misconfigured, Denied or Rejected, which say what to do next.
    """
    with _sorted_errors():
        raw = getattr(_client(), xform_name(operation))(Image={"Bytes": jpeg}, **members)
    return {name: value for name, value in raw.items() if name != "ResponseMetadata"}


def reachable() -> bool:
    """Whether Rekognition's endpoint answers at all. An unsigned request: refused, and never billed."""
    try:
        with _sorted_errors():
            _unsigned().list_collections(MaxResults=1)
    except (Unreachable, Unusable):
        return False
    except (Misconfigured, Rejected, Throttled):
        return True
    return True


@contextlib.contextmanager
def _sorted_errors() -> Iterator[None]:
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise Misconfigured(NO_CREDENTIALS, "NoCredentials") from error
    except BotoCoreError as error:
        raise Unreachable(SILENT, type(error).__name__) from error
    except ClientError as error:
        raise _meaning(error) from error


def _meaning(error: ClientError) -> Exception:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLE or status == 429:
        return Throttled(BUSY, code)
    if code in _DENIED:
        return Denied(REFUSED, code)
    if code in _CONFIGURATION or status in (401, 403):
        return Misconfigured(REFUSED, code)
    if code in _PICTURE:
        return Rejected(PICTURE, code)
    return Unusable(FAULT, code or str(status))


def _config(**more: Any) -> Config:
    return Config(
        connect_timeout=2,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=32,
        **more,
    )


@functools.cache
def _shared_client() -> Any:
    return boto3.client("rekognition", region_name=settings.AWS_REGION, config=_config())


def _client() -> Any:
    with _lock:
        return _shared_client()


@functools.cache
def _unsigned() -> Any:
    config = _config(signature_version=UNSIGNED)
    return boto3.client("rekognition", region_name=settings.AWS_REGION, config=config)
