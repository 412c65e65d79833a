"""Writes down what is needed to have the site again, while it runs."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from tqdm import tqdm

from gallery import storage
from gallery.backups import folder, originals, rows

_MOST_NAMED: Final = 20


class Command(BaseCommand):
    help = (
        "Writes all rows of one moment into a new folder, and the list of originals that they name; the site runs on. "
        "Photos' bytes stay in the bucket unless --photos. Exits 1 if the bucket lacks any, 2 if it can't begin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="that is not there yet")
        parser.add_argument(
            "--photos",
            metavar="FOLDER",
            type=Path,
            help="copy the originals, too, into this folder; what is there already is not copied again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        into, photos = options["folder"], options["photos"]
        if MigrationExecutor(connection).migration_plan(
            MigrationExecutor(connection).loader.graph.leaf_nodes()
        ):
            raise CommandError(
                "The database is older than this version. Run manage.py migrate first.", returncode=2
            )
        try:
            into.mkdir(mode=0o700, parents=True)
            if photos:
                photos.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"{into} can't be made: {error.strerror}. Name a new folder.", returncode=2
            ) from error
        about = self._write(into)
        try:
            lacking = self._look(into)
            if photos:
                self._copy(into, photos, lacking, about.bytes)
        except (storage.StorageAway, storage.ObjectMissing, storage.ObjectDamaged) as error:
            raise CommandError(f"The rows are safe in {into}. The bucket: {error}", returncode=1) from error
        self.stdout.write(f"{into}: {sum(about.rows.values()):,} rows, {about.originals:,} originals named")
        if lacking:
            raise SystemExit(1)

    def _write(self, into: Path) -> folder.About:
        with rows.one_moment():
            made_at = timezone.now().isoformat()
            with folder.written(into / folder.ROWS) as lines, self._bar("rows") as bar:
                counts = rows.write(lines, bar.update)
            with folder.written(into / folder.ORIGINALS) as lines:
                count, size = originals.write(lines)
            about = folder.About(made_at, rows.migrations(), counts, count, size)
        folder.close(into, about)
        return about

    def _look(self, into: Path) -> set[str]:
        """The keys of originals that the bucket has not got, although their photos are there."""
        with folder.read(into / folder.ORIGINALS) as lines:
            lacking = [
                one.key
                for one in originals.missing(originals.read(lines))
                if not originals.deleted_since(one)
            ]
        for key in lacking[:_MOST_NAMED]:
            self.stderr.write(f"The bucket lacks originals/{key}.")
        if lacking:
            self.stderr.write(f"{len(lacking):,} originals are lost already: manage.py verify tells more.")
        return set(lacking)

    def _copy(self, into: Path, photos: Path, lacking: set[str], size: int) -> None:
        with folder.read(into / folder.ORIGINALS) as lines, self._bar("B", size) as bar:
            wanted = (one for one in originals.read(lines) if one.key not in lacking)
            originals.copy_out(
                (one for one in wanted if not originals.deleted_since(one)), photos, bar.update
            )
        self.stdout.write(f"{photos}: {filesizeformat(size)} of originals")

    def _bar(self, unit: str, total: int | None = None) -> Any:
        scale = unit == "B"
        return tqdm(
            total=total, unit=unit, unit_scale=scale, disable=not sys.stderr.isatty(), file=sys.stderr
        )
