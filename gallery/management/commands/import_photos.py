"""Brings in what somebody has elsewhere: folders, zip files, Google Takeout. Run again, it goes on where it stopped."""

import contextlib
import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from tqdm import tqdm

from accounts import people
from accounts.models import User
from gallery import storage
from gallery.imports import folders, plan
from gallery.imports.importing import Outcome, State, Stopped, bring_in
from gallery.imports.plan import Plan
from gallery.imports.report import Report

_EVERY: Final = 100  # files between two lines where nobody watches a bar
_USAGE: Final = 2
_INTERRUPTED: Final = 130
_TOLD: Final[dict[State, str]] = {
    "stored": "new here",
    "here": "here already",
    "skipped": "left out on purpose",
    "refused": "refused",
}


class Command(BaseCommand):
    help = (
        "Imports photos from folders, zip files and Google Takeout, with dates, places, captions, favourites and "
        "albums of the latter. Nothing is imported twice: run it again after an interruption. "
        "Exits 0 if all is in, 1 if something was refused, 2 if it can't begin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="whose photos they become")
        parser.add_argument(
            "paths", metavar="PATH", nargs="+", type=Path, help="a folder, a zip file or a photo"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE.csv", help="write down what became of each file"
        )

    def handle(self, *args: Any, email: str, paths: list[Path], **options: Any) -> None:
        user = _user(email)
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"There is no {', '.join(missing)}.", returncode=_USAGE)
        if not storage.reachable():
            raise CommandError("The photo store does not answer. Does the site run?", returncode=_USAGE)
        with contextlib.ExitStack() as held, _written(options["report"]) as write:
            planned = plan.made(folders.found(paths, held))
            self.stdout.write(f"{len(planned.items):,} files that may be photos, {_size(planned.size)}")
            report = Report()
            for one in planned.left_out:
                left = Outcome(one.place, "refused" if one.refused else "skipped", one.reason)
                report.add(left)
                write(left)
            stopped = self._bring_in(user, planned, report, write)
        self._tell(report)
        if stopped:
            self.stderr.write(stopped)
        if stopped or report.counts["refused"]:
            raise SystemExit(1)

    def _bring_in(self, user: User, planned: Plan, report: Report, write: Any) -> str:
        """Why it stopped before the end, or ""."""
        shown = sys.stderr.isatty()
        rest = planned.size
        with tqdm(total=planned.size, unit="B", unit_scale=True, disable=not shown, file=sys.stderr) as bar:
            for number, item in enumerate(planned.items, 1):
                try:
                    outcome = bring_in(user, item)
                except Stopped as stopped:
                    left = len(planned.items) - number + 1
                    return f"Stopped with {left:,} files ({_size(rest)}) to go. {stopped.reason}"
                except KeyboardInterrupt:
                    self._tell(report)
                    self.stderr.write("Interrupted. Run the same command again to go on.")
                    raise SystemExit(_INTERRUPTED) from None
                report.add(outcome)
                write(outcome)
                rest -= item.entry.size
                bar.update(item.entry.size)
                if not shown and number % _EVERY == 0:
                    self.stdout.write(f"{number:,} of {len(planned.items):,} files: {_counted(report)}")
        return ""

    def _tell(self, report: Report) -> None:
        self.stdout.write(_counted(report))
        for (state, sentence), reason in sorted(report.reasons.items(), key=lambda one: one[0]):
            if state == "here":
                continue
            self.stdout.write(f"\n{_TOLD[state]}: {reason.count:,} × {sentence}")
            for place in reason.places:
                self.stdout.write(f"  {_printable(place)}")
            if more := reason.count - len(reason.places):
                self.stdout.write(f"  and {more:,} more")


def _user(email: str) -> User:
    user: User | None = User.objects.filter(email__iexact=people.normal(email), is_active=True).first()
    if user is None:
        raise CommandError(
            f"Nobody active signs in as {people.normal(email)}. Check the address, or add them: "
            f"manage.py add_user {people.normal(email)}",
            returncode=_USAGE,
        )
    return user


@contextlib.contextmanager
def _written(path: Path | None) -> Iterator[Any]:
    """Takes what became of each file, line by line, so that a report is whole up to where an import died."""
    if path is None:
        yield lambda outcome: None
        return
    try:
        file = path.open("w", newline="", encoding="utf-8", buffering=1)
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}.", returncode=_USAGE) from error
    with file:
        rows = csv.writer(file)
        rows.writerow(["file", "outcome", "reason", "photo"])
        yield lambda outcome: rows.writerow(
            [_printable(outcome.place), _TOLD[outcome.state], outcome.reason, outcome.photo or ""]
        )


def _counted(report: Report) -> str:
    return ", ".join(f"{report.counts[state]:,} {words}" for state, words in _TOLD.items())


def _size(count: int) -> str:
    return filesizeformat(count).replace("\xa0", " ")


def _printable(place: str) -> str:
    """File names may hold what would move a terminal's cursor, or bytes that are no text."""
    clean = place.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in clean)
