"""Makes the smaller pictures that photos lack, or all of them anew. Costs nothing; the old ones are shown meanwhile."""

import dataclasses
from argparse import ArgumentParser
from typing import Any

from gallery.management.ordering import Choice, OrderCommand, choices
from gallery.pipeline import runs
from gallery.pipeline.steps import RENDITIONS


class Command(OrderCommand):
    help = (
        "Makes the smaller pictures that photos lack since it was changed which there are or how they are made, from "
        "the originals, at low priority beside new uploads; facts are read again. The old ones are shown until the "
        "new ones are there, and removed a while later. Costs nothing. A second run finds nothing to do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--all", action="store_true", help="all of them anew, also what is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not self.steer(RENDITIONS.name, options):
            self.order(RENDITIONS.name, options, _chosen(options), anew=options["all"])


def _chosen(options: dict[str, Any]) -> list[Choice]:
    if options["all"]:
        return choices(options)
    return [
        dataclasses.replace(choice, photos=runs.without_renditions(choice.photos))
        for choice in choices(options)
    ]
