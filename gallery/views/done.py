"""What was done to photos is said on the next page, with a click that takes it back."""

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from gallery.organise.record import Done
from gallery.views.picked import way_back


def tell(request: HttpRequest, said: str, done: Done, back: str = "") -> None:
    """`back`: where "Undo" leads; where the form said that it came from, if nothing else is told."""
    if not done.changed:
        messages.info(request, _("Nothing had to be changed."))
        return
    context = {"said": said, "change": done.change, "next": back or way_back(request)}
    messages.success(request, render_to_string("components/undo.html", context, request))
