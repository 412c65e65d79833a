"""One step of work on one photo. The row is the truth; a message only says that there is work."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo
from gallery.models.run import Run


class JobQuerySet(OwnedQuerySet["Job"]):
    def unfinished(self) -> Self:
        """In the words of the partial indexes, whose condition this is."""
        return self.filter(finished_at=None)

    def waiting(self) -> Self:
        return self.unfinished().filter(state=Job.State.WAITING)

    def failed(self) -> Self:
        """In the words of a partial index, too."""
        return self.filter(state=Job.State.FAILED)

    def due(self, now: datetime) -> Self:
        """What a worker may claim: its time has come, and nobody holds it or whoever did has let go."""
        return self.waiting().filter(Q(lease_until=None) | Q(lease_until__lt=now), ready_at__lte=now)


class Job(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="jobs", db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(_("step"), max_length=20)
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("0: new uploads; above: bulk work.")
    )
    turn = models.BigIntegerField(
        default=0,
        help_text=_("Its place among the jobs of all users: each user's next one comes after their last."),
    )
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="jobs")
    asked_at = models.DateTimeField(
        default=timezone.now,
        help_text=_("A paid answer that came since then is used and not asked for again."),
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it waits, was skipped or failed."))
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("Counted before the work.")
    )
    crashes = models.PositiveSmallIntegerField(default=0, help_text=_("Attempts that ended without a word."))
    postponed = models.PositiveIntegerField(
        default=0, help_text=_("How often it waited in a row; for back-off.")
    )
    ready_at = models.DateTimeField(
        _("next attempt"), null=True, help_text=_("Empty: a step before it is not done.")
    )
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint("photo", "step", name="job_one_per_photo_and_step"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "skipped", "failed"]), name="job_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="job_finished_unless_waiting",
            ),
            models.CheckConstraint(
                condition=Q(lease_until=None, lease_token=None)
                | Q(lease_until__isnull=False, lease_token__isnull=False),
                name="job_lease_has_both_parts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "failed"]) | ~Q(reason=""),
                name="job_ends_badly_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                F("step"), F("priority"), F("turn"), F("id"), F("ready_at"),
                name="job_in_turn", condition=Q(finished_at=None),
            ),
            models.Index(F("owner"), F("state"), F("id").desc(), name="job_activity"),
            models.Index(
                F("owner"), F("step"), F("priority"), F("turn"),
                name="job_owners_last_turn", condition=Q(finished_at=None),
            ),
            # For staff, over all owners. Costs nothing while work succeeds.
            models.Index(F("id").desc(), F("step"), name="job_failed", condition=Q(state="failed")),
            models.Index(F("id").desc(), F("step"), name="job_skipped", condition=Q(state="skipped")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.step} {self.state}"
