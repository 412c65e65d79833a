"""A mail as a page: made of its plain text, so that the two never say different things.

A paragraph that is nothing but the mail's link becomes a button. Everything is written into the one template:
mail programs know no stylesheets of ours, and few know more than plain HTML.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from django.template.loader import render_to_string

from accounts.mail import LINKS

_TEMPLATE: Final = "account/email/letter.html"


@dataclasses.dataclass(frozen=True)
class Paragraph:
    """`does`: what its link does, "" where it is only words."""

    words: str
    does: str = ""


def letter(subject: str, text: str, mail: Mapping[str, Any]) -> str:
    """The HTML of a mail. `text`: the plain one, paragraphs between empty lines, the last of them the signature.

    `mail`: its context, which knows the link.
    """
    links = {str(mail[name]): str(does) for name, does in LINKS.items() if name in mail}
    *paragraphs, signature = [part.strip() for part in text.split("\n\n") if part.strip()]
    name, _newline, site = signature.partition("\n")
    context = {
        "subject": subject,
        "paragraphs": [Paragraph(words, links.get(words, "")) for words in paragraphs],
        "name": name,
        "site": site.strip(),
    }
    return render_to_string(_TEMPLATE, context)
