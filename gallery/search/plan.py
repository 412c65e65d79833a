"""In which order the database walks: a search becomes a few walks, each down one index, newest first.

A walk begins with the rarest label that every photo found on it must carry, and probes for the rest; alternatives
are a walk each. Where nothing narrows, the walk is the timeline. A walk that may find little looks at so many rows
and no more, and says how far it came: the next page goes on from there.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import User
from gallery.models import AlbumEntry, Detection, Photo, PhotoText
from gallery.search.conditions import NEVER, Between, Carries, Constant, Reads, Within
from gallery.search.predicates import Rows, between, certain, reads
from gallery.search.tree import And, Bound, Has, Is, Node, Not, Or, Term, terms
from gallery.search.wanted import FEW_ENTRIES, Names, Wanted, in_state, meaning

_MOST_PARTS: Final = 50  # of a statement: what planning it costs
_ENDLESS: Final = 10**12
_FAVOURITES: Final = _ENDLESS // 4
_TEXTS: Final = _ENDLESS // 2
Driver = Carries | Within | Reads | Is | Not


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
        """Of a row, in a third of a microsecond or so. Later conditions are asked only of what has met those before."""
        whole, part = float(self._own_cost), 1.0
        for node in self.rest:
            whole += part * _costs(node, self)
            part = part if isinstance(node, Not) else part / 2
        return math.ceil(whole)

    @property
    def _own_cost(self) -> int:
        match self.driver:
            case Reads():
                return 8 + len(self.driver.words) // 3
            case Carries():  # rows that are too sure, or not sure enough, come one after the other
                return 0 if _is_lax(self.driver.bound) else 1
        return 0

    @property
    def of_photos(self) -> bool:
        return self.driver is None or isinstance(self.driver, Within | Is | Not)

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
                return photos.filter(_among(AlbumEntry.objects.filter(album=self.driver.ids[0])))
            case Is():
                return photos.filter(_is(self.owner, self.driver))
            case Not():  # the timeline, without the archive
                return photos.filter(archived_at__isnull=True)
        return photos


def _is(owner: User, state: Is) -> Q:
    rows = in_state(owner, state)
    return Q((f"{state.state}_at__isnull", False)) if rows is None else _among(rows)


def _among(rows: QuerySet[Any]) -> Q:
    """The photos of these few rows; joined, SQLite would look for each photo of the timeline among them."""
    return Q(pk__in=rows.order_by().values("photo"))


def walks(owner: User, wanted: Wanted, names: Names) -> list[Walk]:
    """Together they find every photo that is wanted; none: nothing can be found."""
    return [
        walk
        for trashed in wanted.scopes
        for walk in _walks(owner, meaning(wanted, names, trashed=trashed), names, trashed=trashed)
    ]


def _walks(owner: User, node: Node, names: Names, *, trashed: bool) -> Iterator[Walk]:
    if node == NEVER:
        return
    rest = () if isinstance(node, Constant) else node.items if isinstance(node, And) else (node,)
    timeline = Walk(owner, trashed, None, tuple(rest), _ENDLESS)
    found = _driven(timeline, node, names) or [timeline]
    if sum(1 + sum(1 for node in walk.rest for _ in terms(node)) for walk in found) > _MOST_PARTS:
        found = [timeline]
    for walk in found:
        yield dataclasses.replace(walk, rest=_in_order(walk, names.counts))


def _driven(base: Walk, node: Node, names: Names) -> list[Walk]:
    """The cheapest walks that miss nothing of this; none if it doesn't narrow. The trash has no index of labels."""

    def walk(driver: Driver, rows: int) -> Walk:
        return dataclasses.replace(base, driver=driver, rest=(), rows=rows)

    match node:
        case Between():
            return [dataclasses.replace(base, rest=(node,))]
        case Carries() if not base.trashed:
            return [walk(Carries((pk,), node.bound), names.counts.get(pk, 0)) for pk in node.ids]
        case Within(few=True):
            return [walk(Within((pk,), few=True), FEW_ENTRIES) for pk in node.ids]
        case Reads() if not base.trashed:
            return [walk(node, _TEXTS)]
        case Is("favourite" | "archived") if not base.trashed:
            return [walk(node, _FAVOURITES)]
        case Not(Is("archived")) if not base.trashed:
            return [walk(node, _ENDLESS - 1)]
        case Is() if node in names.seldom:
            return [walk(node, FEW_ENTRIES)]
        case Or():
            found = [_driven(base, item, names) for item in node.items]
            return [one for some in found for one in some] if all(found) else []
        case And():
            return _rarest(base, node, names)
    return []


def _rarest(base: Walk, node: And, names: Names) -> list[Walk]:
    choices = [(item, _driven(base, item, names)) for item in node.items]
    choices = [(item, found) for item, found in choices if found]
    if not choices:
        return []
    item, found = min(choices, key=lambda choice: sum(walk.rows for walk in choice[1]))
    others = tuple(other for other in node.items if other is not item)
    return [dataclasses.replace(walk, rest=(*walk.rest, *others)) for walk in found]


def _in_order(walk: Walk, counts: Mapping[int, int]) -> tuple[Node, ...]:
    """What is cheap first, then what refuses most."""

    def passed(node: Node) -> tuple[int, int]:
        carried = node.item if isinstance(node, Not) else node
        cost = _costs(node, walk)
        if not isinstance(carried, Carries):
            return cost, 0
        count = sum(counts.get(pk, 0) for pk in carried.ids)
        return cost, -count if isinstance(node, Not) else count

    return tuple(sorted(walk.rest, key=passed))


def _is_lax(bound: Bound) -> bool:
    """Whether most labels are as sure as this, so that a page is soon full."""
    return bound.operator in (">", ">=") and bound.value <= settings.SHOWN_CONFIDENCE


def _costs(node: Node, walk: Walk) -> int:
    """A time by itself is where a walk begins and ends."""
    return 0 if isinstance(node, Between) else sum(_cost(term, walk) for term in terms(node))


def _cost(term: Term, walk: Walk) -> int:
    """As benchmarks/search measured on PostgreSQL. Labels are looked up beside each other, but for those of the trash;
    all else lies scattered."""
    match term:
        case Between() | Constant():
            return 1
        case Carries():
            return (24 if walk.trashed else 8) * len(term.ids)
        case Within() | Is("confirmed" | "portrait") | Has("people"):
            return 9
        case Is("unlabelled"):
            return 45
        case Is("failed"):  # a photo has several jobs
            return 90
        case Reads():
            return 20
    return 12 if walk.of_photos else 20
