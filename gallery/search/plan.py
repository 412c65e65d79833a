"""In which order the database walks: a search becomes a few walks, each down one index, newest first.

A walk begins with the rarest label that every photo found on it must carry, and probes for the rest; alternatives
are a walk each. Where nothing narrows, the walk is the timeline. A walk that may find little looks at so many rows
and no more, and says how far it came: the next page goes on from there.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from gallery.models import Detection, Photo, PhotoText
from gallery.search.conditions import NEVER, Between, Carries, Constant, Reads, Within
from gallery.search.predicates import Rows, between, certain, reads
from gallery.search.tree import And, Bound, Is, Node, Not, Or, terms
from gallery.search.wanted import FEW_ENTRIES, Names, Wanted, meaning

_MOST_PARTS: Final = 80  # of a statement: what planning it costs
_ENDLESS: Final = 10**12
_FAVOURITES: Final = _ENDLESS // 4
_TEXTS: Final = _ENDLESS // 2
Driver = Carries | Within | Reads | Is


@dataclasses.dataclass(frozen=True)
class Walk:
    """Down the rows of `driver` (None: the timeline, or the trash), keeping those that meet `rest`.

    `rows`: at most how many there are. Every queryset of it has taken_local and the photo's key.
    """

    owner: User
    trashed: bool
    driver: Driver | None
    rest: tuple[Node, ...]
    rows: int

    @property
    def cost(self) -> int:
        """Of a row, in a third of a microsecond or so."""
        return self._own_cost + sum(_cost(term) for node in self.rest for term in terms(node))

    @property
    def _own_cost(self) -> int:
        match self.driver:
            case Reads():
                return 1 + len(self.driver.words) // 8
            case Carries():  # rows that are too sure, or not sure enough, come one after the other
                return 0 if _is_lax(self.driver.bound) else 1
        return 0

    @property
    def of_photos(self) -> bool:
        return self.driver is None or isinstance(self.driver, Within | Is)

    @property
    def key(self) -> str:
        """The photo's id, in its rows."""
        return "id" if self.of_photos else "photo_id"

    def driven(self) -> QuerySet[Any]:
        """All rows that are walked: within the times that are asked for."""
        rows = self._source()
        for node in self.rest:
            rows = rows.filter(between(node)) if isinstance(node, Between) else rows
        return rows

    def kept(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of them that are wanted."""
        asked = Rows(self.owner.pk, self.trashed, self.key)
        if isinstance(self.driver, Carries):
            rows = rows.filter(certain(self.driver.bound))
        rest = [node for node in self.rest if not isinstance(node, Between)]
        if not isinstance(self.driver, Reads):
            return rows.filter(*map(asked.where, rest))
        here = [reads(node) for node in (self.driver, *rest) if isinstance(node, Reads)]
        there = [asked.where(node) for node in (*rest, Not(Is("trashed"))) if not isinstance(node, Reads)]
        return rows.filter(*here, *there)

    def _source(self) -> QuerySet[Any]:
        match self.driver:
            case Carries():
                return Detection.objects.filter(owner=self.owner, trashed=False, label=self.driver.ids[0])
            case Reads():
                return PhotoText.objects.filter(owner=self.owner)
        photos: QuerySet[Any] = Photo.objects.visible_to(self.owner)
        photos = photos.filter(trashed_at__isnull=not self.trashed)
        match self.driver:
            case Within():
                return photos.filter(entries__album=self.driver.ids[0])
            case Is():
                return photos.filter(favourite_at__isnull=False)
        return photos


def walks(owner: User, wanted: Wanted, names: Names) -> list[Walk]:
    """Together they find every photo that is wanted; none: nothing can be found."""
    return [
        walk
        for trashed in wanted.scopes
        for walk in _walks(owner, meaning(wanted, names, trashed=trashed), names.counts, trashed=trashed)
    ]


def _walks(owner: User, node: Node, counts: Mapping[int, int], *, trashed: bool) -> Iterator[Walk]:
    if node == NEVER:
        return
    rest = () if isinstance(node, Constant) else node.items if isinstance(node, And) else (node,)
    timeline = Walk(owner, trashed, None, tuple(rest), _ENDLESS)
    found = _driven(timeline, node, counts) or [timeline]
    if sum(1 + sum(1 for node in walk.rest for _ in terms(node)) for walk in found) > _MOST_PARTS:
        found = [timeline]
    for walk in found:
        yield dataclasses.replace(walk, rest=_in_order(walk.rest, counts))


def _driven(base: Walk, node: Node, counts: Mapping[int, int]) -> list[Walk]:
    """The cheapest walks that miss nothing of this; none if it doesn't narrow. The trash has no index of labels."""

    def walk(driver: Driver, rows: int) -> Walk:
        return dataclasses.replace(base, driver=driver, rest=(), rows=rows)

    match node:
        case Carries() if not base.trashed:
            return [walk(Carries((pk,), node.bound), counts.get(pk, 0)) for pk in node.ids]
        case Within(few=True):
            return [walk(Within((pk,), few=True), FEW_ENTRIES) for pk in node.ids]
        case Reads() if not base.trashed:
            return [walk(node, _TEXTS)]
        case Is("favourite") if not base.trashed:
            return [walk(node, _FAVOURITES)]
        case Or():
            found = [_driven(base, item, counts) for item in node.items]
            return [one for some in found for one in some] if all(found) else []
        case And():
            return _rarest(base, node, counts)
    return []


def _rarest(base: Walk, node: And, counts: Mapping[int, int]) -> list[Walk]:
    choices = [(item, _driven(base, item, counts)) for item in node.items]
    choices = [(item, found) for item, found in choices if found]
    if not choices:
        return []
    item, found = min(choices, key=lambda choice: sum(walk.rows for walk in choice[1]))
    others = tuple(other for other in node.items if other is not item)
    return [dataclasses.replace(walk, rest=(*walk.rest, *others)) for walk in found]


def _in_order(rest: tuple[Node, ...], counts: Mapping[int, int]) -> tuple[Node, ...]:
    """What is cheap first, then what refuses most."""

    def passed(node: Node) -> tuple[int, int]:
        carried = node.item if isinstance(node, Not) else node
        if not isinstance(carried, Carries):
            return sum(map(_cost, terms(node))), 0
        count = sum(counts.get(pk, 0) for pk in carried.ids)
        return _cost(carried), -count if isinstance(node, Not) else count

    return tuple(sorted(rest, key=passed))


def _is_lax(bound: Bound) -> bool:
    """Whether most labels are as sure as this, so that a page is soon full."""
    return bound.operator in (">", ">=") and bound.value <= settings.SHOWN_CONFIDENCE


def _cost(term: Any) -> int:
    """Labels are looked up beside each other; all else lies scattered."""
    match term:
        case Between() | Constant():
            return 0
        case Carries():
            return 2 * len(term.ids)
        case Is("unlabelled"):
            return 8
    return 3
