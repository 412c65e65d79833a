"""What people call things, as it may be stored: one printable line."""

import re
import unicodedata
from typing import Final

from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.folding import fold

LONGEST_NAME: Final = 100
# Marks of no script, which can be put on any letter and piled up: what is no accented letter of its own.
_ORNAMENTS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")


def clean_name(text: str) -> str:
    """The name on one line, without what can't be printed. Raises Refusal if it is empty or over 100 characters."""
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not name:
        raise Refusal("no_name", _("A name needs at least one letter or sign that can be seen."), 422)
    if len(name) > LONGEST_NAME:
        sentence = _("A name has at most %(most)d characters; this one has %(count)d. Shorten it.")
        raise Refusal("name_too_long", sentence % {"most": LONGEST_NAME, "count": len(name)}, 422)
    return name


def plain_spelling(name: str) -> str:
    """A clean name as it may be shown to everybody who writes the same word: with its accents, without ornaments."""
    plain = " ".join(_ORNAMENTS.sub("", unicodedata.normalize("NFKC", name)).split())
    return plain if fold(plain) == fold(name) and len(plain) <= LONGEST_NAME else name
