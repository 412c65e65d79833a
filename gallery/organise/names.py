"""What people call things, as it may be stored: one printable line."""

from typing import Final

from django.utils.translation import gettext as _

from gallery.exceptions import Refusal

LONGEST_NAME: Final = 100


def clean_name(text: str) -> str:
    """The name on one line, without what can't be printed. Raises Refusal if it is empty or over 100 characters."""
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not name:
        raise Refusal("no_name", _("A name needs at least one letter or sign that can be seen."), 422)
    if len(name) > LONGEST_NAME:
        sentence = _("A name has at most %(most)d characters; this one has %(count)d. Shorten it.")
        raise Refusal("name_too_long", sentence % {"most": LONGEST_NAME, "count": len(name)}, 422)
    return name
