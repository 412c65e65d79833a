"""A language that nobody speaks, made of the English messages: it shows what was never given to gettext, what is too
narrow for longer words, and what does not work from right to left.

Every word has accents, is longer, and runs from right to left. Unicode calls such a language ar-XB.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from translating import catalogs
from translating.sources import Key, Message

LANGUAGE: Final = "ar-xb"
_ACCENTS: Final = str.maketrans(
    "aceinosuyzACEINOSUYZ",
    "åçéîñöšûýžÅÇÉÎÑÖŠÛÝŽ",
)
_RIGHT_TO_LEFT, _AS_BEFORE = "\u202e", "\u202c"
# What stays as it is: values, tags, entities, names of fields and examples of searches.
_PART: Final = re.compile(
    r"(?P<kept>%\(\w+\)[sdgf]|%[sdgf%]|\{\w+\}|<[^>]+>|&#?\w+;|\b\w+:\S+)|(?P<word>[^\W\d_]{2,}(?:['’][^\W\d_]+)?)"
)


def said(text: str) -> str:
    return _PART.sub(lambda part: part["kept"] or _word(part["word"]), text)


def _word(word: str) -> str:
    """About a third longer, as German is."""
    longer = word + word[-1].lower() * (len(word) // 3)
    return f"{_RIGHT_TO_LEFT}{longer.translate(_ACCENTS)}{_AS_BEFORE}"


def write(folder: Path, messages: Mapping[Key, Message]) -> None:
    """A folder for PHOTOSITE_TRANSLATIONS with this language in it."""
    catalog = catalogs.with_messages(catalogs.blank("en"), messages)
    catalog.metadata["Language"] = "ar_XB"
    for entry in catalog:
        entry.msgstr = "" if entry.msgid_plural else said(entry.msgid)
        entry.msgstr_plural = (
            {0: said(entry.msgid), 1: said(entry.msgid_plural)} if entry.msgid_plural else {}
        )
    path = catalogs.path_of(LANGUAGE, folder).with_suffix(".mo")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(catalog.to_binary())
