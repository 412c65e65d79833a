"""The policies of deploy/iam as moto can judge them, and the list of what it can't."""

from typing import Any, Final

from deploy.iam import render
from tests.iam.operations import PLACE

ROLES: Final = ("web", "worker", "worker-options", "purger", "auditor", "bootstrap")

# What nothing on this machine judges: only its text is tested. docs/operations.md has the same list.
NOT_JUDGED: Final[dict[str, tuple[str, ...]]] = {
    "Conditions: that worker and purger list only under their prefixes, that bootstrap attaches only "
    "AmazonSSMManagedInstanceCore and passes roles only to EC2 and ECS.": (
        "iam:AttachRolePolicy",
        "iam:PassRole",
    ),
    "Every rule of the bucket policy: encryption on the way, the age of signatures, no replacing of originals.": (),
    "Permissions behind presigned URLs: the same actions are tried with signed headers instead.": (),
    "s3:GetEncryptionConfiguration, s3:GetBucketPublicAccessBlock and s3:GetBucketOwnershipControls of the auditor.": (
        "s3:GetEncryptionConfiguration",
        "s3:GetBucketPublicAccessBlock",
        "s3:GetBucketOwnershipControls",
    ),
    "s3:PutEncryptionConfiguration, s3:PutBucketPublicAccessBlock and s3:PutBucketOwnershipControls of bootstrap.": (
        "s3:PutEncryptionConfiguration",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketOwnershipControls",
    ),
    "That HeadBucket needs s3:ListBucket.": (),
    "Every iam: permission of bootstrap.": (
        "iam:CreateRole",
        "iam:GetRole",
        "iam:PutRolePolicy",
        "iam:GetRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:CreateInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:AddRoleToInstanceProfile",
    ),
    "The trust policies: who may take which role, with MFA or from which account and region.": (),
    "CORS, lifecycle, versioning, encryption, ownership and the block on public access as AWS applies them.": (),
    "The AI services opt-out policy.": (),
}
UNJUDGED_ACTIONS: Final = frozenset(action for actions in NOT_JUDGED.values() for action in actions)


def listed(value: Any) -> list[str]:
    """Action and Resource may be one string or a list of them."""
    return [value] if isinstance(value, str) else list(value)


def statements(name: str) -> list[dict[str, Any]]:
    """A rendered file's statements, with lists everywhere and nothing left out."""
    return [
        {**statement, **{key: listed(statement[key]) for key in ("Action", "Resource") if key in statement}}
        for statement in render.document(name, PLACE)["Statement"]
    ]


def judged(role: str) -> list[dict[str, Any]]:
    """A role's statements without their conditions, which moto takes for denials: the one place that strips them."""
    return [{key: value for key, value in s.items() if key != "Condition"} for s in statements(role)]


def without(role: str, sid: str, field: str, value: str) -> dict[str, Any]:
    """The role's policy with one action or resource taken out of one statement."""
    kept = []
    for statement in judged(role):
        if statement["Sid"] == sid:
            assert value in statement[field]
            statement = {**statement, field: [item for item in statement[field] if item != value]}
        if statement[field]:
            kept.append(statement)
    return {"Version": "2012-10-17", "Statement": kept}


def whole(role: str) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": judged(role)}
