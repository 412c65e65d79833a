"""/api/v1/photos/: take in, list, read, edit, trash, restore, delete, download."""

import contextlib
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from ninja import File, Form, Header, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from gallery import signing
from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.schemas import (
    Moment,
    MonthOut,
    PhotoEdit,
    PhotoOut,
    PhotoPage,
    ReceivedOut,
    photo_out,
    wall_clock,
)
from gallery.exceptions import Refusal
from gallery.intake import receive
from gallery.intake.taken import Taken
from gallery.models import Photo
from gallery.organise import albums, rotation
from gallery.organise import photos as organise
from gallery.search import grammar
from gallery.search import photos as search

router = Router(tags=["photos"])
LabelName = Annotated[str, Field(max_length=100)]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", max_length=200, pattern="^[ -~]*$")]


@router.post(
    "/",
    response={201: ReceivedOut, 200: ReceivedOut, frozenset({404, 409, 413, 415, 422, 503, 507}): Problem},
)
def upload_photo(
    request: UserRequest,
    file: File[UploadedFile],
    taken_at: Form[Moment | None] = None,
    album: Form[UUID | None] = None,
    idempotency_key: IdempotencyKey = "",
) -> Status[ReceivedOut]:
    """Takes one photograph in: JPEG, PNG, WebP, GIF, HEIC, AVIF or TIFF. 201 with the new photo, or 200 with the one
    that has the same bytes and `"duplicate": true`. A repeated `Idempotency-Key` answers as the first time. `album`: it
    goes into this one of the user's, too; 404, and nothing is stored, if there is none. One that is deleted while the
    photo comes in leaves it in the library, as if it had been deleted just after."""
    if album:
        albums.check(request.user.pk, album)
    taken = Taken(*wall_clock(taken_at)) if taken_at else None
    stored = receive.store_upload(
        request.user, file, filename=file.name or "", taken=taken, idempotency_key=idempotency_key
    )
    if album:
        with contextlib.suppress(Refusal):  # deleted meanwhile
            albums.add(request.user.pk, album, [stored.photo.pk])
    return Status(200 if stored.duplicate else 201, received(request, stored))


def received(request: UserRequest, stored: receive.Stored) -> ReceivedOut:
    return ReceivedOut(**_out(request, stored.photo.pk).dict(), duplicate=stored.duplicate)


@router.get("/", response={200: PhotoPage, 422: Problem})
def list_photos(
    request: UserRequest,
    # The list stands here bare: behind an alias ninja would not see that the parameter may be repeated.
    label: Annotated[list[LabelName], Query(default_factory=list, max_length=search.MOST_LABELS)],
    q: str = "",
    min_confidence: Annotated[float, Query(ge=0, le=100)] = 0,
    taken_after: datetime | None = None,
    taken_before: datetime | None = None,
    favourite: bool | None = None,
    archived: bool | None = None,
    album: UUID | None = None,
    trash: bool = False,
    rejected: bool = False,
    cursor: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PhotoPage:
    """Newest first by the wall clock where they were taken. `q` is a search as the site's own page takes it, and
    all else must be met, too; `label` may be repeated. A search that finds little looks only so far in one go: then
    a page has fewer photos than `limit`, perhaps none, and `next` goes on."""
    wanted = search.Wanted(
        query=grammar.parse(q),
        labels=tuple(label),
        min_confidence=min_confidence,
        taken_after=wall_clock(taken_after)[0] if taken_after else None,
        taken_before=wall_clock(taken_before)[0] if taken_before else None,
        favourite=favourite,
        archived=archived,
        trash=trash,
        album=album,
    )
    page = search.page(request.user, wanted, cursor, limit, Photo.objects.with_labels())
    return PhotoPage(
        results=[
            photo_out(photo, least=settings.SHOWN_CONFIDENCE, boxes=False, rejected=rejected)
            for photo in page.photos
        ],
        next=_page_url(request, page.next),
        previous=_page_url(request, page.previous),
    )


@router.get("/timeline/", response=list[MonthOut])
def timeline(request: UserRequest) -> list[MonthOut]:
    """How many photos each month has in the timeline, newest first: without trash and archive."""
    return [MonthOut(month=month, count=count) for month, count in search.months(request.user)]


@router.get("/{uuid:photo_id}/", response={200: PhotoOut, 404: Problem})
def read_photo(request: UserRequest, photo_id: UUID, rejected: bool = False) -> PhotoOut:
    """`rejected=true`: with the labels that the user has rejected."""
    return _out(request, photo_id, rejected=rejected)


@router.patch("/{uuid:photo_id}/", response={200: PhotoOut, 404: Problem, 422: Problem})
def edit_photo(request: UserRequest, photo_id: UUID, changes: PhotoEdit) -> PhotoOut:
    """Changes what is sent and nothing else. An explicit null changes nothing. `rotation` counts from how the original
    stands, and shows when its renditions are made anew."""
    photo = _mine(request, photo_id)
    if fields := _fields(changes):
        organise.edit(photo, **fields)
    if changes.favourite is not None:
        organise.favourite(photo, on=changes.favourite)
    if changes.archived is not None:
        (organise.archive if changes.archived else organise.unarchive)(photo.owner_id, [photo.pk])
    if changes.rotation is not None:
        rotation.stand(photo, changes.rotation // 90)
    return _out(request, photo_id)


@router.delete("/{uuid:photo_id}/", response={204: None, 404: Problem})
def delete_photo(request: UserRequest, photo_id: UUID, permanent: bool = False) -> HttpResponse:
    """Into the trash; with `permanent=true` for good, at once and with its original."""
    photo = _mine(request, photo_id)
    if permanent:
        organise.delete_forever(photo)
    else:
        organise.trash(photo.owner_id, [photo.pk])
    return HttpResponse(status=204)


@router.post("/{uuid:photo_id}/restore/", response={200: PhotoOut, 404: Problem})
def restore_photo(request: UserRequest, photo_id: UUID) -> PhotoOut:
    photo = _mine(request, photo_id)
    organise.restore(photo.owner_id, [photo.pk])
    return _out(request, photo_id)


@router.get("/{uuid:photo_id}/original/", response={302: None, 404: Problem})
def download_original(request: UserRequest, photo_id: UUID) -> HttpResponse:
    """302 to a presigned URL that downloads the untouched original under its true name."""
    return HttpResponseRedirect(signing.download_url(_mine(request, photo_id)))


def _mine(request: UserRequest, photo_id: UUID) -> Photo:
    photo: Photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    return photo


def _out(request: UserRequest, photo_id: UUID, *, rejected: bool = False) -> PhotoOut:
    photos = Photo.objects.visible_to(request.user).with_everything()
    return photo_out(get_object_or_404(photos, pk=photo_id), rejected=rejected)


def _fields(changes: PhotoEdit) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if changes.caption is not None:
        fields["caption"] = changes.caption.replace("\x00", "")
    if changes.filename is not None:
        fields["filename"] = receive.clean_filename(changes.filename)
    if changes.taken_at is not None:
        local, offset = wall_clock(changes.taken_at)
        fields |= {"taken_local": local, "taken_offset": offset, "taken_source": Photo.TakenSource.USER}
    return fields


def _page_url(request: UserRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{urlencode(list(query.lists()), doseq=True)}")
