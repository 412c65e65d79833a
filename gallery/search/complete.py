"""What the word at the end of a search could become, while it is being typed. From counters: two statements."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, Literal

from django.db.models import Q

from accounts.models import User
from gallery.folding import fold
from gallery.models import Album, Label, OwnerLabel, OwnerMonth
from gallery.search.tokens import LONGEST, Unfinished, unfinished
from gallery.search.tree import Category, Has, InAlbum, Is, Named, Taken, Term
from gallery.search.values import FIELDS, STATES, THINGS

Kind = Literal["label", "category", "album", "time", "word"]


@dataclasses.dataclass(frozen=True)
class Completion:
    """`words`: what stands there then; `query`: the whole search with them. `count`: photos, where it is known."""

    kind: Kind
    words: str
    count: int | None
    query: str


_Found = tuple[Kind, str, Term | str, int | None]


def complete(user: User, typed: str, limit: int) -> list[Completion]:
    """Labels first, by how often they are shown; then categories, albums, and the words of the grammar."""
    last = unfinished(typed)
    if last is None or not (last.words.strip() or last.field):
        return []
    found: list[Completion] = []
    for kind, words, term, count in _found(user, last, limit):
        query = f"{typed[: last.start]}{term}"
        if len(query) <= LONGEST and len(found) < limit:
            found.append(Completion(kind, words, count, query))
    return found


def _found(user: User, last: Unfinished, limit: int) -> Iterator[_Found]:
    if last.field:
        offer = _FIELDS.get(last.field)
        yield from offer(user, last, limit) if offer else ()
        return
    yield from _labels(user, last, limit)
    yield from _albums(user, last, limit)
    yield from _grammar(last.words)


def _labels(user: User, last: Unfinished, limit: int) -> Iterator[_Found]:
    rows = OwnerLabel.objects.visible_to(user).filter(folded__startswith=fold(last.words), photos__gt=0)
    if last.field:
        of_categories = Q(kind=Label.Kind.CATEGORY)
        rows = rows.filter(of_categories if last.field == "category" else ~of_categories)
    found = list(rows.select_related("label").order_by("-shown", "folded")[: 2 * limit])
    for row in found:
        if row.kind != Label.Kind.CATEGORY:
            yield "label", row.label.name, Named(row.label.name), row.shown
    for row in found:
        if row.kind == Label.Kind.CATEGORY:
            yield "category", row.label.name, Category(row.label.name), row.shown


def _albums(user: User, last: Unfinished, limit: int) -> Iterator[_Found]:
    rows = Album.objects.visible_to(user).filter(folded__startswith=fold(last.words)).order_by("folded")
    titles = dict.fromkeys(" ".join(title.split()) for title in rows.values_list("title", flat=True)[:limit])
    for title in titles:
        yield "album", title, InAlbum(title), None


def _times(user: User, last: Unfinished, _limit: int) -> Iterator[_Found]:
    """Years, or the months of a year that stands there already; newest first."""
    length = len("2024") if len(last.words) < len("2024") else len("2024-05")
    counts: Counter[str] = Counter()
    rows = OwnerMonth.objects.visible_to(user).filter(month__startswith=last.words, photos__gt=0)
    for month, photos in rows.order_by("-month").values_list("month", "photos"):
        counts[month[:length]] += photos
    for period, photos in counts.items():
        yield "time", period, Taken(period, period), photos


def _states(_user: User, last: Unfinished, _limit: int) -> Iterator[_Found]:
    terms: list[Is | Has] = [*map(Is, STATES)] if last.field == "is" else [*map(Has, THINGS)]
    begun = f"{last.field}:{last.words.casefold()}"
    yield from (("word", str(term), term, None) for term in terms if str(term).startswith(begun))


def _grammar(begun: str) -> Iterator[_Found]:
    """Fields, and the states of photos by their first letters."""
    for field in sorted(FIELDS):
        if field.startswith(begun.casefold()):
            yield "word", f"{field}:", f"{field}:", None
    for term in (*map(Is, STATES), *map(Has, THINGS)):
        if str(term).partition(":")[2].startswith(begun.casefold()):
            yield "word", str(term), term, None


_FIELDS: Final[dict[str, Callable[[User, Unfinished, int], Iterator[_Found]]]] = {
    "label": _labels,
    "category": _labels,
    "album": _albums,
    "taken": _times,
    "is": _states,
    "has": _states,
}
