"""Which languages the site speaks: those that somebody has translated it into, each under its own name."""

from collections.abc import Iterable
from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language


def found(folders: Iterable[str], written_in: str) -> list[tuple[str, str]]:
    """(code, name) of the language that the site is written in, then of each that has a catalog in one of the folders.

    A test holds the catalogs of our own folder complete: half a translation would be worse than none.
    """
    catalogs = {path for folder in folders for path in Path(folder).glob("*/LC_MESSAGES/django.mo")}
    translated = {to_language(path.parent.parent.name) for path in catalogs} - {written_in}
    return [(code, _name(code)) for code in (written_in, *sorted(translated))]


def _name(code: str) -> str:
    known = LANG_INFO.get(code) or LANG_INFO.get(code.split("-")[0]) or {}
    return str(known.get("name_local", code)).capitalize()
