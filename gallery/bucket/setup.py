"""Making the bucket, and comparing its settings with the files of deploy/iam."""

import dataclasses
import json
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import ClientError
from django.conf import settings

from deploy.iam import render
from gallery.bucket import access, words
from gallery.bucket.words import BucketTrouble, Problem


@dataclasses.dataclass(frozen=True)
class Setting:
    """One setting: in words, the permission to read it, the API's names, and the file that says what it must be.

    `api`: what follows get_ and put_ in the SDK. `member`: the argument that holds the value.
    `wrapped`: whether the answer holds it under that name too, or is the value itself.
    """

    words: str
    permission: str
    api: str
    member: str
    document: str
    wrapped: bool = True


_CORS: Final = Setting(
    "CORS for the site's address", "s3:GetBucketCORS", "bucket_cors", "CORSConfiguration", "cors", False
)
_LIFECYCLE: Final = Setting(
    "the end of abandoned uploads and old versions",
    "s3:GetLifecycleConfiguration",
    "bucket_lifecycle_configuration",
    "LifecycleConfiguration",
    "lifecycle",
    False,
)
_ANY_SERVER: Final = (_CORS, _LIFECYCLE)
ON_AWS: Final = (
    Setting(
        "the block on public access",
        "s3:GetBucketPublicAccessBlock",
        "public_access_block",
        "PublicAccessBlockConfiguration",
        "public-access-block",
    ),
    Setting(
        "ownership of every object by the bucket's account",
        "s3:GetBucketOwnershipControls",
        "bucket_ownership_controls",
        "OwnershipControls",
        "ownership",
    ),
    Setting(
        "encryption",
        "s3:GetEncryptionConfiguration",
        "bucket_encryption",
        "ServerSideEncryptionConfiguration",
        "encryption",
    ),
    Setting(
        "versioning",
        "s3:GetBucketVersioning",
        "bucket_versioning",
        "VersioningConfiguration",
        "versioning",
        False,
    ),
    *_ANY_SERVER,
    Setting(
        "the rules of the bucket policy", "s3:GetBucketPolicy", "bucket_policy", "Policy", "bucket-policy"
    ),
)


def make_bucket() -> None:
    """Makes the bucket unless it is there, and sets it up as deploy/iam says; a second time changes nothing.

    On AWS every setting of deploy/iam is written over what was set; the embedded server knows CORS and
    lifecycle. Raises BucketTrouble.
    """
    s3 = access.client()
    arn = f"arn:aws:s3:::{settings.BUCKET}"
    with words.allowed("s3:CreateBucket", arn):
        _create(s3)
    access.must_be_in_place(s3)
    for setting in _settings():
        wanted = _wanted(setting)
        value = json.dumps(wanted) if setting.member == "Policy" else wanted
        with words.allowed(setting.permission.replace(":Get", ":Put"), arn):
            getattr(s3, f"put_{setting.api}")(Bucket=settings.BUCKET, **{setting.member: value})


def settings_problems() -> list[Problem]:
    """Where the bucket differs from deploy/iam. Raises BucketTrouble when it can't be reached."""
    s3 = access.client(access.PATIENCE)
    found = [_difference(s3, setting) for setting in _settings()]
    return [problem for problem in found if problem]


def covers(actual: Any, wanted: Any) -> bool:
    """Whether a JSON value of AWS has all that is wanted; more is no fault, and one value is a list of one."""
    if isinstance(wanted, dict):
        return isinstance(actual, dict) and all(
            covers(actual.get(name), value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        items = actual if isinstance(actual, list) else [actual]
        return all(any(covers(item, value) for item in items) for value in wanted)
    if isinstance(actual, dict):  # a policy's "*" comes back as {"AWS": "*"}
        return covers(actual.get("AWS"), wanted)
    if isinstance(actual, list):
        return len(actual) == 1 and covers(actual[0], wanted)
    return actual is not None and str(actual).lower() == str(wanted).lower()


def _settings() -> tuple[Setting, ...]:
    return _ANY_SERVER if settings.S3_ENDPOINT else ON_AWS


def _create(s3: Any) -> None:
    place = {"LocationConstraint": settings.AWS_REGION}
    # us-east-1 is the one region that must not be named:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    options = {} if settings.AWS_REGION == "us-east-1" else {"CreateBucketConfiguration": place}
    try:
        s3.create_bucket(Bucket=settings.BUCKET, **options)
    except ClientError as error:
        if words.code(error) != "BucketAlreadyOwnedByYou":
            raise


def _difference(s3: Any, setting: Setting) -> Problem | None:
    try:
        with words.reached():
            answer = getattr(s3, f"get_{setting.api}")(Bucket=settings.BUCKET)
    except ClientError as error:
        if words.code(error) in words.DENIED:
            return words.missing(setting.permission, f"arn:aws:s3:::{settings.BUCKET}", "auditor")
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise BucketTrouble(words.of_answer(error)) from error
        answer = {}  # 404 is how S3 says "not set"
    if covers(_value(answer, setting), _wanted(setting)):
        return None
    return Problem(
        f"{setting.words[0].upper()}{setting.words[1:]} is not set as it must be.",
        f"`manage.py make_bucket` sets it, as deploy/iam/{setting.document}.json says.",
    )


def _value(answer: dict[str, Any], setting: Setting) -> Any:
    value = answer.get(setting.member) if setting.wrapped else answer
    return json.loads(value) if isinstance(value, str) else value


def _wanted(setting: Setting) -> Any:
    try:
        return render.document(setting.document, render.Place(settings.BUCKET, origins=_origins()))
    except ValueError as error:
        cure = "Correct AWS_STORAGE_BUCKET_NAME or PHOTOSITE_PUBLIC_URL."
        raise BucketTrouble(Problem(f"{error}.", cure)) from error


def _origins() -> tuple[str, ...]:
    """The site's address; on this machine also under its other name."""
    parts = urlsplit(settings.PUBLIC_URL)
    twin = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}.get(parts.hostname or "")
    origin = f"{parts.scheme}://{parts.netloc}"
    return (origin, origin.replace(parts.hostname or "", twin)) if twin else (origin,)
