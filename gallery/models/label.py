"""Labels, and where they were seen: Label (the term), Detection (on a photo), Instance (where), OwnerLabel (counts)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.models.owned import OwnedQuerySet
from gallery.models.photo import Photo


class Label(models.Model):
    """A term as Rekognition knows it. Aliases, parents and categories are what its last answer told."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    parents = models.JSONField(_("parents"), default=list, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")

    def __str__(self) -> str:
        return self.name


class Detection(models.Model):
    """A label on a photo. Owner and taken_local are copied: the index with them makes a search one range."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="detections", db_index=False)
    label = models.ForeignKey(Label, models.PROTECT, related_name="detections", db_index=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    taken_local = models.DateTimeField()
    confidence = models.FloatField(help_text=_("0 to 100."))
    implied = models.BooleanField(default=False, help_text=_("Only told as a parent of another label."))
    model_version = models.CharField(max_length=100, blank=True)

    objects: ClassVar[models.Manager[Any]] = OwnedQuerySet["Detection"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("photo", "label", name="detection_label_once_per_photo"),
            models.CheckConstraint(
                condition=Q(confidence__range=(0, 100)), name="detection_confidence_in_range"
            ),
        ]
        indexes = [
            models.Index(
                F("owner"), F("label"), F("taken_local").desc(), F("photo").desc(), F("confidence"),
                name="detection_search",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label_id} {self.confidence:.0f}"


class Instance(models.Model):
    """One box of a detection, as ratios of the upright picture."""

    detection = models.ForeignKey(Detection, models.CASCADE, related_name="instances")
    left = models.FloatField()
    top = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    confidence = models.FloatField()

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


class OwnerLabelQuerySet(OwnedQuerySet["OwnerLabel"]):
    def add(self, owner_id: Any, deltas: Mapping[int, int]) -> None:
        """Moves the counts of one owner's labels by `deltas` {label id: change}, inside the caller's transaction.

        One upsert in the order of the keys: PostgreSQL would deadlock on two writers in different orders.
        """
        changes = sorted((label, change) for label, change in deltas.items() if change)
        if not changes:
            return
        table = connection.ops.quote_name(self.model._meta.db_table)
        rows = ", ".join(["(%s, %s, %s)"] * len(changes))
        owner = self.model._meta.get_field("owner").get_db_prep_save(owner_id, connection)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (owner_id, label_id, photos) VALUES {rows} "  # noqa: S608 - our own table's name
                f"ON CONFLICT (owner_id, label_id) DO UPDATE SET photos = {table}.photos + excluded.photos",
                [value for label, change in changes for value in (owner, label, change)],
            )


class OwnerLabel(models.Model):
    """How many of an owner's photos outside the trash carry a label, kept in the transaction that changes it."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    label = models.ForeignKey(Label, models.PROTECT, related_name="+", db_index=False)
    photos = models.IntegerField(default=0)

    objects: ClassVar = OwnerLabelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "label"], name="owner_label_counted_once")]
        indexes = [models.Index(F("owner"), F("photos").desc(), name="owner_label_by_count")]

    def __str__(self) -> str:
        return f"{self.label_id}: {self.photos}"
