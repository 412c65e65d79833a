"""What a photo's jobs say together."""

from collections.abc import Iterable

from gallery.models import Job


def processing(jobs: Iterable[Job]) -> str:
    """ "failed" if a step failed, "done" if every step is done or skipped, else "pending"."""
    states = {job.state for job in jobs}
    if Job.State.FAILED in states:
        return "failed"
    return "pending" if Job.State.WAITING in states else "done"
