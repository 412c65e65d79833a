"""What is asked of one's photos besides labels: switched on with its price in sight, and asked of earlier photos."""

import dataclasses

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gallery.labelling.prices import price_usd
from gallery.models import Photo
from gallery.pipeline import circuit, options, queue, runs
from gallery.pipeline.options import Option
from gallery.pipeline.steps import LABELS
from gallery.views.access import MemberRequest, members_only
from gallery.views.asking import Asked, order_or_ask


@dataclasses.dataclass(frozen=True)
class Line:
    """An option of this site, for one user."""

    option: Option
    on: bool
    available: bool


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def recognition(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        return _switch(request)
    on, denied = options.switched_on(request.user.pk), circuit.denied()
    context = {
        "labels_cost": price_usd(LABELS.operation),
        "lines": [
            Line(option, option.name in on, option.step.operation not in denied)
            for option in options.offered()
        ],
    }
    return render(request, "gallery/recognition.html", context)


def _switch(request: MemberRequest) -> HttpResponse:
    """Whether the site may ask what was switched on is tried out at once, by those who ask."""
    before = options.switched_on(request.user.pk)
    options.switch(request.user, request.POST.getlist("on"))
    for name in options.switched_on(request.user.pk) - before:
        if options.OPTIONS[name].step.optional:
            queue.announce_try_out(options.OPTIONS[name].step.name)
    messages.success(request, _("Saved. It counts for photos that are asked about from now on."))
    return redirect("recognition")


@require_POST
@members_only
def earlier(request: MemberRequest, name: str) -> HttpResponse:
    """Asks, once the price was agreed to, for what is on and was never asked of photos that are here already."""
    if name not in options.switched_on(request.user.pk):
        raise Http404
    option = options.OPTIONS[name]
    photos = runs.never_told(Photo.objects.visible_to(request.user).live(), option.step.name, option.feature)
    asked = Asked(
        photos=photos,
        step=option.step.name,
        words=_("not asked for “%(option)s” before") % {"option": option.title},
        address=reverse("recognition_earlier", args=[name]),
        back=reverse("recognition"),
        question=lambda count: ngettext(
            "Ask for “%(option)s” of %(count)s photo for %(sum)s?",
            "Ask for “%(option)s” of %(count)s photos for %(sum)s?",
            count,
        ),
        about={"option": option.title},
        button=_("Ask"),
        nothing=_("All photos that can be asked were asked, or wait for it already."),
    )
    return order_or_ask(request, asked)
