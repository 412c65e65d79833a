"""What people would read and nobody could translate: text in templates, Python and scripts that gettext never sees."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from django.template.base import Lexer, TokenType

from gallery.pipeline import reasons
from translating import sources

_READ_OUT: Final = {
    "alt",
    "title",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "placeholder",
    "summary",
}
_NOT_READ: Final = {"script", "style", "code", "kbd"}
# Names, and what is the same in every language.
_NAMES: Final = re.compile(
    r"\b(Photosite|UTC|JPEG|PNG|WebP|GIF|CSV|ZIP|API|Ctrl|Esc|SHA|Amazon|Rekognition)\b"
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}|\b[^\W\d_] [^\W\d_]{2,}")
_VALUE: Final = "\u0001"  # in the place of what a template fills in
# Filters whose argument is shown.
_SHOWN: Final = re.compile(
    r"""\|(?:default|default_if_none|yesno):\s*['"]([^'"]*[A-Za-z][^'"]*)['"]|\|pluralize\b"""
)


def in_template(path: Path) -> Iterator[str]:
    """A line for each text that stands outside translate and blocktranslate."""
    text = path.read_text()
    yield from (f"{path.name}: {found[0]}" for found in _SHOWN.finditer(text) if found[1] not in ("en",))
    reader = _Reader()
    reader.feed(_without_tags(text))
    reader.close()
    yield from (f"{path.name}: {said}" for said in reader.found)


def _without_tags(template: str) -> str:
    kept, inside = [], ""
    for token in Lexer(template).tokenize():
        tag = token.contents.split()[0] if token.token_type is TokenType.BLOCK and token.contents else ""
        if inside:
            inside = "" if tag == f"end{inside}" else inside
        elif tag in ("blocktranslate", "blocktrans", "comment"):
            inside = tag
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
        elif token.token_type is TokenType.VAR or tag in ("translate", "trans", "url", "static", "cycle"):
            kept.append(_VALUE)
        else:
            kept.append(" " if tag else "")
    return "".join(kept)


class _Reader(HTMLParser):
    """Collects what would be read or read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within += [tag] if tag in _NOT_READ else []
        for name, value in attrs:
            shown = name in _READ_OUT or (name == "value" and tag == "button" and ("type", "submit") in attrs)
            if shown or (name.startswith("data-") and " " in (value or "").strip()):
                self._look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self._look(data)

    def _look(self, text: str) -> None:
        if _WORD.search(_NAMES.sub("", text)):
            self.found.append(" ".join(text.replace(_VALUE, "…").split()))


# --- Python -----------------------------------------------------------------------------------------------
_SENTENCE: Final = re.compile(r"[A-Z“][^\W_]*[ ,:;'’].*[.!?:…]\s*$", re.DOTALL)
# Arguments that people read, whatever they look like.
_KEYWORDS: Final = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "description",
    "empty_label",
    "detail",
}
# Calls whose texts only programs, logs and programmers see.
_UNSEEN: Final = re.compile(
    r"^(log\.\w+|(\w+\.)?(ValueError|TypeError|RuntimeError|KeyError|AssertionError|LookupError|_Api)"
    r"|env\.\w+|re\.\w+|structlog\.\w+|parser\.add_argument|self\.(stdout|stderr)\.write|print|Field)$"
)
_ROOMS: Final = ("accounts", "gallery", "photosite/health.py")
_NOT_FOR_PEOPLE: Final = (
    "management/",
    "backups/",
    "bucket/",
    "localaws/",
    "imaging/",
    "labelling/",
    "pipeline/",
)


def modules() -> list[Path]:
    """Those that speak to users. Commands speak English to whoever runs the site; what workers write down has a
    test of its own."""
    ours = (path for path in sources.modules() if str(path.relative_to(sources.ROOT)).startswith(_ROOMS))
    return [
        path
        for path in ours
        if not any(room in str(path.relative_to(sources.ROOT)) for room in _NOT_FOR_PEOPLE)
    ]


def in_module(path: Path) -> Iterator[str]:
    yield from said_in(path.read_text(), path)


def said_in(source: str, path: Path) -> Iterator[str]:
    """What a module of this text would say."""
    tree = ast.parse(source)
    seen = _Texts(set(sources.translators(tree)))
    seen.visit(tree)
    yield from (
        f"{path.relative_to(sources.ROOT)}: {text}" for text in seen.found if text not in reasons.MSGIDS
    )


class _Texts(ast.NodeVisitor):
    """Collects sentences, and what stands where people read it, outside of gettext's functions."""

    def __init__(self, translators: set[str]) -> None:
        self.found: list[str] = []
        self._translators = translators

    def visit_Call(self, node: ast.Call) -> None:
        called = ast.unparse(node.func)
        if called in self._translators or _UNSEEN.match(called):
            return
        for keyword in node.keywords:
            if keyword.arg in _KEYWORDS and _WORD.search(_text(keyword.value)):
                self.found.append(_text(keyword.value))
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and _SENTENCE.match(node.value):
            self.found.append(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if _SENTENCE.match(_text(node)):
            self.found.append(_text(node))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)


def _text(node: ast.expr) -> str:
    """A string as far as it is written down."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# --- scripts ----------------------------------------------------------------------------------------------
_COMMENT: Final = re.compile(r"(?<![:\"'`])//[^\n]*|/\*.*?\*/", re.DOTALL)
_STRING: Final = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
_SAYS: Final = re.compile(
    r"(?:textContent|innerText|title|ariaLabel|placeholder|alt)\s*[=:]\s*$|aria-label\"?,\s*$"
)


def in_script(path: Path) -> Iterator[str]:
    """What a script says that it did not find in the page."""
    text = _COMMENT.sub("", path.read_text())
    for string in _STRING.finditer(text):
        said = re.sub(r"\$\{[^}]*\}", "", next(part for part in string.groups() if part is not None))
        told = _SAYS.search(text[: string.start()]) and re.search(r"[^\W\d_]{2,}", said)
        if told or re.match(r"[A-Z“][a-z]+,? [a-z]", said):
            yield f"{path.name}: {said}"


def scripts() -> list[Path]:
    return sorted((sources.ROOT / "static" / "js").rglob("*.js"))
