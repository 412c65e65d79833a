"""What Celery calls. Messages carry only a kind of work; which jobs those are, the rows decide."""

from celery import shared_task

from gallery import tally
from gallery.pipeline import circuit, deletion, lookalikes, run, runs
from gallery.pipeline import purge as purging
from gallery.pipeline.steps import STEPS
from gallery.pipeline.sweep import sweep as sweeping


@shared_task
def work(step: str) -> None:
    run.shift(step)
    tally.flush()


@shared_task
def purge() -> None:
    purging.due()


@shared_task
def delete_expired() -> None:
    deletion.delete_expired()


@shared_task
def compare_earlier() -> None:
    lookalikes.compare_earlier()


@shared_task
def try_out(step: str) -> None:
    circuit.try_out(STEPS[step])


@shared_task
def put_back() -> None:
    runs.put_back()


@shared_task
def sweep() -> None:
    sweeping()
