"""Asks again for the labels of many photos: shows the price first, goes on beside new uploads, can be taken back."""

from argparse import ArgumentParser
from typing import Any, Final
from uuid import UUID

from django.core.management.base import CommandError

from gallery.exceptions import Refusal
from gallery.management.ordering import Choice, OrderCommand, choices, find_run
from gallery.pipeline import runs
from gallery.pipeline.steps import LABELS, STEPS

_MOST_SHOWN: Final = 50
_PAID: Final = [step.name for step in STEPS.values() if step.operation]


class Command(OrderCommand):
    help = (
        "Asks again for the labels of photos, on purpose and paid again. Verdicts stay. Says how many and what "
        "it costs, asks, and then works at low priority beside new uploads. A run ends with a list of the labels "
        "that were won, lost and changed, and can be rolled back for nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--model-older-than", metavar="3.0", help="labelled by an older model than this")
        parser.add_argument("--missing", action="store_true", help="with it, also those never labelled")
        parser.add_argument("--step", choices=_PAID, default=LABELS.name)
        parser.add_argument("--diff", type=UUID, metavar="RUN", help="labels won, lost and changed")
        parser.add_argument("--roll-back", type=UUID, metavar="RUN", help="labels as they were before; free")

    def handle(self, *args: Any, **options: Any) -> None:
        step = options["step"]
        if options["missing"] and not options["model_older_than"]:
            raise CommandError("--missing goes with --model-older-than.")
        if options["diff"]:
            self._diff(step, options["diff"])
        elif options["roll_back"]:
            self._roll_back(step, options["roll_back"])
        elif not self.steer(step, options):
            self.order(step, options, _narrowed(step, options))

    def _diff(self, step: str, run_id: UUID) -> None:
        told = runs.summary(find_run(step, run_id))
        self.stdout.write(f"{told.photos:,} photos were answered")
        for name, counts in (("won", told.won), ("lost", told.lost), ("changed", told.changed)):
            self.stdout.write(f"{name}: {len(counts)} labels")
            for count in counts[:_MOST_SHOWN]:
                shift = f" ({count.shift:+.1f} on average)" if name == "changed" else ""
                self.stdout.write(f"  {count.name}: {count.photos:,}{shift}")
            if len(counts) > _MOST_SHOWN:
                self.stdout.write(f"  and {len(counts) - _MOST_SHOWN} more")

    def _roll_back(self, step: str, run_id: UUID) -> None:
        run = find_run(step, run_id)
        try:
            runs.roll_back(run)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        while runs.put_back():
            self.stderr.write(f"\r{runs.progress(run).put_back:,} photos put back", ending="")
        self.stderr.write("")
        self.stdout.write(f"run {run.pk} is {run.get_state_display()}")


def _narrowed(step: str, options: dict[str, Any]) -> list[Choice]:
    """Only what an older model told, if that was asked for."""
    version, missing = options["model_older_than"], options["missing"]
    if not version:
        return choices(options)
    said = f"told by a model older than {version}" + (" or by none" if missing else "")
    return [
        Choice(choice.owner, runs.told_by_older(choice.photos, step, version, missing=missing), choice.words)
        for choice in choices(options, said)
    ]
