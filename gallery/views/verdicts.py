"""What an owner says about the labels of a photo, on its page: right, wrong, one of their own, or as it was."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gallery.forms import VerdictForm
from gallery.models import Label
from gallery.organise import verdicts
from gallery.views.access import MemberRequest, members_only, own_photo

_SAID: Final = {
    "confirmed": gettext_lazy("“%(name)s” is confirmed: it stays, whatever is recognised later."),
    "rejected": gettext_lazy("“%(name)s” is taken off this photo and stays off."),
    "none": gettext_lazy("“%(name)s” is again as it was recognised."),
}


@require_POST
@members_only
def judge(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """Says which way (`state`), so that a form sent twice does not undo itself."""
    photo = own_photo(request, photo_id)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A label has 1 to 100 characters."))
        return redirect("photo", photo_id)
    name, state = form.cleaned_data["name"], form.cleaned_data["state"]
    kind = form.cleaned_data["kind"] or Label.Kind.LABEL
    verdicts.say(photo.owner_id, [photo.pk], name, None if state == "none" else state, kind)
    messages.success(request, _SAID[state] % {"name": name})
    return redirect("photo", photo_id)
