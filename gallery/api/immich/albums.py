"""Albums that the client fills with what it sent. Fields as Immich has them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated, Final, Literal
from uuid import UUID

from ninja import Router, Schema, Status
from pydantic import Field

from gallery.api.immich.key import KeyRequest
from gallery.models import Album, Photo
from gallery.organise import albums
from gallery.organise.names import LONGEST_NAME

router = Router()
_MOST_IDS: Final = 65_000  # no client sends more at once
_AT_ONCE: Final = 10_000


class AlbumIn(Schema):
    albumName: str


class AlbumOut(Schema):
    id: UUID
    albumName: str


class IdsIn(Schema):
    ids: Annotated[list[UUID], Field(max_length=_MOST_IDS)]


class Added(Schema):
    """What became of one id. `no_permission`: it is nobody's photo or somebody else's."""

    id: UUID
    success: bool
    error: Literal["duplicate", "no_permission"] | None = None


@router.get("", response=list[AlbumOut])
def list_albums(request: KeyRequest) -> list[AlbumOut]:
    """All of them: the client looks for names. Of several with one name it takes the last, here the oldest."""
    rows = Album.objects.visible_to(request.user).order_by("-created_at", "-pk").values_list("pk", "title")
    return [AlbumOut(id=pk, albumName=title) for pk, title in rows]


@router.post("", response={201: AlbumOut})
def make_album(request: KeyRequest, album: AlbumIn) -> Status[AlbumOut]:
    """The one that is called so, where there is one: a folder's name may have spaces that a title has not, and the
    client does not find it in the list. A longer one is cut: refused, it would end the client before it has filled any
    other. The answer has the name as it was asked for, since the client goes by that."""
    made = albums.ensure(request.user, album.albumName[:LONGEST_NAME])
    return Status(201, AlbumOut(id=made.pk, albumName=album.albumName))


@router.put("/{uuid:album_id}/assets", response=list[Added], exclude_none=True)
def add_assets(request: KeyRequest, album_id: UUID, asked: IdsIn) -> list[Added]:
    """Each for itself: some may be added and others not."""
    albums.check(request.user.pk, album_id)
    return [one for ids in _pieces(list(dict.fromkeys(asked.ids))) for one in _added(request, album_id, ids)]


def _added(request: KeyRequest, album_id: UUID, ids: Sequence[UUID]) -> Iterator[Added]:
    mine = set(Photo.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))
    new = set(albums.add(request.user.pk, album_id, ids))
    for pk in ids:
        if pk in new:
            yield Added(id=pk, success=True)
        else:
            yield Added(id=pk, success=False, error="duplicate" if pk in mine else "no_permission")


def _pieces(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while piece := list(islice(rest, _AT_ONCE)):
        yield piece
