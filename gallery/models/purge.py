"""An object that must go. Written in the transaction that ends its row; gone when the bucket no longer has it."""

from django.db import models
from django.utils import timezone


class Purge(models.Model):
    class Storage(models.TextChoices):
        ORIGINALS = "originals"
        RENDITIONS = "renditions"
        EXPORTS = "exports"

    storage = models.CharField(max_length=10, choices=Storage)
    key = models.CharField(max_length=120)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("storage", "key", name="purge_each_object_once")]

    def __str__(self) -> str:
        return f"{self.storage}/{self.key}"
