"""/api/v1/uploads/batch/: up to 50 photos a request, for who sends many. One that is refused hinders no other."""

import contextlib
from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.uploads import SentPart, UploadIn, UploadOut, told
from gallery.exceptions import Refusal
from gallery.intake import direct, many
from gallery.intake.receive import Stored
from gallery.organise import albums
from gallery.pipeline.reasons import said

router = Router(tags=["uploads"])
MOST: Final = 50


class BeginIn(Schema):
    """`album`: those whose bytes are here already go into this one of the user's."""

    model_config = {"extra": "forbid"}

    uploads: Annotated[list[UploadIn], Field(min_length=1, max_length=MOST)]
    album: UUID | None = None


class FinishedUpload(Schema):
    """One whose bytes are there. `parts`: as completing a single one takes them."""

    model_config = {"extra": "forbid"}

    id: UUID
    parts: Annotated[list[SentPart], Field(max_length=10_000)] = []


class FinishIn(Schema):
    """`album`: all of them go into this one of the user's, too."""

    model_config = {"extra": "forbid"}

    uploads: Annotated[list[FinishedUpload], Field(min_length=1, max_length=MOST)]
    album: UUID | None = None


class PhotoThere(Schema):
    """A photo that is stored. `duplicate`: its bytes were here before; `trashed`: it is in the trash."""

    id: UUID
    duplicate: bool
    trashed: bool


class RefusedOut(Schema):
    """Why this one is not taken, as the single call says it. `retry_after`: seconds, where asking again helps."""

    status: int
    code: str
    detail: str
    retry_after: int | None


class ResultOut(Schema):
    """One of the three."""

    upload: UploadOut | None = None
    photo: PhotoThere | None = None
    refused: RefusedOut | None = None


class ResultsOut(Schema):
    """In the order in which they were asked for."""

    results: list[ResultOut]


@router.post("/batch/", response={200: ResultsOut, frozenset({400, 404, 422}): Problem})
def begin_uploads(request: UserRequest, asked: BeginIn) -> ResultsOut:
    """Begins up to 50 uploads at once. For each: where to send it, the photo that has its bytes, or why not. 404, and
    nothing is begun, if there is no such album of the user's."""
    _check(request, asked.album)
    begun = many.begin(request.user, [direct.Asked(**upload.dict()) for upload in asked.uploads])
    return _told(request, begun, asked.album)


@router.post("/batch/complete/", response={200: ResultsOut, frozenset({400, 404, 422}): Problem})
def complete_uploads(request: UserRequest, sent: FinishIn) -> ResultsOut:
    """Makes the photos of up to 50 uploads. 404, and nothing is done, if there is no such album of the user's."""
    _check(request, sent.album)
    etags = {one.id: {part.number: part.etag for part in one.parts} for one in sent.uploads}
    finished = many.finish(request.user, etags)
    return _told(request, [finished[one.id] for one in sent.uploads], sent.album)


def _check(request: UserRequest, album: UUID | None) -> None:
    if album:
        albums.check(request.user.pk, album)


def _told(
    request: UserRequest, outcomes: Sequence[direct.Progress | Stored | Refusal], album: UUID | None
) -> ResultsOut:
    there = [outcome.photo.pk for outcome in outcomes if isinstance(outcome, Stored)]
    if album and there:
        with contextlib.suppress(Refusal):  # deleted meanwhile
            albums.add(request.user.pk, album, there)
    return ResultsOut(results=[_result(outcome) for outcome in outcomes])


def _result(outcome: direct.Progress | Stored | Refusal) -> ResultOut:
    if isinstance(outcome, Refusal):
        return ResultOut(refused=_refused(outcome))
    if isinstance(outcome, Stored):
        trashed = outcome.photo.trashed_at is not None
        return ResultOut(photo=PhotoThere(id=outcome.photo.pk, duplicate=outcome.duplicate, trashed=trashed))
    return ResultOut(upload=told(outcome))


def _refused(refusal: Refusal) -> RefusedOut:
    return RefusedOut(
        status=refusal.status,
        code=refusal.code,
        detail=said(refusal.sentence),
        retry_after=refusal.retry_after,
    )
