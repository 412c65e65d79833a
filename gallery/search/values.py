"""The values that fields take, from text. Pure; each raises Unreadable at the token's place."""

import re
from collections.abc import Callable
from typing import Final, TypeVar, get_args

from django.utils.translation import gettext as _

from gallery.search.tokens import Token, Unreadable
from gallery.search.tree import (
    UNITS,
    Bound,
    Camera,
    Category,
    Has,
    InAlbum,
    Is,
    Named,
    Operator,
    Size,
    State,
    Taken,
    Term,
    Text,
    Thing,
    first_moment,
)

STATES: Final[tuple[State, ...]] = get_args(State)
THINGS: Final[tuple[Thing, ...]] = get_args(Thing)
_SPELT: Final = {"favorite": "favourite", "unlabeled": "unlabelled"}
Word = TypeVar("Word", bound=str)
_OPERATORS: Final[dict[str, Operator]] = {">": ">", ">=": ">=", "<": "<", "<=": "<="}


def bound(comparison: str, number: str, start: int, end: int) -> Bound:
    """`>=` and `80` as a confidence."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?%?", number) or float(number.rstrip("%")) > 100:
        sentence = _("A confidence is a number from 0 to 100, as in dog>90.")
        raise Unreadable(sentence, start, end)
    return Bound(_OPERATORS[comparison], float(number.rstrip("%")))


def whole_confidence(token: Token) -> Bound:
    """Of `confidence:>=80`."""
    comparison = token.comparison or ">="
    if comparison.startswith("<") or not token.text:
        sentence = _("Write confidence:>=80 for labels that are at least as sure as that.")
        raise Unreadable(sentence, token.start, token.end)
    return bound(comparison, token.text, token.start, token.end)


def term(token: Token) -> Term:
    """What a field with its value asks for."""
    make = _FIELDS.get(token.field)
    if make is None:
        sentence = _(
            "There is no field “%(field)s”. There are %(fields)s. If a label is called so, put it in quotation marks."
        )
        words = {"field": token.field, "fields": ", ".join(sorted(FIELDS))}
        raise Unreadable(sentence % words, token.start, token.end)
    if token.comparison and token.field != "size":
        sentence = _("%(field)s: can't be compared. Write its value right after the colon.")
        raise Unreadable(sentence % {"field": token.field}, token.start, token.end)
    if not token.text:
        sentence = _("%(field)s: has no value. Write it right after the colon, as in %(example)s.")
        words = {"field": token.field, "example": _EXAMPLES[token.field]}
        raise Unreadable(sentence % words, token.start, token.end)
    return make(token)


def _taken(token: Token) -> Taken:
    first, dots, last = token.text.partition("..")
    found = Taken(_period(first, token), _period(last if dots else first, token))
    if not (found.first or found.last):
        raise Unreadable(
            _("Say from when or until when, as in taken:2024.. or taken:..2024."), *_place(token)
        )
    if found.begins and found.ends and found.begins >= found.ends:
        raise Unreadable(_("This time ends before it begins. Change the two dates over."), *_place(token))
    return found


def _period(text: str, token: Token) -> str:
    """ "2024-5" as "2024-05"."""
    if not text:
        return ""
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", text)
    period = "-".join(part.zfill(2) for part in found.groups() if part) if found else ""
    try:
        first_moment(period)
    except ValueError as error:
        sentence = _("“%(text)s” is no date. Write a year, month or day, as in 2024, 2024-05 or 2024-05-01.")
        raise Unreadable(sentence % {"text": text}, *_place(token)) from error
    return period


def _size(token: Token) -> Size:
    found = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,3})?)([A-Z]*)", token.text.upper())
    if not token.comparison or not found or (found[2] or "B") not in UNITS:
        sentence = _(
            "A size is compared, has at most 12 digits and ends in B, KB, MB or GB, as in size:>10MB."
        )
        raise Unreadable(sentence, *_place(token))
    return Size(_OPERATORS[token.comparison], float(found[1]), found[2] or "B")


def _one_of(token: Token, words: tuple[Word, ...]) -> Word:
    asked = _SPELT.get(token.text.casefold(), token.text.casefold())
    found = next((word for word in words if word == asked), None)
    if found is None:
        sentence = _("%(field)s: can't be “%(value)s”. It can be %(words)s.")
        known = {"field": token.field, "value": token.text, "words": ", ".join(words)}
        raise Unreadable(sentence % known, *_place(token))
    return found


def _place(token: Token) -> tuple[int, int]:
    return token.start, token.end


_FIELDS: Final[dict[str, Callable[[Token], Term]]] = {
    "label": lambda token: Named(token.text),
    "category": lambda token: Category(token.text),
    "text": lambda token: Text(token.text),
    "camera": lambda token: Camera(token.text),
    "album": lambda token: InAlbum(token.text),
    "taken": _taken,
    "size": _size,
    "is": lambda token: Is(_one_of(token, STATES)),
    "has": lambda token: Has(_one_of(token, THINGS)),
}
FIELDS: Final = (*_FIELDS, "confidence")
_EXAMPLES: Final = {
    "label": "label:dog",
    "category": 'category:"Animals and Pets"',
    "text": "text:invoice",
    "camera": "camera:canon",
    "album": 'album:"Trip"',
    "taken": "taken:2024-05",
    "size": "size:>10MB",
    "is": "is:favourite",
    "has": "has:location",
}
