"""A photograph that the site gave somebody to try things with. The photo itself is like any other."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Sample(models.Model):
    """Written with its photo and gone with it. Whoever sent the same bytes on their own has no sample of them."""

    photo = models.OneToOneField(Photo, models.CASCADE, primary_key=True, related_name="sample")
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")

    objects: ClassVar = OwnedQuerySet["Sample"].as_manager()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")

    def __str__(self) -> str:
        return str(self.photo_id)
