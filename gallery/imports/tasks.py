"""What Celery calls. Which import is gone on with, the rows decide."""

from celery import shared_task

from gallery import tally
from gallery.imports import background


@shared_task
def read() -> None:
    background.shift()
    tally.flush()
