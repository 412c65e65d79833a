"""`check_aws` and `make_bucket`: sentences on the terminal and an honest exit status."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from gallery import bucket
from gallery.labelling import errors, rekognition

pytestmark = pytest.mark.pure


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(operation: str, jpeg: bytes, **members: Any) -> None:
        raise errors.Rejected("no picture", "InvalidImageFormatException")

    monkeypatch.setattr(bucket, "check_bucket", lambda role: [])
    monkeypatch.setattr(rekognition, "ask", refuse)


def test_a_picture_that_is_none_is_refused_only_to_those_who_may_ask() -> None:
    assert "Nothing is missing" in run("check_aws")


def test_the_check_says_that_it_looks_at_the_embedded_servers(settings: Settings) -> None:
    settings.AWS = False

    assert "embedded servers (PHOTOSITE_AWS is not set)" in run("check_aws")


def test_the_check_says_that_it_looks_at_aws(settings: Settings) -> None:
    settings.AWS, settings.AWS_REGION = True, "us-west-2"

    assert "on AWS in us-west-2 as auditor" in run("check_aws", "--role", "auditor")


def test_what_is_missing_ends_with_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = bucket.Problem("The permission s3:PutObject is missing.", "Allow it.")
    monkeypatch.setattr(bucket, "check_bucket", lambda role: [problem])
    out = StringIO()

    with pytest.raises(CommandError, match="1 thing is missing") as failure:
        call_command("check_aws", stdout=out)

    assert failure.value.returncode == 1
    assert "- The permission s3:PutObject is missing.\n  Allow it." in out.getvalue()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.Misconfigured("", "AccessDeniedException"), "rekognition:DetectLabels"),
        (errors.Unreachable("", "EndpointConnectionError"), "EndpointConnectionError"),
        (errors.Unusable("", "InternalServerError"), "InternalServerError"),
    ],
)
def test_what_is_wrong_with_rekognition_is_said(
    monkeypatch: pytest.MonkeyPatch, error: errors.LabellingError, words: str
) -> None:
    def fail(operation: str, jpeg: bytes, **members: Any) -> None:
        raise error

    monkeypatch.setattr(rekognition, "ask", fail)
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("check_aws", stdout=out)

    assert words in out.getvalue()


def test_on_aws_every_option_that_is_offered_is_tried(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AWS, settings.RECOGNITION_OPTIONS = True, ("properties", "faces")

    def refuse(operation: str, jpeg: bytes, **members: Any) -> None:
        if operation == "DetectFaces":
            raise errors.Denied("", "AccessDeniedException")
        raise errors.Rejected("no picture", "InvalidImageFormatException")

    monkeypatch.setattr(rekognition, "ask", refuse)
    out = StringIO()

    with pytest.raises(CommandError, match="1 thing is missing"):
        call_command("check_aws", stdout=out)

    assert "Allow rekognition:DetectFaces on * (deploy/iam/worker-options.json has it)." in out.getvalue()


def test_the_web_role_is_not_asked_about_rekognition(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(operation: str, jpeg: bytes, **members: Any) -> None:
        pytest.fail("asked")

    monkeypatch.setattr(rekognition, "ask", fail)

    assert "Nothing is missing" in run("check_aws", "--role", "web")


def test_a_bucket_that_can_not_be_made_is_one_sentence_and_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise bucket.BucketTrouble(bucket.Problem("The name is taken.", "Choose another."))

    monkeypatch.setattr(bucket, "make_bucket", fail)

    with pytest.raises(CommandError, match=r"The name is taken\. Choose another\."):
        run("make_bucket")
