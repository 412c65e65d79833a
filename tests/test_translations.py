"""Nothing that people read escapes translation, and no language is half spoken."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import formats, translation

from photosite import languages
from translating import catalogs, loose, pseudo, sources

pytestmark = pytest.mark.pure
MESSAGES = sources.messages()


def test_german_is_spoken() -> None:
    assert [code for code, _ in settings.LANGUAGES] == ["en", *catalogs.languages()]
    assert dict(settings.LANGUAGES)["de"] == "Deutsch"
    with translation.override("de"):
        assert translation.gettext("Favourites") == "Favoriten"
        assert translation.ngettext("%(count)s photo", "%(count)s photos", 2) == "%(count)s Fotos"
        assert translation.gettext("photo") == "Foto"  # a word of its own, and one of a pair elsewhere


@pytest.mark.parametrize("language", catalogs.languages())
def test_a_catalog_has_every_message_translated(language: str) -> None:
    """`make translations` brings it up to date and says what is missing."""
    catalog = catalogs.read(language)
    known = {sources.Key(entry.msgid, entry.msgctxt or "") for entry in catalog}
    assert [key.msgid for key in MESSAGES if key not in known] == []
    assert [key.msgid for key in known if key not in MESSAGES] == []
    assert list(catalogs.faults(catalog)) == []


@pytest.mark.parametrize("language", catalogs.languages())
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    path = catalogs.path_of(language)
    assert path.with_suffix(".mo").read_bytes() == catalogs.read(language).to_binary()


def test_no_template_says_what_can_not_be_translated() -> None:
    assert [said for path in sources.templates() for said in loose.in_template(path)] == []


def test_no_module_says_what_can_not_be_translated() -> None:
    assert [said for path in loose.modules() for said in loose.in_module(path)] == []


def test_no_script_says_what_can_not_be_translated() -> None:
    assert [said for path in loose.scripts() for said in loose.in_script(path)] == []


@pytest.mark.parametrize(("source", "found"), [
    ("<p>Hello there</p>", ["x.html: Hello there"]),
    ("<p>{% translate 'Hello' %}</p><code>dog cat</code>", []),
    ("{% blocktranslate count n=n %}{{ n }} photo{% plural %}{{ n }} photos{% endblocktranslate %}", []),
    ("<img alt='A cat'>", ["x.html: A cat"]),
    ("<button title=\"Close\" aria-label='{{ name }} is here'>×</button>", ["x.html: Close", "x.html: … is here"]),
    ("<x-y data-said='It is done'></x-y>", ["x.html: It is done"]),
    ("{{ count }} photo{{ count|pluralize }}", ["x.html: |pluralize", "x.html: … photo…"]),
    ("{{ name|default:'nobody' }}", ["x.html: |default:'nobody'"]),
    ("<p>Photosite</p><p>12 × {{ size }}</p>{% comment %}not said{% endcomment %}", []),
])  # fmt: skip
def test_loose_text_in_a_template_is_found(tmp_path: Path, source: str, found: list[str]) -> None:
    path = tmp_path / "x.html"
    path.write_text(source)
    assert list(loose.in_template(path)) == found


@pytest.mark.parametrize(("source", "found"), [
    ('raise Refusal("code", "The album is full.", 422)', True),
    ('messages.success(request, f"{count} photos. The album is full.")', False),
    ('messages.success(request, f"The album {name} is full.")', True),
    ('form = CharField(label="Title")', True),
    ('from django.utils.translation import gettext as _\nform = CharField(label=_("Title"))', False),
    ('"""What this module is about."""', False),
    ('log.info("The album is full.")', False),
    ('raise ValueError("The caller forgot something.")', False),
])  # fmt: skip
def test_loose_text_in_a_module_is_found(source: str, found: bool) -> None:
    path = sources.ROOT / "gallery" / "views" / "never written.py"
    assert bool(list(loose.said_in(source, path))) == found


@pytest.mark.parametrize(("source", "found"), [
    ('say("That did not work");', True),
    ("button.textContent = 'Close';", True),
    ("button.textContent = this.dataset.close;", False),
    ('tile.querySelector("main p").title = `${name}`; // Here is what it does', False),
])  # fmt: skip
def test_loose_text_in_a_script_is_found(tmp_path: Path, source: str, found: bool) -> None:
    path = tmp_path / "x.js"
    path.write_text(source)
    assert bool(list(loose.in_script(path))) == found


def test_values_that_a_translation_forgets_are_found() -> None:
    catalog = catalogs.with_messages(
        catalogs.blank("de"), {sources.Key("%(name)s is %(what)s"): sources.Message()}
    )
    catalog[0].msgstr = "%(name)s ist"
    assert [fault.partition(":")[0] for fault in catalogs.faults(catalog)] == ["other values"]


def test_a_translation_outlives_an_update(tmp_path: Path) -> None:
    kept, gone, new = sources.Key("Kept"), sources.Key("Gone"), sources.Key("New")
    catalogs.update("fr", {kept: sources.Message(), gone: sources.Message()}, tmp_path)
    catalog = catalogs.read("fr", tmp_path)
    catalog[0].msgstr, catalog[1].msgstr = "Perdu", "Gardé"
    catalog.save()
    fresh = catalogs.update("fr", {kept: sources.Message(), new: sources.Message()}, tmp_path)
    assert [(entry.msgid, entry.msgstr) for entry in fresh] == [("Kept", "Gardé"), ("New", "")]


def test_a_folder_with_another_language_is_spoken_too(tmp_path: Path) -> None:
    pseudo.write(tmp_path, MESSAGES)
    found = languages.found([str(tmp_path), *settings.LOCALE_PATHS], "en")
    assert [code for code, _ in found] == ["en", "ar-xb", "de"]


def test_the_pseudo_language_keeps_what_is_filled_in() -> None:
    said = pseudo.said("%(count)s of <strong>%(name)s</strong>, as in taken:2024")
    assert said.startswith("%(count)s ")
    assert "<strong>%(name)s</strong>" in said
    assert said.endswith("taken:2024")
    assert "of" not in said


def test_dates_and_numbers_are_written_as_the_language_does() -> None:
    day = datetime.date(2026, 3, 1)
    with translation.override("de"):
        assert formats.date_format(day, "DATE_FORMAT") == "1. März 2026"
        assert formats.date_format(day, "YEAR_MONTH_FORMAT") == "März 2026"
        assert formats.number_format(1234.5, 2, force_grouping=True) == "1.234,50"
