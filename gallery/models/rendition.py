"""A smaller, upright, metadata-free picture made of an original."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gallery.models.photo import Photo


class Rendition(models.Model):
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="renditions", db_index=False)
    spec = models.CharField(max_length=20)
    key = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=50)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_size = models.PositiveBigIntegerField()
    quarter_turns = models.PositiveSmallIntegerField(
        default=0, help_text=_("Clockwise, from how the original stands.")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("photo", "spec", name="rendition_one_per_photo_and_spec"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="rendition_has_a_size"),
            models.CheckConstraint(
                condition=Q(quarter_turns__range=(0, 3)), name="rendition_turned_in_quarters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spec} {self.width} × {self.height}"
