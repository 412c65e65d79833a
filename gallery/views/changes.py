"""Taking back what was done to photos."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from gallery.models import Change
from gallery.organise import changes
from gallery.views.access import MemberRequest, members_only
from gallery.views.picked import way_back


@require_POST
@members_only
def undo(request: MemberRequest, change_id: UUID) -> HttpResponse:
    """`next`: the page on which it was done. With script the page is told, and renews what it shows of photos."""
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=change_id)
    count = changes.undo(change.owner_id, change.pk)
    told = ngettext(
        "%(count)d photo is as it was before.", "%(count)d photos are as they were before.", count
    )
    said = told % {"count": count}
    if request.htmx:
        toast = render(request, "components/toast.html", {"said": said})
        return trigger_client_event(toast, "photos-changed")
    messages.success(request, said)
    return redirect(way_back(request))
