"""Makes the site of a backup's moment again, in a database that has nobody yet."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from gallery import storage
from gallery.backups import folder, originals, rows


class Command(BaseCommand):
    help = (
        "Loads the rows of a backup into an empty database, of whichever kind, after `migrate`; the site stands still. "
        "Exits 1 if the bucket then lacks originals, 2 if it can't begin, and then nothing has changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="that `backup` made")
        parser.add_argument(
            "--photos",
            metavar="FOLDER",
            type=Path,
            help="copies of originals, for those that the bucket lacks",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        made: Path = options["folder"]
        about = self._about(made)
        total = sum(about.rows.values())
        shown = sys.stderr.isatty()
        try:
            with (
                folder.read(made / folder.ROWS) as lines,
                tqdm(total=total, unit="rows", disable=not shown) as bar,
            ):
                rows.load(lines, bar.update)
        except rows.OtherTables as error:
            raise CommandError(
                f"{error} Nothing was changed: restore it with the version that made it.", returncode=2
            ) from error
        self.stdout.write(f"{total:,} rows of {about.made_at} are here again.")
        try:
            lost = self._photos(made, options["photos"], about.bytes)
        except storage.StorageAway as error:
            raise CommandError(
                f"The rows are here. The bucket: {error}. Start it, then run manage.py verify.", returncode=1
            ) from error
        if lost:
            raise CommandError(
                f"The bucket lacks {len(lost):,} of {about.originals:,} originals, first originals/{lost[0].key}. Copy "
                "them back (docs/operations.md, Restore), then run manage.py verify.",
                returncode=1,
            )
        self.stdout.write("Every original is in the bucket. Start the site, then run manage.py verify.")

    def _about(self, made: Path) -> folder.About:
        try:
            about = folder.opened(made)
        except folder.NoBackup as error:
            raise CommandError(str(error), returncode=2) from error
        if User.objects.exists():
            raise CommandError(
                "There are users in this database, whose rows would be lost. Restore into an empty one: name it in "
                "DATABASE_URL, run manage.py migrate, and come back.",
                returncode=2,
            )
        if about.migrations != rows.migrations():
            raise CommandError(
                "The backup is of another version of the site. Restore it with that version (the newest migrations "
                f"are {', '.join(sorted(about.migrations.values()))}), then update.",
                returncode=2,
            )
        return about

    def _photos(self, made: Path, photos: Path | None, size: int) -> list[originals.Original]:
        """Those that are lost."""
        with folder.read(made / folder.ORIGINALS) as lines:
            lacking = list(originals.missing(originals.read(lines)))
        if photos is None or not lacking:
            return lacking
        with tqdm(total=size, unit="B", unit_scale=True, disable=not sys.stderr.isatty()) as bar:
            return originals.put_back(lacking, photos, bar.update)
