"""Searches that nobody would type, the same for the same seed: trees as large as may be, and what is left of them
when signs are struck out, put in or said too often."""

import random
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.search.collection import FREQUENT
from benchmarks.search.fill import ALBUMS
from gallery.search.grammar import DEEPEST, LONGEST, MOST_TERMS
from gallery.search.tree import (
    Bound,
    Camera,
    Category,
    Has,
    InAlbum,
    Is,
    Named,
    Node,
    Operator,
    Query,
    Size,
    Taken,
    Term,
    Text,
    conjunction,
    disjunction,
    negation,
)
from gallery.search.values import STATES, THINGS
from photosite.localaws.taxonomy import CATEGORIES

_OPERATORS: Final[tuple[Operator, ...]] = (">", ">=", "<", "<=")
_SIGNS: Final = "()-<>=:\"“\\% \t\x00'éß٣😀ﬃ\u200f"


class Author:
    """Writes searches. `names`: of labels, all of them."""

    def __init__(self, seed: int, names: Sequence[str]) -> None:
        self.random = random.Random(seed)
        self.names = names

    def searches(self, count: int) -> Iterator[str]:
        """A fifth has one kind of thing as often as may be, a fifth is deep, the rest is anything."""
        for place in range(count):
            yield (self._repeated, self._deep, self._anything)[min(place % 5, 2)]()

    def _anything(self) -> str:
        words = str(self._query())
        return self._mangled(words) if self.random.random() < 0.4 else words

    def _query(self) -> Query:
        most = self.random.choice((1, 2, 3, 5, 8, 13, 21, MOST_TERMS))
        bound = self._bound(_OPERATORS[:2]) if self.random.random() < 0.2 else None
        return Query(self._node(most, 0), bound)

    def _node(self, terms: int, depth: int) -> Node:
        """Of so many terms."""
        if terms == 1 or depth == DEEPEST:
            found: Node = self._term()
        else:
            parts = self.random.randint(2, terms)
            sizes = [terms // parts + (place < terms % parts) for place in range(parts)]
            items = [self._node(size, depth + 1) for size in sizes]
            found = conjunction(items) if self.random.random() < 0.5 else disjunction(items)
        return negation(found) if self.random.random() < 0.25 else found

    def _repeated(self) -> str:
        """Forty of a kind, or as many as fit."""
        kind = self.random.choice((self._named, self._other, self._term))
        sign = self.random.choice((" ", " OR ", " -"))
        words = sign.join(str(kind()) for _ in range(MOST_TERMS))
        return words[:LONGEST].rpartition(sign)[0] if len(words) > LONGEST else words

    def _deep(self) -> str:
        inner = str(self._term())
        for _ in range(self.random.randint(DEEPEST - 2, DEEPEST + 2)):
            inner = self.random.choice(("({} {})", "-({} OR {})", "({} OR -{})")).format(inner, self._term())
        return inner

    def _term(self) -> Term:
        return self._named() if self.random.random() < 0.6 else self._other()

    def _named(self) -> Named:
        name = self.random.choice(
            (self.random.choice(FREQUENT), self.random.choice(self.names), "Animal", "griffin")
        )
        return Named(name, self._bound(_OPERATORS) if self.random.random() < 0.3 else None)

    def _other(self) -> Term:
        choose = self.random.choice
        year = self.random.randint(2010, 2027)
        return choose((
            Category(choose(sorted(CATEGORIES))),
            Text(choose(("invoice", "garden", "nowhere", "img_00", "e", "%"))),
            Camera(choose(("canon", "hasselblad", "apple", "e"))),
            InAlbum(choose((*ALBUMS, "Nowhere"))),
            Is(choose(STATES)),
            Has(choose(THINGS)),
            Size(choose(_OPERATORS), float(choose((0, 1, 10, 500))), "MB"),
            Taken(str(year), choose(("", str(year), str(year + 2)))),
        ))  # fmt: skip

    def _bound(self, operators: Sequence[Operator]) -> Bound:
        return Bound(self.random.choice(operators), float(self.random.choice((0, 55, 60, 80, 90, 99.5, 100))))

    def _mangled(self, words: str) -> str:
        """Signs struck out, put in, said twice; and now and then far too many of them."""
        for _ in range(self.random.randint(1, 6)):
            place = self.random.randint(0, len(words))
            put = self.random.choice(("", self.random.choice(_SIGNS), words[place : place + 9]))
            words = words[:place] + put + words[place + self.random.randint(0, 3) :]
        return words * 50 if self.random.random() < 0.05 else words
