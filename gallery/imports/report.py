"""What became of the files of an import: counted by reason, with some names of each."""

import dataclasses
from collections import defaultdict
from typing import Final

from gallery.imports.importing import Outcome, State

NAMED: Final = 10


@dataclasses.dataclass
class Reason:
    """How many files have it, and the first few of them."""

    count: int = 0
    places: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Report:
    """`reasons`: of all that did not become a new photo, by state and sentence."""

    counts: dict[State, int] = dataclasses.field(default_factory=lambda: defaultdict(int))
    reasons: dict[tuple[State, str], Reason] = dataclasses.field(default_factory=lambda: defaultdict(Reason))

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.state] += 1
        if outcome.reason:
            reason = self.reasons[outcome.state, outcome.reason]
            reason.count += 1
            reason.places += [outcome.place] if reason.count <= NAMED else []
