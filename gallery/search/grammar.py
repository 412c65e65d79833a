"""Reads a search: text to tree. `str(parse(text))` is the same search in its plainest words. Pure."""

import dataclasses
from typing import Final

from django.utils.translation import gettext as _

from gallery.search.tokens import LONGEST, Kind, Token, Unreadable, tokens
from gallery.search.tree import Bound, Named, Node, Query, conjunction, disjunction, negation
from gallery.search.values import bound, term, whole_confidence

__all__ = ["DEEPEST", "LONGEST", "MOST_TERMS", "Query", "Unreadable", "parse"]
DEEPEST: Final = 10
MOST_TERMS: Final = 40


def parse(text: str) -> Query:
    """Raises Unreadable with a sentence and its place in `text`."""
    query = _Reader(tokens(text)).query()
    if len(str(query)) > LONGEST:  # what is printed can be read again
        raise Unreadable(_("This search is too long. Leave something out."), 0, len(text))
    return query


@dataclasses.dataclass
class _Reader:
    """Recursive descent: alternatives, in them what must all be met, in that one thing or brackets."""

    tokens: list[Token]
    next: int = 0
    depth: int = 0
    terms: int = 0
    confidence: tuple[Bound, Token] | None = None

    def query(self) -> Query:
        root = self._alternatives()
        if token := self._peek():
            raise _at(token, _("This bracket closes nothing. Open one before it, or take it away."))
        return Query(root, self.confidence[0] if self.confidence else None)

    def _alternatives(self) -> Node | None:
        found = [self._all()]
        while operator := self._take("OR"):
            if found[-1] is None and not self._whole():
                raise _at(operator, _("There is nothing before this OR. Write what the other choice is."))
            found.append(self._all())
            if found[-1] is None and not self._whole():
                raise _at(operator, _("There is nothing after this OR. Write what the other choice is."))
        if len(found) > 1 and self.depth == 0 and self.confidence:
            sentence = _(
                "confidence: counts for the whole search. Put brackets around the choices: (a OR b)."
            )
            raise _at(self.confidence[1], sentence)
        nodes = [node for node in found if node is not None]
        return disjunction(nodes) if nodes else None

    def _whole(self) -> bool:
        return self.depth == 0 and self.confidence is not None

    def _all(self) -> Node | None:
        """Terms beside each other. None if there are none, or only the confidence."""
        found: list[Node] = []
        begun = self.next
        while (token := self._peek()) and token.kind not in (")", "OR"):
            if operator := self._take("AND"):
                following = self._peek()
                if self.next - 1 == begun or following is None or following.kind in (")", "OR", "AND"):
                    raise _at(
                        operator,
                        _("AND stands between two things. Write both, or put it in quotation marks."),
                    )
            elif (node := self._one()) is not None:
                found.append(node)
        return conjunction(found) if found else None

    def _one(self) -> Node | None:
        negated, sign = False, None
        while token := self._take("-", "NOT"):
            negated, sign = not negated, token
        following = self._peek()
        if sign and (following is None or following.kind in (")", "OR", "AND") or _apart(sign, following)):
            sentence = _("There is nothing after this %(sign)s. Write what the photos must not have.")
            raise _at(sign, sentence % {"sign": sign.text})
        if token := self._take("("):
            node: Node | None = self._brackets(token)
        else:
            node = self._term(sign)
        return negation(node) if negated and node is not None else node

    def _brackets(self, opened: Token) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            sentence = _("Brackets may lie in each other %(most)s deep. Say it with fewer.")
            raise _at(opened, sentence % {"most": DEEPEST})
        node = self._alternatives()
        if not self._take(")"):
            raise _at(opened, _("This bracket is not closed. Close it, or take it away."))
        if node is None:
            raise _at(
                opened, _("There is nothing in these brackets. Write something in them, or take them away.")
            )
        self.depth -= 1
        return node

    def _term(self, sign: Token | None) -> Node | None:
        token = self.tokens[self.next]
        self.next += 1
        if token.kind == "compare":
            raise _at(token, _("There is no label before this comparison. Write one, as in dog>90."))
        if token.field == "confidence":
            self._set_confidence(token, sign)
            return None
        self.terms += 1
        if self.terms > MOST_TERMS:
            sentence = _("A search looks for at most %(most)s things. Leave some out from here on.")
            raise _at(token, sentence % {"most": MOST_TERMS})
        node = Named(token.text) if token.kind == "name" else term(token)
        return self._compared(node) if isinstance(node, Named) else self._incomparable(node, token)

    def _set_confidence(self, token: Token, sign: Token | None) -> None:
        if sign or self.depth:
            raise _at(
                token,
                _("confidence: counts for the whole search. Write it outside all brackets, without NOT."),
            )
        if self.confidence:
            raise _at(token, _("confidence: is there twice. Take one of them away."))
        self.confidence = whole_confidence(token), token

    def _compared(self, node: Named) -> Named:
        comparison = self._take("compare")
        if not comparison:
            return node
        number = self._take("name")
        end = number.end if number else comparison.end
        found = bound(comparison.text, number.text if number else "", comparison.start, end)
        return dataclasses.replace(node, bound=found)

    def _incomparable(self, node: Node, token: Token) -> Node:
        if comparison := self._take("compare"):
            sentence = _("%(field)s: can't be compared. A label can, as in dog>90.")
            raise _at(comparison, sentence % {"field": token.field})
        return node

    def _peek(self) -> Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def _take(self, *kinds: Kind) -> Token | None:
        token = self._peek()
        if token is None or token.kind not in kinds:
            return None
        self.next += 1
        return token


def _apart(sign: Token, following: Token) -> bool:
    """A minus belongs to what it touches; NOT stands by itself."""
    return sign.kind == "-" and sign.end != following.start


def _at(token: Token, sentence: str) -> Unreadable:
    return Unreadable(sentence, token.start, token.end)
