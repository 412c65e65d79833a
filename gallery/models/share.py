"""Shares: who has the link sees one album, or one photo, without signing in."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.album import Album
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class ShareQuerySet(OwnedQuerySet["Share"]):
    def open(self, now: datetime) -> Self:
        """What a link still leads to. Nothing of somebody whose account is closed is shown."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), owner__is_active=True)


class Share(models.Model):
    """Only the token's hash is kept: the link is told once and nobody, not even the operator, can tell it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    album = models.ForeignKey(Album, models.CASCADE, null=True, blank=True, related_name="shares")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, blank=True, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(_("password"), max_length=128, blank=True, help_text=_("Hashed."))
    allow_download = models.BooleanField(_("may be downloaded"), default=True)
    show_labels = models.BooleanField(_("labels are shown"), default=False)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    visited_at = models.DateTimeField(_("last visit"), null=True, blank=True)

    objects: ClassVar = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        constraints = [
            models.CheckConstraint(
                condition=Q(album=None, photo__isnull=False) | Q(album__isnull=False, photo=None),
                name="share_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="share_newest_first"),
            models.Index(F("created_at").desc(), F("id").desc(), name="share_newest"),
        ]

    def __str__(self) -> str:
        return f"share of {self.album_id or self.photo_id}"

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self.album.title if self.album else self.photo.filename if self.photo else ""
