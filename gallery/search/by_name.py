"""What somebody has under a name: albums, kept searches and months, found by how the words of the name begin."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q

from accounts.models import User
from gallery.folding import fold
from gallery.models import Album, SavedSearch
from gallery.search.photos import months
from gallery.search.tree import first_moment

_MOST_SEARCHES: Final = 200  # as many as one keeps


def albums(user: User, words: str, most: int) -> list[Album]:
    """By title: those in which any word begins with `words`."""
    begun = fold(words)
    rows = Album.objects.visible_to(user).filter(
        Q(folded__startswith=begun) | Q(folded__contains=f" {begun}")
    )
    return list(rows.order_by("folded", "pk")[:most])


def searches(user: User, words: str, most: int) -> list[SavedSearch]:
    rows = SavedSearch.objects.visible_to(user).order_by("name")[:_MOST_SEARCHES]
    return [row for row in rows if begins(words, row.name)][:most]


def months_called(
    user: User, words: str, name: Callable[[datetime], str], most: int
) -> list[tuple[str, str, int]]:
    """("2024-06", "June 2024", how many photos) newest first; `name`: what a month is called where it is shown."""
    named = ((month, name(first_moment(month)), count) for month, count in months(user))
    return _first(
        most, ((month, said, count) for month, said, count in named if begins(words, f"{said} {month}"))
    )


def begins(words: str, name: str) -> bool:
    """Whether each of these words begins one of the name's."""
    parts = fold(name).split()
    return all(any(part.startswith(word) for part in parts) for word in fold(words).split())


def _first(most: int, found: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    return [one for one, _ in zip(found, range(most), strict=False)]
