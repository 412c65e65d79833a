"""What an owner says about a label on a photo. No machine ever touches it. And what takes a change back."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.label import Label
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Verdict(models.Model):
    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="verdicts", db_index=False)
    label = models.ForeignKey(Label, models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(_("state"), max_length=9, choices=State)
    said_at = models.DateTimeField(_("said"), default=timezone.now)

    objects: ClassVar = OwnedQuerySet["Verdict"].as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [
            models.UniqueConstraint(fields=["photo", "label"], name="verdict_one_per_photo_and_label"),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "rejected"]), name="verdict_state_known"
            ),
        ]
        indexes = [models.Index(F("owner"), F("state"), F("photo"), name="verdict_by_state")]

    def __str__(self) -> str:
        return f"{self.label_id} {self.state}"


class Change(models.Model):
    """Something an owner did to some photos at once, and how they were before: what "Undo" needs.

    What was done to very many is written down in parts, which name the first one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    action = models.CharField(max_length=20)
    label = models.ForeignKey(Label, models.CASCADE, null=True, related_name="+", db_index=False)
    before = models.JSONField(help_text=_("By photo: what it was like."))
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    part_of = models.UUIDField(null=True, editable=False)

    objects: ClassVar = OwnedQuerySet["Change"].as_manager()

    class Meta:
        indexes = [
            models.Index(F("owner"), F("made_at").desc(), name="change_by_owner"),
            models.Index(F("part_of"), name="change_parts", condition=Q(part_of__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.action
