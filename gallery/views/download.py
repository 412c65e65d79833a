"""Many photos at once: those that were picked, an album, all of a list, what is shared; one zip file, streamed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gallery.exceptions import Refusal
from gallery.models import Album, Photo
from gallery.models.photo import PhotoQuerySet
from gallery.organise.archive import Original, archive
from gallery.views.access import MemberRequest, members_only
from gallery.views.picked import of_picked

# Each holds a thread of the web server as long as it lasts: half of them stay free for pages.
_AT_ONCE: Final = 4
_slots: Final = threading.BoundedSemaphore(_AT_ONCE)


@require_POST
@members_only
@of_picked
def download(request: MemberRequest, photo_ids: list[UUID]) -> HttpResponse:
    if len(photo_ids) == 1:
        return redirect("photo_original", photo_ids[0])
    return zipped(_called(), originals(Photo.objects.visible_to(request.user).filter(pk__in=photo_ids)))


@require_GET  # a HEAD would have all of it read and thrown away
@members_only
def album(request: MemberRequest, album_id: UUID) -> HttpResponse:
    found: Album = get_object_or_404(Album.objects.visible_to(request.user), pk=album_id)
    return zipped(found.title, originals(Photo.objects.live().filter(entries__album=found)))


def _called() -> str:
    return _("Photos of %(day)s") % {
        "day": date_format(timezone.localtime(), "SHORT_DATE_FORMAT").replace("/", "-")
    }


def originals(photos: PhotoQuerySet) -> list[Original]:
    rows = photos.order_by("taken_local", "id").values_list("original_key", "filename", "taken_local")
    return [Original(*row) for row in rows]


def zipped(name: str, members: Sequence[Original]) -> HttpResponse:
    """Raises Refusal: 404 where there is nothing, 503 while as many are under way as this process has threads for."""
    if not members:
        raise Refusal("nothing_found", _("There is no photo to download here."), 404)
    response = StreamingHttpResponse(_Held(members), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.zip")
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]  # answers as a response does


class _Held:
    """The file's bytes, holding a slot until they are sent or nobody wants them any more."""

    def __init__(self, members: Sequence[Original]) -> None:
        if not _slots.acquire(blocking=False):
            raise Refusal("busy", _("Many downloads are under way. Try again in a minute."), 503)
        self._release: Callable[[], None] | None = _slots.release
        self._bytes = archive(members)

    def __iter__(self) -> Iterator[bytes]:
        return self._bytes

    def close(self) -> None:
        self._bytes.close()
        release, self._release = self._release, None
        if release:
            release()
