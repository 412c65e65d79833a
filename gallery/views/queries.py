"""A search as the pages show it: in parts that can be taken away, with links to what is near it. Pure."""

import dataclasses
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gallery.search.tree import And, Bound, Category, Named, Node, Query, conjunction
from gallery.search.wanted import Wanted

SUREST: Final = 100


@dataclasses.dataclass(frozen=True)
class Chip:
    """One of the things that a search asks for. `without`: the address of the search that does not."""

    words: str
    without: str


def address(query: Query) -> str:
    """The page of a search; that of all searches if it asks for nothing."""
    return page_of(str(query))


def page_of(words: str) -> str:
    """The page of a search in the words of the grammar."""
    return f"{reverse('search')}?{urlencode({'q': words})}" if words else reverse("search")


def parts(query: Query) -> tuple[Node, ...]:
    """What photos must meet, all of it."""
    if query.root is None:
        return ()
    return query.root.items if isinstance(query.root, And) else (query.root,)


def chips(query: Query) -> list[Chip]:
    """The parts, and how sure the labels have to be if the query says so."""
    items = parts(query)
    found = [
        Chip(_words(item), address(_of(query, items[:n] + items[n + 1 :]))) for n, item in enumerate(items)
    ]
    if query.confidence is not None:
        least = query.confidence.operator == ">="
        words = _("at least %(percent)g %% sure") if least else _("over %(percent)g %% sure")
        plain = dataclasses.replace(query, confidence=None)
        found.append(Chip(words % {"percent": query.confidence.value}, address(plain)))
    return found


def wanted_on_page(query: Query) -> Wanted:
    """Labels as sure as pages show them, where the query does not say how sure."""
    return Wanted(query=query, min_confidence=float(settings.SHOWN_CONFIDENCE))


def as_sure_as(query: Query, percent: float) -> Query:
    """The same search for labels of at least this confidence; the usual one is not spelt out."""
    usual = percent == settings.SHOWN_CONFIDENCE
    return dataclasses.replace(query, confidence=None if usual else Bound(">=", percent))


def sureness(query: Query) -> float:
    """How sure labels have to be on a page, 0 to 100."""
    return query.confidence.value if query.confidence else float(settings.SHOWN_CONFIDENCE)


def of_label(name: str) -> Query:
    return Query(Named(name))


def only_label(query: Query) -> str:
    """The name of the one label that is searched for; "" where it is something else, or more."""
    return query.root.name if isinstance(query.root, Named) else ""


def _of(query: Query, items: tuple[Node, ...]) -> Query:
    return dataclasses.replace(query, root=conjunction(items) if items else None)


def _words(item: Node) -> str:
    """A name without the quotes that only the grammar needs."""
    if isinstance(item, Named) and item.bound is None:
        return item.name
    return item.name if isinstance(item, Category) else str(item)
