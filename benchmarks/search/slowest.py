"""Milliseconds of searches: those that are listed, and the worst that can be made up."""

import heapq
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from django.db import connection

from accounts.models import User
from benchmarks.search.clock import Timing, Work, by_turns, sample
from benchmarks.search.databases import server_processes
from benchmarks.search.fill import largest_owner
from benchmarks.search.listed import SEARCHES
from benchmarks.search.made_up import Author
from benchmarks.search.measures import asked
from benchmarks.search.table import Line
from gallery.models import OwnerLabel
from gallery.search.grammar import Unreadable

ROUNDS: Final = 40
_MOST_P95: Final = 25.0
_WORST: Final = 200.0
_SEED: Final = 1
_AGAIN: Final = 10
"""Of the slowest, so many are asked again, so often: what a busy machine did to one of them is not its own."""


def listed() -> Iterator[Line]:
    """Each by itself, slowest last; the goal is for PostgreSQL."""
    owner = largest_owner()
    found = by_turns({words: asked(owner, words) for words in SEARCHES}, ROUNDS)
    ordered = sorted(found, key=lambda words: found[words].p95)
    for words in ordered:
        yield Line(
            words,
            found[words].p50,
            None,
            f"p95 {found[words].p95:.1f} ms, on the wall {found[words].wall_p95:.1f}",
            "ms",
        )
    goal = _MOST_P95 if connection.vendor == "postgresql" else None
    yield Line("p95 of the slowest listed search", found[ordered[-1]].p95, goal, ordered[-1], "ms")


def made_up(count: int) -> Iterator[Line]:
    """The worst of them all, whether it can be read or not."""
    owner = largest_owner()
    author = Author(_SEED, list(_names(owner)))
    servers = server_processes()
    took = {words: sample(answered(owner, words), servers) for words in author.searches(count)}
    once = Timing(list(took.values()))
    slowest = heapq.nlargest(_AGAIN, took, key=lambda words: took[words].processor)
    found = by_turns({words: answered(owner, words) for words in slowest}, _AGAIN)
    worst = max(found, key=lambda words: found[words].p50)
    told = f"of {count}: {once}, once {took[slowest[0]].processor:.0f}; {worst[:200]!r}"
    yield Line("worst of the made-up searches", found[worst].p50, _WORST, told, "ms")


def answered(owner: User, words: str) -> Work:
    """A page, or that it can't be read."""

    def answer() -> None:
        with suppress(Unreadable):
            asked(owner, words)()

    return answer


def _names(owner: User) -> Iterator[str]:
    rows = OwnerLabel.objects.visible_to(owner).filter(kind="label").order_by("folded")
    yield from rows.values_list("label__name", flat=True)
