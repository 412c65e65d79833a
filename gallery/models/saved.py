"""A search that its owner keeps."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet


class SavedSearch(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(_("search"), max_length=1000)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = OwnedQuerySet["SavedSearch"].as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [models.UniqueConstraint(F("owner"), F("name"), name="saved_search_named_once")]

    def __str__(self) -> str:
        return self.name
