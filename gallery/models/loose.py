"""What one part of an export lacks or has too much, until another part of it comes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from gallery.models.importing import Import
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class LooseEnd(models.Model):
    """Gone with its import's row, thirty days after that was done. `folder` and `name`: where it lay in the export."""

    class Kind(models.TextChoices):
        SIDECAR = "sidecar", "tells of a photo that was not there"
        ALBUM = "album", "tells what a folder is called"
        UNTOLD = "untold", "a photo that nothing told of"
        LOOSE = "loose", "a photo whose folder nothing told of"

    source = models.ForeignKey(Import, models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    export = models.CharField(max_length=40)
    kind = models.CharField(max_length=7, choices=Kind)
    folder = models.TextField()
    name = models.TextField()
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="+")
    is_new = models.BooleanField(default=False)  # the photo came with the export, and was not here before
    told = models.JSONField(null=True)

    objects: ClassVar = OwnedQuerySet["LooseEnd"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["sidecar", "album"], photo=None, told__isnull=False)
                | Q(kind__in=["untold", "loose"], photo__isnull=False, told=None),
                name="loose_end_tells_or_is_told_of",
            )
        ]
        indexes = [models.Index(F("owner"), F("export"), F("folder"), name="loose_end_folder")]

    def __str__(self) -> str:
        return f"{self.kind} {self.folder}/{self.name}"
