"""An upload under way: its space is reserved and its key is known before a byte is stored."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from gallery.models.owned import OwnedQuerySet


class UploadQuerySet(OwnedQuerySet["Upload"]):
    def open(self) -> Self:
        return self.filter(state=Upload.State.OPEN)

    def unchecked(self) -> Self:
        """Whose photos are there, on the word of who sent them."""
        return self.filter(state=Upload.State.CHECKING)

    def lying(self) -> Self:
        """That came to nothing and left parts in the bucket."""
        return self.filter(state=Upload.State.FAILED).exclude(multipart="")


class Upload(models.Model):
    """Its id becomes the photo's. Open: its bytes are reserved. Checking: the photo is there, and a worker is still to
    see that its bytes are those that were announced. Done or failed: over.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CHECKING = "checking"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    key = models.CharField(max_length=100, unique=True)
    byte_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # What only a direct upload needs: one that its sender puts into the bucket by signed addresses.
    direct = models.BooleanField(default=False)
    archive = models.BooleanField(default=False)  # a zip file of photos, which becomes an import
    filename = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=50, blank=True)
    multipart = models.TextField(
        blank=True
    )  # what S3 calls an upload in parts; empty again when that is over
    part_sha256s = models.JSONField(default=list, blank=True)
    # A client that asks again with the same key gets the same answer. Empty: it sent none.
    idempotency_key = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "checking", "done", "failed"]), name="upload_state_known"
            ),
            models.UniqueConstraint(
                "owner",
                "idempotency_key",
                condition=~Q(idempotency_key=""),
                name="upload_idempotency_key_once",
            ),
            models.UniqueConstraint(
                "owner", "sha256", condition=Q(state="open", direct=True), name="upload_direct_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"
