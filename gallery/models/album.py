"""Albums: photos that somebody put together. A photo may be in many."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.folding import LONGEST
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Album(models.Model):
    class Order(models.TextChoices):
        NEWEST = "newest", _("The newest first")
        OLDEST = "oldest", _("The oldest first")
        BY_HAND = "by_hand", _("By hand")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    title = models.CharField(_("title"), max_length=100)
    folded = models.CharField(max_length=LONGEST, editable=False)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    cover = models.ForeignKey(Photo, models.SET_NULL, null=True, blank=True, related_name="+")
    order = models.CharField(_("order"), max_length=7, choices=Order.choices, default=Order.NEWEST)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar = OwnedQuerySet["Album"].as_manager()

    class Meta:
        verbose_name = _("album")
        verbose_name_plural = _("albums")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="album_has_a_title"),
            models.CheckConstraint(
                condition=Q(order__in=["newest", "oldest", "by_hand"]), name="album_order_known"
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="album_newest_first"),
            models.Index(F("owner"), F("folded"), name="album_by_title"),
            models.Index(F("created_at").desc(), F("id").desc(), name="album_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class AlbumEntry(models.Model):
    album = models.ForeignKey(Album, models.CASCADE, related_name="entries", db_index=False)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="entries")
    added_at = models.DateTimeField(default=timezone.now)
    position = models.BigIntegerField(default=0)
    """In the order by hand, from the front; where two are alike the photo's id says."""

    class Meta:
        verbose_name = _("album entry")
        verbose_name_plural = _("album entries")
        constraints = [models.UniqueConstraint(fields=["album", "photo"], name="album_holds_a_photo_once")]
        indexes = [models.Index(fields=["album", "position", "photo"], name="album_by_hand")]

    def __str__(self) -> str:
        return f"{self.album_id} {self.photo_id}"
