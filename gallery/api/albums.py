"""/api/v1/albums/: photos that somebody put together."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from gallery import signing
from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.models import Album, Photo
from gallery.organise import albums
from gallery.search.cursors import damaged

router = Router(tags=["albums"])
MOST_IDS = 10_000
PhotoIds = Annotated[list[UUID], Field(max_length=MOST_IDS)]
Description = Annotated[str, Field(max_length=2000)]


AlbumOrder = Literal["newest", "oldest", "by_hand"]


class AlbumOut(Schema):
    """`photos`: how many are in it outside the trash. `cover`: the thumb of the chosen one, or else of the newest of
    them, presigned; or null."""

    id: UUID
    title: str
    description: str
    order: AlbumOrder
    photos: int
    cover: str | None
    created_at: datetime


class AlbumPage(Schema):
    """Newest first. `next` is a whole URL or null."""

    results: list[AlbumOut]
    next: str | None


class AlbumIn(Schema):
    """`title`: 1 to 100 characters on one line."""

    model_config = {"extra": "forbid"}

    title: str
    description: Description = ""


class AlbumEdit(Schema):
    """Only what is sent is changed. `cover`: the id of a photo in it; null: its newest one."""

    model_config = {"extra": "forbid"}

    title: str | None = None
    description: Description | None = None
    order: AlbumOrder | None = None
    cover: UUID | None = None


class AlbumPhotos(Schema):
    model_config = {"extra": "forbid"}

    ids: PhotoIds


class AlbumMove(Schema):
    """`before`: the id of a photo in the album; null: they go to its end."""

    model_config = {"extra": "forbid"}

    ids: PhotoIds
    before: UUID | None = None


@router.get("/", response={200: AlbumPage, 422: Problem})
def list_albums(
    request: UserRequest, cursor: str = "", limit: Annotated[int, Query(ge=1, le=200)] = 100
) -> AlbumPage:
    found = albums.listed(request.user).order_by("-created_at", "-id")
    if cursor:
        created_at, pk = _place(cursor)
        found = found.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk))
    rows = list(found[: limit + 1])
    following = _cursor(rows[limit - 1]) if len(rows) > limit else None
    return AlbumPage(results=_out(rows[:limit]), next=_page_url(request, following))


@router.post("/", response={201: AlbumOut, 422: Problem})
def make_album(request: UserRequest, album: AlbumIn) -> Status[AlbumOut]:
    made = albums.make(request.user, album.title, album.description)
    return Status(201, _one(request, made.pk))


@router.get("/{uuid:album_id}/", response={200: AlbumOut, 404: Problem})
def read_album(request: UserRequest, album_id: UUID) -> AlbumOut:
    return _one(request, album_id)


@router.patch("/{uuid:album_id}/", response={200: AlbumOut, 404: Problem, 422: Problem})
def edit_album(request: UserRequest, album_id: UUID, changes: AlbumEdit) -> AlbumOut:
    album = _mine(request, album_id)
    with transaction.atomic():
        albums.edit(album, title=changes.title, description=changes.description, order=changes.order)
        if "cover" in changes.model_fields_set:
            albums.set_cover(album, changes.cover)
    return _one(request, album_id)


@router.delete("/{uuid:album_id}/", response={204: None, 404: Problem})
def delete_album(request: UserRequest, album_id: UUID) -> HttpResponse:
    """Its photos stay."""
    albums.delete(_mine(request, album_id))
    return HttpResponse(status=204)


@router.put("/{uuid:album_id}/photos/", response={200: AlbumOut, 404: Problem, 422: Problem})
def add_photos(request: UserRequest, album_id: UUID, photos: AlbumPhotos) -> AlbumOut:
    """Adds these to what is in it: all of them, or none if one is not the user's (404)."""
    album = _mine(request, album_id)
    wanted = set(photos.ids)
    if Photo.objects.visible_to(request.user).filter(pk__in=wanted).count() < len(wanted):
        raise albums.gone()
    albums.add(request.user.pk, album.pk, sorted(wanted))
    return _one(request, album_id)


@router.delete("/{uuid:album_id}/photos/", response={200: AlbumOut, 404: Problem, 422: Problem})
def remove_photos(request: UserRequest, album_id: UUID, photos: AlbumPhotos) -> AlbumOut:
    """Takes these out of it; they stay in the library. What is not in it is left alone."""
    album = _mine(request, album_id)
    albums.remove(request.user.pk, album.pk, photos.ids)
    return _one(request, album_id)


@router.post("/{uuid:album_id}/photos/move/", response={200: AlbumOut, 404: Problem, 422: Problem})
def move_photos(request: UserRequest, album_id: UUID, move: AlbumMove) -> AlbumOut:
    """Puts photos of the album before another one of it. It is seen where its `order` is `by_hand`."""
    album = _mine(request, album_id)
    albums.move(request.user.pk, album.pk, move.ids, move.before)
    return _one(request, album_id)


def _mine(request: UserRequest, album_id: UUID) -> Album:
    album: Album = get_object_or_404(Album.objects.visible_to(request.user), pk=album_id)
    return album


def _one(request: UserRequest, album_id: UUID) -> AlbumOut:
    (album,) = _out([get_object_or_404(albums.listed(request.user), pk=album_id)])
    return album


def _out(rows: Iterable[Album]) -> list[AlbumOut]:
    rows = list(rows)
    covers = albums.covers(rows)
    return [_album(row, covers) for row in rows]


def _album(row: Any, covers: Any) -> AlbumOut:
    return AlbumOut(
        id=row.pk,
        title=row.title,
        description=row.description,
        order=row.order,
        photos=row.photos,
        cover=signing.rendition_url(covers[row.pk]) if row.pk in covers else None,
        created_at=row.created_at,
    )


def _cursor(album: Album) -> str:
    return f"{album.created_at.isoformat()}_{album.pk.hex}"


def _place(cursor: str) -> tuple[datetime, UUID]:
    moment, _, pk = cursor[:100].partition("_")
    try:
        created_at = datetime.fromisoformat(moment)
        if created_at.utcoffset() != timedelta(0):
            raise ValueError(cursor)
        return created_at, UUID(pk)
    except ValueError as error:
        raise damaged() from error


def _page_url(request: UserRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
