"""`manage.py make_bucket`: the bucket, made and set up as deploy/iam says."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gallery import bucket


class Command(BaseCommand):
    """Can be run again at any time."""

    help = (
        "Makes the bucket unless it is there and sets it up as deploy/iam says. On AWS this is for a person "
        "with the bootstrap permissions, and it replaces the bucket's settings; `make run` does it by itself."
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        try:
            bucket.make_bucket()
        except bucket.BucketTrouble as trouble:
            raise CommandError(f"{trouble.problem.what} {trouble.problem.cure}") from trouble
        self.stdout.write(f"The bucket {settings.BUCKET} is there and set up.")
