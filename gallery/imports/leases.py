"""Whose archive is next, and holding it: a claim gives a lease with a token, renewed while the work goes on."""

import contextlib
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import quota
from accounts.models import User
from gallery.models import Import

log: Final = structlog.get_logger("photosite.imports")
LEASE: Final = timedelta(minutes=3)
_CANDIDATES: Final = 8


class Lost(Exception):
    """Somebody else is at it, or it is over."""


def claim() -> Import | None:
    """The next one whose owner has no other under way: who sends fifty archives holds up nobody else's labels.

    `attempts` counts claims since a file was last through. From the first one on its photos need the room.
    """
    now = timezone.now()
    for candidate in Import.objects.due(now).exclude(owner__in=_busy()).order_by("ready_at")[:_CANDIDATES]:
        token = uuid.uuid4()
        with transaction.atomic():
            User.objects.select_for_update().get(pk=candidate.owner_id)
            if _busy().filter(owner=candidate.owner_id).exists():
                continue
            mine = Import.objects.due(now).filter(pk=candidate.pk)
            held = {"lease_until": now + LEASE, "lease_token": token, "reason": ""}
            if not mine.update(attempts=candidate.attempts + 1, **held):
                continue
            if Import.objects.filter(pk=candidate.pk, reserved=True).update(reserved=False):
                quota.release(candidate.owner, candidate.byte_size)
        claimed: Import = Import.objects.select_related("owner").get(pk=candidate.pk)
        return claimed
    return None


def _busy() -> Any:
    return Import.objects.waiting().filter(lease_until__gte=timezone.now()).values("owner")


@contextlib.contextmanager
def kept(claimed: Import) -> Iterator[None]:
    """Renews the lease meanwhile, however long a file or a plan takes."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(claimed, over), name="import lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(claimed: Import, over: threading.Event) -> None:
    try:
        while not over.wait(LEASE.total_seconds() / 3):
            with contextlib.suppress(DatabaseError):
                rows(claimed).update(lease_until=timezone.now() + LEASE)
    finally:
        connection.close()


def rows(claimed: Import) -> Any:
    """Its row, as long as it is held."""
    return Import.objects.waiting().filter(pk=claimed.pk, lease_token=claimed.lease_token)


def write(claimed: Import, **fields: Any) -> None:
    """Raises Lost."""
    if not rows(claimed).update(**fields):
        raise Lost
