"""What a visitor with a link sees: an album or a photo, without names of files, positions, or anything else."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from gallery.exceptions import Refusal
from gallery.models import Album, Detection, Label, Photo, Share
from gallery.organise import shares
from gallery.search.photos import Wanted, neighbours, page
from gallery.signing import rendition_download_url, rendition_url
from gallery.templatetags.tiles import grid_for_visitors
from gallery.views.access import refused
from gallery.views.download import zipped
from gallery.views.lists import part_of
from gallery.views.tiles import PAGE_SIZE, rendition, shape, tiles, visitors_text

Params = ParamSpec("Params")
_TRIES: Final = 10
_TRIES_SECONDS: Final = 300
_OPENED: Final = "shares"
_GOES_ON: Final = {"cursor", "part"}  # an address with one of these is no new visit


@dataclasses.dataclass(frozen=True)
class Visit:
    """A link that leads somewhere, and whoever came with it."""

    request: HttpRequest
    token: str
    share: Share

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        told = {"token": self.token, "share": self.share, **context}
        answer = render(self.request, template, told, status=status)
        answer["X-Robots-Tag"] = "noindex"
        return answer


def visitors(
    view: Callable[Concatenate[Visit, Params], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, Params], HttpResponse]:
    """A link that leads nowhere is a page in words; one with a password asks for it first."""

    @functools.wraps(view)
    def guarded(
        request: HttpRequest, token: str, *args: Params.args, **kwargs: Params.kwargs
    ) -> HttpResponse:
        share = shares.led_to(token)
        if share is None:
            return render(request, "gallery/shared_gone.html", status=404)
        visit = Visit(request, token, share)
        if share.password and request.session.get(_OPENED, {}).get(str(share.pk)) != shares.proof(share):
            return _password(visit)
        try:
            return view(visit, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal)

    kept_by_nobody: Any = cache_control(private=True, no_store=True)(guarded)
    return cast("Callable[Concatenate[HttpRequest, str, Params], HttpResponse]", kept_by_nobody)


@require_http_methods(["GET", "HEAD", "POST"])
@visitors
def shared(visit: Visit) -> HttpResponse:
    """The album's photos, or the one photo."""
    if visit.request.method == "POST":
        return redirect("shared", visit.token)
    if not _GOES_ON.intersection(visit.request.GET) and visit.request.user != visit.share.owner:
        shares.visited(visit.share)
    album = visit.share.album
    if album is None:
        return _photo(visit, cast("UUID", visit.share.photo_id))
    owner, wanted, asked = visit.share.owner, _wanted(album), visit.request.GET
    rows = Photo.objects.for_tiles()
    part = part_of(owner, wanted, asked, rows, lambda row: grid_for_visitors(row, visit.token))
    if part is not None:
        return part
    shown = page(owner, wanted, asked.get("cursor", ""), PAGE_SIZE, rows)
    context = {"album": album, "page": shown, "tiles": tiles(shown.photos)}
    return visit.render("gallery/shared_album.html", context)


@require_safe
@visitors
def photo(visit: Visit, photo_id: UUID) -> HttpResponse:
    return _photo(visit, photo_id)


@require_safe
@visitors
def picture(visit: Visit, photo_id: UUID) -> HttpResponse:
    """A picture of it to be looked at, of a `size`; without one the largest, to be kept.

    The original would tell where it was taken, and with what.
    """
    found, size = _own(visit, photo_id), visit.request.GET.get("size")
    made = rendition(found, size or "full")
    if made is None or not (size or visit.share.allow_download):
        return render(visit.request, "gallery/shared_gone.html", status=404)
    kept = shares.called(found.taken_local)
    answer = HttpResponseRedirect(rendition_url(made) if size else rendition_download_url(made, kept))
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET  # a HEAD would have all of it read and thrown away
@visitors
def download(visit: Visit) -> HttpResponse:
    """All pictures of an album to be kept."""
    album = visit.share.album
    if album is None or not visit.share.allow_download:
        return render(visit.request, "gallery/shared_gone.html", status=404)
    return zipped(album.title, shares.pictures(visit.share))


def _tries(key: str) -> int:
    """How many there were lately, with this one."""
    cache.add(key, 0, _TRIES_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # the five minutes ended just now
        return 1


def _own(visit: Visit, photo_id: UUID) -> Photo:
    found: Photo = get_object_or_404(shares.photos(visit.share).prefetch_related("renditions"), pk=photo_id)
    return found


def _photo(visit: Visit, photo_id: UUID) -> HttpResponse:
    found = _own(visit, photo_id)
    made = [one for one in (rendition(found, spec) for spec in ("preview", "full")) if one]
    size = found.size_like(rendition(found, "preview"))
    following, preceding = _beside(visit, found)
    context = {
        "photo": found,
        "alt": visitors_text(found),
        "shape": shape(*size),
        "size": size,
        "pictures": [(rendition_url(one), one) for one in made],
        "labels": _labels(found) if visit.share.show_labels else [],
        "following": following,
        "preceding": preceding,
    }
    return visit.render("gallery/shared_photo.html", context)


def _wanted(album: Album) -> Wanted:
    """Its photos, in their owner's order."""
    return Wanted(album=album.pk, order=album.order)


def _beside(visit: Visit, found: Photo) -> tuple[Photo | None, Photo | None]:
    """The next one of the album, and the one before."""
    if visit.share.album is None:
        return None, None
    return neighbours(visit.share.owner, found, _wanted(visit.share.album))


def _labels(found: Photo) -> list[str]:
    sure = Detection.objects.filter(
        photo=found, certainty__gte=settings.SHOWN_CONFIDENCE, label__kind=Label.Kind.LABEL
    )
    return list(sure.order_by("-certainty", "label__name").values_list("label__name", flat=True))


def _password(visit: Visit) -> HttpResponse:
    """Asks for it. Somebody who guesses has ten tries in five minutes, whoever they are."""
    key, request = f"share-tries:{visit.share.pk}", visit.request
    if request.method != "POST":
        return visit.render(
            "gallery/shared_password.html", {}, status=200 if request.method == "GET" else 405
        )
    if _tries(key) > _TRIES:
        told = _("There were too many tries. Wait five minutes, then try again.")
        return visit.render("gallery/shared_password.html", {"wrong": told}, status=429)
    if not shares.is_right(visit.share, request.POST.get("password", "")):
        return visit.render(
            "gallery/shared_password.html", {"wrong": _("This is not the password.")}, status=422
        )
    cache.delete(key)
    request.session[_OPENED] = {
        **request.session.get(_OPENED, {}),
        str(visit.share.pk): shares.proof(visit.share),
    }
    return redirect(request.path)
