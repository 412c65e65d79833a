"""Looks for work that nobody was told about, and for what was left lying. Harmless to run twice at once."""

import contextlib
import dataclasses
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import quota
from gallery import storage, tally
from gallery.models import Change, Import, Job, Purge, Upload
from gallery.pipeline import circuit, deletion, lookalikes, queue, runs, unpaid
from gallery.pipeline.steps import STEPS

_REMEMBERED: Final = timedelta(hours=24)  # how long an Idempotency-Key answers as the first time
_MOST_ABORTED: Final = 100
_UNDOABLE: Final = timedelta(days=30)
ABANDONED: Final = "The upload stopped before it was complete."
GIVEN_UP: Final = "The upload was given up by whoever sent it."
REPEATED: Final = "The request died and was repeated."
TWICE: Final = "These bytes arrived twice at once."


@dataclasses.dataclass(frozen=True)
class Swept:
    """What a sweep did: words sent, uploads cleaned, objects waiting to be deleted."""

    announced: int
    uploads: int
    purges: int


def sweep() -> Swept:
    circuit.explain()
    unpaid.look_again()
    runs.look_after()
    announced = sum(_announce_due(step) for step in STEPS)
    uploads = _end_abandoned_uploads()
    _abort_parts()
    _forget_old_uploads()
    Change.objects.filter(made_at__lt=timezone.now() - _UNDOABLE).delete()
    Import.objects.filter(finished_at__lt=timezone.now() - _UNDOABLE).delete()
    if Import.objects.due(timezone.now()).exists():
        queue.announce_import()
    if deletion.expired().exists():
        queue.announce_expired()
    if lookalikes.earlier().exists():
        queue.announce_compare_earlier()
    purges = Purge.objects.filter(due_at__lte=timezone.now()).count()
    if purges:
        queue.announce_purge()
    return Swept(announced, uploads, purges)


def _announce_due(step: str) -> int:
    """As many words as due jobs need and are not in the queue."""
    due = Job.objects.due(timezone.now()).filter(step=step)[: queue.MOST_WORDS].count()
    words = due - queue.length(STEPS[step].queue) if due else 0
    if words > 0:
        queue.announce(step, jobs=words)
    return max(words, 0)


def _end_abandoned_uploads() -> int:
    abandoned = Upload.objects.filter(state=Upload.State.OPEN, expires_at__lt=timezone.now())[:1000]
    ended = sum(fail_upload(upload, ABANDONED) for upload in abandoned)
    if ended:
        tally.add("upload_failures", "abandoned", amount=ended)
        tally.flush()
    return ended


def _forget_old_uploads() -> None:
    old = Upload.objects.filter(created_at__lt=timezone.now() - _REMEMBERED)
    old.filter(Q(state=Upload.State.DONE) | Q(state=Upload.State.FAILED, multipart="")).delete()


def _abort_parts() -> None:
    """What failed uploads left in the bucket in parts. While that does not answer, it waits for the next sweep."""
    with contextlib.suppress(storage.StorageAway):
        for upload in Upload.objects.lying()[:_MOST_ABORTED]:
            storage.abort_parts(upload.key, upload.multipart)
            Upload.objects.filter(pk=upload.pk).update(multipart="")


def fail_upload(upload: Upload, reason: str) -> bool:
    """Ends an open upload: its space is given back and its object deleted. False if it was no longer open."""
    with transaction.atomic():
        ended = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(
            state=Upload.State.FAILED, reason=reason
        )
        if ended:
            quota.release(upload.owner, upload.byte_size)
            Purge.objects.get_or_create(storage=Purge.Storage.ORIGINALS, key=upload.key)
            queue.announce_purge()
    return bool(ended)
