"""Which files are here already, and the upload of those that are not. Fields as Immich has them."""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from gallery.api.immich.key import KeyRequest
from gallery.exceptions import Refusal
from gallery.intake import receive, taken
from gallery.intake.told import Told
from gallery.models import Photo
from gallery.search import photos as search

router = Router()
_MOST_CHECKED: Final = 5_000
_ARCHIVE: Final = "archive"
_VISIBILITIES: Final = ("timeline", _ARCHIVE)


class FileIn(Schema):
    """`id`: what the client calls the file, its path; `checksum`: SHA-1 in hex."""

    id: str
    checksum: Annotated[str, Field(pattern="^[0-9a-fA-F]{40}$")]


class CheckIn(Schema):
    assets: Annotated[list[FileIn], Field(max_length=_MOST_CHECKED)]


class FileOut(Schema):
    """What to do with a file. The last three only of one that is here already; it may be in the trash."""

    id: str
    action: Literal["accept", "reject"]
    reason: Literal["duplicate"] | None = None
    assetId: UUID | None = None
    isTrashed: bool | None = None


class CheckOut(Schema):
    results: list[FileOut]


class AssetIn(Schema):
    """`fileCreatedAt`: the file's own time. What else the client tells of a file is not needed."""

    fileCreatedAt: datetime | None = None
    isFavorite: bool = False
    visibility: str = "timeline"


class AssetOut(Schema):
    id: UUID
    status: Literal["created", "duplicate"]


class StatisticsOut(Schema):
    images: int
    videos: int
    total: int


@router.post("/bulk-upload-check", response=CheckOut, exclude_none=True)
def check(request: KeyRequest, asked: CheckIn) -> CheckOut:
    """One query, however many. Nothing is rejected but what is here: whatever the client does not send it takes for a
    duplicate, and where it is told to, deletes. What is no photo hears so when it comes."""
    wanted = {bytes.fromhex(one.checksum) for one in asked.assets}
    rows = Photo.objects.visible_to(request.user).filter(sha1__in=wanted).only("sha1", "trashed_at")
    here = {bytes(photo.sha1 or b""): photo for photo in rows}
    return CheckOut(results=[_told(one.id, here.get(bytes.fromhex(one.checksum))) for one in asked.assets])


@router.post("", response={201: AssetOut, 200: AssetOut})
def upload(request: KeyRequest, assetData: File[UploadedFile], asset: Form[AssetIn]) -> Status[AssetOut]:
    """A sidecar may come along, and is not read."""
    if asset.visibility not in _VISIBILITIES:
        raise _unknown_visibility(asset.visibility)
    told = Told(
        written=_written(asset.fileCreatedAt),
        favourite=asset.isFavorite,
        archived=asset.visibility == _ARCHIVE,
    )
    stored = receive.store_upload(request.user, assetData, filename=assetData.name or "", told=told)
    if stored.duplicate:
        return Status(200, AssetOut(id=stored.photo.pk, status="duplicate"))
    return Status(201, AssetOut(id=stored.photo.pk, status="created"))


@router.get("/statistics", response=StatisticsOut)
def statistics(request: KeyRequest) -> StatisticsOut:
    kept = search.kept(request.user)
    return StatisticsOut(images=kept, videos=0, total=kept)


def _told(asked: str, here: Photo | None) -> FileOut:
    if here is None:
        return FileOut(id=asked, action="accept")
    in_trash = here.trashed_at is not None
    return FileOut(id=asked, action="reject", reason="duplicate", assetId=here.pk, isTrashed=in_trash)


def _written(moment: datetime | None) -> taken.Taken | None:
    """One that says no zone is in UTC, as this client's always are."""
    if moment is None:
        return None
    return taken.written(moment if moment.tzinfo else moment.replace(tzinfo=UTC), timezone.now())


def _unknown_visibility(told: str) -> Refusal:
    """A photo that its sender wants out of sight is not put where it is seen."""
    sentence = _(
        "This site has no visibility “%(told)s”. Send the file with “timeline” or “archive”, or without any."
    )
    return Refusal("unknown_visibility", sentence % {"told": told[:40]}, 422)
