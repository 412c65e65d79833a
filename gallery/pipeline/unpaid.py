"""Jobs whose call nobody may pay for now: put off until the next month with the reason, let go when there is room.

They are not due meanwhile, so nobody claims them and nobody is told of them.
"""

from typing import Final

from django.db.models import F, Min, Q
from django.utils import timezone

from gallery.models import Job
from gallery.models.job import JobQuerySet
from gallery.pipeline import budget
from gallery.pipeline.budget import Blocked, Month
from gallery.pipeline.steps import STEPS
from gallery.pipeline.turns import present_turn

OPERATIONS: Final = frozenset(step.operation for step in STEPS.values() if step.operation)


def look_again() -> None:
    """Puts off what has no budget and lets go of what has one again."""
    limits = budget.limits()
    for operation in sorted(OPERATIONS):
        shut = budget.blocked(operation, limits)
        put_off(operation, shut)
        _let_go(operation, shut)


def put_off(operation: str, shut: Blocked) -> None:
    """What waits for a call of this operation, nobody holds and nobody may pay for, with its reason."""
    until = Month.of(timezone.now()).end
    free = _free(operation).filter(ready_at__isnull=False)
    if shut.site:
        free.exclude(reason=shut.site, ready_at=until).update(reason=shut.site, ready_at=until)
        return
    for sentence in sorted(set(shut.owners.values())):
        owners = [owner for owner, said in shut.owners.items() if said == sentence]
        jobs = free.filter(owner__in=owners).exclude(reason=sentence, ready_at=until)
        jobs.update(reason=sentence, ready_at=until)


def _let_go(operation: str, shut: Blocked) -> None:
    """In a turn as if they came now, in their old order: a month's worth at once must not overtake everybody."""
    if shut.site:
        return
    now = timezone.now()
    waiting = _free(operation).filter(ready_at__gt=now, reason__startswith=budget.PREFIX)
    crowds = waiting.exclude(owner__in=list(shut.owners)).order_by()
    for owner, step, priority, first in crowds.values_list("owner", "step", "priority").annotate(Min("turn")):
        ahead = present_turn(step, priority) - first
        waiting.filter(owner=owner, step=step, priority=priority).update(
            ready_at=now, reason="", turn=F("turn") + ahead
        )


def _free(operation: str) -> JobQuerySet:
    """What waits for this operation and nobody works on."""
    steps = [step.name for step in STEPS.values() if step.operation == operation]
    nobody = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return Job.objects.waiting().filter(nobody, step__in=steps)
