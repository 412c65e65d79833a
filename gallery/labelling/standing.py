"""Which labels stand on a photo: what machines told, what its owner said of it, and what follows from both.

- A rejected label falls. So does a told parent of fallen labels that nothing else supports: no other label that
  stands has it as a parent, it has no box of its own, and nobody confirmed it.
- A confirmed label passes every threshold, and so does what it is a kind of.
- Parents and categories that no machine told follow from the labels that stand, as sure as the surest of them;
  at most MOST_IMPLIED of them, those of the surest labels first.

Pure; a property test holds it against these sentences.
"""

import dataclasses
import functools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from gallery.folding import fold

CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"
SUREST: Final = 101.0
FALLEN: Final = -1.0
MOST_IMPLIED: Final = (
    500  # what Rekognition tells implies some dozens; an answer made to hurt, a hundred thousand
)
Key = tuple[str, str]
"""A folded name and a kind: what makes a label the same label."""

_folded = functools.lru_cache(maxsize=10_000)(fold)  # a few thousand words come again and again


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
    model_version: str = ""

    @functools.cached_property
    def key(self) -> Key:
        return _folded(self.name), self.kind

    @functools.cached_property
    def supports(self) -> Mapping[Key, str]:
        """The names of what follows from this one, by key."""
        above = {(_folded(name), self.kind): name for name in self.parents}
        above |= {(_folded(name), "category"): name for name in self.categories}
        return {key: name for key, name in above.items() if key[0] and key != self.key}


@dataclasses.dataclass(frozen=True)
class Standing:
    """A label with what a search compares: `certainty` 0 to 101, or -1 for one that has fallen.

    `implied`: no machine told it by itself, its confidence is that of what it follows from.
    """

    name: str
    kind: str
    confidence: float | None
    certainty: float
    implied: bool = False
    model_version: str = ""


def standing(claims: Iterable[Claim], verdicts: Mapping[Key, str]) -> dict[Key, Standing]:
    """Every claim with its certainty, and what follows from those that stand. `verdicts`: confirmed or rejected."""
    told = {claim.key: claim for claim in claims}
    fallen = _fallen(told, verdicts)
    certain = {key: _certainty(claim, verdicts) for key, claim in told.items() if key not in fallen}
    for key in [key for key in certain if verdicts.get(key) == CONFIRMED]:
        certain |= dict.fromkeys(told[key].supports.keys() & certain.keys(), SUREST)
    found = {
        key: Standing(
            claim.name,
            claim.kind,
            claim.confidence,
            certain.get(key, FALLEN),
            model_version=claim.model_version,
        )
        for key, claim in told.items()
    }
    return _with_implied(found, told, certain, verdicts)


def _certainty(claim: Claim, verdicts: Mapping[Key, str]) -> float:
    if verdicts.get(claim.key) == CONFIRMED or claim.confidence is None:
        return SUREST
    return claim.confidence


def _fallen(told: Mapping[Key, Claim], verdicts: Mapping[Key, str]) -> set[Key]:
    """What is rejected and, from there upwards, what has lost the last that supported it."""
    supporters = Counter(above for claim in told.values() for above in claim.supports)
    fallen = {key for key, state in verdicts.items() if state == REJECTED}
    falling = list(fallen & told.keys())
    while falling:
        for above in told[falling.pop()].supports:
            supporters[above] -= 1
            if supporters[above] or above in fallen or above not in told:
                continue
            claim = told[above]
            if claim.confidence is not None and not claim.boxed and verdicts.get(above) != CONFIRMED:
                fallen.add(above)
                falling.append(above)
    return fallen


def _with_implied(
    found: dict[Key, Standing],
    told: Mapping[Key, Claim],
    certain: Mapping[Key, float],
    verdicts: Mapping[Key, str],
) -> dict[Key, Standing]:
    """Adds what follows. What its owner confirmed and a machine only implies has that machine's confidence, too."""
    most = len(found) + MOST_IMPLIED
    for key in sorted(certain, key=lambda key: (-certain[key], key)):
        claim = told[key]
        for above, name in claim.supports.items():
            if verdicts.get(above) == REJECTED or (above in told and told[above].confidence is not None):
                continue
            if above not in found and len(found) >= most:
                continue
            known = found.get(above) or Standing(name, above[1], None, FALLEN, implied=True)
            found[above] = _supported(known, claim, certain[key])
    return found


def _supported(known: Standing, claim: Claim, certainty: float) -> Standing:
    surer = max(known.certainty, certainty)
    if claim.confidence is None or (known.confidence or FALLEN) >= claim.confidence:
        return dataclasses.replace(known, certainty=surer)
    return dataclasses.replace(
        known,
        confidence=claim.confidence,
        certainty=surer,
        implied=True,
        model_version=claim.model_version,
    )
