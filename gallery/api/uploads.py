"""/api/v1/uploads/: photos that go straight into the bucket, by addresses that the site signs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.http import Http404
from ninja import Router, Schema, Status
from pydantic import Field

from gallery.api.auth import UserRequest
from gallery.api.photos import received
from gallery.api.problems import Problem
from gallery.api.schemas import PhotoOut, ReceivedOut
from gallery.intake import direct
from gallery.intake.receive import Stored
from gallery.models import Upload
from gallery.pipeline.reasons import said

router = Router(tags=["uploads"])
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_MOST_PARTS = 10_000


class UploadIn(Schema):
    """`sha256`: of the whole file, in hex. `content_type`: what the bucket is told; what the file is, its bytes decide.
    `part_sha256s`: of each part of a file above 16 MiB, in hex; S3 then refuses a part of other bytes at once."""

    model_config = {"extra": "forbid"}

    filename: Annotated[str, Field(max_length=1000)]
    size: Annotated[int, Field(ge=0, le=2**53)]
    sha256: Sha256
    content_type: Annotated[str, Field(max_length=200)] = ""
    part_sha256s: Annotated[list[Sha256], Field(max_length=_MOST_PARTS)] = []


class PartOut(Schema):
    """A PUT to make: to `url`, with exactly these `headers` and `size` bytes. A browser sets Content-Length itself.
    `number` counts the parts from 1; each but the last one has 8 MiB."""

    number: int
    url: str
    method: Literal["PUT"] = "PUT"
    headers: Mapping[str, str]
    size: int


class PresentOut(Schema):
    """A part that is in the bucket."""

    number: int
    etag: str
    size: int


class UploadOut(Schema):
    """`parts`: what is still to be sent, signed for an hour; ask again for fresh addresses. `present`: the parts that
    are there. `status`: open; checking, while a worker reads a photo that came in parts; done; failed, by `reason`."""

    id: UUID
    status: Literal["open", "checking", "done", "failed"]
    parts: list[PartOut]
    present: list[PresentOut]
    expires_at: datetime
    reason: str


class Duplicate(Schema):
    """These bytes are here already: nothing is to be sent. `photo` may be in the trash (`trashed_at`)."""

    photo: PhotoOut
    duplicate: Literal[True] = True


class SentPart(Schema):
    """`etag`: what S3 answered to the PUT of this part."""

    number: int
    etag: str


class CompleteIn(Schema):
    """Nothing, or what S3 answered for each part."""

    model_config = {"extra": "forbid"}

    parts: Annotated[list[SentPart], Field(max_length=_MOST_PARTS)] = []


@router.post("/", response={201: UploadOut, 200: Duplicate, frozenset({409, 413, 422, 503, 507}): Problem})
def begin_upload(request: UserRequest, upload: UploadIn) -> Status[UploadOut] | Status[Duplicate]:
    """Begins to send one photo: one PUT up to 16 MiB, parts of 8 MiB above. Its space is set aside for 24 hours. Asked
    again for the same file it goes on with what is there; a file whose bytes are here already is not sent at all."""
    begun = direct.begin(request.user, direct.Asked(**upload.dict()))
    if isinstance(begun, Stored):
        return Status(200, Duplicate(photo=received(request, begun)))
    return Status(201, told(begun))


@router.get("/{uuid:upload_id}/", response={200: UploadOut, 404: Problem, 503: Problem})
def read_upload(request: UserRequest, upload_id: UUID) -> UploadOut:
    """Where it stands, with fresh addresses for what is missing. Its photo, or its import, has the same id."""
    return told(direct.progress(_mine(request, upload_id)))


@router.post(
    "/{uuid:upload_id}/complete/",
    response={201: ReceivedOut, 200: ReceivedOut, frozenset({404, 409, 415, 422, 503}): Problem},
)
def complete_upload(
    request: UserRequest, upload_id: UUID, sent: CompleteIn | None = None
) -> Status[ReceivedOut]:
    """Makes the photo of what was sent, after a look at its size, its checksums, and by its first 64 KiB what it is.
    A photo that came in parts is read through by a worker before anything else; if it is not what was announced, it
    goes again, and the upload is `failed`. Asked again it answers with the photo."""
    etags = {part.number: part.etag for part in (sent.parts if sent else [])}
    upload = _mine(request, upload_id)
    if upload.archive:
        raise Http404
    stored = direct.finish(upload, etags)
    return Status(200 if stored.duplicate else 201, received(request, stored))


@router.delete("/{uuid:upload_id}/", response={204: None, 404: Problem})
def give_up_upload(request: UserRequest, upload_id: UUID) -> Status[None]:
    """Gives it up: its space is free again, and what was sent is deleted. One that is over stays as it is."""
    direct.give_up(_mine(request, upload_id))
    return Status(204, None)


def _mine(request: UserRequest, upload_id: UUID) -> Upload:
    upload = direct.own_upload(request.user, upload_id)
    if upload is None:
        raise Http404
    return upload


def told(progress: direct.Progress) -> UploadOut:
    upload = progress.upload
    return UploadOut(
        id=upload.pk,
        status=cast("Any", upload.state),
        parts=[
            PartOut(number=one.number, url=one.url, headers=one.headers, size=one.size)
            for one in progress.wanted
        ],
        present=[PresentOut(number=one.number, etag=one.etag, size=one.size) for one in progress.present],
        expires_at=upload.expires_at,
        reason=said(upload.reason),
    )
