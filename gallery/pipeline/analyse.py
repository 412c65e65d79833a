"""The step that labels: one rendition to Rekognition, its answer into rows. Each call is billed before it is sent."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gallery import storage
from gallery.imaging.analysis import fits_rekognition
from gallery.labelling import rate, rekognition
from gallery.labelling.answer import Answer
from gallery.labelling.errors import LabellingError, Misconfigured, Rejected, Throttled, Unreachable
from gallery.labelling.prices import price_usd
from gallery.models import Analysis, Job, Photo, Rendition
from gallery.pipeline import circuit
from gallery.pipeline.detections import replace_detections
from gallery.pipeline.develop import away
from gallery.pipeline.jobs import GivenUp, Postponed, Redo, Skipped
from gallery.pipeline.steps import LABELS

OFF: Final = "Labelling is switched off in your account."
_HOLD_SECONDS: Final = 1.0
_THROTTLED_SECONDS: Final = 3.0
_UNREACHABLE_SECONDS: Final = 6.0
_NOT_BILLED: Final = (Throttled, Misconfigured, Rejected)


def work(job: Job) -> Callable[[], None]:
    """Asks for the labels of one photo and returns what is to be written when the job is still ours."""
    photo = job.photo
    jpeg = _picture(photo)
    try:
        rate.wait_for_slot(LABELS.operation)
    except rate.NoSlot as full:
        raise Postponed(str(full), seconds=_THROTTLED_SECONDS) from full
    analysis = Analysis.objects.create(
        photo=photo, owner_id=photo.owner_id, operation=LABELS.operation, cost_usd=price_usd(LABELS.operation)
    )
    try:
        answer = rekognition.detect_labels(jpeg, min_confidence=settings.MIN_CONFIDENCE)
    except LabellingError as error:
        _note(analysis, error)
        raise _consequence(photo, error) from error
    circuit.close(LABELS.operation)
    return lambda: _save(photo, analysis, answer)


def _picture(photo: Photo) -> bytes:
    """The JPEG that Rekognition is sent: the largest rendition, upright, sRGB, without metadata."""
    if not photo.owner.analyse:
        raise Skipped(OFF)
    full = Rendition.objects.filter(photo=photo, spec="full").first()
    if full is None:
        raise Redo
    if reason := fits_rekognition(full.width, full.height, full.byte_size):
        raise Skipped(reason)
    try:
        return storage.read_rendition(full.key)
    except storage.ObjectMissing as error:
        full.delete()
        raise Redo from error
    except storage.StorageAway as error:
        raise away() from error


def _note(analysis: Analysis, error: LabellingError) -> None:
    """What came of the call. One that may have been billed stays `sent`, with its cost."""
    free = isinstance(error, _NOT_BILLED)
    changes = {"state": Analysis.State.REFUSED, "cost_usd": 0} if free else {}
    Analysis.objects.filter(pk=analysis.pk).update(
        error=error.code[:200], answered_at=timezone.now(), **changes
    )


def _consequence(photo: Photo, error: LabellingError) -> Exception:
    reason = str(error)
    if isinstance(error, Throttled):
        rate.hold(LABELS.operation, _HOLD_SECONDS)
        return Postponed(reason, seconds=_THROTTLED_SECONDS)
    if isinstance(error, Misconfigured):
        circuit.open_for(LABELS.operation, reason, error.code)
        return Postponed(reason, seconds=settings.PROBE_SECONDS)
    if isinstance(error, Unreachable):
        return Postponed(reason, seconds=_UNREACHABLE_SECONDS)
    if isinstance(error, Rejected):
        return _rebuild_once(photo, error)
    return Postponed(reason, counted=True)


def _rebuild_once(photo: Photo, error: Rejected) -> Exception:
    refused = Analysis.objects.filter(photo=photo, state=Analysis.State.REFUSED, error=error.code)
    if refused.count() > 1:
        return GivenUp(f"{error} ({error.code})")
    Rendition.objects.filter(photo=photo, spec="full").delete()
    return Redo()


def _save(photo: Photo, analysis: Analysis, answer: Answer) -> None:
    Analysis.objects.filter(pk=analysis.pk).update(
        state=Analysis.State.ANSWERED,
        answered_at=timezone.now(),
        model_version=answer.model_version,
        answer=answer.raw,
    )
    with transaction.atomic():
        replace_detections(photo, answer.labels, answer.model_version)
