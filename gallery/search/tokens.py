"""The words of a search, each with its place. Pure."""

import dataclasses
import re
import unicodedata
from typing import Final, Literal, cast

from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.search.tree import FIELD, OPERATORS, PLAIN, QUOTES

LONGEST: Final = 1000
Kind = Literal["(", ")", "-", "AND", "OR", "NOT", "compare", "field", "name"]


class Unreadable(Refusal):
    """A search that can't be read. `start` and `end`: the place, in characters of what was typed."""

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__("unreadable_query", sentence, 422)
        self.start = start
        self.end = end


@dataclasses.dataclass(frozen=True)
class Token:
    """`text`: a name or a field's value without quotes, an operator, a comparison. `field` in lower case."""

    kind: Kind
    text: str
    start: int
    end: int
    field: str = ""
    comparison: str = ""


_PHRASE: Final = rf"[{QUOTES}](?:\\[{QUOTES}\\]|\\(?![{QUOTES}\\])|[^{QUOTES}\\])*[{QUOTES}]"
_COMPARE: Final = "[<>]=?"
_TOKEN: Final = re.compile(
    rf"""
    (?P<blank>\s+)
    | (?P<bracket>[()])
    | (?P<phrase>{_PHRASE})
    | (?P<quote>[{QUOTES}])
    | (?P<compare>{_COMPARE})
    | (?P<minus>-)
    | (?P<field>{FIELD}) (?P<comparison>{_COMPARE})? (?P<value>{_PHRASE}|{PLAIN})?
    | (?P<plain>{PLAIN})
    """,
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """Raises Unreadable for what is too long, and for a quote that isn't closed."""
    if len(text) > LONGEST:
        sentence = _("A search has at most %(most)s characters; this one has %(count)s. Shorten it.")
        raise Unreadable(sentence % {"most": LONGEST, "count": len(text)}, LONGEST, len(text))
    return [_token(found) for found in _TOKEN.finditer(_printable(text)) if found.lastgroup != "blank"]


def _printable(text: str) -> str:
    """As long as it was: places stay what they are. No database takes a NUL, and nobody types one."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


def _token(found: re.Match[str]) -> Token:
    kind, place = found.lastgroup, found.span()
    if kind == "quote":
        raise Unreadable(_("This quotation mark has no partner. Close it, or take it away."), *place)
    if found["field"]:
        field, value = found["field"][:-1].casefold(), _words(found["value"] or "", *place)
        return Token("field", value, *place, field=field, comparison=found["comparison"] or "")
    if kind == "phrase" or (kind == "plain" and found[0] not in OPERATORS):
        return Token("name", _words(found[0], *place), *place)
    return Token("compare" if kind == "compare" else cast("Kind", found[0]), found[0], *place)


def _words(text: str, start: int, end: int) -> str:
    """Without quotes and superfluous blanks."""
    if not re.fullmatch(_PHRASE, text):
        return text
    words = " ".join(re.sub(rf"\\([{QUOTES}\\])", r"\1", text[1:-1]).split())
    if not words:
        raise Unreadable(
            _("There is nothing between these quotation marks. Write a name in them."), start, end
        )
    return words


@dataclasses.dataclass(frozen=True)
class Unfinished:
    """The name or value at the very end of a search that is being typed; it begins at `start`, with its field."""

    words: str
    field: str
    start: int


def unfinished(text: str) -> Unfinished | None:
    """None where nothing has been begun, and for a confidence."""
    last = before = None
    text = _printable(text)
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "quote":
            opens = last is not None and last["field"] and not last["value"] and last.end() == found.start()
            start, field = (last.start(), last["field"]) if last and opens else (found.start(), "")
            return Unfinished(text[found.end() :], (field or "")[:-1].casefold(), start)
        last, before = found, last
    if last is None or last.end() != len(text) or (before and before.lastgroup == "compare"):
        return None
    if last["plain"]:
        return Unfinished(last[0], "", last.start())
    if last["field"] and not last["comparison"] and not re.match(_PHRASE, last["value"] or ""):
        return Unfinished(last["value"] or "", last["field"][:-1].casefold(), last.start())
    return None
