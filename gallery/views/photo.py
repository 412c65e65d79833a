"""One photo: the picture, what is on it and where, its facts, and what can be done with it."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.exceptions import Refusal
from gallery.exposure import Exposure
from gallery.forms import CaptionForm
from gallery.models import Photo, Rendition
from gallery.organise import albums, bulk, rotation
from gallery.organise import photos as organise_photos
from gallery.search.photos import neighbours
from gallery.signing import PICTURE_SECONDS, download_url, original_url, rendition_url
from gallery.views.access import MemberRequest, members_only, own_photo
from gallery.views.done import tell
from gallery.views.facts import exposure_line, stars
from gallery.views.inside import Inside, kept
from gallery.views.panel import panel
from gallery.views.picked import way_back
from gallery.views.places import Around, around
from gallery.views.steps import step_lines
from gallery.views.tiles import alternative_text, rendition, shape

# With all that its page shows.
_WHOLE: Final = Photo.objects.with_everything().with_lookalikes()


@require_safe
@vary_on_headers("HX-Request")
@members_only
def show(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """A page that follows the work by itself asks for this, too; its labels are new when the work has ended."""
    photo = own_photo(request, photo_id, _WHOLE)
    context = _context(request, photo, CaptionForm({"caption": photo.caption})) | {"followed": request.htmx}
    page = render(request, "gallery/photo.html", context)
    if request.htmx and context["state"] != "pending":
        page["HX-Trigger"] = "photos-changed"
    return page


@require_POST
@members_only
def caption(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    photo = own_photo(request, photo_id, _WHOLE)
    form = CaptionForm(request.POST)
    if not form.is_valid():
        return render(request, "gallery/photo.html", _context(request, photo, form), status=422)
    organise_photos.edit(photo, caption=form.cleaned_data["caption"])
    messages.success(request, _("The caption is saved."))
    return redirect(_here(request, photo_id))


@require_POST
@members_only
def favourite(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """Says which way, so that a form sent twice does not undo itself."""
    organise_photos.favourite(own_photo(request, photo_id), on=request.POST.get("on") == "yes")
    return redirect(_here(request, photo_id))


@require_POST
@members_only
def archive(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    photo, on = own_photo(request, photo_id), request.POST.get("on") == "yes"
    told = _("It is in the archive: not in the timeline, but in albums and in what searches find.")
    done = bulk.act(photo.owner_id, "archive" if on else "unarchive", [photo.pk])
    tell(request, told if on else _("It is back in the timeline."), done, _here(request, photo_id))
    return redirect(_here(request, photo_id))


@require_POST
@members_only
def turn(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """The photo's page follows the work by itself; without script it says that there is some."""
    photo, action = own_photo(request, photo_id), request.POST.get("action", "")
    if action not in rotation.QUARTERS:
        raise Refusal("unknown_action", _("This can't be done to photos. Go back and choose again."), 422)
    rotation.turn(photo.owner_id, action, [photo.pk])
    return redirect(_here(request, photo_id))


@require_safe
@members_only
def original(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    answer = HttpResponseRedirect(download_url(own_photo(request, photo_id)))
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@members_only
@vary_on_headers("Accept")
def picture(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """Leads to a picture of it, to be shown: "preview", "full", or the "original" where that is upright."""
    photo = own_photo(request, photo_id, Photo.objects.prefetch_related("renditions"))
    size = request.GET.get("size", "original")
    upright = size == "original" and not photo.quarter_turns  # turned, only its renditions are
    made = None if upright else _shown(request, photo, "full" if size == "original" else size)
    if made is None and not upright:
        raise Http404
    answer = HttpResponseRedirect(rendition_url(made) if made else original_url(photo))
    answer["Cache-Control"] = f"private, max-age={PICTURE_SECONDS}"
    return answer


def _shown(request: MemberRequest, photo: Photo, size: str) -> Rendition | None:
    """A browser that names AVIF among what it takes is given that instead of the largest JPEG, where it was made."""
    avif = size == "full" and "image/avif" in request.headers.get("Accept", "")
    return (rendition(photo, "large") if avif else None) or rendition(photo, size)


def _here(request: MemberRequest, photo_id: UUID) -> str:
    """The page that the form was on: of this photo, as one of the list in which it was looked at."""
    return way_back(request, reverse("photo", args=[photo_id]))


def _context(request: MemberRequest, photo: Photo, form: CaptionForm) -> dict[str, Any]:
    asked = QueryDict(urlsplit(_here(request, photo.pk)).query) if request.method == "POST" else request.GET
    inside = Inside.told(request.user, asked.dict())
    following, preceding = neighbours(request.user, photo, inside.wanted)
    return {
        **panel(request.user, photo, request.GET),
        "alt": alternative_text(photo, _confirmed(photo)),
        "offset": _offset(photo.taken_offset),
        "exposure": exposure_line(Exposure.of_row(photo.exposure)),
        "stars": stars(photo.rating),
        "shape": shape(*photo.size_like(rendition(photo, "preview"))),
        "turning": photo.shown_turns != photo.quarter_turns,
        "pictures": [(rendition_url(made), made) for made in _pictures(photo)],
        "steps": step_lines(photo.jobs.all()),
        "caption_form": form,
        "inside": inside,
        "here": (here := inside.address_of(photo.pk)),
        "kept": kept(here),
        "afterwards": inside.address_of(near.pk) if (near := following or preceding) else inside.url,
        "albums": albums.holding(photo),
        "place": _place(photo),
        "following": following,
        "preceding": preceding,
    }


def _confirmed(photo: Photo) -> str:
    """Names of labels, from what was prefetched."""
    said = (verdict.label for verdict in photo.verdicts.all() if verdict.state == "confirmed")
    return ", ".join(label.name for label in said if label.kind in ("label", "celebrity"))


def _place(photo: Photo) -> Around | None:
    if photo.latitude is None or photo.longitude is None:
        return None
    return around(photo.latitude, photo.longitude)


def _offset(minutes: int | None) -> str:
    """How far the clock where it was taken was from UTC, as "UTC+10:00"; "" if nobody knows."""
    if minutes is None:
        return ""
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _pictures(photo: Photo) -> list[Any]:
    """What a browser may choose from, smallest first. A small photo has no use for three equal copies."""
    made = [found for found in (rendition(photo, spec) for spec in ("preview", "full")) if found]
    return list({found.width: found for found in reversed(made)}.values())[::-1]
