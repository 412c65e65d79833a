"""An AWS account in moto, sealed off from the settings' own servers, and roles taken in it."""

import base64
import functools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from django.core.files.storage import storages
from moto import mock_aws
from moto.core.authorization import enable_iam_authentication

from deploy.iam import render
from gallery import storage
from gallery.labelling import rekognition
from tests.iam.operations import ACCOUNT, BUCKET, DIGEST, PICTURE, PLACE, PREFIXES, THERE, World

CONFIG = Config(
    s3={"addressing_style": "path"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    retries={"total_max_attempts": 1},
)


@functools.cache
def _session() -> Any:
    """One for all tests: a session reads what it knows of each service from files, once."""
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")


def client(service: str, region: str = PLACE.region, **keys: str) -> Any:
    return _session().client(service, region_name=region, config=CONFIG, **keys)


@pytest.fixture
def no_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the settings' sealed environment, nor of the person's own: no endpoint, no keys, no files."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "BOTO_"))]:
        monkeypatch.delenv(name)
    # Both remember the credentials of who used them first.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(storages, "_storages", {})
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))


@pytest.fixture
def account(no_aws: None) -> Iterator[None]:
    """An account of its own for each test. moto brings keys that may do everything, until roles are enforced."""
    with mock_aws():
        yield


@pytest.fixture
def uploads(account: None) -> dict[str, str]:
    """The bucket as bootstrap leaves it, an object under every prefix, an unfinished upload beside each."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": PLACE.region})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=render.document("versioning", PLACE))
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration=render.document("cors", PLACE))
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
    s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration=render.document("lifecycle", PLACE)
    )
    checksum = base64.b64encode(bytes.fromhex(DIGEST)).decode()
    for prefix in PREFIXES:
        key = f"{prefix}/{THERE}"
        s3.put_object(
            Bucket=BUCKET, Key=key, Body=PICTURE, ChecksumAlgorithm="SHA256", ChecksumSHA256=checksum
        )
    return {p: s3.create_multipart_upload(Bucket=BUCKET, Key=f"{p}/upload")["UploadId"] for p in PREFIXES}


Taking = Callable[[dict[str, Any]], World]


@pytest.fixture
def take_role(uploads: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Taking]:
    """Gives the site's own functions the temporary credentials of a role with this policy, and enforces it."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}

    def take(policy: dict[str, Any]) -> World:
        iam = client("iam")
        iam.create_role(RoleName="photosite-role", AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName="photosite-role", PolicyName="policy", PolicyDocument=json.dumps(policy))
        arn = f"arn:aws:iam::{ACCOUNT}:role/photosite-role"
        given = client("sts").assume_role(RoleArn=arn, RoleSessionName="site")["Credentials"]
        keys = {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }
        s3, labels = client("s3", **keys), client("rekognition", **keys)
        monkeypatch.setattr(storage, "_client", lambda: s3)
        monkeypatch.setattr(rekognition, "_client", lambda: labels)
        enforcing.__enter__()
        return World(s3, uploads, tmp_path)

    enforcing = enable_iam_authentication()
    try:
        yield take
    finally:
        enforcing.__exit__(None, None, None)
