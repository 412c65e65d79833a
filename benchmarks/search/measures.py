"""The ratios of searches, through the site's own code, each beside its peer in the same run.

A page is set against a page, both with all that Python does. A peer that is bare SQL has beside it the bare
statements that the site's code sends; what the code takes with them is told, too.
"""

import dataclasses
import functools
import math
from collections.abc import Iterator, Mapping
from typing import Final

from django.db import connection

from accounts.models import User
from benchmarks.search import peers
from benchmarks.search.clock import Work, by_turns
from benchmarks.search.databases import SMALL, using
from benchmarks.search.fill import largest_owner
from benchmarks.search.table import Line, ratio
from gallery.folding import fold
from gallery.models import Label, OwnerLabel, Photo
from gallery.search.complete import complete
from gallery.search.cursors import Cursor
from gallery.search.grammar import parse
from gallery.search.photos import Wanted, months, newest, page
from gallery.views.queries import wanted_on_page
from gallery.views.search import MOST_COMPLETIONS
from gallery.views.tiles import PAGE_SIZE

ROUNDS: Final = 60
SLOW_ROUNDS: Final = 15
FREQUENT_PAIRS: Final = (("Animal", "Person"), ("Dog", "Vehicle"), ("Food", "Person"))
RARER_PAIRS: Final = (("Beach", "Dog"), ("Castle", "Bird"), ("Quail", "Animal"))
TYPED: Final = ("b", "ca", "moun", "dog b")
DEEP: Final = 0.99


def measure() -> Iterator[Line]:
    peers.ensure()
    with peers.one_process():
        yield from timeline()
        yield from label_pages()
        yield from two_labels()
        yield from counters()


def asked(owner: User, words: str, cursor: str = "") -> Work:
    """A page of a search as somebody types it, from the text to the photos."""
    return lambda: page(owner, wanted_on_page(parse(words)), cursor, PAGE_SIZE)


def timeline() -> Iterator[Line]:
    """Both libraries' first pages; then deep ones."""
    owner = largest_owner()
    first: Work = functools.partial(page, owner, Wanted(), "", PAGE_SIZE)
    deep: Work = functools.partial(page, owner, Wanted(), _cursor_at(owner, DEEP), PAGE_SIZE)
    found = by_turns({"large": first, "small": _in_small(first), "deep": deep}, ROUNDS)
    yield ratio("timeline, first page, large against small", found["large"], found["small"], 1.1)
    yield ratio("timeline, page at 99 % against the first", found["deep"], found["large"], _deep_goal())


def label_pages() -> Iterator[Line]:
    owner = largest_owner()
    name = mid_label(owner)
    for least in (80, 90):
        words = f'"{name}">={least}'
        wanted = Wanted(query=parse(words))
        first = asked(owner, words)
        deep = asked(owner, words, _cursor_at(owner, DEEP))
        found = by_turns({"large": first, "small": _in_small(first), "deep": deep}, ROUNDS)
        yield ratio(f"{words}, large against small", found["large"], found["small"], 1.3)
        yield ratio(f"{words}, page at 99 % against the first", found["deep"], found["large"], _deep_goal())
        places: Work = functools.partial(newest, owner, wanted, PAGE_SIZE + 1)
        join: Work = functools.partial(peers.plain_join, owner, fold(name), least, PAGE_SIZE + 1)
        yield _against(f"{words}, places against the plain join", places, join, 1 / 30)[0]


def mid_label(owner: User) -> str:
    """The label whose count lies, by ratio, in the middle between the most frequent and the rarest of this owner."""
    rows = OwnerLabel.objects.visible_to(owner).filter(kind=Label.Kind.LABEL, photos__gt=0)
    counts = dict(rows.values_list("label__name", "photos"))
    middle = math.sqrt(max(counts.values()) * min(counts.values()))
    return min(counts, key=lambda name: (abs(math.log(counts[name] / middle)), name))


def two_labels() -> Iterator[Line]:
    """However sure, since GIN knows no confidence. The goal is for frequent labels: GIN reads all that have both,
    and is quick where few have."""
    if connection.vendor != "postgresql":
        return
    owner = largest_owner()
    works: dict[tuple[str, str], tuple[Work, Work]] = {}
    for pair in (*FREQUENT_PAIRS, *RARER_PAIRS):
        wanted = Wanted(query=parse(" ".join(pair)))
        places = functools.partial(newest, owner, wanted, PAGE_SIZE + 1)
        arrays = functools.partial(peers.arrays, owner, [fold(name) for name in pair], PAGE_SIZE + 1)
        works[pair] = places, arrays
    for pair in RARER_PAIRS:
        yield _against(f"{' '.join(pair)} against GIN int[]", *works[pair], None)[0]
    frequent = {f"{' '.join(pair)} against GIN int[]": works[pair] for pair in FREQUENT_PAIRS}
    yield from _together("two frequent labels, these three pairs", frequent, 1 / 10)


def counters() -> Iterator[Line]:
    owner = largest_owner()
    counter, live = functools.partial(months, owner), functools.partial(peers.months, owner)
    yield _against("months against GROUP BY", counter, live, 1 / 100)[0]
    works: dict[str, tuple[Work, Work]] = {}
    for typed in TYPED:
        ours = functools.partial(complete, owner, typed, MOST_COMPLETIONS)
        peer = functools.partial(peers.completion, owner, typed.rpartition(" ")[2], MOST_COMPLETIONS)
        works[f"completion of “{typed}” against GROUP BY"] = ours, peer
    yield from _together("completion, all of these", works, 1 / 10)


def _together(name: str, works: Mapping[str, tuple[Work, Work]], goal: float) -> Iterator[Line]:
    """Each for the eye, since a peer is quick where there is little; the goal is for what they take together."""
    ours, theirs = 0.0, 0.0
    for each, (work, peer) in works.items():
        line, mine, others = _against(each, work, peer, None)
        ours, theirs = ours + mine, theirs + others
        yield line
    yield Line(name, ours / theirs, goal, f"{ours:.1f} ms, against {theirs:.1f} ms")


def _against(name: str, ours: Work, peer: Work, goal: float | None) -> tuple[Line, float, float]:
    """Statements against statements, and the milliseconds of both."""
    found = by_turns({"whole": ours, "ours": peers.replayed(ours), "peer": peer}, SLOW_ROUNDS)
    line = ratio(name, found["ours"], found["peer"], goal)
    told = f"{line.told}; with Python {found['whole'].p50:.2f}"
    return dataclasses.replace(line, told=told), found["ours"].p50, found["peer"].p50


def _in_small(work: Work) -> Work:
    def there() -> object:
        with using(SMALL):
            return work()

    return there


def _cursor_at(owner: User, part: float) -> str:
    """Where this part of the timeline is behind one."""
    timeline = Photo.objects.visible_to(owner).live().newest_first()
    place = timeline.values_list("taken_local", "pk")[int(timeline.count() * part)]
    return str(Cursor(*place))


def _deep_goal() -> float:
    return 1.5 if connection.vendor == "postgresql" else 3
