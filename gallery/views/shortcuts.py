"""What keys do, as a page; a script shows it as a dialog, and only what works on the page one is on."""

import dataclasses
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gallery.views.access import MemberRequest, members_only


@dataclasses.dataclass(frozen=True)
class Shortcut:
    """`place`: what must be on a page for it to work there, as a CSS selector; "" everywhere."""

    keys: tuple[Any, ...]
    does: Any
    place: str = ""


SHORTCUTS: Final = (
    (
        _("Everywhere"),
        (
            Shortcut((_("Ctrl K"),), _("Go anywhere, do anything: by its name")),
            Shortcut(("/",), _("Search"), "[data-key='/']"),
            Shortcut(("u",), _("Upload"), "body:not(:has(label-panel)) [data-key=u]"),
            Shortcut((_("Esc"),), _("Close what is open")),
            Shortcut(("?",), _("This help")),
        ),
    ),
    (
        _("From photo to photo"),
        (
            Shortcut(("←", "→", "↑", "↓"), _("To the photo beside, above or below"), ".tile .pick"),
            Shortcut((_("Enter"),), _("Open the photo"), ".tile .pick"),
            Shortcut(("x",), _("Pick the photo, or leave it"), ".tile .pick"),
            Shortcut((_("Shift and click"),), _("Pick all from the last one on"), ".tile .pick"),
            Shortcut((_("Esc"),), _("Pick none"), ".tile .pick"),
            Shortcut(("g",), _("Choose a month to jump to"), "[data-key=g]"),
            Shortcut(
                ("m", "y"),
                _("To the next month, to the next year; with Shift back"),
                "photo-timeline[data-whole]",
            ),
            Shortcut(("d",), _("To the next day"), "photo-timeline[data-whole]"),
            Shortcut(("<", ">"), _("Move the photo back or on in its album"), "photo-mover"),
            Shortcut(("s",), _("Slideshow, while a photo is open"), "photo-viewer"),
        ),
    ),
    (
        _("With a photo, or with those that are picked"),
        (
            Shortcut(("f",), _("Favourite"), "main [data-key=f]"),
            Shortcut(("l",), _("Put into an album"), "main [data-key=l]"),
            Shortcut((_("Shift D"),), _("Download"), "main [data-key='Shift+d']"),
            Shortcut((_("Del"),), _("Delete: into the trash"), "main [data-key=Delete]"),
            Shortcut(("i",), _("What is known about it"), "main [data-key=i]"),
        ),
    ),
    (
        _("Labels of a photo"),
        (
            Shortcut(("t",), _("Add a label"), "main [data-key=t]"),
            Shortcut(("j", "k"), _("To the next label, to the one before"), "label-panel"),
            Shortcut(("c",), _("It is right"), "label-panel"),
            Shortcut(("w",), _("It is wrong"), "label-panel"),
            Shortcut(("u",), _("Take back what I said of it"), "label-panel"),
            Shortcut(("b",), _("Show and hide where it is"), "label-panel"),
        ),
    ),
)


@require_safe
@members_only
def shortcuts(request: MemberRequest) -> HttpResponse:
    return render(request, "gallery/shortcuts.html", {"groups": SHORTCUTS})
