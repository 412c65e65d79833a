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
from gallery.models import Analysis, Job, Photo, Rendition
from gallery.pipeline import budget, circuit, runs
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
    analysis = _charged(job)
    try:
        answer = rekognition.detect_labels(jpeg, min_confidence=settings.MIN_CONFIDENCE)
    except LabellingError as error:
        _note(analysis, error)
        raise _consequence(photo, error) from error
    circuit.close(LABELS.operation)
    return lambda: _save(job, analysis, answer)


def _charged(job: Job) -> Analysis:
    """Waits for the call's moment; the bill is written while waiting, so that nothing comes between them."""
    try:
        slot = rate.reserve(LABELS.operation, bulk=job.priority > 0)
        analysis = budget.charge(job.photo, LABELS.operation)
    except rate.NoSlot as full:
        raise Postponed(str(full), seconds=_THROTTLED_SECONDS) from full
    except budget.Spent as spent:
        raise Postponed(str(spent), seconds=spent.seconds) from spent
    slot.wait()
    return analysis


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
    if isinstance(error, _NOT_BILLED):
        budget.refund(analysis, error.code)
        return
    Analysis.objects.filter(pk=analysis.pk).update(error=error.code[:200], answered_at=timezone.now())


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


def _save(job: Job, analysis: Analysis, answer: Answer) -> None:
    Analysis.objects.filter(pk=analysis.pk).update(
        state=Analysis.State.ANSWERED,
        answered_at=timezone.now(),
        model_version=answer.model_version,
        answer=answer.raw,
    )
    with transaction.atomic():
        replace_detections(job.photo, answer.labels, answer.model_version)
        runs.note_answer(job, analysis)
