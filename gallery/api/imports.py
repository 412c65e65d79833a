"""/api/v1/imports/: zip files of photos, sent straight into the bucket, whose photos workers bring in."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.http import Http404
from ninja import Router, Schema, Status

from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.uploads import CompleteIn, Sha256, UploadIn, UploadOut, told
from gallery.imports import background
from gallery.imports.report import Report
from gallery.intake import direct
from gallery.models import Import
from gallery.pipeline.reasons import said

router = Router(tags=["imports"])
_MOST: int = 50


class ReasonOut(Schema):
    """Why files did not become new photos: `here` was here already, `skipped` was left out on purpose. `files`: the
    first few of them."""

    state: Literal["here", "skipped", "refused"]
    reason: str
    count: int
    files: list[str]


class ImportOut(Schema):
    """`found`: files that may be photos, null until a worker has looked into the archive; `looked_at`: how many of them
    are through. `reason`: why it waits or was stopped."""

    id: UUID
    filename: str
    bytes: int
    status: Literal["waiting", "done", "failed"]
    found: int | None
    looked_at: int
    stored: int
    here: int
    skipped: int
    refused: int
    reasons: list[ReasonOut]
    reason: str
    created_at: datetime
    finished_at: datetime | None


class ImportIn(UploadIn):
    """As an upload is announced. Of a file above 16 MiB `part_sha256s` will do, without a `sha256`."""

    sha256: Sha256 | Literal[""] = ""


@router.post("/", response={201: UploadOut, frozenset({409, 413, 422, 503, 507}): Problem})
def begin_import(request: UserRequest, archive: ImportIn) -> Status[UploadOut]:
    """Begins to send a zip file of photos, such as a part of a Google Takeout: one PUT up to 16 MiB, parts of 8 MiB
    above. Its size is set aside for 24 hours. Until it is complete it is an upload: `/uploads/{id}/` tells what is
    still to be sent, and gives it up. Asked again for the same file it goes on with what is there."""
    return Status(201, told(direct.begin_archive(request.user, direct.Asked(**archive.dict()))))


@router.get("/", response=list[ImportOut])
def list_imports(request: UserRequest) -> list[ImportOut]:
    """The newest imports of the last thirty days, at most fifty. What is still being sent is not among them."""
    return [_out(one) for one in background.latest(request.user, _MOST)]


@router.get("/{uuid:import_id}/", response={200: ImportOut, 404: Problem})
def read_import(request: UserRequest, import_id: UUID) -> ImportOut:
    """How far it is, and what was left out so far."""
    return _out(_mine(request, import_id))


@router.post(
    "/{uuid:import_id}/complete/", response={202: ImportOut, frozenset({404, 409, 422, 503}): Problem}
)
def complete_import(
    request: UserRequest, import_id: UUID, sent: CompleteIn | None = None
) -> Status[ImportOut]:
    """All of it is sent: workers bring its photos in, each as if it were sent alone, and never one twice. The archive
    is deleted afterwards. Asked again it answers with how far that is."""
    upload = direct.own_upload(request.user, import_id)
    if upload is None or not upload.archive:
        return Status(202, _out(_mine(request, import_id)))
    etags = {part.number: part.etag for part in (sent.parts if sent else [])}
    return Status(202, _out(background.complete(upload, etags)))


@router.delete("/{uuid:import_id}/", response={204: None, 404: Problem})
def give_up_import(request: UserRequest, import_id: UUID) -> Status[None]:
    """Gives it up: the archive is deleted, and photos that came in already stay. One that is over stays as it is, and
    one that is still being sent is given up as any upload is."""
    background.give_up(_mine(request, import_id))
    return Status(204, None)


def _mine(request: UserRequest, import_id: UUID) -> Import:
    found = background.own(request.user, import_id)
    if found is None:
        raise Http404
    return found


def _out(one: Import) -> ImportOut:
    report = Report.of(one.report)
    return ImportOut(
        id=one.pk,
        filename=one.filename,
        bytes=one.byte_size,
        status=cast("Any", one.state),
        found=one.files,
        looked_at=one.looked_at,
        **{state: report.counts[state] for state in ("stored", "here", "skipped", "refused")},
        reasons=[
            ReasonOut(
                state=cast("Any", state), reason=said(sentence), count=reason.count, files=reason.places
            )
            for (state, sentence), reason in report.reasons.items()
        ],
        reason=said(one.reason),
        created_at=one.created_at,
        finished_at=one.finished_at,
    )
