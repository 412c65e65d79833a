"""The catalogs in locale/: brought up to date with the sources, looked over, compiled."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import polib
from django.utils.translation import to_language, to_locale

from translating.sources import ROOT, Key, Message, files, values

LOCALE: Final = ROOT / "locale"
# https://unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html; German's serves where none is known.
_PLURALS: Final[Mapping[str, str]] = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
    "fr": "nplurals=2; plural=n > 1;",
    "ja": "nplurals=1; plural=0;",
    "pl": "nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2;",
}
_TWO: Final = "nplurals=2; plural=n != 1;"


def path_of(language: str, folder: Path = LOCALE) -> Path:
    return folder / to_locale(language) / "LC_MESSAGES" / "django.po"


def languages(folder: Path = LOCALE) -> list[str]:
    """Those that somebody has begun to translate the site into."""
    return sorted(to_language(path.parent.parent.name) for path in folder.glob("*/LC_MESSAGES/django.po"))


def read(language: str, folder: Path = LOCALE) -> polib.POFile:
    return polib.pofile(str(path_of(language, folder)), wrapwidth=110)


def blank(language: str) -> polib.POFile:
    catalog = polib.POFile(wrapwidth=110)
    catalog.metadata = {
        "Language": to_locale(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _PLURALS.get(language.split("-")[0], _TWO),
    }
    return catalog


def forms_of(catalog: polib.POFile) -> int:
    """How many plural forms its language has."""
    return int(catalog.metadata["Plural-Forms"].partition("nplurals=")[2].partition(";")[0])


def with_messages(catalog: polib.POFile, messages: Mapping[Key, Message]) -> polib.POFile:
    """The catalog with these messages and no others, in their order; what is new is empty."""
    known = {Key(entry.msgid, entry.msgctxt or ""): entry for entry in catalog}
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata, forms = catalog.metadata, forms_of(catalog)
    for key, message in sorted(messages.items()):
        before = known.get(key)
        said = dict.fromkeys(range(forms), "") | (before.msgstr_plural if before and message.plural else {})
        entry = polib.POEntry(
            msgid=key.msgid,
            msgctxt=key.context or None,
            msgid_plural=message.plural,
            msgstr="" if message.plural or not before else before.msgstr,
            msgstr_plural=said if message.plural else {},
            occurrences=files(message.places),
            flags=["python-format"] if "%(" in key.msgid else [],
            tcomment=before.tcomment if before else "",
        )
        fresh.append(entry)
    return fresh


def update(language: str, messages: Mapping[Key, Message], folder: Path = LOCALE) -> polib.POFile:
    """Writes the catalog anew, as text and compiled."""
    path = path_of(language, folder)
    catalog = with_messages(read(language, folder) if path.exists() else blank(language), messages)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(path))
    path.with_suffix(".mo").write_bytes(catalog.to_binary())
    return catalog


def faults(catalog: polib.POFile) -> Iterator[str]:
    """What is missing or would not work, a line each."""
    for entry in catalog:
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(said) or entry.fuzzy:
            yield f"not translated: {entry.msgid!r}"
            continue
        meant = {tuple(values(entry.msgid)), tuple(values(entry.msgid_plural or entry.msgid))}
        for text in said:
            # A singular may leave its number out: "one photo".
            if tuple(values(text)) not in meant and not (
                entry.msgid_plural and set(values(text)) <= set(max(meant))
            ):
                yield f"other values: {entry.msgid!r} as {text!r}"
            if (
                text[:1].isspace() != entry.msgid[:1].isspace()
                or text[-1:].isspace() != entry.msgid[-1:].isspace()
            ):
                yield f"other space at its ends: {entry.msgid!r} as {text!r}"
