"""What can be read of a photo: its file name and caption and, if that was asked for, the words on it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class PhotoText(models.Model):
    """Folded, for `text:`. A narrow table of its own: a search for a rare word reads all of an owner's rows."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="text")
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    taken_local = models.DateTimeField()
    folded = models.TextField()

    objects: ClassVar = OwnedQuerySet["PhotoText"].as_manager()

    class Meta:
        indexes = [
            models.Index(F("owner"), F("taken_local").desc(), F("photo").desc(), name="photo_text_timeline")
        ]

    def __str__(self) -> str:
        return self.folded


class TextLine(models.Model):
    """A line that DetectText read on a photo, and where, as ratios of the upright picture."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="lines")
    text = models.CharField(max_length=500)
    confidence = models.FloatField()
    left = models.FloatField()
    top = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left__range=(0, 1), top__range=(0, 1), width__range=(0, 1), height__range=(0, 1)),
                name="text_line_on_the_picture",
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(0, 100)), name="text_line_confidence_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.text
