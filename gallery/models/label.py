"""Labels, and where they were seen: Label (the term), LabelName (what it answers to), Detection, Instance."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.folding import LONGEST, fold
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class LabelQuerySet(models.QuerySet["Label"]):
    def called(self, name: str, kind: str = "label") -> Self:
        """The label of this very name, whatever its case and accents. Aliases don't count."""
        return self.filter(folded=fold(name), kind=kind)


class Label(models.Model):
    """A term. Aliases, parents and categories are what Rekognition's last answer told about it.

    A category is a label of its own kind, so that a search for it is one range of one index like any other.
    """

    class Kind(models.TextChoices):
        LABEL = "label", _("label")
        CATEGORY = "category", _("category")
        CELEBRITY = "celebrity", _("celebrity")
        MODERATION = "moderation", _("content warning")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LABEL)
    folded = models.CharField(max_length=LONGEST, editable=False)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    parents = models.JSONField(_("parents"), default=list, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)

    objects: ClassVar = LabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint("folded", "kind", name="label_name_once_per_kind"),
            models.CheckConstraint(condition=~Q(folded=""), name="label_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["label", "category", "celebrity", "moderation"]),
                name="label_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, name: str, kind: str = "label", **words: Any) -> Self:
        """A new term, not saved, with the folded form of its name."""
        return cls(name=name, kind=kind, folded=fold(name), **words)


class LabelName(models.Model):
    """One of the names that a label answers to in a search: its own or an alias, folded."""

    label = models.ForeignKey(Label, models.CASCADE, related_name="names")
    folded = models.CharField(max_length=LONGEST)

    class Meta:
        constraints = [models.UniqueConstraint("folded", "label", name="label_name_listed_once")]

    def __str__(self) -> str:
        return self.folded


class Detection(models.Model):
    """A label that stands, or stood, on a photo.

    `confidence` is what the machine said (None: only its owner says so). `certainty` is what a search compares:
    the confidence; 101 where the owner confirmed it or what it follows from; -1 where it was rejected, or has
    lost what it followed from. Owner, taken_local and trashed are copied from the photo: the index with them
    makes a search one range.
    """

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="detections", db_index=False)
    label = models.ForeignKey(Label, models.PROTECT, related_name="detections", db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    taken_local = models.DateTimeField()
    trashed = models.BooleanField(default=False)
    confidence = models.FloatField(null=True, help_text=_("0 to 100."))
    certainty = models.FloatField()
    implied = models.BooleanField(default=False, help_text=_("Only follows from another label."))
    model_version = models.CharField(max_length=100, blank=True)

    objects: ClassVar[models.Manager[Any]] = OwnedQuerySet["Detection"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("photo", "label", name="detection_label_once_per_photo"),
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__range=(0, 100)),
                name="detection_confidence_in_range",
            ),
            models.CheckConstraint(
                condition=Q(certainty=-1) | Q(certainty__range=(0, 101)), name="detection_certainty_in_range"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("label"), F("taken_local").desc(), F("photo").desc(), F("certainty"),
                name="detection_search", condition=Q(trashed=False),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label_id} {self.certainty:.0f}"


class Instance(models.Model):
    """One box of a detection, as ratios of the upright picture."""

    detection = models.ForeignKey(Detection, models.CASCADE, related_name="instances")
    left = models.FloatField()
    top = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    confidence = models.FloatField()
    colours = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left__range=(0, 1), top__range=(0, 1), width__range=(0, 1), height__range=(0, 1)),
                name="instance_box_on_the_picture",
            ),
            models.CheckConstraint(
                condition=Q(confidence__range=(0, 100)), name="instance_confidence_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left:.2f} {self.top:.2f} {self.width:.2f} {self.height:.2f}"
