"""Deletes objects whose rows are gone, until none is left. The only room that deletes originals."""

from datetime import timedelta
from typing import Final

import structlog
from django.db.models import F
from django.utils import timezone

from gallery import storage
from gallery.models import Purge

log: Final = structlog.get_logger("photosite.purge")
_BATCH: Final = 200
_LONGEST_WAIT: Final = timedelta(minutes=10)


def due() -> int:
    """Deletes a batch of due objects; the number of objects that are gone now."""
    gone = 0
    for item in Purge.objects.filter(due_at__lte=timezone.now()).order_by("due_at")[:_BATCH]:
        try:
            storage.delete(item.storage, item.key)
        except storage.StorageAway as error:
            wait = min(timedelta(seconds=5 * 2 ** min(item.attempts, 10)), _LONGEST_WAIT)
            Purge.objects.filter(pk=item.pk).update(attempts=F("attempts") + 1, due_at=timezone.now() + wait)
            log.warning("purge_postponed", storage=item.storage, error=str(error))
        else:
            item.delete()
            gone += 1
    return gone
