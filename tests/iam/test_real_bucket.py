"""The bucket on the embedded S3 server, which judges signatures, checksums and CORS for real."""

import boto3
import pytest
from django.conf import settings

from gallery import bucket, storage
from gallery.bucket import access

pytestmark = [pytest.mark.pure, pytest.mark.usefixtures("s3")]


@pytest.mark.parametrize("role", bucket.ROLES)
def test_a_fresh_bucket_is_in_order_for_every_role(role: str) -> None:
    assert bucket.check_bucket(role) == []


def test_looking_leaves_nothing_behind() -> None:
    for role in bucket.ROLES:
        bucket.check_bucket(role)

    left = [stored.key for alias in ("originals", "renditions") for stored in storage.listed(alias)]
    assert access.NEVER_WRITTEN not in left


def test_making_it_again_keeps_what_is_in_it() -> None:
    s3 = access.client()
    s3.put_object(Bucket=settings.BUCKET, Key="exports/kept", Body=b"kept")
    try:
        bucket.make_bucket()

        assert s3.get_object(Bucket=settings.BUCKET, Key="exports/kept")["Body"].read() == b"kept"
    finally:
        s3.delete_object(Bucket=settings.BUCKET, Key="exports/kept")


def test_the_sites_own_origins_may_ask_and_no_other() -> None:
    (rule,) = access.client().get_bucket_cors(Bucket=settings.BUCKET)["CORSRules"]

    port = settings.PORT
    assert set(rule["AllowedOrigins"]) == {f"http://localhost:{port}", f"http://127.0.0.1:{port}"}


def test_a_wrong_secret_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")

    (problem,) = bucket.check_bucket("auditor")

    assert "secret key does not belong to the access key" in problem.what


def test_a_bucket_that_was_never_made_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BUCKET", "another")

    (problem,) = bucket.check_bucket()

    assert problem.what == "There is no bucket named another."
