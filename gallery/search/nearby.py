"""What somebody may have meant whose search found nothing: what follows from its labels, or is written like them."""

import dataclasses
import difflib
from collections.abc import Iterable
from typing import Final

from accounts.models import User
from gallery.folding import fold
from gallery.models import Label, LabelName, OwnerLabel
from gallery.search.tree import Named, Query, terms

_MOST_COMPARED: Final = 1000
_MOST_ALIKE: Final = 3  # for each word
_ALIKE: Final = 0.72  # difflib's ratio; "dgo" and "dog" have 0.67, "beech" and "beach" 0.8


@dataclasses.dataclass(frozen=True)
class Counted:
    """A label, and how many photos a search for it finds as pages do."""

    name: str
    count: int


def usual(user: User, most: int) -> list[Counted]:
    """What is seen most."""
    return [Counted(row.label.name, row.shown) for row in _shown(user, most)]


def meant(user: User, query: Query) -> list[Counted]:
    """This user's labels that are wider than those of the query, or written almost like them. Two statements."""
    asked = {fold(term.name) for term in terms(query.root) if isinstance(term, Named)}
    if not asked:
        return []
    known = {row.folded: row for row in _shown(user, _MOST_COMPARED)}
    wider = [fold(name) for name in _parents(asked)]
    alike = [name for word in sorted(asked) for name in _written_like(word, known)]
    near = dict.fromkeys(name for name in (*alike, *wider) if name in known and name not in asked)
    return [Counted(known[name].label.name, known[name].shown) for name in near]


def _shown(user: User, most: int) -> Iterable[OwnerLabel]:
    rows: Iterable[OwnerLabel] = (
        OwnerLabel.objects.visible_to(user)
        .filter(kind=Label.Kind.LABEL, shown__gt=0)
        .select_related("label")
        .order_by("-shown", "folded")[:most]
    )
    return rows


def _parents(asked: Iterable[str]) -> list[str]:
    found = LabelName.objects.filter(folded__in=sorted(asked)).values_list("label__parents", flat=True)
    return [name for parents in found for name in parents]


def _written_like(word: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(word, known, n=_MOST_ALIKE, cutoff=_ALIKE)
