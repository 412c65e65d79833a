"""Searches made up by hypothesis, and what they mean without a database: the plainest reading of each word."""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from gallery.folding import fold
from gallery.search.tests.collection import CANON, IPHONE, KINDS, MB, NICE, WORDS, Made
from gallery.search.tree import (
    And,
    Bound,
    Camera,
    Category,
    Has,
    Is,
    Named,
    Node,
    Not,
    Or,
    Query,
    Size,
    Taken,
    Text,
    conjunction,
    disjunction,
    negation,
    terms,
)
from gallery.search.values import STATES, THINGS

OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}
LABELS: Final = ("Dog", "Cat", "Animal", "Car", "Café")
CONFIDENCES: Final = (-1, 55, 60, 79.5, 80, 90, 101)

words = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(
    lambda text: text.isprintable() and text != "" and fold(text) != ""
)  # fmt: skip
thousandths = st.integers(0, 100_000).map(lambda number: number / 1000)
bounds = st.builds(
    Bound, st.sampled_from(sorted(OPERATORS)), thousandths | st.sampled_from([55.0, 60.0, 80.0, 90.0])
)
periods = st.dates().flatmap(
    lambda day: st.sampled_from([f"{day:%Y}".zfill(4), f"{day:%Y}".zfill(4) + f"{day:-%m}", day.isoformat()])
)
known_periods = st.sampled_from(["2024", "2024-05", "2024-05-01", "2023", "2022-01"])


def _taken(source: st.SearchStrategy[str]) -> st.SearchStrategy[Taken]:
    def ordered(one: Taken) -> bool:
        return one.begins is None or one.ends is None or one.begins < one.ends

    ends = st.just("") | source
    return (st.builds(Taken, ends, ends) | source.map(lambda period: Taken(period, period))).filter(
        lambda one: bool(one.first or one.last) and ordered(one)
    )


def _terms(names: st.SearchStrategy[str], text: st.SearchStrategy[str], times: st.SearchStrategy[str]) -> Any:
    return st.one_of(
        st.builds(Named, names, st.none() | bounds),
        st.builds(Category, names),
        st.builds(Text, text),
        st.builds(Camera, text),
        st.builds(Is, st.sampled_from(STATES)),
        st.builds(Has, st.sampled_from(THINGS)),
        st.builds(
            Size, st.sampled_from(sorted(OPERATORS)), thousandths, st.sampled_from(["B", "KB", "MB", "GB"])
        ),
        _taken(times),
    )


def _queries(leaves: Any, most: int) -> st.SearchStrategy[Query]:
    def grown(nodes: Any) -> Any:
        several = st.lists(nodes, min_size=1, max_size=4)
        return several.map(conjunction) | several.map(disjunction) | nodes.map(negation)

    confidences = st.builds(Bound, st.sampled_from([">", ">="]), thousandths)
    return st.builds(Query, st.none() | st.recursive(leaves, grown, max_leaves=most), st.none() | confidences)


any_queries = _queries(_terms(words, words, periods), 12)
known_names = st.sampled_from([*LABELS, "hound", "Vehicle", "person", "Animals and Pets", "unicorn"])
known_text = st.sampled_from(["canon", "iphone", "a", "b.jpg", "%", "sea"])
known_queries = _queries(_terms(known_names, known_text, known_periods), 8)

made_photos = st.builds(
    Made,
    taken=st.sampled_from(["2024-05-01", "2024-05-31T23:59:59", "2023-12-31T23:59:59", "2022-01-01"]),
    labels=st.dictionaries(
        st.sampled_from([*LABELS, "Vehicle", "Person", "Animals and Pets"]),
        st.sampled_from(CONFIDENCES),
        max_size=4,
    ),
    fields=st.sampled_from([{}, CANON, {**IPHONE, **NICE}, {"caption": "By the sea"}, {"byte_size": 2 * MB}]),
    favourite=st.booleans(),
    trashed=st.integers(0, 3).map(lambda number: number == 0),
    archived=st.booleans(),
    failed=st.integers(0, 3).map(lambda number: number == 0),
    faces=st.integers(0, 1),
)
libraries = st.lists(made_photos, max_size=5)


def finds(query: Query, least: float, name: str, made: Made) -> bool:
    """Whether this photo is found: the trash is opened by being named."""
    opened = Is("trashed") in terms(query.root)
    if made.trashed and not opened:
        return False
    bound = query.confidence or Bound(">=", least)
    return query.root is None or _holds(query.root, bound, name, made)


def _holds(node: Node, bound: Bound, name: str, made: Made) -> bool:
    match node:
        case And():
            return all(_holds(item, bound, name, made) for item in node.items)
        case Or():
            return any(_holds(item, bound, name, made) for item in node.items)
        case Not():
            return not _holds(node.item, bound, name, made)
        case Named():
            return _carries(node.name, node.bound or bound, made, category=False)
        case Category():
            return _carries(node.name, bound, made, category=True)
        case Has("people"):
            return made.faces > 0 or any(
                _carries(one, bound, made, category=False) for one in ("person", "people")
            )
        case Text():
            return any(
                fold(node.words) in fold(text) for text in (f"{name}.jpg", made.fields.get("caption", ""))
            )
        case Camera():
            camera = f"{made.fields.get('camera_make', '')} {made.fields.get('camera_model', '')}"
            return fold(node.words) in fold(camera)
        case Size():
            return OPERATORS[node.operator](made.fields.get("byte_size", 1000), node.byte_size)
        case Taken():
            taken = made.taken.ljust(19, "x")
            first, last = node.first or "0", node.last or "9999"
            return first <= taken and taken[: len(last)] <= last
        case Is() | Has():
            return _is(node, made)
    raise TypeError(node)


def _carries(wanted: str, bound: Bound, made: Made, *, category: bool) -> bool:
    return any(
        fold(wanted) in {fold(label), *map(fold, WORDS.get(label, {}).get("aliases", ()))}
        and (KINDS.get(label) == "category") == category
        and certainty >= 0
        and OPERATORS[bound.operator](certainty, bound.value)
        for label, certainty in made.labels.items()
    )


def _is(node: Is | Has, made: Made) -> bool:
    answers = {
        Is("favourite"): made.favourite,
        Is("trashed"): made.trashed,
        Is("archived"): made.archived,
        Is("failed"): made.failed,
        Is("confirmed"): 101 in made.labels.values(),
        Is("unlabelled"): all(certainty < 0 for certainty in made.labels.values()),
        Is("portrait"): made.faces > 0,  # each is a fifth of the picture high
        Has("location"): "latitude" in made.fields,
        Has("caption"): "caption" in made.fields,
    }
    return answers[node]
