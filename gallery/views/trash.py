"""The trash, and the way out of it in both directions."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.models import Photo
from gallery.models.photo import KEPT_IN_TRASH
from gallery.organise import bulk
from gallery.organise import photos as organise_photos
from gallery.views.access import MemberRequest, members_only, own_photo
from gallery.views.done import tell
from gallery.views.inside import Inside
from gallery.views.lists import part, shown
from gallery.views.picked import way_back
from gallery.views.tiles import tiles


@require_safe
@members_only
def trash(request: MemberRequest) -> HttpResponse:
    inside = Inside.named("trash")
    in_part = part(request, inside)
    if in_part:
        return in_part
    return render(request, "gallery/trash.html", {**shown(request, inside), "days": KEPT_IN_TRASH.days})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def empty(request: MemberRequest) -> HttpResponse:
    """Asks first, with how many there are and how much room they take up."""
    there = Photo.objects.visible_to(request.user).trashed()
    if request.method == "POST":
        count = organise_photos.empty_trash(request.user.pk)
        told = ngettext(
            "%(count)d photo is being deleted for good.",
            "%(count)d photos are being deleted for good.",
            count,
        )
        messages.success(request, told % {"count": count})
        return redirect("trash")
    return render(
        request,
        "gallery/empty_trash.html",
        there.aggregate(count=Count("pk"), size=Sum("byte_size", default=0)),
    )


@require_POST
@members_only
def discard(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """On to the page that the form names as `next`, such as the next photo; taken back, to the one that it was on."""
    photo = own_photo(request, photo_id)
    done = bulk.act(photo.owner_id, "trash", [photo.pk])
    said = _("“%(name)s” is in the trash.") % {"name": photo.filename}
    tell(request, said, done, way_back(request, reverse("photo", args=[photo.pk]), "here"))
    return redirect(way_back(request))


@require_POST
@members_only
def restore(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    photo = own_photo(request, photo_id)
    organise_photos.restore(photo.owner_id, [photo.pk])
    messages.success(request, _("“%(name)s” is back among your photos.") % {"name": photo.filename})
    return redirect("photo", photo_id)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def delete_forever(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """Asks first. What is not in the trash has to go there before it can go for good."""
    photo = own_photo(request, photo_id, Photo.objects.trashed().for_owners_tiles())
    if request.method == "POST":
        organise_photos.delete_forever(photo)
        messages.success(request, _("“%(name)s” is deleted for good.") % {"name": photo.filename})
        return redirect("trash")
    return render(request, "gallery/delete_forever.html", {"tile": tiles([photo])[0], "photo": photo})
