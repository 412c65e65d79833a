"""What there is to translate: every message in templates and Python, as Django will look it up."""

import ast
import dataclasses
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation.template import templatize

from gallery.pipeline import reasons

ROOT: Final = Path(settings.BASE_DIR)
APPS: Final = ("photosite", "accounts", "gallery")
# How many of the first arguments are texts, and whether the first of them is a context.
_CALLS: Final = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), (1, False)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (2, False)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (2, True)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (3, True)),
}


@dataclasses.dataclass(frozen=True, order=True)
class Key:
    """How a message is looked up."""

    msgid: str
    context: str = ""


@dataclasses.dataclass
class Message:
    """`plural`: "" for a message that is the same for any number. `places`: the files it stands in."""

    plural: str = ""
    places: set[str] = dataclasses.field(default_factory=set)


def messages() -> dict[Key, Message]:
    """All of the site's."""
    found: dict[Key, Message] = {}
    for path in (*templates(), *modules()):
        texts = _in_template if path.suffix in (".html", ".txt") else _in_module
        for key, plural in texts(path):
            message = found.setdefault(key, Message())
            message.plural = message.plural or plural
            message.places.add(str(path.relative_to(ROOT)))
    for msgid in reasons.MSGIDS:
        found.setdefault(Key(msgid), Message()).places.add("gallery/pipeline/reasons.py")
    return found


def templates() -> list[Path]:
    folders = [ROOT / "templates", *(ROOT / app / "templates" for app in APPS)]
    return sorted(
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".html", ".txt")
    )


def modules() -> list[Path]:
    """Ours, without tests and migrations."""
    left_out = {"tests", "migrations"}
    found = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    return sorted(path for path in found if not left_out & set(path.relative_to(ROOT).parts))


def _in_template(path: Path) -> Iterator[tuple[Key, str]]:
    """Of what Django makes of a template for xgettext: calls, and X in the place of all else."""
    text = re.sub(r"(?m)^[ \t]+", "", templatize(path.read_text(), origin=str(path)))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    name, texts = "", list[str]()
    for token in tokens:
        if token.type == tokenize.NAME and token.string in {"_", *_CALLS}:
            name, texts = token.string, []
        elif token.type == tokenize.STRING and name:
            texts.append(ast.literal_eval(token.string))
        elif token.string not in ("(", ",") and name:
            yield from _message("gettext" if name == "_" else name, texts)
            name = ""


def _in_module(path: Path) -> Iterator[tuple[Key, str]]:
    tree = ast.parse(path.read_text())
    called = translators(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called:
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            yield from _message(called[node.func.id], [text for text in texts if isinstance(text, str)])


def translators(tree: ast.AST) -> dict[str, str]:
    """What a module calls the functions of gettext: its own name, and the function's."""
    return {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in _CALLS
    }


def _message(function: str, texts: list[str]) -> Iterator[tuple[Key, str]]:
    """Nothing for a call whose text is not written where it is called."""
    count, in_context = _CALLS[function]
    if len(texts) >= count:
        context, msgid, plural = (
            ["" for _ in range(not in_context)] + texts[:count] + [""] * (2 - count + in_context)
        )
        yield Key(msgid, context), plural


def values(text: str) -> list[str]:
    """The places of a message that are filled in: %(name)s, %d, {name}, and the # of messages for scripts."""
    return sorted(re.findall(r"%\(\w+\)[sdgf]|%[sdgf%]|\{\w+\}|(?<![&\w])#", text))


def files(places: Iterable[str]) -> list[tuple[str, str]]:
    """As catalogs keep them, without line numbers: those change with every edit."""
    return [(place, "") for place in sorted(places)]
