"""A bucket that is not as it must be is said in words: what is wrong and what mends it, and never a traceback."""

import socket
import threading
from collections.abc import Callable
from typing import Any, Final

import pytest
from botocore.stub import Stubber
from pytest_django.fixtures import Settings

from gallery import bucket
from gallery.bucket import access, check, setup
from tests.iam.conftest import CONFIG, Taking, client
from tests.iam.operations import BUCKET
from tests.iam.policies import whole, without

pytestmark = pytest.mark.pure

Answering = Callable[..., None]
DENIED: Final = (
    "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: {} on resource: x"
)
KEYS: Final = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}


@pytest.fixture
def on_aws(no_aws: None, settings: Settings) -> Settings:
    settings.AWS, settings.S3_ENDPOINT, settings.BUCKET = True, "", BUCKET
    settings.AWS_REGION, settings.S3_CONFIG = "us-west-2", CONFIG
    settings.PUBLIC_URL = "https://photos.example.org"
    return settings


@pytest.fixture
def answering(on_aws: Settings, monkeypatch: pytest.MonkeyPatch) -> Answering:
    """S3 as it answers HeadBucket well and the calls after it with these errors: (operation, code, message)."""

    def answer(*errors: tuple[str, str, str], status: int = 403) -> None:
        s3 = client("s3", **KEYS)
        stub = Stubber(s3)
        stub.add_response("head_bucket", {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}}})
        for operation, code, message in errors:
            stub.add_client_error(operation, code, message, status)
        stub.activate()
        monkeypatch.setattr(access, "client", lambda patience=None: s3)

    return answer


def only(problems: list[bucket.Problem]) -> str:
    (problem,) = problems
    return f"{problem.what} {problem.cure}"


def test_a_missing_permission_is_named(answering: Answering) -> None:
    answering(
        ("list_objects_v2", "AccessDenied", DENIED.format("s3:ListBucket")),
        ("get_object", "AccessDenied", DENIED.format("s3:GetObject")),
    )

    first, second = bucket.start_problems("auditor")

    assert first.what == "The permission s3:ListBucket on arn:aws:s3:::photosite is missing."
    assert second.what == "The permission s3:GetObject on arn:aws:s3:::photosite/originals/* is missing."
    assert "deploy/iam/auditor.json" in first.cure


def test_a_key_hidden_from_those_who_may_not_list_is_no_missing_permission(answering: Answering) -> None:
    hidden = DENIED.format("s3:ListBucket")
    answering(
        ("get_object", "AccessDenied", hidden),
        ("put_object", "BadDigest", "The SHA256 you specified did not match"),
        ("get_object", "AccessDenied", hidden),
    )

    assert bucket.start_problems("web") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredToken", "have expired"),
        ("InvalidAccessKeyId", "does not know the access key"),
        ("SignatureDoesNotMatch", "secret key does not belong"),
        ("RequestTimeTooSkewed", "clock is more than 15 minutes off"),
        ("NoSuchBucket", "no bucket named photosite"),
        ("InvalidToken", "session token"),
        ("SomethingNew", "answers SomethingNew"),
    ],
)
def test_an_answer_that_ends_the_check_is_said_once(answering: Answering, code: str, words: str) -> None:
    answering(("get_object", code, "no words of ours"))

    assert words in only(bucket.start_problems("web"))


def test_a_fault_of_s3_is_not_taken_for_a_missing_permission(answering: Answering) -> None:
    answering(("get_object", "InternalError", "We encountered an internal error."), status=500)

    assert "has a fault of its own (InternalError)" in only(bucket.start_problems("web"))


def test_a_bucket_that_is_not_there(on_aws: Settings, account: None) -> None:
    assert "no bucket named photosite" in only(bucket.start_problems())


def test_a_bucket_in_another_region_names_the_region(on_aws: Settings, account: None) -> None:
    place = {"LocationConstraint": "eu-west-1"}
    client("s3", "eu-west-1").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)

    assert "Set AWS_REGION=eu-west-1" in only(bucket.start_problems())


def test_no_credentials(on_aws: Settings) -> None:
    assert "finds no AWS credentials" in only(bucket.start_problems())


