"""An owner's shares: made for an album or a photo, the link told once, listed, ended."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.forms import ShareForm
from gallery.models import Album, Photo, Share
from gallery.organise import shares as organise_shares
from gallery.views.access import MemberRequest, members_only

MOST_ON_A_PAGE: Final = 100


@require_safe
@members_only
def shares(request: MemberRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    rows = list(organise_shares.listed_after(request.user, after)[: MOST_ON_A_PAGE + 1])
    context = {
        "shares": rows[:MOST_ON_A_PAGE],
        "more": rows[MOST_ON_A_PAGE - 1].pk if len(rows) > MOST_ON_A_PAGE else "",
        "first": not after,
        "now": timezone.now(),
    }
    return render(request, "gallery/shares.html", context)


@require_POST
@members_only
def end(request: MemberRequest, share_id: UUID) -> HttpResponse:
    get_object_or_404(Share.objects.visible_to(request.user), pk=share_id).delete()
    messages.success(request, _("The link leads nowhere from now on."))
    return redirect("shares")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def album(request: MemberRequest, album_id: UUID) -> HttpResponse:
    found: Album = get_object_or_404(Album.objects.visible_to(request.user), pk=album_id)
    back = reverse("album", args=[album_id])
    return _share(request, found.title, back, album=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def photo(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    found: Photo = get_object_or_404(Photo.objects.visible_to(request.user).live(), pk=photo_id)
    return _share(request, found.filename, reverse("photo", args=[photo_id]), photo=found.pk)


def _share(
    request: MemberRequest, name: str, back: str, *, album: UUID | None = None, photo: UUID | None = None
) -> HttpResponse:
    form = ShareForm(request.POST or None)
    context = {"form": form, "name": name, "back": back}
    if request.method != "POST" or not form.is_valid():
        return render(request, "gallery/share.html", context, status=422 if form.errors else 200)
    asked = form.cleaned_data
    days = asked.pop("days")
    expires_at = timezone.now() + timedelta(days=days) if days else None
    made, token = organise_shares.make(request.user, album=album, photo=photo, expires_at=expires_at, **asked)
    link = settings.PUBLIC_URL + reverse("shared", args=[token])
    answer = render(request, "gallery/share_made.html", {**context, "share": made, "link": link})
    answer["Cache-Control"] = "private, no-store"
    return answer
