"""Each role may do all of its part and nothing more, and needs every permission it has. Judged by moto."""

from typing import Final

import pytest
from botocore.exceptions import ClientError

from gallery.labelling.errors import Misconfigured
from gallery.storage import StorageDenied
from tests.iam.conftest import Taking
from tests.iam.operations import RUN, World
from tests.iam.policies import ROLES, UNJUDGED_ACTIONS, judged, whole, without

pytestmark = pytest.mark.pure

# What fails when one action is dropped from one statement: role, Sid, action, operation.
NEEDED: Final = (
    ("web", "StoreNewOriginals", "s3:PutObject", "store an original"),
    ("web", "SignDownloadsAndCompareOriginals", "s3:GetObject", "send the same original again"),
    ("web", "ResumeOrAbandonUploadsInParts", "s3:ListMultipartUploadParts", "list an original's parts"),
    ("web", "ResumeOrAbandonUploadsInParts", "s3:AbortMultipartUpload", "abandon an original's upload"),
    ("web", "SignViewsOfRenditionsAndExports", "s3:GetObject", "read a rendition"),
    ("worker", "ReadOriginals", "s3:GetObject", "read an original"),
    ("worker", "StoreWhatIsImported", "s3:PutObject", "store an original"),
    ("worker", "MakeReadAndReplaceRenditionsAndExports", "s3:PutObject", "store a rendition"),
    ("worker", "MakeReadAndReplaceRenditionsAndExports", "s3:GetObject", "read a rendition"),
    ("worker", "MakeReadAndReplaceRenditionsAndExports", "s3:DeleteObject", "mark a rendition deleted"),
    (
        "worker",
        "MakeReadAndReplaceRenditionsAndExports",
        "s3:AbortMultipartUpload",
        "abandon an export's upload",
    ),
    ("worker", "ListRenditionsAndExports", "s3:ListBucket", "list renditions"),
    ("worker", "FindUnfinishedUploadsInParts", "s3:ListBucketMultipartUploads", "find unfinished uploads"),
    ("worker", "EndUploadsInParts", "s3:AbortMultipartUpload", "abandon an original's upload"),
    ("worker", "LabelPhotos", "rekognition:DetectLabels", "label a photo"),
    ("worker-options", "FindFaces", "rekognition:DetectFaces", "find faces"),
    ("worker-options", "RecognizeCelebrities", "rekognition:RecognizeCelebrities", "recognise celebrities"),
    ("worker-options", "WarnOfContent", "rekognition:DetectModerationLabels", "warn of content"),
    ("worker-options", "ReadText", "rekognition:DetectText", "read text"),
    ("purger", "DeleteForGood", "s3:DeleteObject", "mark an original deleted"),
    ("purger", "DeleteForGood", "s3:DeleteObjectVersion", "delete an original for good"),
    ("purger", "FindEveryVersion", "s3:ListBucketVersions", "delete an original for good"),
    ("auditor", "ListWhatIsThere", "s3:ListBucket", "list originals"),
    ("auditor", "FindUnfinishedUploadsInParts", "s3:ListBucketMultipartUploads", "find unfinished uploads"),
    ("auditor", "ReadAndCompareObjects", "s3:GetObject", "read an original"),
    ("auditor", "ReadTheBucketsSettings", "s3:GetBucketLocation", "look where the bucket is"),
    ("auditor", "ReadTheBucketsSettings", "s3:GetBucketVersioning", "look at versioning"),
    ("auditor", "ReadTheBucketsSettings", "s3:GetBucketCORS", "look at CORS"),
    ("auditor", "ReadTheBucketsSettings", "s3:GetBucketPolicy", "look at the bucket policy"),
    ("auditor", "ReadTheBucketsSettings", "s3:GetLifecycleConfiguration", "look at the lifecycle"),
    ("bootstrap", "MakeTheBucketAndSetItUp", "s3:CreateBucket", "make the bucket"),
    ("bootstrap", "MakeTheBucketAndSetItUp", "s3:ListBucket", "look whether the bucket is there"),
    ("bootstrap", "MakeTheBucketAndSetItUp", "s3:PutBucketVersioning", "switch versioning on"),
    ("bootstrap", "MakeTheBucketAndSetItUp", "s3:PutLifecycleConfiguration", "set the lifecycle"),
    ("bootstrap", "MakeTheBucketAndSetItUp", "s3:PutBucketCORS", "set CORS"),
    ("bootstrap", "MakeTheBucketAndSetItUp", "s3:PutBucketPolicy", "set the bucket policy"),
)
# What fails when one resource is dropped from a statement that has several: role, Sid, prefix, operation.
REACHED: Final = (
    ("web", "SignViewsOfRenditionsAndExports", "renditions", "read a rendition"),
    ("web", "SignViewsOfRenditionsAndExports", "exports", "read an export"),
    ("worker", "MakeReadAndReplaceRenditionsAndExports", "renditions", "store a rendition"),
    ("worker", "MakeReadAndReplaceRenditionsAndExports", "exports", "store an export"),
    ("purger", "DeleteForGood", "originals", "delete an original for good"),
    ("purger", "DeleteForGood", "renditions", "delete a rendition for good"),
    ("purger", "DeleteForGood", "exports", "delete an export for good"),
    ("auditor", "ReadAndCompareObjects", "originals", "read an original"),
    ("auditor", "ReadAndCompareObjects", "renditions", "read a rendition"),
    ("auditor", "ReadAndCompareObjects", "exports", "read an export"),
)
# What else a role may do with the same permissions.
_ALSO: Final = {
    "web": {"read an original"},
    "worker": {
        "send the same original again",
        "read an export",
        "mark an export deleted",
        "abandon a rendition's upload",
    },
    "worker-options": set[str](),
    "purger": {"mark a rendition deleted", "mark an export deleted"},
    "auditor": {"list renditions", "look whether the bucket is there"},
    "bootstrap": set[str](),
}
# With its condition stripped, a list is a list of everything: moto can't tell these from what is allowed.
_CONDITIONAL: Final = {
    "worker": {"list originals", "look whether the bucket is there"},
    "bootstrap": {"list originals", "list renditions"},
}


