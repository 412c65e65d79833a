"""docs/design.html: the whole look on one page, made of the real templates and styles."""

import re
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import mark_safe

from gallery.management.specimens import NOTHING_TO_SEE, SPECIMENS, Specimen

PAGE: Final = Path(settings.BASE_DIR) / "docs" / "design.html"
COMPONENTS: Final = Path(settings.BASE_DIR) / "templates" / "components"
ICONS: Final = Path(settings.BASE_DIR) / "templates" / "icons"
_FRAME: Final = Path(__file__).parent.parent / "design.html"
_BASE: Final = Path(settings.BASE_DIR) / "static" / "css" / "base.css"
# Static files under their plain names: nothing has to be collected, and the page is the same everywhere.
_PLAIN: Final = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_STYLES: Final = ("base", "layout", "components", "shapes", "pages", "photo", "search")
_TOKEN: Final = re.compile(r"^    (--[-\w]+): ([^;]+);", re.MULTILINE)


class Command(BaseCommand):
    help = "Writes docs/design.html anew from the templates and styles."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())


def page() -> str:
    """What docs/design.html should be. Its styles are those of the site, by their relative addresses."""
    with translation.override("en"), override_settings(STORAGES=_PLAIN):
        context = {
            "styles": _STYLES,
            "colours": {name: value for name, value in tokens().items() if "oklch" in value},
            "measures": {name: value for name, value in tokens().items() if "oklch" not in value},
            "icons": [f"icons/{path.name}" for path in sorted(ICONS.glob("*.svg"))],
            "unseen": NOTHING_TO_SEE,
            "specimens": [(specimen, _shown(specimen)) for specimen in SPECIMENS],
        }
        text = Template(_FRAME.read_text()).render(Context(context))
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def tokens() -> dict[str, str]:
    """The custom properties of static/css/base.css."""
    return dict(_TOKEN.findall(_BASE.read_text()))


def _shown(specimen: Specimen) -> str:
    if specimen.is_tag:
        return Template(f"{{% load tiles %}}{specimen.template}").render(Context(specimen.context))
    # Ours, rendered by a template that escapes what is not.
    return mark_safe(render_to_string(specimen.template, specimen.context))  # noqa: S308
