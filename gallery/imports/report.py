"""What became of the files of an import: counted by reason, with some names of each."""

import dataclasses
from collections import defaultdict
from typing import Any, Final, Self, get_args

from gallery.imports.importing import Outcome, State
from gallery.pipeline import left_out

NAMED: Final = 10
_MOST_REASONS: Final = 40  # some have values in them: a stranger's archive could have as many as it has files
_LONGEST: Final = 300


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
            key = (outcome.state, outcome.reason)
            if key not in self.reasons and len(self.reasons) >= _MOST_REASONS:
                key = (outcome.state, left_out.OTHERS)
            reason = self.reasons[key]
            reason.count += 1
            reason.places += [outcome.place] if reason.count <= NAMED else []

    def as_json(self) -> dict[str, Any]:
        """For a row, which no name may break: without NUL and lone surrogates."""
        return {
            "counts": dict(self.counts),
            "reasons": [
                [state, sentence, reason.count, [_storable(place) for place in reason.places]]
                for (state, sentence), reason in self.reasons.items()
            ],
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        report = cls()
        report.counts.update({state: told.get("counts", {}).get(state, 0) for state in get_args(State)})
        for state, sentence, count, places in told.get("reasons", []):
            report.reasons[state, sentence] = Reason(count, list(places))
        return report


def _storable(place: str) -> str:
    return place.replace("\x00", "").encode("utf-8", "replace").decode()[:_LONGEST]
