"""The zip files that somebody sent, for their page of what is being done."""

import dataclasses
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.imports import background
from gallery.imports.importing import State
from gallery.imports.report import Report
from gallery.models import Import
from gallery.pipeline.reasons import said

_MOST: Final = 5
_ORDER: Final[tuple[State, ...]] = ("refused", "skipped", "here")  # what needs a look comes first
_TITLES: Final[Mapping[State, Promise]] = {
    "refused": _("Refused"),
    "skipped": _("Left out on purpose"),
    "here": _("Here already"),
}


_LOOKS: Final = {Import.State.WAITING: "working", Import.State.DONE: "done", Import.State.FAILED: "failed"}


@dataclasses.dataclass(frozen=True)
class ReasonLine:
    """Why files did not become new photos, how many, and the first of them."""

    title: Promise
    reason: str
    count: int
    places: list[str]

    @property
    def more(self) -> int:
        return self.count - len(self.places)


@dataclasses.dataclass(frozen=True)
class ImportLine:
    row: Import
    reason: str
    counts: Mapping[State, int]
    reasons: list[ReasonLine]

    @property
    def under_way(self) -> bool:
        return self.row.state == Import.State.WAITING

    @property
    def look(self) -> str:
        return _LOOKS[Import.State(self.row.state)]

    @property
    def most(self) -> int:
        return max(self.row.files or 0, 1)

    @property
    def looked_at(self) -> int:
        """An archive without photos is through, too."""
        return self.row.looked_at if self.row.files or self.under_way else 1


def import_lines(user: User) -> list[ImportLine]:
    """The newest few, those that are under way first."""
    lines = [_line(row) for row in background.latest(user, _MOST)]
    return sorted(lines, key=lambda line: not line.under_way)


def _line(row: Import) -> ImportLine:
    report = Report.of(row.report)
    found = sorted(report.reasons.items(), key=lambda one: (_ORDER.index(one[0][0]), -one[1].count))
    reasons = [
        ReasonLine(_TITLES[state], said(sentence), reason.count, reason.places)
        for (state, sentence), reason in found
    ]
    return ImportLine(row, said(row.reason), report.counts, reasons)
