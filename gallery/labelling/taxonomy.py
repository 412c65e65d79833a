"""Parents that an answer names but does not list become labels of their own, marked as implied.

So `animal` is one range of one index, and not a search for fifty kinds of animals.
"""

from collections.abc import Iterable

from gallery.labelling.answer import FoundLabel


def with_implied_parents(labels: Iterable[FoundLabel]) -> tuple[FoundLabel, ...]:
    """The labels, and each parent that is not among them: as sure as its surest child."""
    told = {label.name: label for label in labels}
    implied: dict[str, FoundLabel] = {}
    for child in told.values():
        for name in child.parents:
            known = implied.get(name)
            if name not in told and (known is None or known.confidence < child.confidence):
                implied[name] = FoundLabel(name, child.confidence, categories=child.categories, implied=True)
    return (*told.values(), *implied.values())