def may(role: str) -> set[str]:
    rows = (*NEEDED, *REACHED)
    return {operation for name, _, _, operation in rows if name == role} | _ALSO[role]


def is_denied(world: World, operation: str) -> bool:
    try:
        RUN[operation](world)
    except (StorageDenied, Misconfigured):
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            return True
        raise
    return False


@pytest.mark.parametrize(
    ("role", "operation"), [(role, name) for role in ROLES for name in sorted(may(role))]
)
def test_a_role_may_do_its_part(take_role: Taking, role: str, operation: str) -> None:
    assert not is_denied(take_role(whole(role)), operation)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_denied_everybody_elses_part(take_role: Taking, role: str) -> None:
    world = take_role(whole(role))
    foreign = set(RUN) - may(role) - _CONDITIONAL.get(role, set())

    assert {name for name in foreign if not is_denied(world, name)} == set()


@pytest.mark.parametrize(
    ("role", "sid", "action", "operation"), NEEDED, ids=[f"{row[0]}-{row[1]}-{row[2]}" for row in NEEDED]
)
def test_without_an_action_its_operation_is_denied(
    take_role: Taking, role: str, sid: str, action: str, operation: str
) -> None:
    assert is_denied(take_role(without(role, sid, "Action", action)), operation)


@pytest.mark.parametrize(
    ("role", "sid", "prefix", "operation"), REACHED, ids=[f"{row[0]}-{row[1]}-{row[2]}" for row in REACHED]
)
def test_without_a_resource_its_operation_is_denied(
    take_role: Taking, role: str, sid: str, prefix: str, operation: str
) -> None:
    resource = f"arn:aws:s3:::photosite/{prefix}/*"

    assert is_denied(take_role(without(role, sid, "Resource", resource)), operation)


@pytest.mark.parametrize("role", ROLES)
def test_every_permission_is_judged_or_listed_as_not_judged(role: str) -> None:
    granted = {(s["Sid"], action) for s in judged(role) for action in s["Action"]}
    shown = {(sid, action) for name, sid, action, _ in NEEDED if name == role}

    assert {pair for pair in granted - shown if pair[1] not in UNJUDGED_ACTIONS} == set()
    assert shown - granted == set()
    assert not {action for _, action in shown} & UNJUDGED_ACTIONS


@pytest.mark.parametrize("role", ROLES)
def test_every_resource_of_several_is_judged(role: str) -> None:
    several = {
        (s["Sid"], resource) for s in judged(role) if len(s["Resource"]) > 1 for resource in s["Resource"]
    }
    shown = {(sid, f"arn:aws:s3:::photosite/{prefix}/*") for name, sid, prefix, _ in REACHED if name == role}

    assert several == shown
