"""Everything that can be found out about the bucket with the credentials of one role."""

import time
from typing import Final

import boto3
from botocore.awsrequest import AWSRequest
from botocore.exceptions import NoCredentialsError
from botocore.httpsession import URLLib3Session
from django.conf import settings

from gallery import signing
from gallery.bucket import access, words
from gallery.bucket.setup import settings_problems
from gallery.bucket.words import BucketTrouble, Problem

_STORES_ORIGINALS: Final = ("web", "host")
_EXPLICIT: Final = "explicit deny"


def check_bucket(role: str = "host") -> list[Problem]:
    """Access first; when that is in order, the settings (auditor, or the embedded server) or the rules in force.

    `role`: a key of ROLES. Never raises for what AWS answers or fails to answer.
    """
    found = access.access_problems(role)
    if found:
        return found
    try:
        if settings.S3_ENDPOINT or role == "auditor":
            return settings_problems()
        return rule_problems() if role in _STORES_ORIGINALS else []
    except BucketTrouble as trouble:
        return [trouble.problem]


def rule_problems() -> list[Problem]:
    """Rules of the bucket policy that are not in force, found by trying what they forbid.

    Raises BucketTrouble. Only AWS judges these conditions; needs a role that may store and read originals.
    """
    found = [_replacing_is_denied(), _old_signatures_are_denied()]
    return [problem for problem in found if problem]


def _replacing_is_denied() -> Problem | None:
    s3 = access.client(access.PATIENCE)
    if access.denial(s3, access.Probe("s3:PutObject", "originals", access.put)):
        return None
    return Problem(
        "Originals can be replaced: the bucket allows a put without If-None-Match.",
        "Set the bucket policy (deploy/iam/bucket-policy.json, rule DenyReplacingOriginals).",
    )


def _old_signatures_are_denied() -> Problem | None:
    status, text = _fetch(_old_url())
    if status == 403 and _EXPLICIT in text:
        return None
    if "s3:ListBucket" in text or "NoSuchKey" in text:
        return Problem(
            "The bucket takes signatures that are older than any the site makes.",
            "Set the bucket policy (deploy/iam/bucket-policy.json, rule DenyViewsWithOldSignatures).",
        )
    return Problem(
        f"Whether old signatures are refused can't be told from the answer ({status}).",
        "Compare the bucket policy as the auditor: `manage.py check_aws --role auditor`.",
    )


def _old_url() -> str:
    """A URL of the site's own signer, as if signed before the longest life it gives, and still valid by itself."""
    with words.reached():
        credentials = boto3.Session().get_credentials()
        if credentials is None:
            raise NoCredentialsError
        frozen = credentials.get_frozen_credentials()
    age = signing.VIEW_LIFE_SECONDS + 120
    pen = signing.Pen(
        signing.Place.of(settings.BUCKET, settings.AWS_REGION, settings.S3_ENDPOINT),
        settings.AWS_REGION,
        signing.Keys(frozen.access_key or "", frozen.secret_key or "", frozen.token),
        at=time.time() - age,
        life=age + 600,
    )
    return pen.url(f"originals/{access.NEVER_WRITTEN}")


def _fetch(url: str) -> tuple[int, str]:
    with words.reached():
        answer = URLLib3Session(timeout=3).send(AWSRequest("GET", url).prepare())
    return answer.status_code, answer.text
