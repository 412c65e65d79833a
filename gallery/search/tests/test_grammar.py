"""What people type: how it is read, how it is printed again, and what is said of what can't be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.search.grammar import DEEPEST, LONGEST, MOST_TERMS, Unreadable, parse
from gallery.search.tests.searches import searches
from gallery.search.tests.trees import any_queries
from gallery.search.tree import Named, Not, Query, Taken

pytestmark = pytest.mark.pure


def refusal(text: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    return caught.value


@settings(deadline=None, max_examples=300)
@given(query=any_queries)
def test_what_is_printed_is_read_as_the_same(query: Query) -> None:
    if len(str(query)) <= LONGEST:
        assert parse(str(query)) == query


PIECES = st.sampled_from([
    "dog", "OR", "AND", "NOT", "-", "(", ")", '"', "“", "”", ">", "<=", "90", "label:", "is:", "trashed", "taken:2024",
    "..", "text:", "size:>1", "MB", "confidence:", ":", "\\", " ", "\t", "\x00", "é", "\ud800", "%", "'",
])  # fmt: skip
typed = (
    st.text(max_size=60)
    | st.lists(PIECES, max_size=25).map("".join)
    | st.lists(PIECES, max_size=25).map(" ".join)
)


@settings(deadline=None, max_examples=500)
@given(text=typed)
def test_whatever_is_typed_is_read_or_refused_at_its_place(text: str) -> None:
    query, problem = read(text)
    if problem is None:
        assert parse(str(query)) == query
        return
    assert 0 <= problem.start <= problem.end <= len(text)
    assert problem.sentence.endswith((".", ")."))
    assert (problem.code, problem.status) == ("unreadable_query", 422)


def read(text: str) -> tuple[Query | None, Unreadable | None]:
    try:
        return parse(text), None
    except Unreadable as problem:
        return None, problem


def test_each_search_of_the_table_is_printed_as_the_same() -> None:
    for search, _ in searches():
        assert parse(str(parse(search))) == parse(search)


@pytest.mark.parametrize(("typed", "printed"), [
    ("  dog   cat ", "dog cat"),
    ("dog AND cat", "dog cat"),
    ("((dog) (cat))", "dog cat"),
    ("(a OR (b OR c))", "a OR b OR c"),
    ("NOT dog", "-dog"),
    ("--dog", "dog"),
    ("-(a b)", "-(a b)"),
    ("label:dog", "dog"),
    ('"dog"', "dog"),
    ('"OR"', '"OR"'),
    ('"-dog"', '"-dog"'),
    ('"label:dog"', '"label:dog"'),
    ("t-shirt", "t-shirt"),
    ('label:"a (b)"', '"a (b)"'),
    ('"5\\" \\\\ \\x"', '"5\\" \\ \\x"'),
    ("dog>90.50%", "dog>90.5"),
    ("confidence:80 dog", "dog confidence:>=80"),
    ("(a OR b) confidence:80", "(a OR b) confidence:>=80"),
    ("taken:2024-5-1..2024-5-1", "taken:2024-05-01"),
    ("size:>10.50mb", "size:>10.5MB"),
    ("size:<7", "size:<7B"),
    ("", ""),
])  # fmt: skip
def test_it_is_printed_in_its_plainest_words(typed: str, printed: str) -> None:
    assert str(parse(typed)) == printed


def test_alternatives_hold_together_less_than_what_stands_beside_each_other() -> None:
    assert parse("a b OR c") == parse("(a b) OR c")
    assert parse("a -b OR c") == parse("(a (-b)) OR c")


def test_small_letters_are_words() -> None:
    assert [str(term) for term in parse("dog or not and").root.items] == ["dog", "or", "not", "and"]  # type: ignore[union-attr]


@pytest.mark.parametrize(("typed", "place", "words"), [
    ("dog OR", "OR", "nothing after this OR"),
    ("OR dog", "OR", "nothing before this OR"),
    ("dog (OR cat)", "OR", "nothing before this OR"),
    ("dog OR OR cat", "OR", "nothing after this OR"),
    ("dog AND", "AND", "AND stands between"),
    ("AND dog", "AND", "AND stands between"),
    ("dog AND OR cat", "AND", "AND stands between"),
    ("dog NOT", "NOT", "nothing after this NOT"),
    ("dog -", "-", "nothing after this -"),
    ("dog - cat", "-", "nothing after this -"),
    ("(-)", "-", "nothing after this -"),
    ("(dog", "(", "is not closed"),
    ("dog)", ")", "closes nothing"),
    ("()", "(", "nothing in these brackets"),
    ('dog "hot', '"', "has no partner"),
    ('dog "" cat', '""', "nothing between"),
    ('label:" "', 'label:" "', "nothing between"),
    ("dog>", ">", "from 0 to 100"),
    ("dog>101", ">101", "from 0 to 100"),
    ("dog>-1", ">", "from 0 to 100"),
    ("dog>x", ">x", "from 0 to 100"),
    ("dog>1e3", ">1e3", "from 0 to 100"),
    (">90 dog", ">", "no label before"),
    ("text:a>9", ">", "can't be compared"),
    ("camera:>9", "camera:>9", "can't be compared"),
    ("colour:red", "colour:red", "no field “colour”"),
    ("label:", "label:", "has no value"),
    ("label: dog", "label:", "has no value"),
    ("is:nice", "is:nice", "can be favourite, confirmed, unlabelled, failed, trashed"),
    ("has:dog", "has:dog", "can be location, caption, people"),
    ("taken:yesterday", "taken:yesterday", "is no date"),
    ("taken:2024-02-30", "taken:2024-02-30", "is no date"),
    ("taken:0000", "taken:0000", "is no date"),
    ("taken:٢٠٢٤", "taken:٢٠٢٤", "is no date"),
    ("taken:..", "taken:..", "from when or until when"),
    ("taken:2025..2024", "taken:2025..2024", "ends before it begins"),
    ("size:10MB", "size:10MB", "is compared"),
    ("size:>ten", "size:>ten", "is compared"),
    ("size:>1TB", "size:>1TB", "is compared"),
    ("confidence:<80", "confidence:<80", "Write confidence:>=80"),
    ("confidence:200", "confidence:200", "from 0 to 100"),
    ("a OR b confidence:80", "confidence:80", "counts for the whole search"),
    ("confidence:80 OR a", "confidence:80", "counts for the whole search"),
    ("(a confidence:80)", "confidence:80", "counts for the whole search"),
    ("-confidence:80", "confidence:80", "counts for the whole search"),
    ("confidence:80 a confidence:90", "confidence:90", "is there twice"),
])  # fmt: skip
def test_what_can_t_be_read_is_pointed_at_and_its_cure_named(typed: str, place: str, words: str) -> None:
    problem = refusal(typed)
    assert typed[problem.start : problem.end] == place
    assert words in problem.sentence


def test_a_search_may_be_as_long_deep_and_wide_as_is_said_and_no_more() -> None:
    parse("x" * LONGEST)
    assert refusal("x" * (LONGEST + 1)).start == LONGEST
    parse("(" * DEEPEST + "a" + ")" * DEEPEST)
    assert refusal("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1)).start == DEEPEST
    parse(" ".join(["a"] * MOST_TERMS))
    assert refusal(" ".join(["a"] * (MOST_TERMS + 1))).start == 2 * MOST_TERMS
    assert parse("-" * 999 + "a").root == Not(Named("a"))


@pytest.mark.parametrize(
    "text", ["(" * 1000, '"' * 999, "\\" * 999 + '"', '"' + "\\" * 999, "-" * 1000, "a:" * 500]
)
def test_what_is_meant_to_take_long_does_not(text: str) -> None:
    refusal(text)


def test_the_last_day_of_all_calendars_has_no_moment_after_it() -> None:
    assert [Taken("", last).ends for last in ("9999", "9999-12", "9999-12-31")] == [None, None, None]
