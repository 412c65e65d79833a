"""Says "there is work of this kind" to the workers, after commit. A hint: if it is lost, the sweep finds the rows."""

from functools import partial
from typing import Any, Final

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError, OperationalError
from redis.exceptions import RedisError

from gallery.pipeline.steps import LABELS, PURGE_QUEUE, RENDITIONS, STEPS

log: Final = structlog.get_logger("photosite.queue")
# More than a worker has threads: whoever hears one goes on while there is work (run.shift).
MOST_WORDS: Final = 64
_AWAY: Final = (OperationalError, KombuError, RedisError, OSError)


def announce(step: str, *, after_seconds: float = 0, jobs: int = 1) -> None:
    """Words enough for so many jobs of this step, sent when the caller's transaction is committed."""
    words = min(jobs, MOST_WORDS)
    transaction.on_commit(
        partial(_send, "gallery.tasks.work", [step], STEPS[step].queue, after_seconds, words), robust=True
    )


def announce_purge() -> None:
    transaction.on_commit(partial(_send, "gallery.tasks.purge", [], PURGE_QUEUE, 0, 1), robust=True)


def announce_expired() -> None:
    transaction.on_commit(partial(_send, "gallery.tasks.delete_expired", [], PURGE_QUEUE, 0, 1), robust=True)


def announce_compare_earlier() -> None:
    transaction.on_commit(
        partial(_send, "gallery.tasks.compare_earlier", [], RENDITIONS.queue, 0, 1), robust=True
    )


def announce_try_out(step: str) -> None:
    transaction.on_commit(
        partial(_send, "gallery.tasks.try_out", [step], STEPS[step].queue, 0, 1), robust=True
    )


def announce_put_back() -> None:
    transaction.on_commit(partial(_send, "gallery.tasks.put_back", [], LABELS.queue, 0, 1), robust=True)


def announce_import(*, after_seconds: float = 0) -> None:
    """To those who wait for answers most of their time: it must not hold up anybody's smaller pictures."""
    transaction.on_commit(
        partial(_send, "gallery.imports.tasks.read", [], LABELS.queue, after_seconds, 1), robust=True
    )


def length(queue: str) -> int:
    """How many words wait unheard. A queue that can't be asked counts as empty."""
    try:
        with current_app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(queue, passive=True).message_count)
    except Exception:  # noqa: BLE001 - an absent queue, a broker away: each backend says it with its own class
        return 0


def _send(task: str, arguments: list[str], queue: str, after_seconds: float, times: int) -> None:
    try:
        with current_app.producer_pool.acquire(block=True, timeout=2) as producer:
            for _ in range(times):
                current_app.send_task(
                    task,
                    arguments,
                    queue=queue,
                    countdown=after_seconds or None,
                    producer=producer,
                    retry=False,
                )
    except _AWAY as error:
        log.warning("word_not_sent", task=task, queue=queue, error=type(error).__name__)