def test_half_the_credentials(on_aws: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")

    assert "credentials are incomplete" in only(bucket.start_problems())


def test_a_profile_that_is_not_there(on_aws: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    assert "AWS_PROFILE names a profile" in only(bucket.start_problems())


@pytest.fixture
def with_keys(on_aws: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return on_aws


def test_a_name_that_can_not_be_a_buckets(with_keys: Settings) -> None:
    with_keys.BUCKET = "no/bucket"

    assert "no/bucket can't be the name of a bucket" in only(bucket.start_problems())


def test_a_region_that_is_none(with_keys: Settings) -> None:
    with_keys.AWS_REGION = "us west"

    assert "us west is no region of AWS" in only(bucket.start_problems())


def test_a_name_server_that_does_not_know_s3(with_keys: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert "The name of S3 in us-west-2 is not found" in only(bucket.start_problems())


def test_a_server_that_is_not_there(with_keys: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, and nobody listens
        with_keys.S3_ENDPOINT = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", with_keys.S3_ENDPOINT)

        assert f"{with_keys.S3_ENDPOINT} can't be reached" in only(bucket.start_problems())


def test_a_start_is_never_held_up(on_aws: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(role: str) -> list[bucket.Problem]:
        released.wait()
        return []

    monkeypatch.setattr(access, "access_problems", hang)
    try:
        assert "did not answer within 0.05 seconds" in only(bucket.start_problems(seconds=0.05))
    finally:
        released.set()


def test_the_embedded_site_asks_nothing_at_its_start(on_aws: Settings) -> None:
    on_aws.AWS = False

    assert bucket.start_problems() == []


@pytest.mark.parametrize("role", ["worker", "purger", "auditor"])
def test_the_policy_of_a_role_is_enough_for_its_start(
    on_aws: Settings, take_role: Taking, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    s3 = take_role(whole(role)).s3
    monkeypatch.setattr(access, "client", lambda patience=None: s3)

    assert bucket.start_problems(role) == []


@pytest.mark.parametrize(
    ("role", "sid", "action"),
    [
        ("web", "StoreNewOriginals", "s3:PutObject"),
        ("worker", "MakeReadAndReplaceRenditionsAndExports", "s3:PutObject"),
        ("worker", "ListRenditionsAndExports", "s3:ListBucket"),
        ("purger", "FindEveryVersion", "s3:ListBucketVersions"),
        ("purger", "DeleteForGood", "s3:DeleteObjectVersion"),
        ("auditor", "ListWhatIsThere", "s3:ListBucket"),
    ],
)
def test_a_policy_that_lacks_a_permission_is_found_at_the_start(
    on_aws: Settings,
    take_role: Taking,
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    sid: str,
    action: str,
) -> None:
    s3 = take_role(without(role, sid, "Action", action)).s3
    monkeypatch.setattr(access, "client", lambda patience=None: s3)

    assert f"The permission {action} on" in only(bucket.start_problems(role))


def test_a_bucket_that_was_made_has_nothing_to_mend(on_aws: Settings, account: None) -> None:
    bucket.make_bucket()
    bucket.make_bucket()

    assert bucket.settings_problems() == []


@pytest.mark.parametrize("setting", setup.ON_AWS, ids=lambda setting: setting.document)
def test_each_setting_that_is_gone_is_named(
    on_aws: Settings, account: None, monkeypatch: pytest.MonkeyPatch, setting: setup.Setting
) -> None:
    others = tuple(other for other in setup.ON_AWS if other != setting)
    with monkeypatch.context() as patch:
        patch.setattr(setup, "ON_AWS", others)
        bucket.make_bucket()

    assert f"deploy/iam/{setting.document}.json" in only(bucket.settings_problems())


def test_a_setting_that_may_not_be_read_names_the_permission(answering: Answering) -> None:
    s3 = client("s3", **KEYS)
    stub = Stubber(s3)
    stub.add_client_error("get_bucket_cors", "AccessDenied", "Access Denied", 403)
    stub.activate()

    problem = setup._difference(s3, next(s for s in setup.ON_AWS if s.document == "cors"))

    assert problem is not None
    assert "s3:GetBucketCORS" in problem.what


def test_a_bucket_name_of_somebody_else(on_aws: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = client("s3", **KEYS)
    stub = Stubber(s3)
    stub.add_client_error("create_bucket", "BucketAlreadyExists", "", 409)
    stub.activate()
    monkeypatch.setattr(access, "client", lambda patience=None: s3)

    with pytest.raises(bucket.BucketTrouble, match="belongs to somebody else"):
        bucket.make_bucket()


@pytest.mark.parametrize(
    ("actual", "wanted", "is_covered"),
    [
        ({"Action": "s3:*", "More": 1}, {"Action": ["s3:*"]}, True),
        ({"Principal": {"AWS": "*"}}, {"Principal": "*"}, True),
        ({"Age": 7200000}, {"Age": "7200000"}, True),
        ({"On": True}, {"On": "true"}, True),
        ({"Rules": [{"ID": "a"}, {"ID": "b", "Days": 2}]}, {"Rules": [{"ID": "b"}]}, True),
        ({"Rules": [{"ID": "a"}]}, {"Rules": [{"ID": "b"}]}, False),
        ({}, {"Status": "Enabled"}, False),
        ({"Effect": ["Allow", "Deny"]}, {"Effect": "Deny"}, False),
    ],
)
def test_what_aws_writes_otherwise_is_still_the_same(actual: Any, wanted: Any, is_covered: bool) -> None:
    assert setup.covers(actual, wanted) is is_covered


def rules(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, code: str, fetched: tuple[int, str]
) -> list[str]:
    s3 = client("s3", **KEYS)
    stub = Stubber(s3)
    stub.add_client_error("put_object", code, "", 403)
    stub.activate()
    monkeypatch.setattr(access, "client", lambda patience=None: s3)
    monkeypatch.setattr(check, "_fetch", lambda url: fetched)
    return [problem.what for problem in check.rule_problems()]


def test_rules_in_force_are_no_problem(
    with_keys: Settings, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = (403, "... s3:GetObject ... with an explicit deny in a resource-based policy")

    assert rules(answering, monkeypatch, "AccessDenied", refused) == []


def test_rules_that_are_missing_are_named(
    with_keys: Settings, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = (403, DENIED.format("s3:ListBucket"))

    replacing, signatures = rules(answering, monkeypatch, "BadDigest", taken)

    assert "Originals can be replaced" in replacing
    assert "takes signatures that are older" in signatures


def test_the_old_signature_is_valid_but_for_the_rule(with_keys: Settings) -> None:
    url = check._old_url()

    assert url.startswith("https://photosite.s3.us-west-2.amazonaws.com/originals/.ready?")
    assert "X-Amz-Expires=7920" in url
