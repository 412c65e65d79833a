"""What only AWS can judge, held as text; and that docs/operations.md says what the files say."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.iam import render
from gallery import signing
from tests.iam.operations import PLACE
from tests.iam.policies import NOT_JUDGED, ROLES, statements

pytestmark = pytest.mark.pure

ROOT: Final = Path(__file__).resolve().parents[2]
GUIDE: Final = (ROOT / "docs" / "operations.md").read_text()
BUCKET_ARN: Final = "arn:aws:s3:::photosite"


def by_sid(name: str) -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in statements(name)}


@pytest.mark.parametrize("name", [*ROLES, "bucket-policy", "trust-ec2", "trust-ecs", "trust-person"])
def test_every_statement_says_what_it_is_for(name: str) -> None:
    sids = [statement["Sid"] for statement in statements(name)]

    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch(r"[A-Za-z0-9]{6,}", sid) for sid in sids)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_has_a_wildcard_where_aws_can_name_a_thing(role: str) -> None:
    for statement in statements(role):
        assert not any("*" in action for action in statement["Action"])
        if not all(
            action.startswith("rekognition:") for action in statement["Action"]
        ):  # it has no image to name
            assert "*" not in statement["Resource"]
            assert not any(resource.endswith("photosite/*") for resource in statement["Resource"])


@pytest.mark.parametrize(
    ("role", "sid", "condition"),
    [
        ("worker", "ListRenditionsAndExports", {"StringLike": {"s3:prefix": ["renditions/*", "exports/*"]}}),
        (
            "purger",
            "FindEveryVersion",
            {"StringLike": {"s3:prefix": ["originals/*", "renditions/*", "exports/*"]}},
        ),
        (
            "bootstrap",
            "ReachTheMachineWithoutSshKeys",
            {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}},
        ),
        (
            "bootstrap",
            "GiveTheRolesToMachinesAndTasksOnly",
            {"StringEquals": {"iam:PassedToService": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}},
        ),
    ],
)
def test_the_conditions_of_the_roles(role: str, sid: str, condition: dict[str, Any]) -> None:
    assert by_sid(role)[sid]["Condition"] == condition


def test_no_other_statement_of_a_role_has_a_condition() -> None:
    conditional = {(role, s["Sid"]) for role in ROLES for s in statements(role) if "Condition" in s}

    assert len(conditional) == 4


def test_only_the_purger_may_delete_originals() -> None:
    deleting = {
        role
        for role in ROLES
        for statement in statements(role)
        if any(action.startswith("s3:Delete") for action in statement["Action"])
        and f"{BUCKET_ARN}/originals/*" in statement["Resource"]
    }

    assert deleting == {"purger"}


def test_bootstrap_touches_only_what_is_named_after_the_site() -> None:
    allowed = (BUCKET_ARN, "arn:aws:iam::123456789012:role/photosite-*")
    profiles = "arn:aws:iam::123456789012:instance-profile/photosite-*"

    assert {r for s in statements("bootstrap") for r in s["Resource"]} == {*allowed, profiles}


def test_nothing_is_served_without_tls() -> None:
    rule = by_sid("bucket-policy")["DenyWhatIsNotEncryptedOnTheWay"]

    assert (rule["Effect"], rule["Principal"], rule["Action"]) == ("Deny", "*", ["s3:*"])
    assert rule["Resource"] == [BUCKET_ARN, f"{BUCKET_ARN}/*"]
    assert rule["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_view_outlives_no_url_of_the_signer_and_no_url_outlives_the_rule() -> None:
    rule = by_sid("bucket-policy")["DenyViewsWithOldSignatures"]
    longest = max(signing.VIEW_LIFE_SECONDS, signing.DOWNLOAD_LIFE_SECONDS)

    assert (rule["Effect"], rule["Principal"], rule["Action"]) == ("Deny", "*", ["s3:GetObject"])
    assert rule["Resource"] == [f"{BUCKET_ARN}/*"]
    assert rule["Condition"] == {"NumericGreaterThan": {"s3:signatureAge": str(longest * 1000)}}


def test_an_upload_is_signed_within_the_hour() -> None:
    rule = by_sid("bucket-policy")["DenyUploadsWithOldSignatures"]

    assert (rule["Effect"], rule["Principal"], rule["Action"]) == ("Deny", "*", ["s3:PutObject"])
    assert rule["Resource"] == [f"{BUCKET_ARN}/*"]
    assert rule["Condition"] == {"NumericGreaterThan": {"s3:signatureAge": "3600000"}}


def test_no_original_is_replaced() -> None:
    rule = by_sid("bucket-policy")["DenyReplacingOriginals"]

    assert (rule["Effect"], rule["Principal"], rule["Action"]) == ("Deny", "*", ["s3:PutObject"])
    assert rule["Resource"] == [f"{BUCKET_ARN}/originals/*"]
    assert rule["Condition"] == {
        "Null": {"s3:if-none-match": "true"},
        "Bool": {"s3:ObjectCreationOperation": "true"},
    }


def test_the_bucket_policy_has_no_other_rule() -> None:
    assert len(statements("bucket-policy")) == 4


def test_the_buckets_settings() -> None:
    assert set(render.document("public-access-block", PLACE).values()) == {True}
    assert render.document("ownership", PLACE) == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert render.document("versioning", PLACE) == {"Status": "Enabled"}
    aborts, versions = render.document("lifecycle", PLACE)["Rules"]
    assert aborts["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 2}
    assert versions["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_browsers_may_come_from_the_sites_own_address_only() -> None:
    (rule,) = render.document("cors", PLACE)["CORSRules"]

    assert rule["AllowedOrigins"] == ["https://photos.example.org"]
    assert rule["AllowedMethods"] == ["GET", "HEAD", "PUT"]
    assert rule["ExposeHeaders"] == ["ETag"]


def test_who_may_take_a_role() -> None:
    (machine,), (task,), (person,) = map(statements, ("trust-ec2", "trust-ecs", "trust-person"))

    assert machine["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert task["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert task["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-west-2:123456789012:*"},
    }
    assert person["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert person["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize("name", render.NAMES)
def test_a_filled_file_has_nothing_left_open(name: str) -> None:
    assert "${" not in json.dumps(render.document(name, PLACE))


@pytest.mark.parametrize(
    ("name", "place", "sentence"),
    [
        ("web", render.Place("Photo_Site"), "bucket must be 3 to 63"),
        ("bootstrap", render.Place("photosite"), "AccountId is needed"),
        ("bootstrap", render.Place("photosite", "12"), "12 digits"),
        ("trust-ecs", render.Place("photosite", "123456789012", "oregon"), "region such as"),
        ("cors", render.Place("photosite"), "at least one origin"),
        ("cors", render.Place("photosite", origins=("https://a.org/path",)), "without a path"),
    ],
)
def test_a_file_that_can_not_be_filled_is_refused_in_words(
    name: str, place: render.Place, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        render.document(name, place)


def test_the_renderer_prints_a_file_for_the_aws_cli(capsys: pytest.CaptureFixture[str]) -> None:
    render.main(["--bucket", "photosite", "web"])

    assert json.loads(capsys.readouterr().out) == render.document("web", PLACE)


def test_the_renderer_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        render.main(["--bucket", "photosite", "cors"])

    assert "at least one origin" in capsys.readouterr().err


def section(title: str) -> str:
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_guide_lists_what_is_not_proven() -> None:
    items = re.findall(r"^- (.*(?:\n  .*)*)", section("What is not proven here"), re.MULTILINE)
    written = [" ".join(item.replace("`", "").split()) for item in items]

    assert written == list(NOT_JUDGED)


def test_the_guide_names_every_variable_that_the_settings_read() -> None:
    source = (ROOT / "photosite" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z][A-Z0-9_]+)"', source))

    assert len(read) > 15
    assert {name for name in read if f"`{name}`" not in section("Every variable")} == set()


def test_the_guide_names_only_files_that_are_there() -> None:
    named = set(re.findall(r"deploy/iam/([a-z0-9-]+)\.json", GUIDE)) | set(
        re.findall(r"^ *render ([a-z0-9-]+)", GUIDE, re.MULTILINE)
    )

    assert {*ROLES, "bucket-policy", "trust-ec2", "trust-ecs", "ai-opt-out"} <= named
    assert named <= set(render.NAMES)
