"""What a search asks for, as a frozen tree that prints itself in the words of the grammar. Pure."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, Literal, Union

Operator = Literal[">", ">=", "<", "<="]
State = Literal["favourite", "confirmed", "unlabelled", "failed", "trashed", "portrait", "archived"]
Thing = Literal["location", "caption", "people"]
QUOTES: Final = '"“”„'  # telephones type the curly ones
OPERATORS: Final = ("AND", "OR", "NOT")
UNITS: Final = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}
PLAIN: Final = rf"[^\s()<>{QUOTES}]+"
FIELD: Final = r"\w+:"


def quoted(words: str) -> str:
    """In quotes; a quote gets a backslash, and so does a backslash that would be taken for one of these."""
    return '"' + re.sub(rf"[{QUOTES}]|\\(?=[{QUOTES}\\]|\Z)", r"\\\g<0>", words) + '"'


def _value(words: str) -> str:
    return words if re.fullmatch(PLAIN, words) else quoted(words)


def _name(words: str) -> str:
    bare = re.fullmatch(PLAIN, words) and not re.match(rf"-|{FIELD}", words) and words not in OPERATORS
    return words if bare else quoted(words)


def _number(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


class Term:
    """One thing that a photo meets or doesn't."""


@dataclasses.dataclass(frozen=True)
class Bound:
    """A confidence, 0 to 100 with at most three decimals, and on which side of it."""

    operator: Operator
    value: float

    def __str__(self) -> str:
        return f"{self.operator}{_number(self.value)}"


@dataclasses.dataclass(frozen=True)
class Named(Term):
    """Carries a label of this name or alias: as sure as `bound` says, or as the whole query does."""

    name: str
    bound: Bound | None = None

    def __str__(self) -> str:
        return f"{_name(self.name)}{self.bound or ''}"


@dataclasses.dataclass(frozen=True)
class Category(Term):
    name: str

    def __str__(self) -> str:
        return f"category:{_value(self.name)}"


@dataclasses.dataclass(frozen=True)
class Text(Term):
    """In the file name, the caption or the words read on it."""

    words: str

    def __str__(self) -> str:
        return f"text:{_value(self.words)}"


@dataclasses.dataclass(frozen=True)
class Camera(Term):
    words: str

    def __str__(self) -> str:
        return f"camera:{_value(self.words)}"


@dataclasses.dataclass(frozen=True)
class InAlbum(Term):
    title: str

    def __str__(self) -> str:
        return f"album:{_value(self.title)}"


@dataclasses.dataclass(frozen=True)
class Is(Term):
    state: State

    def __str__(self) -> str:
        return f"is:{self.state}"


@dataclasses.dataclass(frozen=True)
class Has(Term):
    thing: Thing

    def __str__(self) -> str:
        return f"has:{self.thing}"


@dataclasses.dataclass(frozen=True)
class Size(Term):
    """`amount`: at most three decimals, in a unit of UNITS."""

    operator: Operator
    amount: float
    unit: str

    @property
    def byte_size(self) -> float:
        return self.amount * UNITS[self.unit]

    def __str__(self) -> str:
        return f"size:{self.operator}{_number(self.amount)}{self.unit}"


@dataclasses.dataclass(frozen=True)
class Taken(Term):
    """From the first moment of `first` to the last of `last`: "2024", "2024-05" or "2024-05-01"; "" has no end."""

    first: str
    last: str

    @property
    def begins(self) -> datetime | None:
        return first_moment(self.first) if self.first else None

    @property
    def ends(self) -> datetime | None:
        """The first moment after it; None also at the end of all calendars."""
        return _moment_after(self.last) if self.last else None

    def __str__(self) -> str:
        return f"taken:{self.first}" if self.first == self.last else f"taken:{self.first}..{self.last}"


def first_moment(period: str) -> datetime:
    """Of a year, month or day, by the wall clock. ValueError for what no calendar has."""
    year, month, day = (*map(int, period.split("-")), 1, 1)[:3]
    return datetime(year, month, day, tzinfo=UTC)


def _moment_after(period: str) -> datetime | None:
    start = first_moment(period)
    try:
        if len(period) == len("2024-05-01"):
            return datetime.fromordinal(start.toordinal() + 1).replace(tzinfo=UTC)
        months = start.year * 12 + start.month - 1 + (12 if len(period) == len("2024") else 1)
        return start.replace(year=months // 12, month=months % 12 + 1)
    except ValueError:
        return None


@dataclasses.dataclass(frozen=True)
class Not:
    """Made by `negation`, so that none stands in another."""

    item: "Node"

    def __str__(self) -> str:
        return f"-({self.item})" if isinstance(self.item, And | Or) else f"-{self.item}"


@dataclasses.dataclass(frozen=True)
class And:
    """Made by `conjunction`: at least two, none of them an And."""

    items: tuple["Node", ...]

    def __str__(self) -> str:
        return " ".join(f"({item})" if isinstance(item, Or) else str(item) for item in self.items)


@dataclasses.dataclass(frozen=True)
class Or:
    """Made by `disjunction`: at least two, none of them an Or."""

    items: tuple["Node", ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.items))


Node = Union[Term, Not, And, Or]  # noqa: UP007 - names that stand in it are not all there yet


def negation(node: Node) -> Node:
    return node.item if isinstance(node, Not) else Not(node)


def conjunction(nodes: Iterable[Node]) -> Node:
    """All of at least one."""
    items = tuple(item for node in nodes for item in (node.items if isinstance(node, And) else (node,)))
    return items[0] if len(items) == 1 else And(items)


def disjunction(nodes: Iterable[Node]) -> Node:
    """Any of at least one."""
    items = tuple(item for node in nodes for item in (node.items if isinstance(node, Or) else (node,)))
    return items[0] if len(items) == 1 else Or(items)


def terms(node: Node | None) -> Iterator[Term]:
    """From left to right."""
    if isinstance(node, And | Or):
        for item in node.items:
            yield from terms(item)
    elif isinstance(node, Not):
        yield from terms(node.item)
    elif node is not None:
        yield node


@dataclasses.dataclass(frozen=True)
class Query:
    """`root`: None asks for everything. `confidence`: what every label without a bound of its own must meet."""

    root: Node | None = None
    confidence: Bound | None = None

    def narrowed(self, node: Node) -> "Query":
        """The same and this, too."""
        return dataclasses.replace(self, root=conjunction([self.root, node] if self.root else [node]))

    def __str__(self) -> str:
        if self.confidence is None:
            return "" if self.root is None else str(self.root)
        before = f"({self.root}) " if isinstance(self.root, Or) else f"{self.root} " if self.root else ""
        return f"{before}confidence:{self.confidence}"


EVERYTHING: Final = Query()
