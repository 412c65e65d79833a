"""Which labels stand on a photo: what machines told, what its owner said of it, and what follows from both.

- A rejected label falls. So does a told parent of fallen labels that nothing else supports: no other label that
  stands has it as a parent, it has no box of its own, and nobody confirmed it.
- A confirmed label passes every threshold, and so does what it is a kind of.
- Parents and categories that nobody told follow from the labels that stand, as sure as the surest of them.

Pure; a property test holds it against these sentences.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Final

from gallery.folding import fold

CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"
SUREST: Final = 101.0
FALLEN: Final = -1.0
Key = tuple[str, str]
"""A folded name and a kind: what makes a label the same label."""


@dataclasses.dataclass(frozen=True)
class Claim:
    """Somebody says that this is on the photo. `confidence` 0 to 100, None: only its owner says so.

    `boxed`: it was seen at a place of its own.
    """

    name: str
    kind: str
    confidence: float | None
    parents: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    boxed: bool = False

    @property
    def key(self) -> Key:
        return fold(self.name), self.kind

    def supports(self) -> dict[Key, str]:
        """The names of what follows from this one, by key."""
        above = {(fold(name), self.kind): name for name in self.parents}
        above |= {(fold(name), "category"): name for name in self.categories}
        return {key: name for key, name in above.items() if key[0] and key != self.key}


@dataclasses.dataclass(frozen=True)
class Standing:
    """A label with what a search compares: `certainty` 0 to 101, or -1 for one that has fallen."""

    name: str
    kind: str
    confidence: float | None
    certainty: float
    implied: bool = False

    @property
    def key(self) -> Key:
        return fold(self.name), self.kind


def standing(claims: Iterable[Claim], verdicts: Mapping[Key, str]) -> dict[Key, Standing]:
    """Every claim with its certainty, and what follows from those that stand. `verdicts`: confirmed or rejected."""
    told = {claim.key: claim for claim in claims}
    fallen = _fallen(told, verdicts)
    certain = {key: _certainty(claim, verdicts) for key, claim in told.items() if key not in fallen}
    for key in [key for key in certain if verdicts.get(key) == CONFIRMED]:
        certain |= dict.fromkeys(told[key].supports().keys() & certain.keys(), SUREST)
    found = {
        key: Standing(claim.name, claim.kind, claim.confidence, certain.get(key, FALLEN))
        for key, claim in told.items()
    }
    return found | _implied(told, certain, verdicts)


def _certainty(claim: Claim, verdicts: Mapping[Key, str]) -> float:
    if verdicts.get(claim.key) == CONFIRMED or claim.confidence is None:
        return SUREST
    return claim.confidence


def _fallen(told: Mapping[Key, Claim], verdicts: Mapping[Key, str]) -> set[Key]:
    children: dict[Key, set[Key]] = {}
    for key, claim in told.items():
        for parent in claim.supports():
            children.setdefault(parent, set()).add(key)
    fallen = {key for key, state in verdicts.items() if state == REJECTED}
    while more := {
        key
        for key, claim in told.items()
        if key not in fallen
        and verdicts.get(key) != CONFIRMED
        and claim.confidence is not None
        and not claim.boxed
        and children.get(key, set()) - {key}
        and children[key] <= fallen
    }:
        fallen |= more
    return fallen


def _implied(
    told: Mapping[Key, Claim], certain: Mapping[Key, float], verdicts: Mapping[Key, str]
) -> dict[Key, Standing]:
    found: dict[Key, Standing] = {}
    for key, certainty in certain.items():
        claim = told[key]
        for above, name in claim.supports().items():
            if above in told or verdicts.get(above) == REJECTED:
                continue
            known = found.get(above) or Standing(name, above[1], None, FALLEN, implied=True)
            surest = max(
                (one for one in (known.confidence, claim.confidence) if one is not None), default=None
            )
            found[above] = dataclasses.replace(
                known, confidence=surest, certainty=max(known.certainty, certainty)
            )
    return found
