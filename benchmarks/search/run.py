"""Searches on 1,000,000 photos with some 10,000,000 labels, of 100 owners, one of whom has 400,000 of them.

The site's own code on its real schema, on SQLite and on PostgreSQL, each ratio beside its peer in the same run and
its goal. To fill and to ask takes a quarter of an hour for each database on two busy cores, and 10 GB of disk.
`python -m benchmarks.search [--photos N] [--made-up N] [--postgresql | --sqlite] [--keep DIR] [--server ADDRESS]
[--pages-only]`
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests import postgres

ENGINES: Final = ("postgresql", "sqlite")


def main() -> None:
    """A table for each kind of database. Ends the process with status 1 if a goal was not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1_000_000)
    parser.add_argument("--made-up", type=int, default=10_000, help="searches that nobody would type")
    parser.add_argument("--keep", type=Path, help="where SQLite's files stay, to be used again")
    parser.add_argument(
        "--server", help="address of an empty PostgreSQL database, which is filled and stays so"
    )
    parser.add_argument("--pages-only", action="store_true", help="whole pages, and no searches")
    one = parser.add_mutually_exclusive_group()
    for engine in ENGINES:
        one.add_argument(f"--{engine}", dest="engine", action="store_const", const=engine)
    wanted, _ = parser.parse_known_args()
    statuses = [measured(engine, wanted) for engine in ([wanted.engine] if wanted.engine else ENGINES)]
    if any(statuses):
        sys.exit(1)


def measured(engine: str, wanted: argparse.Namespace) -> int:
    """Status of a process of its own, since Django knows one kind of database at a time."""
    with _folder(wanted.keep and wanted.keep / engine) as folder:
        environment = {
            **os.environ, "PHOTOSITE_DATA_DIR": str(folder), "SECRET_KEY": "only for this measurement",
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)  # it may be somebody's site
        if engine == "postgresql":
            environment["DATABASE_URL"] = wanted.server or postgres.start()
        sizes = [f"--photos={wanted.photos}", f"--made-up={wanted.made_up}"]
        if wanted.pages_only:
            sizes.append("--pages-only")
        command = [sys.executable, "-m", "benchmarks.search.engine", *sizes]
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="photosite-search-") as folder:
        yield Path(folder)
