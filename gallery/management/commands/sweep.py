"""Looks once for work that nobody was told about. The scheduler does it every 30 seconds."""

from typing import Any

from django.core.management.base import BaseCommand

from gallery.pipeline.sweep import sweep


class Command(BaseCommand):
    help = "Finds due jobs, abandoned uploads and objects to delete, and tells the workers. Harmless at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        done = sweep()
        self.stdout.write(
            f"{done.announced} jobs announced, {done.uploads} uploads ended, {done.purges} objects to delete"
        )
