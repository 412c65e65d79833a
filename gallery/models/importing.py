"""A zip file of photos that somebody sent: it lies in the bucket until all that is in it has been looked at."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet


class ImportQuerySet(OwnedQuerySet["Import"]):
    def waiting(self) -> Self:
        return self.filter(state=Import.State.WAITING)

    def due(self, now: datetime) -> Self:
        """What a worker may go on with: its time has come, and nobody holds it or whoever did has let go."""
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.waiting().filter(free, finished_at=None, ready_at__lte=now)


class Import(models.Model):
    """Its id is its upload's. While it waits its object is there; afterwards that is purged."""

    class State(models.TextChoices):
        WAITING = "waiting", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    key = models.CharField(max_length=100, unique=True)
    filename = models.CharField(max_length=255)
    byte_size = models.PositiveBigIntegerField()
    # Its own size is set aside until it is begun: then its photos need the room.
    reserved = models.BooleanField(default=True)
    # Those that may be photos; not known until somebody has looked into it.
    files = models.PositiveIntegerField(null=True)
    looked_at = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)  # why it waits or was stopped
    ready_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)  # since a file of it was last through
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | Q(state__in=["done", "failed"], finished_at__isnull=False, reserved=False),
                name="import_finished_unless_waiting",
            ),
            models.CheckConstraint(
                condition=Q(lease_until=None, lease_token=None)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="import_lease_has_both_parts",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reason=""), name="import_ends_badly_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="import_newest_first"),
            models.Index(F("ready_at"), name="import_due", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.filename} {self.state}"
