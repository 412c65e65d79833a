"""Stops calling an operation that refuses the site, for all photos at once, and asks again each minute.

Wrong credentials or a missing permission are no photo's fault: nothing is marked failed, every photo keeps
waiting with the reason, the operator reads it in the log and in the admin.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from gallery.labelling import rate, rekognition
from gallery.labelling.errors import Denied, LabellingError, Rejected
from gallery.models import Circuit, Job
from gallery.pipeline import queue
from gallery.pipeline.steps import STEPS, Step

log: Final = structlog.get_logger("photosite.circuit")
NOT_HERE: Final = "Not available on this server."


def may_call(operation: str) -> bool:
    """Whether this operation may be tried now: it is closed, or the caller has won this minute's one probe."""
    circuit = Circuit.objects.filter(operation=operation)
    probe_at = circuit.values_list("probe_at", flat=True).first()
    return probe_at is None or _won(circuit, probe_at)


def is_denied(operation: str) -> bool:
    """Whether the site was refused this very operation, and it is not the caller who asks again this minute."""
    circuit = Circuit.objects.filter(operation=operation, denied=True)
    probe_at = circuit.values_list("probe_at", flat=True).first()
    return probe_at is not None and not _won(circuit, probe_at)


def denied() -> set[str]:
    """The operations that the site was refused while its credentials are good."""
    return set(Circuit.objects.filter(denied=True).values_list("operation", flat=True))


def _won(circuit: "QuerySet[Circuit]", probe_at: datetime) -> bool:
    now = timezone.now()
    if probe_at > now:
        return False
    later = now + timedelta(seconds=settings.PROBE_SECONDS)
    return bool(circuit.filter(probe_at=probe_at).update(probe_at=later))


def open_for(operation: str, reason: str, code: str, *, denied: bool = False) -> None:
    """Stops the operation. All that waits for it says so. `denied`: this one, and not the site's credentials."""
    log.error("circuit_open", operation=operation, code=code, cure="run `manage.py check_aws`")
    probe_at = timezone.now() + timedelta(seconds=settings.PROBE_SECONDS)
    with transaction.atomic():
        Circuit.objects.update_or_create(
            operation=operation, defaults={"reason": reason, "probe_at": probe_at, "denied": denied}
        )
    explain()


def explain() -> None:
    """Gives jobs that came while a circuit was open the reason for their waiting."""
    for circuit in Circuit.objects.all():
        steps = [step.name for step in STEPS.values() if step.operation == circuit.operation]
        Job.objects.waiting().filter(step__in=steps, lease_token=None).exclude(reason=circuit.reason).update(
            reason=circuit.reason
        )


def try_out(step: Step) -> None:
    """Finds out whether the site may ask this at all, with a byte that is no picture: refused to all, and free."""
    lately = Circuit.objects.filter(operation=step.operation, probe_at__gt=timezone.now())
    if step.asks is None or lately.exists():
        return
    try:
        rate.wait_for_slot(step.operation, bulk=True)
        rekognition.ask(step.operation, b"\0", **step.asks.request(()))
    except Denied as error:
        open_for(step.operation, NOT_HERE, error.code, denied=True)
    except Rejected:
        close(step.operation)
    except (LabellingError, rate.NoSlot) as error:
        log.info("not_tried_out", operation=step.operation, error=type(error).__name__)


def close(operation: str) -> None:
    """The operation answers again: what waited is due now, and what was skipped for its sake."""
    open_now = Circuit.objects.filter(operation=operation)
    if not open_now.exists() or not open_now.delete()[0]:
        return
    log.info("circuit_closed", operation=operation)
    for step in (step for step in STEPS.values() if step.operation == operation):
        with transaction.atomic():
            skipped = Job.objects.filter(step=step.name, state=Job.State.SKIPPED, reason=NOT_HERE)
            skipped.update(state=Job.State.WAITING, finished_at=None, ready_at=timezone.now())
            waiting = Job.objects.waiting().filter(step=step.name, lease_token=None, ready_at__isnull=False)
            count = waiting.update(ready_at=timezone.now(), reason="", postponed=0)
            queue.announce(step.name, jobs=count)
