"""What `relabel` and `rerender` share: choosing photos, showing the price, asking, watching and steering a run."""

import dataclasses
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.labelling.prices import dollars, usd
from gallery.models import Photo, Run
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline import runs
from gallery.search import grammar
from gallery.search import photos as search
from gallery.search.tree import conjunction

_SHOWN: Final = 20
_LOOK_SECONDS: Final = 2
_STEERING: Final = {"pause": runs.pause, "resume": runs.resume, "stop": runs.stop}


@dataclasses.dataclass(frozen=True)
class Choice:
    """Photos that become one run: whose (None: several users'), which, and the choice in words."""

    owner: User | None
    photos: PhotoQuerySet
    words: str


class OrderCommand(BaseCommand):
    """A search is somebody's: with one, every owner's photos become a run of their own."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_argument_group("which photos (all that is given must be met)")
        which.add_argument("--owner", action="append", metavar="EMAIL", help="whose; may be repeated")
        which.add_argument("--query", default="", help="found by this search, such as 'dog taken:2024'")
        which.add_argument("--taken", default="", help="2024, 2024-06 or 2024-01..2024-06")
        parser.add_argument("--dry-run", action="store_true", help="say how many and what it costs, and end")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--follow", action="store_true", help="show the progress until it is finished")
        run = parser.add_mutually_exclusive_group()
        run.add_argument("--list", action="store_true", help="the latest bulk runs")
        run.add_argument("--pause", type=UUID, metavar="RUN", help="begin no further photo")
        run.add_argument("--resume", type=UUID, metavar="RUN", help="go on")
        run.add_argument(
            "--stop", type=UUID, metavar="RUN", help="end it; what was not begun stays as it was"
        )

    def order(self, step: str, options: dict[str, Any], choices: list[Choice], *, anew: bool = True) -> None:
        """Says what it costs, asks, orders."""
        wanted = [(choice, runs.estimate(choice.photos, step)) for choice in choices]
        wanted = [(choice, estimate) for choice, estimate in wanted if estimate.photos]
        if len(wanted) > 1:
            for choice, estimate in wanted:
                self.stdout.write(f"{choice.owner}: {_told(estimate.photos, estimate.cost_usd)}")
        photos = sum(estimate.photos for _, estimate in wanted)
        told = _told(photos, sum((estimate.cost_usd for _, estimate in wanted), Decimal(0)))
        self.stdout.write(told)
        if options["dry_run"] or not photos or not (options["yes"] or self._agreed()):
            return
        ordered = [
            runs.order(
                choice.photos,
                step,
                asked_for=choice.words,
                ordered_by=None,
                owner=choice.owner,
                anew=anew,
            )
            for choice, _ in wanted
        ]
        for run in ordered:
            self.stdout.write(f"run {run.pk}: {_told(run.photos, usd(run.micro_usd))}")
        for run in ordered if options["follow"] else ():
            self._follow(run)

    def _agreed(self) -> bool:
        try:
            return input("Go on? [y/N] ").strip().casefold() in ("y", "yes")
        except EOFError as error:
            raise CommandError("Nobody answers. Say --yes if it is to go on without asking.") from error

    def steer(self, step: str, options: dict[str, Any]) -> bool:
        """Does what is asked of a run that is there already. False: nothing was."""
        if options["list"]:
            self._list(step)
            return True
        for name, turn in _STEERING.items():
            if options[name]:
                run = find_run(step, options[name])
                done = turn(run)
                self.stdout.write(f"run {run.pk} is {'now' if done else 'already'} {run.get_state_display()}")
                if options["follow"]:
                    self._follow(run)
                return True
        return False

    def _list(self, step: str) -> None:
        for run in Run.objects.filter(step=step).order_by("-created_at")[:_SHOWN]:
            told = runs.progress(run)
            words = f"{told.finished} of {_told(told.total, usd(run.micro_usd))}"
            self.stdout.write(f"{run.pk} {run.get_state_display()}: {words}; {run.asked_for}")

    def _follow(self, run: Run) -> None:
        """One line that is written over while somebody watches."""
        while True:
            runs.settle(run)
            run.refresh_from_db()
            told = runs.progress(run)
            rest = f", {str(told.rest).partition('.')[0]} left" if told.rest else ""
            failed = f", {told.failed} failed" if told.failed else ""
            self.stderr.write(f"\r{told.finished} of {told.total} photos{failed}{rest}   ", ending="")
            if run.finished_at or run.state == Run.State.PAUSED:
                self.stderr.write(f"\n{run.get_state_display()}")
                return
            time.sleep(_LOOK_SECONDS)


def choices(options: dict[str, Any], said: str = "") -> list[Choice]:
    """Whose photos, and which. `said`: what else narrows the choice, for its words."""
    owners = _owners(options["owner"])
    query = _query(options["query"], options["taken"])
    words = " ".join(filter(None, [str(query), said])) or "all"
    if query.root is not None:
        wanted = search.Wanted(query=query)
        return [Choice(owner, search.every(owner, wanted), words) for owner in owners or _everybody()]
    if owners:
        return [Choice(owner, Photo.objects.filter(owner=owner), words) for owner in owners]
    return [Choice(None, Photo.objects.all(), words)]


def find_run(step: str, run_id: UUID) -> Run:
    """Raises CommandError if there is none of this step."""
    run: Run | None = Run.objects.filter(pk=run_id, step=step).first()
    if run is None:
        raise CommandError(f"There is no run {run_id} here. --list shows them.")
    return run


def _owners(emails: list[str] | None) -> list[User]:
    found = {email: User.objects.filter(email__iexact=email).first() for email in emails or ()}
    if missing := [email for email, owner in found.items() if owner is None]:
        raise CommandError(f"Nobody here has the address {', '.join(missing)}.")
    return [owner for owner in found.values() if owner]


def _everybody() -> Iterator[User]:
    return User.objects.filter(photos__isnull=False).distinct().order_by("email").iterator()


def _query(words: str, taken: str) -> grammar.Query:
    """Both at once. Raises CommandError with the place that can't be read."""
    try:
        query = grammar.parse(words)
        months = grammar.parse(f"taken:{taken}" if taken else "")
    except Refusal as unreadable:
        raise CommandError(unreadable.sentence) from unreadable
    both = [part.root for part in (query, months) if part.root is not None]
    return dataclasses.replace(query, root=conjunction(both)) if both else query


def _told(photos: int, cost: Decimal) -> str:
    return f"{photos:,} photo{'' if photos == 1 else 's'}, {dollars(cost)}"
