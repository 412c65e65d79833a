"""What is looked for, and what its names mean for this user."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from gallery.folding import fold
from gallery.models import Album, AlbumEntry, Job, Label, LabelName, OwnerLabel, Verdict
from gallery.search.conditions import NEVER, Between, Carries, Constant, Reads, Within, simplified
from gallery.search.tree import (
    EVERYTHING,
    And,
    Bound,
    Category,
    Has,
    InAlbum,
    Is,
    Named,
    Node,
    Not,
    Or,
    Query,
    Taken,
    Term,
    Text,
    conjunction,
    disjunction,
    negation,
    terms,
)

MOST_LABELS: Final = 20
FEW_ENTRIES: Final = 2000
_PEOPLE: Final = ("person", "people")


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A search, and what an address may say beside it: all must be met.

    `min_confidence` holds where the query says nothing. Times are wall clocks where the photo was taken; after is
    included, before is not. `trash`: only what lies there; otherwise the trash is opened by `is:trashed` alone.
    `order`: of the album that is asked for, and nothing beside it.
    """

    query: Query = EVERYTHING
    labels: tuple[str, ...] = ()
    min_confidence: float = 0
    taken_after: datetime | None = None
    taken_before: datetime | None = None
    favourite: bool | None = None
    archived: bool | None = None
    trash: bool = False
    album: UUID | None = None
    order: str = Album.Order.NEWEST

    @property
    def bound(self) -> Bound:
        return self.query.confidence or Bound(">=", self.min_confidence)

    @property
    def scopes(self) -> tuple[bool, ...]:
        """Where to look: False outside the trash, True in it."""
        if self.trash:
            return (True,)
        return (False, True) if Is("trashed") in terms(self.query.root) else (False,)

    def nodes(self) -> list[Node]:
        """All of it; an album of the address is asked for by its id."""
        nodes: list[Node] = [self.query.root] if self.query.root else []
        nodes += [Named(name) for name in dict.fromkeys(self.labels)]
        if self.taken_after or self.taken_before:
            nodes.append(Between(self.taken_after, self.taken_before))
        if self.favourite is not None:
            nodes.append(Is("favourite") if self.favourite else Not(Is("favourite")))
        if self.archived is not None:
            nodes.append(Is("archived") if self.archived else Not(Is("archived")))
        return nodes

    def terms(self) -> list[Term]:
        return [term for node in self.nodes() for term in terms(node)]


@dataclasses.dataclass(frozen=True)
class Names:
    """Ids by folded name; how many photos outside the trash carry a label; albums by folded title and by id.

    `seldom`: the states that so few photos are in that these can be sorted for a page.
    """

    labels: Mapping[str, tuple[int, ...]]
    categories: Mapping[str, tuple[int, ...]]
    counts: Mapping[int, int]
    albums: Mapping[str | UUID, Within]
    seldom: Collection[Is]


def look_up(user: User, *searches: Wanted) -> Names:
    """What all names in these searches mean: at most one statement for labels, for albums and for states."""
    found = [term for wanted in searches for term in wanted.terms()]
    labels = {fold(term.name) for term in found if isinstance(term, Named)}
    labels |= set(_PEOPLE) if Has("people") in found else set()
    categories = {fold(term.name) for term in found if isinstance(term, Category)}
    titles = {fold(term.title) for term in found if isinstance(term, InAlbum)}
    albums = {wanted.album for wanted in searches if wanted.album}
    rows = _labels(user, labels | categories)
    return Names(
        labels=_by_name(rows, category=False),
        categories=_by_name(rows, category=True),
        counts={pk: count or 0 for _, pk, _, count in rows},
        albums=_albums(user, titles, albums),
        seldom=_seldom(user, {term for term in found if isinstance(term, Is)}),
    )


def _labels(user: User, names: set[str]) -> list[tuple[str, int, str, int | None]]:
    if not names:
        return []
    counted = OwnerLabel.objects.visible_to(user).filter(label=OuterRef("label_id"))
    rows = LabelName.objects.filter(folded__in=sorted(names)).order_by("label_id")
    return list(rows.values_list("folded", "label_id", "label__kind", Subquery(counted.values("photos")[:1])))


def _by_name(
    rows: Iterable[tuple[str, int, str, int | None]], *, category: bool
) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for name, pk, kind, _ in rows:
        if (kind == Label.Kind.CATEGORY) == category:
            found[name] = (*found.get(name, ()), pk)
    return found


def _albums(user: User, titles: set[str], ids: set[UUID]) -> dict[str | UUID, Within]:
    if not titles and not ids:
        return {}
    beyond = AlbumEntry.objects.filter(album=OuterRef("pk")).order_by().values("pk")[FEW_ENTRIES:][:1]
    rows = Album.objects.visible_to(user).filter(Q(folded__in=sorted(titles)) | Q(pk__in=sorted(ids)))
    found: dict[str | UUID, Within] = {}
    for pk, title, more in rows.order_by("pk").values_list("pk", "folded", Subquery(beyond)):
        found[pk] = Within((pk,), few=more is None)
        known = found.get(title, Within((), few=True))
        found[title] = Within((*known.ids, pk), few=known.few and more is None)
    return found


def in_state(owner: Any, state: Is) -> QuerySet[Any] | None:
    """Rows of this owner's photos that are in a state which their own rows don't tell; each has its photo."""
    match state:
        case Is("failed"):
            return Job.objects.filter(owner=owner, state=Job.State.FAILED)
        case Is("confirmed"):
            return Verdict.objects.filter(owner=owner, state=Verdict.State.CONFIRMED)
    return None


def _seldom(user: User, states: Iterable[Is]) -> set[Is]:
    rows = {state: found for state in states if (found := in_state(user, state)) is not None}
    if not rows:
        return set()
    beyond = [Subquery(found.order_by().values("pk")[FEW_ENTRIES:][:1]) for found in rows.values()]
    (more,) = User.objects.filter(pk=user.pk).values_list(*beyond)
    return {state for state, one in zip(rows, more, strict=True) if one is None}


def meaning(wanted: Wanted, names: Names, *, trashed: bool) -> Node:
    """What must hold of a photo outside the trash, or of one in it."""
    nodes = [_meant(node, wanted.bound, names, trashed) for node in wanted.nodes()]
    if wanted.album:
        nodes.append(names.albums.get(wanted.album, NEVER))
    return simplified(conjunction([Constant(True), *nodes]))


def _meant(node: Node, bound: Bound, names: Names, trashed: bool) -> Node:
    match node:
        case And():
            return conjunction(_meant(item, bound, names, trashed) for item in node.items)
        case Or():
            return disjunction(_meant(item, bound, names, trashed) for item in node.items)
        case Not():
            return negation(_meant(node.item, bound, names, trashed))
        case Named():
            return _carries(names.labels.get(fold(node.name), ()), node.bound or bound)
        case Category():
            return _carries(names.categories.get(fold(node.name), ()), bound)
        case InAlbum():
            return names.albums.get(fold(node.title), NEVER)
        case Text():
            return Reads((fold(node.words),))
        case Taken():
            return Between(node.begins, node.ends)
        case Is("trashed"):
            return Constant(trashed)
        case Has("people"):
            named = {pk for name in _PEOPLE for pk in names.labels.get(name, ())}
            return disjunction([node, _carries(tuple(sorted(named)), bound)])
    return node


def _carries(ids: tuple[int, ...], bound: Bound) -> Node:
    return Carries(ids, bound) if ids else NEVER
