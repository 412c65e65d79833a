"""What a photo's jobs say together."""

from collections.abc import Iterable
from typing import Literal

from gallery.models import Job

PhotoState = Literal["pending", "done", "failed"]


def processing(jobs: Iterable[Job]) -> PhotoState:
    """ "failed" if a step failed, "done" if every step is done or skipped, else "pending"."""
    states = {job.state for job in jobs}
    if Job.State.FAILED in states:
        return "failed"
    return "pending" if Job.State.WAITING in states else "done"
