"""The steps that ask Rekognition: one rendition sent, its answer into rows. Each call is billed before it is sent.

An answer is written down with what it tells; where that fails, alone. Whoever does the job after its worker died, or
after its lease ended, uses it and does not ask, and pay, again.
"""

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gallery import storage, tally
from gallery.imaging.analysis import fits_rekognition
from gallery.labelling import rate, reading, rekognition
from gallery.labelling.errors import Denied, LabellingError, Misconfigured, Rejected, Throttled, Unreachable
from gallery.models import Analysis, Job, Photo, Rendition
from gallery.pipeline import budget, circuit, jobs, options, runs
from gallery.pipeline.develop import away
from gallery.pipeline.jobs import GivenUp, Postponed, Redo, Skipped
from gallery.pipeline.operation import Operation
from gallery.pipeline.steps import STEPS, Step

OFF: Final = "Labelling is switched off in your account."
_HOLD_SECONDS: Final = 1.0
_THROTTLED_SECONDS: Final = 3.0
_UNREACHABLE_SECONDS: Final = 6.0
_NOT_BILLED: Final = (Throttled, Misconfigured, Rejected)


def work(job: Job) -> None:
    """Asks one operation about one photo, writes what it tells, and ends the job if it is still ours."""
    step = STEPS[job.step]
    asks = step.asks
    if asks is None:
        raise ValueError(f"{step.name} asks nothing")
    features = _wanted(job, step)
    analysis = _answered(job, asks.name, features) or _asked(job, step, asks, features)
    try:
        jobs.finish(job, lambda: _save(job, asks, analysis))
    except BaseException:
        _keep(analysis)
        raise


def _wanted(job: Job, step: Step) -> tuple[str, ...]:
    """The priced features to ask for. Raises Skipped where the owner, or the service, does not want the call."""
    owner = job.photo.owner
    if not owner.analyse:
        raise Skipped(OFF)
    if step.optional and step.name not in options.switched_on(owner.pk):
        raise Skipped(options.NOT_WANTED)
    if step.optional and circuit.is_denied(step.operation):
        raise Skipped(circuit.NOT_HERE)
    return options.features_for(owner.pk, step)


def _answered(job: Job, operation: str, features: Sequence[str]) -> Analysis | None:
    """The answer that came since the job was asked for, tells all that is wanted, and that nobody made rows of."""
    since = Q(photo=job.photo, sent_at__gte=job.asked_at)
    if not Analysis.objects.filter(since).exists():
        return None
    came = runs.standing(operation).filter(since)
    return next((found for found in came if set(features) <= set(found.features.split(","))), None)


def _asked(job: Job, step: Step, asks: Operation, features: Sequence[str]) -> Analysis:
    """Pays for one call. Its answer, which is not written down yet."""
    full, jpeg = _picture(job.photo)
    analysis = _charged(job, asks.name, features)
    analysis.quarter_turns = full.quarter_turns
    try:
        raw = rekognition.ask(asks.name, jpeg, **asks.request(features))
        asks.read(raw)
    except LabellingError as error:
        _note(analysis, error)
        raise _consequence(job.photo, step, error) from error
    tally.add("paid_calls", asks.name, "answered")
    circuit.close(asks.name)
    analysis.model_version, analysis.answer = reading.text(raw.get(asks.version)), reading.storable(raw)
    analysis.answered_at = timezone.now()
    return analysis


def _keep(analysis: Analysis) -> None:
    """Writes an answer down that nothing was made of; not what it tells of a photo that was deleted meanwhile."""
    with transaction.atomic():
        if not Photo.objects.locked().filter(analyses=analysis).values_list("pk"):
            analysis.answer = None
        _write_down(analysis)


def _write_down(analysis: Analysis) -> None:
    Analysis.objects.filter(pk=analysis.pk).update(
        state=Analysis.State.ANSWERED,
        answered_at=analysis.answered_at,
        model_version=analysis.model_version,
        answer=analysis.answer,
        quarter_turns=analysis.quarter_turns,
    )


def _charged(job: Job, operation: str, features: Sequence[str]) -> Analysis:
    """Waits for the call's moment; the bill is written while waiting, so that nothing comes between them."""
    try:
        slot = rate.reserve(operation, bulk=job.priority > 0)
        analysis = budget.charge(job.photo, operation, features)
    except rate.NoSlot as full:
        raise Postponed(str(full), seconds=_THROTTLED_SECONDS) from full
    except budget.Spent as spent:
        raise Postponed(str(spent), seconds=spent.seconds) from spent
    slot.wait()
    return analysis


def _picture(photo: Photo) -> tuple[Rendition, bytes]:
    """The JPEG that Rekognition is sent: the largest rendition, upright, sRGB, without metadata."""
    full = Rendition.objects.filter(photo=photo, spec="full").first()
    if full is None:
        raise Redo
    if reason := fits_rekognition(full.width, full.height, full.byte_size):
        raise Skipped(reason)
    try:
        return full, storage.read_rendition(full.key)
    except storage.ObjectMissing as error:
        full.delete()
        raise Redo from error
    except storage.StorageAway as error:
        raise away() from error


def _note(analysis: Analysis, error: LabellingError) -> None:
    """What came of the call. One that may have been billed stays `sent`, with its cost."""
    refused = isinstance(error, _NOT_BILLED)
    tally.add("paid_calls", analysis.operation, "refused" if refused else "unanswered")
    if refused:
        budget.refund(analysis, error.code)
        return
    Analysis.objects.filter(pk=analysis.pk).update(error=error.code[:200], answered_at=timezone.now())


def _consequence(photo: Photo, step: Step, error: LabellingError) -> Exception:
    reason = str(error)
    if isinstance(error, Throttled):
        rate.hold(step.operation, _HOLD_SECONDS)
        return Postponed(reason, seconds=_THROTTLED_SECONDS)
    if isinstance(error, Denied) and step.optional:
        circuit.open_for(step.operation, circuit.NOT_HERE, error.code, denied=True)
        return Skipped(circuit.NOT_HERE)
    if isinstance(error, Misconfigured):
        circuit.open_for(step.operation, reason, error.code)
        return Postponed(reason, seconds=settings.PROBE_SECONDS)
    if isinstance(error, Unreachable):
        return Postponed(reason, seconds=_UNREACHABLE_SECONDS)
    if isinstance(error, Rejected):
        return _rebuild_once(photo, step.operation, error)
    return Postponed(reason, counted=True)


def _rebuild_once(photo: Photo, operation: str, error: Rejected) -> Exception:
    refused = Analysis.objects.filter(
        photo=photo, operation=operation, state=Analysis.State.REFUSED, error=error.code
    )
    if refused.count() > 1:
        return GivenUp(rekognition.PICTURE_WITH_CODE % {"code": error.code})
    Rendition.objects.filter(photo=photo, spec="full").delete()
    return Redo()


def _save(job: Job, asked: Operation, analysis: Analysis) -> None:
    if analysis.state == Analysis.State.SENT:
        _write_down(analysis)
    found = asked.found(analysis.answer or {}, analysis.quarter_turns)
    asked.save(job.photo, found, analysis.model_version)
    runs.note_answer(job, analysis)
