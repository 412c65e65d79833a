"""Checks database against bucket and every invariant."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from gallery.pipeline import reconcile
from gallery.storage import StorageAway


class Command(BaseCommand):
    help = "Checks that nothing is lost or miscounted. Exits 0 if clean, 1 if something is off, 2 if it can't look."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="mend what can be mended without a person")
        parser.add_argument(
            "--bytes", action="store_true", help="read every original and compare its SHA-256"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        left = 0
        try:
            for finding in reconcile.findings(read_bytes=options["bytes"]):
                mended = self._repair(finding) if options["repair"] else False
                left += not mended
                self.stdout.write(f"{finding.invariant} {finding.sentence}{' - repaired' if mended else ''}")
        except (StorageAway, DatabaseError) as error:
            self.stderr.write(f"Could not look: {error}. Are the database and the bucket up?")
            raise SystemExit(2) from error
        if left:
            self.stdout.write(f"{left} off")
            raise SystemExit(1)
        self.stdout.write("clean")

    def _repair(self, finding: reconcile.Finding) -> bool:
        if finding.repair is None:
            return False
        finding.repair()
        return True
