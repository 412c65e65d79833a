"""Pictures fetched from the S3 server on this machine, for requests that name an S3Object."""

from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from photosite.localaws.botomodel import sealed_session
from photosite.localaws.detect import S3Place
from photosite.localaws.refusals import Refusal, internal_error, invalid_object, too_large
from photosite.localaws.sigv4 import Keys

MOST_BYTES: Final = 15 * 1024 * 1024
"""15 MB for a picture in S3, by the quotas of the developer guide."""


class Objects:
    """Reads from one S3 endpoint with the local keys, and from nothing else.

    Without an endpoint every object is out of reach: the real S3 must never be asked from here.
    """

    def __init__(self, endpoint: str | None, keys: Keys) -> None:
        self._client = _client(endpoint, keys) if endpoint else None

    def read(self, place: S3Place) -> bytes:
        """The object's bytes.

        Raises InvalidS3ObjectException if S3 refuses, ImageTooLargeException over 15 MB, InternalServerError
        if S3 does not answer.
        """
        if self._client is None:
            raise invalid_object()
        version = {"VersionId": place.version} if place.version else {}
        try:
            answer = self._client.get_object(Bucket=place.bucket, Key=place.key, **version)
            return _limited(answer)
        except ClientError as error:
            raise _refused(error) from error
        except BotoCoreError as error:
            raise internal_error() from error


def _limited(answer: dict[str, Any]) -> bytes:
    with answer["Body"] as body:
        if answer["ContentLength"] > MOST_BYTES:
            raise too_large()
        data: bytes = body.read()
    return data


def _refused(error: ClientError) -> Refusal:
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    return internal_error() if status >= 500 else invalid_object()


def _client(endpoint: str, keys: Keys) -> Any:
    return sealed_session().create_client(
        "s3",
        region_name=keys.region,
        endpoint_url=endpoint,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=2,
            read_timeout=10,
            retries={"total_max_attempts": 2, "mode": "standard"},
            # Two networks run at a time, but slow fetches may pile up in front of them.
            max_pool_connections=20,
            proxies={},
        ),
    )
