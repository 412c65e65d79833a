"""The shapes of the API, version 1: fixed by the contract, written by hand so that a row can change and they can't."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Literal, cast
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from gallery import signing
from gallery.exposure import Exposure
from gallery.geometry import BoundingBox
from gallery.models import Face, Instance, Job, Photo, Rendition, TextLine
from gallery.organise.on_photo import LabelOnPhoto, labels_on
from gallery.pipeline.reasons import said
from gallery.pipeline.state import PhotoState, processing

TakenSource = Literal["user", "exif", "file", "upload"]
StepState = Literal["waiting", "done", "skipped", "failed"]
Rotation = Literal[0, 90, 180, 270]
Kind = Literal["still", "animated", "motion"]
LabelKind = Literal["label", "celebrity", "moderation"]


class RenditionOut(Schema):
    """`url`: presigned, good for one to two hours and the same within an hour."""

    url: str
    width: int
    height: int
    content_type: str


class StepOut(Schema):
    name: str
    state: StepState
    attempts: int
    reason: str
    next_attempt_at: datetime | None


class ProcessingOut(Schema):
    state: PhotoState
    steps: list[StepOut]


class InstanceOut(Schema):
    """A box: ratios of the upright picture's sides, confidence 0 to 100."""

    left: float
    top: float
    width: float
    height: float
    confidence: float


class LabelOnPhotoOut(Schema):
    """`source` user: only its owner says so."""

    name: str
    confidence: float
    state: Literal["suggested", "confirmed", "rejected"]
    source: Literal["rekognition", "user"]
    model_version: str
    parents: list[str]
    aliases: list[str]
    categories: list[str]
    instances: list[InstanceOut]


class LocationOut(Schema):
    """Degrees north and east (WGS 84); metres above the sea if known."""

    latitude: float
    longitude: float
    altitude: float | None


class ExposureOut(Schema):
    """As the camera told, or null: seconds, the aperture's number, ISO, millimetres (of the lens, and what shows as
    much on 35 mm film), whether the flash fired, EV."""

    time: float | None
    f_number: float | None
    iso: int | None
    focal_length: float | None
    focal_length_35mm: int | None
    flash: bool | None
    bias: float | None


class PhotoOut(Schema):
    """`width` and `height` are of the upright photo. `rotation`: degrees clockwise by which its owner wants it turned,
    beside the original; size, renditions and boxes follow together when they are made. `taken_at` is the wall clock
    where it was taken, in ISO 8601, with its offset where that is known. `thumbhash` is base64. `rating`: stars that
    the file says it has, 0 to 5. `kind`: motion where a video is behind the picture in the original."""

    id: UUID
    filename: str
    caption: str
    content_type: str
    bytes: int
    sha256: str
    width: int
    height: int
    rotation: Rotation
    taken_at: str
    taken_offset: int | None
    taken_at_source: TakenSource
    uploaded_at: datetime
    favourite: bool
    archived: bool
    trashed_at: datetime | None
    camera: str
    lens: str
    exposure: ExposureOut | None
    rating: int | None
    kind: Kind
    location: LocationOut | None
    thumbhash: str
    renditions: dict[str, RenditionOut]
    processing: ProcessingOut
    labels: list[LabelOnPhotoOut]


class ReceivedOut(PhotoOut):
    """`duplicate`: these bytes were here already, and this is the photo that has them."""

    duplicate: bool


class PhotoPage(Schema):
    """`next` and `previous` are whole URLs or null."""

    results: list[PhotoOut]
    next: str | None
    previous: str | None


class MonthOut(Schema):
    month: str
    count: int


class LabelOut(Schema):
    name: str
    count: int
    parents: list[str]
    categories: list[str]


class AccountOut(Schema):
    """`photos` is without the trashed ones; calls and cost are of this calendar month in UTC."""

    email: str
    quota_bytes: int
    used_bytes: int
    photos: int
    trashed: int
    calls_this_month: int
    cost_usd_this_month: float


def _sensible(moment: datetime) -> datetime:
    if not 1826 <= moment.year <= 9998:
        raise ValueError("the year must be between 1826 and 9998")
    offset = moment.utcoffset()
    if offset is not None and (abs(offset) > timedelta(hours=18) or offset % timedelta(minutes=1)):
        raise ValueError("the offset must be whole minutes and at most 18 hours")
    return moment


Moment = Annotated[datetime, AfterValidator(_sensible)]


