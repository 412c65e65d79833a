"""Stops calling an operation that refuses the site, for all photos at once, and asks again each minute.

Wrong credentials or a missing permission are no photo's fault: nothing is marked failed, every photo keeps
waiting with the reason, the operator reads it in the log and in the admin.
"""

from datetime import timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gallery.models import Circuit, Job
from gallery.pipeline import queue
from gallery.pipeline.steps import STEPS

log: Final = structlog.get_logger("photosite.circuit")
_MOST_WORDS: Final = 500


def may_call(operation: str) -> bool:
    """Whether this operation may be tried now: it is closed, or the caller has won this minute's one probe."""
    circuit = Circuit.objects.filter(operation=operation)
    now = timezone.now()
    probe_at = circuit.values_list("probe_at", flat=True).first()
    if probe_at is None:
        return True
    if probe_at > now:
        return False
    later = now + timedelta(seconds=settings.PROBE_SECONDS)
    return bool(circuit.filter(probe_at=probe_at).update(probe_at=later))


def open_for(operation: str, reason: str, code: str) -> None:
    """Stops the operation. All that waits for it says so."""
    log.error("circuit_open", operation=operation, code=code, cure="run `manage.py check_aws`")
    probe_at = timezone.now() + timedelta(seconds=settings.PROBE_SECONDS)
    with transaction.atomic():
        Circuit.objects.update_or_create(
            operation=operation, defaults={"reason": reason, "probe_at": probe_at}
        )
    explain()


def explain() -> None:
    """Gives jobs that came while a circuit was open the reason for their waiting."""
    for circuit in Circuit.objects.all():
        steps = [step.name for step in STEPS.values() if step.operation == circuit.operation]
        Job.objects.waiting().filter(step__in=steps, lease_token=None).exclude(reason=circuit.reason).update(
            reason=circuit.reason
        )


def close(operation: str) -> None:
    """The operation answers again: what waited is due now."""
    open_now = Circuit.objects.filter(operation=operation)
    if not open_now.exists() or not open_now.delete()[0]:
        return
    log.info("circuit_closed", operation=operation)
    for step in (step for step in STEPS.values() if step.operation == operation):
        with transaction.atomic():
            waiting = Job.objects.waiting().filter(step=step.name, lease_token=None, ready_at__isnull=False)
            count = waiting.update(ready_at=timezone.now(), reason="", postponed=0)
            queue.announce(step.name, times=min(count, _MOST_WORDS))
