"""`manage.py check_aws`: which permission or setting of the AWS account is missing, in words."""

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gallery import bucket
from gallery.bucket import Problem
from gallery.labelling import errors, rekognition
from gallery.pipeline import options
from gallery.pipeline.operation import Operation
from gallery.pipeline.steps import LABELS

_RECOGNISES: Final = ("host", "worker")
# No picture: Rekognition looks at the permission first, then refuses the byte, and bills nothing for that.
_NO_PICTURE: Final = b"\0"


class Command(BaseCommand):
    """Changes nothing and costs nothing. Exit status 1 when something is missing."""

    help = (
        "Says in words which permission or setting of the AWS account is missing. Run it with the credentials "
        "of the role that it is to check. Without PHOTOSITE_AWS=1 it checks the embedded servers."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--role",
            choices=tuple(bucket.ROLES),
            default="host",
            help="whose part is tried: host (the default) is web, worker and purger in one; "
            "auditor compares the bucket's settings with deploy/iam",
        )

    def handle(self, *, role: str, **options: Any) -> None:
        self.stdout.write(f"Checking {_where()} as {role}.")
        problems = bucket.check_bucket(role)
        if role in _RECOGNISES:
            problems += _recognition_problems()
        for problem in problems:
            self.stdout.write(f"- {problem.what}\n  {problem.cure}")
        if problems:
            raise CommandError(_count(len(problems)))
        self.stdout.write("Nothing is missing of what can be tried with these credentials.")


def _where() -> str:
    if settings.AWS:
        return f"bucket {settings.BUCKET} and Rekognition on AWS in {settings.AWS_REGION}"
    return (
        f"the embedded servers (PHOTOSITE_AWS is not set): bucket {settings.BUCKET} at {settings.S3_ENDPOINT}, "
        f"recogniser at {settings.REKOGNITION_ENDPOINT}"
    )


def _recognition_problems() -> list[Problem]:
    """Of labels and, on AWS, of each option that the site offers: the embedded recogniser refuses some to anybody."""
    offered = [option.step for option in options.offered() if settings.AWS and not option.feature]
    return [problem for step in (LABELS, *offered) if step.asks for problem in _operation_problems(step.asks)]


def _operation_problems(asks: Operation) -> list[Problem]:
    try:
        rekognition.ask(asks.name, _NO_PICTURE, **asks.request(()))
    except (errors.Rejected, errors.Throttled):
        return []  # both are said only to those who may ask
    except errors.Misconfigured as error:
        what = f"Rekognition refuses {asks.name} to these credentials ({error.code})."
        where = "worker.json" if asks is LABELS.asks else "worker-options.json"
        return [Problem(what, f"Allow rekognition:{asks.name} on * (deploy/iam/{where} has it).")]
    except errors.LabellingError as error:
        what = f"Rekognition in {settings.AWS_REGION} gives no answer that can be used ({error.code})."
        return [Problem(what, "Look at AWS_REGION (not every region has Rekognition) and at the network.")]
    return []


def _count(problems: int) -> str:
    return "1 thing is missing." if problems == 1 else f"{problems} things are missing."
