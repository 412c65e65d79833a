"""Whether the bucket answers, is where the settings say, and lets each role do its part."""

import base64
import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings

from gallery.bucket import words
from gallery.bucket.words import BucketTrouble, Problem

NEVER_WRITTEN: Final = ".ready"
PATIENCE: Final = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
# What S3 answers a permitted call: the key is not there, or the bytes are not those the checksum promised.
_PERMITTED: Final = {"NoSuchKey", "404", "BadDigest", "PreconditionFailed"}
_WRONG_CHECKSUM: Final = base64.b64encode(bytes(32)).decode()


@dataclasses.dataclass(frozen=True)
class Probe:
    """A call that changes nothing and shows whether `action` is allowed under `prefix`."""

    action: str
    prefix: str
    call: Callable[[Any, str], object]

    @property
    def arn(self) -> str:
        path = "" if self.action.startswith("s3:List") else f"/{self.prefix}/*"
        return f"arn:aws:s3:::{settings.BUCKET}{path}"


def client(patience: Config | None = None) -> Any:
    """An S3 client; the SDK's own chain finds the credentials. Raises BucketTrouble."""
    config = settings.S3_CONFIG.merge(patience) if patience else settings.S3_CONFIG
    with words.reached():
        return boto3.client("s3", region_name=settings.AWS_REGION, config=config)


def must_be_in_place(s3: Any) -> None:
    """There is such a bucket, in the region of the settings. Raises BucketTrouble.

    S3 tells both even to those who may not list the bucket:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    """
    try:
        with words.reached():
            answer = s3.head_bucket(Bucket=settings.BUCKET)
    except ClientError as error:
        answer = error.response
    metadata = answer["ResponseMetadata"]
    region = metadata.get("HTTPHeaders", {}).get("x-amz-bucket-region", settings.AWS_REGION)
    if metadata["HTTPStatusCode"] == 404:
        raise BucketTrouble(words.of_answer(ClientError({"Error": {"Code": "NoSuchBucket"}}, "HeadBucket")))
    if region != settings.AWS_REGION and not settings.S3_ENDPOINT:
        what = f"The bucket {settings.BUCKET} is in {region}, and AWS_REGION says {settings.AWS_REGION}."
        raise BucketTrouble(Problem(what, f"Set AWS_REGION={region}, or use a bucket in the other region."))


def start_problems(role: str = "host", *, seconds: float = 9) -> list[Problem]:
    """What would keep the site from working with its bucket on AWS; empty when nothing does.

    Nothing is asked without PHOTOSITE_AWS=1. Whatever hangs (a name server, a proxy, the metadata service that
    is not there) is given up after `seconds`.
    """
    if not settings.AWS:
        return []
    late = Problem(
        f"AWS did not answer within {seconds:g} seconds.",
        "Look at the network and its name servers, at proxy settings, and at whether this machine has a role.",
    )
    return _within(seconds, lambda: access_problems(role), late)


def access_problems(role: str) -> list[Problem]:
    """What `role` may not do of what it has to, each by the permission's name. `role`: a key of ROLES."""
    try:
        s3 = client(PATIENCE)
        must_be_in_place(s3)
        found = [denial(s3, probe, role) for probe in ROLES[role]]
    except BucketTrouble as trouble:
        return [trouble.problem]
    return [problem for problem in found if problem]


def denial(s3: Any, probe: Probe, role: str = "") -> Problem | None:
    """The missing permission, or None. Raises BucketTrouble for everything that is not about permission."""
    try:
        with words.reached():
            probe.call(s3, probe.prefix)
    except ClientError as error:
        name = words.code(error)
        if name in _PERMITTED or (name in words.DENIED and _only_hides(probe, words.message(error))):
            return None
        if name not in words.DENIED:
            raise BucketTrouble(words.of_answer(error)) from error
        return words.missing(probe.action, probe.arn, "" if role == "host" else role)
    return None


def _only_hides(probe: Probe, message: str) -> bool:
    """Whether a denied read only means that the key is not there, which S3 hides from those who may not list.

    Then it names s3:ListBucket, which the site's roles lack on purpose; a bare "Access Denied" tells nothing.
    """
    return probe.action == "s3:GetObject" and ("s3:ListBucket" in message or "s3:GetObject" not in message)


def _within(seconds: float, ask: Callable[[], list[Problem]], late: Problem) -> list[Problem]:
    """A name server that is silent can't be interrupted: the thread that waits for it is left behind."""
    answer: Future[list[Problem]] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True, name="bucket-check").start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        return [late]


def _get(s3: Any, prefix: str) -> object:
    return s3.get_object(Bucket=settings.BUCKET, Key=f"{prefix}/{NEVER_WRITTEN}")


def put(s3: Any, prefix: str, **options: str) -> object:
    """A put that is never stored: S3 looks at the permission first and then refuses the bytes."""
    key = f"{prefix}/{NEVER_WRITTEN}"
    return s3.put_object(Bucket=settings.BUCKET, Key=key, Body=b"", ChecksumSHA256=_WRONG_CHECKSUM, **options)


def _put_once(s3: Any, prefix: str) -> object:
    return put(s3, prefix, IfNoneMatch="*")


def _list(s3: Any, prefix: str) -> object:
    return s3.list_objects_v2(Bucket=settings.BUCKET, Prefix=f"{prefix}/", MaxKeys=1)


def _versions(s3: Any, prefix: str) -> object:
    return s3.list_object_versions(Bucket=settings.BUCKET, Prefix=f"{prefix}/", MaxKeys=1)


def _delete_version(s3: Any, prefix: str) -> object:
    """Of an object that is not there; with a version named, S3 leaves no delete marker either."""
    key = f"{prefix}/{NEVER_WRITTEN}"
    return s3.delete_object(Bucket=settings.BUCKET, Key=key, VersionId="null")


_WEB: Final = (
    Probe("s3:GetObject", "originals", _get),
    Probe("s3:PutObject", "originals", _put_once),
    Probe("s3:GetObject", "renditions", _get),
)
_WORKER: Final = (
    Probe("s3:GetObject", "originals", _get),
    Probe("s3:GetObject", "renditions", _get),
    Probe("s3:PutObject", "renditions", put),
    Probe("s3:ListBucket", "renditions", _list),
)
_PURGER: Final = (
    Probe("s3:ListBucketVersions", "originals", _versions),
    Probe("s3:DeleteObjectVersion", "originals", _delete_version),
)
_AUDITOR: Final = (
    Probe("s3:ListBucket", "originals", _list),
    Probe("s3:GetObject", "originals", _get),
)
ROLES: Final[dict[str, tuple[Probe, ...]]] = {
    "host": tuple(dict.fromkeys((*_WEB, *_WORKER, *_PURGER))),  # one machine that runs every part
    "web": _WEB,
    "worker": _WORKER,
    "purger": _PURGER,
    "auditor": _AUDITOR,
}
