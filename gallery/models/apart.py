"""Two photos of which their owner said that they are not the same, however alike they look. Never asked again."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from gallery.models.photo import Photo


class Apart(models.Model):
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "other"], name="apart_said_once"),
            models.CheckConstraint(condition=Q(photo__lt=F("other")), name="apart_in_order_of_keys"),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.other_id}"
