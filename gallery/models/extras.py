"""What the optional operations tell of a photo, and who switched them on."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Extra(models.Model):
    """An option of image recognition that an owner switched on for their photos; off while there is no row."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("option"), max_length=20)
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar = OwnedQuerySet["Extra"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="extra_on_once")]

    def __str__(self) -> str:
        return self.name


class Appearance(models.Model):
    """Image quality (0 to 100) and dominant colours, from IMAGE_PROPERTIES.

    `colours`: [{"hex": "#aabbcc", "name": "lightgrey", "percent": 12.5}], most frequent first.
    """

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="appearance")
    brightness = models.FloatField(null=True)
    sharpness = models.FloatField(null=True)
    contrast = models.FloatField(null=True)
    colours = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"brightness {self.brightness}"


class Face(models.Model):
    """A face that DetectFaces saw: where, as ratios of the upright picture, and what it told about it.

    `traits`: what the answer had, such as {"age": [20, 28], "emotions": [["HAPPY", 98.1]], "eyes_open": [true, 99]}.
    """

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="faces")
    confidence = models.FloatField()
    left = models.FloatField()
    top = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    traits = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left__range=(0, 1), top__range=(0, 1), width__range=(0, 1), height__range=(0, 1)),
                name="face_on_the_picture",
            ),
            models.CheckConstraint(condition=Q(confidence__range=(0, 100)), name="face_confidence_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.confidence:.0f}"
