"""The bill: one row for each paid call, written before it is sent. And the circuit that stops calling."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Analysis(models.Model):
    class State(models.TextChoices):
        SENT = "sent", _("sent, perhaps billed")
        ANSWERED = "answered", _("answered")
        REFUSED = "refused", _("refused, not billed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The bill outlives the photo.
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, related_name="analyses", db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    provider = models.CharField(_("provider"), max_length=20, default="rekognition")
    operation = models.CharField(_("operation"), max_length=40)
    features = models.CharField(_("features"), max_length=100, blank=True, help_text=_("Priced options."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.SENT)
    model_version = models.CharField(_("model version"), max_length=100, blank=True)
    cost_usd = models.DecimalField(_("cost in US dollars"), max_digits=9, decimal_places=5)
    error = models.CharField(_("error"), max_length=200, blank=True)
    answer = models.JSONField(_("raw answer"), null=True)
    quarter_turns = models.PositiveSmallIntegerField(
        default=0,
        help_text=_("How far the picture that was sent had been turned: its boxes are of that picture."),
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects: ClassVar = OwnedQuerySet["Analysis"].as_manager()

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["sent", "answered", "refused"]), name="analysis_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False),
                name="analysis_answered_has_a_time",
            ),
            models.CheckConstraint(condition=Q(cost_usd__gte=0), name="analysis_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(quarter_turns__range=(0, 3)), name="analysis_turned_in_quarters"
            ),
        ]
        indexes = [
            # Sums up a year without a look at the answers.
            models.Index(
                F("owner"), F("sent_at").desc(), F("operation"), F("features"), F("state"), F("cost_usd"),
                name="analysis_bill",
            ),
            models.Index(F("photo"), F("operation"), F("sent_at").desc(), name="analysis_history"),
            models.Index(F("sent_at").desc(), F("id").desc(), name="analysis_newest"),  # of all owners, for staff
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.operation} {self.state}"


class Circuit(models.Model):
    """An operation that the site may not call now: wrong credentials or a missing permission. Open while it is here."""

    operation = models.CharField(max_length=40, primary_key=True)
    reason = models.TextField()
    denied = models.BooleanField(
        default=False, help_text=_("The site may not call this very operation; its credentials are good.")
    )
    opened_at = models.DateTimeField(default=timezone.now)
    probe_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.operation}: {self.reason}"
