"""An upload under way: its space is reserved and its key is known before a byte is stored."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery.models.owned import OwnedQuerySet


class Upload(models.Model):
    """Its id becomes the photo's. Open: bytes are reserved; done or failed: they are not."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    key = models.CharField(max_length=100, unique=True)
    byte_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # A client that asks again with the same key gets the same answer. Empty: it sent none.
    idempotency_key = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar = OwnedQuerySet["Upload"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "done", "failed"]), name="upload_state_known"
            ),
            models.UniqueConstraint(
                "owner",
                "idempotency_key",
                condition=~Q(idempotency_key=""),
                name="upload_idempotency_key_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
