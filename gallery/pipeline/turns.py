"""Whose turn it is: start-time fair queueing between users, for each step and priority.

A job's turn is a virtual time, given when the job comes in: the time at which the queue stands, or one after its
owner's last job, whichever is later. So of ten thousand jobs of one user and one of another, the other's is next.
"""

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from gallery.models import Job


def next_turn(owner_id: UUID, step: str, priority: int = 0) -> int:
    """The turn of this owner's next job."""
    own = Job.objects.unfinished().filter(owner_id=owner_id, step=step, priority=priority)
    last: int | None = own.order_by("-turn").values_list("turn", flat=True).first()
    now = present_turn(step, priority)
    return now if last is None else max(now, last + 1)


def next_turns(owner_id: UUID, step: str, priority: int, count: int) -> range:
    """The turns of this owner's next `count` jobs, first to last."""
    first = next_turn(owner_id, step, priority)
    return range(first, first + count)


def present_turn(step: str, priority: int) -> int:
    """Where the queue stands: the first job that need not wait for something else; 0 when there is none."""
    in_line = Q(ready_at=None) | Q(ready_at__lte=timezone.now())
    waiting = Job.objects.unfinished().filter(in_line, step=step, priority=priority)
    first: int | None = waiting.order_by("turn", "id").values_list("turn", flat=True).first()
    return first or 0
