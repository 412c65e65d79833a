"""What an owner says about the labels of a photo, on its page: right, wrong, one of their own, or as it was."""

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from gallery.exceptions import Refusal
from gallery.forms import VerdictForm
from gallery.models import Change, Label, Photo
from gallery.organise import verdicts
from gallery.views.access import MemberRequest, members_only, own_photo
from gallery.views.inside import kept
from gallery.views.panel import panel
from gallery.views.picked import way_back

_SAID: Final = {
    "confirmed": gettext_lazy("“%(name)s” is confirmed."),
    "rejected": gettext_lazy("“%(name)s” is taken off."),
    "none": gettext_lazy("“%(name)s” is again as it was recognised."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def labels(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """The labels of a photo as a part of its page. What is sent says of one of them which way (`state`), so that a
    form sent twice does not undo itself."""
    photo = own_photo(request, photo_id)
    if request.method != "POST":
        return _part(request, photo_id) if request.htmx else redirect("photo", photo_id)
    change, said = _judge(request, photo)
    told = {"said": said, "change": change, "next": _page(request, photo_id)}
    if request.htmx:
        return _part(request, photo_id, told)
    messages.success(request, render_to_string("components/undo.html", told, request))
    return redirect(_page(request, photo_id))


def _judge(request: MemberRequest, photo: Photo) -> tuple[Change, str]:
    """What "Undo" is asked with, and what was done, in words. Raises Refusal."""
    form = VerdictForm(request.POST)
    if not form.is_valid():
        raise Refusal("bad_label", _("A label has 1 to 100 characters. Shorten it."), 422)
    name, state = form.cleaned_data["name"], form.cleaned_data["state"]
    kind = form.cleaned_data["kind"] or Label.Kind.LABEL
    change = verdicts.say(photo.owner_id, [photo.pk], name, None if state == "none" else state, kind)
    return change, _SAID[state] % {"name": name}


def _part(request: MemberRequest, photo_id: UUID, told: dict[str, object] | None = None) -> HttpResponse:
    """The panel as it is now, what of the picture changes with it, and what was done."""
    photo = own_photo(request, photo_id, Photo.objects.with_everything())
    asked = request.POST if request.method == "POST" else request.GET
    here = way_back(request, reverse("photo", args=[photo_id]))
    context = {
        **panel(request.user, photo, asked),
        "told": told,
        "part": True,
        "here": here,
        "kept": kept(here),
    }
    return render(request, "gallery/photo_labels.html", context)


def _page(request: MemberRequest, photo_id: UUID) -> str:
    """The photo's page from which this was sent, as one of its list, with its threshold."""
    here = urlsplit(way_back(request, reverse("photo", args=[photo_id])))
    asked = QueryDict(here.query, mutable=True)
    if least := request.POST.get("from", ""):
        asked["from"] = least
    return here._replace(query=asked.urlencode()).geturl()