class PhotoEdit(Schema):
    """Only what is sent is changed."""

    model_config = {"extra": "forbid"}

    caption: Annotated[str, Field(max_length=2000)] | None = None
    taken_at: Moment | None = None
    favourite: bool | None = None
    archived: bool | None = None
    filename: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    rotation: Rotation | None = None


def wall_clock(moment: datetime) -> tuple[datetime, int | None]:
    """A `taken_at` as it is stored: the wall clock as if it were UTC, and minutes from UTC if they were given."""
    offset = moment.utcoffset()
    return moment.replace(tzinfo=UTC), None if offset is None else int(offset.total_seconds() // 60)


def taken_at(photo: Photo) -> str:
    local = photo.wall_clock
    if photo.taken_offset is not None:
        local = local.replace(tzinfo=timezone(timedelta(minutes=photo.taken_offset)))
    return local.isoformat()


def photo_out(photo: Photo, *, least: float = 0, boxes: bool = True, rejected: bool = False) -> PhotoOut:
    """A photo with everything prefetched. `rejected`: with the labels that were. `least`: labels below it are left out;
    a rejected one is as sure as a machine was of it, so what no machine ever told is below any."""
    jobs = sorted(photo.jobs.all(), key=lambda job: job.pk)
    width, height = photo.size_like(next(iter(photo.renditions.all()), None))
    return PhotoOut(
        id=photo.pk,
        filename=photo.filename,
        caption=photo.caption,
        content_type=photo.content_type,
        bytes=photo.byte_size,
        sha256=photo.sha256,
        width=width,
        height=height,
        rotation=cast("Rotation", photo.quarter_turns * 90),
        taken_at=taken_at(photo),
        taken_offset=photo.taken_offset,
        taken_at_source=cast("TakenSource", photo.taken_source),
        uploaded_at=photo.uploaded_at,
        favourite=photo.favourite_at is not None,
        archived=photo.archived_at is not None,
        trashed_at=photo.trashed_at,
        camera=photo.camera,
        lens=photo.lens,
        exposure=ExposureOut(**dataclasses.asdict(Exposure.of_row(photo.exposure)))
        if photo.exposure
        else None,
        rating=photo.rating,
        kind=cast("Kind", photo.kind),
        location=_location(photo),
        thumbhash=photo.thumbhash_base64,
        renditions={rendition.spec: _rendition(rendition) for rendition in photo.renditions.all()},
        processing=ProcessingOut(state=processing(jobs), steps=[_step(job) for job in jobs]),
        labels=[
            label_out(found, boxes=boxes, quarter_turns=photo.shown_turns)
            for found in labels_on(photo, rejected=rejected)
            if (found.confidence if found.state == "rejected" else found.certainty) >= least
        ],
    )


def _rendition(rendition: Rendition) -> RenditionOut:
    return RenditionOut(
        url=signing.rendition_url(rendition),
        width=rendition.width,
        height=rendition.height,
        content_type=rendition.content_type,
    )


def _step(job: Job) -> StepOut:
    waits = job.state == Job.State.WAITING
    return StepOut(
        name=job.step,
        state=cast("StepState", job.state),
        attempts=job.attempts,
        reason=said(job.reason),
        next_attempt_at=job.ready_at if waits else None,
    )


def label_out(found: LabelOnPhoto, *, boxes: bool, quarter_turns: int = 0) -> LabelOnPhotoOut:
    """`quarter_turns`: how far the picture is turned that is shown."""
    row = found.detection
    return LabelOnPhotoOut(
        name=found.label.name,
        confidence=round(found.confidence, 3),
        state=found.state,
        source=found.source,
        model_version=row.model_version if row else "",
        parents=found.label.parents,
        aliases=found.label.aliases,
        categories=found.label.categories,
        instances=[InstanceOut(**place_out(instance, quarter_turns)) for instance in row.instances.all()]
        if boxes and row
        else [],
    )


def place_out(row: Instance | Face | TextLine, quarter_turns: int) -> dict[str, float]:
    """Where it is on the picture as it is shown, and how sure that is."""
    place = BoundingBox.of(row).turned(quarter_turns)
    return {**dataclasses.asdict(place), "confidence": row.confidence}


def _location(photo: Photo) -> LocationOut | None:
    if photo.latitude is None or photo.longitude is None:
        return None
    return LocationOut(latitude=photo.latitude, longitude=photo.longitude, altitude=photo.altitude)
