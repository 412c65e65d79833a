"""Bulk work that somebody ordered: one step asked again for many photos, with what it changed."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Run(models.Model):
    """`owner`: whose photos; None for those of several users. `asked_for`: the choice in words. `anew`: also what is
    there already; of what costs money only that is asked for."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        ROLLED_BACK = "rolled_back", _("rolled back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=False)
    ordered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    step = models.CharField(_("step"), max_length=20)
    asked_for = models.TextField(_("asked for"))
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.RUNNING)
    photos = models.PositiveIntegerField(_("photos"), default=0)
    anew = models.BooleanField(default=True, help_text=_("Also what is there already."))
    micro_usd = models.PositiveBigIntegerField(_("estimate in millionths of a US dollar"), default=0)
    created_at = models.DateTimeField(_("ordered"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar = OwnedQuerySet["Run"].as_manager()

    class Meta:
        verbose_name = _("bulk run")
        verbose_name_plural = _("bulk runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused", "stopped", "done", "rolled_back"]),
                name="run_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], finished_at=None)
                | (~Q(state__in=["running", "paused"]) & Q(finished_at__isnull=False)),
                name="run_finished_unless_under_way",
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("created_at").desc(), name="run_by_owner"),
            models.Index(F("created_at").desc(), F("id").desc(), name="run_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.asked_for}"


class RunEntry(models.Model):
    """One photo of a run: the analysis its labels came from before, the one they come from after, the difference.

    `was`: the state of its job when the run was ordered, "" if it had none; a run that is stopped puts that back.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")
        PUT_BACK = "put_back", _("put back")

    run = models.ForeignKey(Run, models.CASCADE, related_name="entries", db_index=False)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    was = models.CharField(max_length=7, blank=True)
    was_because = models.TextField(blank=True)
    before = models.ForeignKey(
        "gallery.Analysis", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    after = models.ForeignKey(
        "gallery.Analysis", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    won = models.JSONField(default=list, help_text=_("Names of labels that came."))
    lost = models.JSONField(default=list, help_text=_("Names of labels that went."))
    changed = models.JSONField(default=list, help_text=_("[name, confidence before, after]."))
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "photo"], name="run_takes_a_photo_once"),
            models.CheckConstraint(
                condition=Q(outcome="", finished_at=None)
                | Q(outcome__in=["done", "skipped", "failed", "put_back"], finished_at__isnull=False),
                name="run_entry_finished_with_an_outcome",
            ),
        ]
        indexes = [models.Index(F("run"), F("outcome"), F("photo"), name="run_entry_by_outcome")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.photo_id}"
