"""A search once its names are known: a tree of conditions, with what must or can't hold anyway left out. Pure."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gallery.search.tree import And, Bound, Node, Not, Or, Term, conjunction, disjunction


@dataclasses.dataclass(frozen=True)
class Carries(Term):
    """Any of these labels, with a certainty on this side of the bound. `ids` ascend."""

    ids: tuple[int, ...]
    bound: Bound


@dataclasses.dataclass(frozen=True)
class Within(Term):
    """In any of these albums. `few`: together they hold so little that it can be sorted for a page."""

    ids: tuple[UUID, ...]
    few: bool


@dataclasses.dataclass(frozen=True)
class Reads(Term):
    """Any of these, folded, can be read in its file name or caption, or on it."""

    words: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Between(Term):
    """Taken from `begins` on and before `ends`, by the wall clock there."""

    begins: datetime | None
    ends: datetime | None


@dataclasses.dataclass(frozen=True)
class Constant(Term):
    holds: bool


ALWAYS, NEVER = Constant(True), Constant(False)


def simplified(node: Node, *, negated: bool = False) -> Node:
    """The same with Not only before single terms, few probes for many labels, and constants only by themselves."""
    if isinstance(node, Not):
        return simplified(node.item, negated=not negated)
    if isinstance(node, And | Or):
        items = [simplified(item, negated=negated) for item in node.items]
        return _all(items) if isinstance(node, And) != negated else _any(items)
    if isinstance(node, Constant):
        return Constant(node.holds != negated)
    if isinstance(node, Between) and negated:
        return _outside(node)
    return Not(node) if negated else node


def _outside(taken: Between) -> Node:
    """Before it or after it, which an index finds."""
    before = [Between(None, taken.begins)] if taken.begins else []
    after = [Between(taken.ends, None)] if taken.ends else []
    return disjunction([*before, *after]) if before or after else NEVER


def _all(items: Sequence[Node]) -> Node:
    if NEVER in items:
        return NEVER
    refused = [item.item for item in items if isinstance(item, Not)]
    others = [item for item in items if item != ALWAYS and not isinstance(item, Not)]
    kept = [*others, *map(Not, _merged(refused))]
    return conjunction(dict.fromkeys(kept)) if kept else ALWAYS


def _any(items: Sequence[Node]) -> Node:
    if ALWAYS in items:
        return ALWAYS
    kept = _merged([item for item in items if item != NEVER])
    return disjunction(dict.fromkeys(kept)) if kept else NEVER


def _merged(items: Sequence[Node]) -> list[Node]:
    """Alternatives: one probe for all labels of a bound, one for all texts."""
    labels: dict[Bound, set[int]] = {}
    words: dict[str, None] = {}
    others: list[Node] = []
    for item in items:
        match item:
            case Carries():
                labels.setdefault(item.bound, set()).update(item.ids)
            case Reads():
                words |= dict.fromkeys(item.words)
            case _:
                others.append(item)
    carried = [Carries(tuple(sorted(found)), bound) for bound, found in labels.items()]
    return [*carried, *([Reads(tuple(words))] if words else []), *others]
