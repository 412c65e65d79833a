"""What the photos of a result have in common: each with its count and the search that narrows to it."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal
from uuid import UUID

from django.db.models import Count

from accounts.models import User
from gallery.folding import fold
from gallery.models import Detection, Label, Photo
from gallery.search.grammar import MOST_TERMS
from gallery.search.photos import newest
from gallery.search.predicates import certain
from gallery.search.tokens import LONGEST
from gallery.search.tree import And, Camera, Category, Named, Taken, Term, terms
from gallery.search.wanted import Wanted

MOST_LOOKED_AT: Final = 500
MOST_OFFERED: Final = 12
Kind = Literal["label", "category", "year", "camera"]


@dataclasses.dataclass(frozen=True)
class Facet:
    """`query`: the search with this, too."""

    kind: Kind
    name: str
    count: int
    query: str


@dataclasses.dataclass(frozen=True)
class Facets:
    """Most frequent first, years newest first. `bounded`: only the newest `photos` of the result were looked at."""

    labels: list[Facet]
    categories: list[Facet]
    years: list[Facet]
    cameras: list[Facet]
    photos: int
    bounded: bool


_Counted = Iterable[tuple[Kind, str, Term, int]]


def facets(user: User, wanted: Wanted, most: int = MOST_LOOKED_AT) -> Facets:
    """Left out: what is asked for already, and what would not narrow. A fixed number of statements."""
    found = newest(user, wanted, most + 1)
    keys = [key for _, key in found.places[:most]]
    bounded = len(found.places) > most or found.edge is not None
    if not keys:
        return Facets([], [], [], [], 0, bounded)
    counted = list(_labels(wanted, keys))
    taken = Counter(f"{taken:%Y}" for taken, _ in found.places[:most])
    years: _Counted = [
        ("year", year, Taken(year, year), count) for year, count in sorted(taken.items(), reverse=True)
    ]
    least = len(keys) if not bounded else len(keys) + 1
    return Facets(
        labels=_offered(wanted, (one for one in counted if one[0] == "label"), least),
        categories=_offered(wanted, (one for one in counted if one[0] == "category"), least),
        years=_offered(wanted, years, len(keys)),
        cameras=_offered(wanted, _cameras(keys), least),
        photos=len(keys),
        bounded=bounded,
    )


def _labels(wanted: Wanted, keys: Sequence[UUID]) -> Iterator[tuple[Kind, str, Term, int]]:
    rows = (
        Detection.objects.filter(certain(wanted.bound), photo__in=keys)
        .values_list("label__name", "label__kind")
        .annotate(photos=Count("pk"))
        .order_by("-photos", "label__name")
    )
    for name, kind, count in rows:
        if kind == Label.Kind.CATEGORY:
            yield "category", name, Category(name), count
        else:
            yield "label", name, Named(name), count


def _cameras(keys: Sequence[UUID]) -> Iterator[tuple[Kind, str, Term, int]]:
    rows = Photo.objects.filter(pk__in=keys).values_list("camera_make", "camera_model")
    makes = Counter(Photo(camera_make=make, camera_model=model).camera for make, model in rows)
    for name, count in makes.most_common():
        if name:
            yield "camera", name, Camera(name), count


def _offered(wanted: Wanted, counted: _Counted, all_of_them: int) -> list[Facet]:
    """`all_of_them`: what every photo has narrows nothing."""
    query = wanted.query
    if sum(1 for _ in terms(query.root)) >= MOST_TERMS:
        return []
    chosen = {_key(term) for term in _chosen(wanted)}
    found = []
    for kind, name, term, count in counted:
        words = str(query.narrowed(term))
        if _key(term) not in chosen and count < all_of_them and len(words) <= LONGEST:
            found.append(Facet(kind, name, count, words))
        if len(found) == MOST_OFFERED:
            break
    return found


def _chosen(wanted: Wanted) -> Iterator[Term]:
    """What every photo of the result has to be anyway."""
    root = wanted.query.root
    for node in root.items if isinstance(root, And) else (root,):
        if isinstance(node, Term):
            yield node
    yield from map(Named, wanted.labels)


def _key(term: Term) -> tuple[type[Term], str]:
    return type(term), fold(term.name if isinstance(term, Named) else str(term))
