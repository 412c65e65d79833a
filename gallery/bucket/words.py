"""What AWS and its SDK answer, in words for the operator. No message holds a key, a token or a signature."""

import contextlib
import dataclasses
from collections.abc import Iterator
from typing import Final

from botocore import exceptions as sdk
from django.conf import settings

DENIED: Final = {"AccessDenied", "403"}
_SIGN_IN: Final = (
    "A person signs in again (`aws sso login`); on a machine or in a task look at the role it has: "
    "a role's credentials renew themselves."
)
_ANSWERS: Final = {
    "NoSuchBucket": (
        "There is no bucket named {bucket}.",
        "Make it with `manage.py make_bucket`, or correct AWS_STORAGE_BUCKET_NAME.",
    ),
    "BucketAlreadyExists": (
        "The bucket name {bucket} belongs to somebody else: names are shared by all of AWS.",
        "Choose another one in AWS_STORAGE_BUCKET_NAME.",
    ),
    "InvalidBucketName": ("{bucket} can't be the name of a bucket.", "Correct AWS_STORAGE_BUCKET_NAME."),
    "ExpiredToken": ("The AWS credentials have expired.", _SIGN_IN),
    "TokenRefreshRequired": ("The AWS credentials have expired.", _SIGN_IN),
    "InvalidToken": ("AWS refuses the session token of the credentials.", _SIGN_IN),
    "InvalidAccessKeyId": (
        "AWS does not know the access key.",
        "See where the credentials come from (`aws configure list`): a stale variable or profile hides a role.",
    ),
    "SignatureDoesNotMatch": (
        "AWS refuses the signature: the secret key does not belong to the access key.",
        "See where the credentials come from (`aws configure list`).",
    ),
    "RequestTimeTooSkewed": (
        "This machine's clock is more than 15 minutes off, so AWS refuses every signature.",
        "Set the clock, and let it be kept (`timedatectl set-ntp true`).",
    ),
    "AllAccessDisabled": (
        "The bucket {bucket} was disabled by AWS.",
        "Ask AWS Support; the account's health page says more.",
    ),
}
_NETWORK: Final = "Look at the network from here to {place}: route, firewall, proxy settings, VPC endpoint."
_SDK: Final[tuple[tuple[tuple[type[Exception], ...], str, str], ...]] = (
    (
        (sdk.NoCredentialsError,),
        "The SDK finds no AWS credentials.",
        "Give the machine or task a role, or, as a person, sign in (`aws sso login`) and set AWS_PROFILE.",
    ),
    (
        (sdk.PartialCredentialsError,),
        "The AWS credentials are incomplete.",
        "Unset half-set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a role or a profile needs neither.",
    ),
    (
        (sdk.ProfileNotFound,),
        "AWS_PROFILE names a profile that is not in the configuration file.",
        "Correct AWS_PROFILE, or make the profile (`aws configure sso`).",
    ),
    (
        (sdk.SSOError, sdk.TokenRetrievalError, sdk.CredentialRetrievalError, sdk.MetadataRetrievalError),
        "The AWS credentials can't be fetched or have expired.",
        _SIGN_IN,
    ),
    (
        (sdk.ParamValidationError,),
        "{bucket} can't be the name of a bucket.",
        "Correct AWS_STORAGE_BUCKET_NAME.",
    ),
    (
        (sdk.InvalidRegionError, sdk.NoRegionError),
        "{region} is no region of AWS.",
        "Correct AWS_REGION; us-west-2 is the default.",
    ),
    ((sdk.SSLError,), "No trusted encrypted connection to {place} can be made.", _NETWORK),
    ((sdk.ReadTimeoutError,), "{place} takes the connection but does not answer.", _NETWORK),
    ((sdk.HTTPClientError, sdk.ConnectionError), "{place} can't be reached.", _NETWORK),
)


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what mends it; both are sentences for the operator."""

    what: str
    cure: str


class BucketTrouble(Exception):
    """Nothing further can be found out or done; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


@contextlib.contextmanager
def reached() -> Iterator[None]:
    """Turns failures to reach AWS at all into BucketTrouble. AWS's own answers (ClientError) pass."""
    try:
        yield
    except sdk.BotoCoreError as error:
        raise BucketTrouble(of_sdk(error)) from error


@contextlib.contextmanager
def allowed(permission: str, arn: str) -> Iterator[None]:
    """Turns every failure into BucketTrouble; a denial names the permission."""
    try:
        with reached():
            yield
    except sdk.ClientError as error:
        problem = missing(permission, arn) if code(error) in DENIED else of_answer(error)
        raise BucketTrouble(problem) from error


def code(error: sdk.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def message(error: sdk.ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", ""))


def missing(permission: str, arn: str, role: str = "") -> Problem:
    """That a permission was not given."""
    where = f"deploy/iam/{role}.json has it" if role else "deploy/iam says which role has it"
    return Problem(
        f"The permission {permission} on {arn} is missing.",
        f"Allow it for the role that runs this ({where}), and look for a rule that denies it.",
    )


def of_answer(error: sdk.ClientError) -> Problem:
    """What an error that AWS answered means."""
    name = code(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if name in _ANSWERS:
        return _filled(*_ANSWERS[name])
    if status >= 500 or name in ("SlowDown", "ServiceUnavailable"):
        return _filled("{place} has a fault of its own (" + name + ").", "Try again in a minute.")
    return _filled(
        "{place} answers " + (name or str(status)) + ".", "Look the code up in AWS's S3 reference."
    )


def of_sdk(error: sdk.BotoCoreError) -> Problem:
    """What it means that the SDK did not get an answer."""
    if _is_name_failure(error):
        return _filled(
            "The name of {place} is not found.", "Correct AWS_REGION, or look at the name servers."
        )
    for kinds, what, cure in _SDK:
        if isinstance(error, kinds):
            return _filled(what, cure)
    return _filled(f"The AWS SDK gives up ({type(error).__name__}).", "Look at the AWS_* variables.")


def _is_name_failure(error: sdk.BotoCoreError) -> bool:
    cause = str(error.kwargs.get("error", ""))
    return any(sign in cause for sign in ("NameResolutionError", "getaddrinfo", "Name or service not known"))


def _filled(what: str, cure: str) -> Problem:
    place = settings.S3_ENDPOINT or f"S3 in {settings.AWS_REGION}"
    values = {"bucket": settings.BUCKET, "region": settings.AWS_REGION, "place": place}
    return Problem(what.format(**values), cure.format(**values))
