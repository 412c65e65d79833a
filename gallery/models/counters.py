"""Counts kept in the transaction that changes what they count: an owner's photos by label and by month.

Both are moved by one upsert in the order of its keys, since PostgreSQL would deadlock on two writers in different
orders. Whoever moves them has locked the photos first (`Photo.objects.locked`).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.folding import LONGEST
from gallery.models.label import Label
from gallery.models.owned import OwnedQuerySet

_MOST_ROWS = 200


class OwnerLabelQuerySet(OwnedQuerySet["OwnerLabel"]):
    def add(self, owner_id: Any, deltas: Mapping[int, tuple[int, int]]) -> None:
        """Moves one owner's counts by {label id: (photos, shown)}, inside the caller's transaction."""
        changes = sorted((label, *change) for label, change in deltas.items() if any(change))
        for first in range(0, len(changes), _MOST_ROWS):
            self._upsert(owner_id, changes[first : first + _MOST_ROWS])

    def _upsert(self, owner_id: Any, changes: list[tuple[int, int, int]]) -> None:
        table, labels = (connection.ops.quote_name(model._meta.db_table) for model in (self.model, Label))
        rows = ", ".join(f"({label:d}, {photos:d}, {shown:d})" for label, photos, shown in changes)
        owner = self.model._meta.get_field("owner").get_db_prep_save(owner_id, connection)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH d (label_id, photos, shown) AS (VALUES {rows}) "  # noqa: S608 - our own tables
                f"INSERT INTO {table} (owner_id, label_id, kind, folded, photos, shown) "
                f"SELECT %s, l.id, l.kind, l.folded, d.photos, d.shown FROM d "
                f"JOIN {labels} l ON l.id = d.label_id WHERE 1 = 1 ORDER BY l.id "
                f"ON CONFLICT (owner_id, label_id) DO UPDATE SET "
                f"photos = {table}.photos + excluded.photos, shown = {table}.shown + excluded.shown",
                [owner],
            )


class OwnerLabel(models.Model):
    """How many of an owner's photos outside the trash carry a label: at all, and surely enough to be shown.

    Kind and folded name are the label's: completion is one range of the index.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    label = models.ForeignKey(Label, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    folded = models.CharField(max_length=LONGEST)
    photos = models.IntegerField(_("photos"), default=0)
    shown = models.IntegerField(default=0)

    objects: ClassVar = OwnerLabelQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "label"], name="owner_label_counted_once")]
        indexes = [
            models.Index(F("owner"), F("kind"), F("shown").desc(), name="owner_label_by_count"),
            models.Index(F("owner"), F("folded"), name="owner_label_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.folded}: {self.photos}"


class OwnerMonthQuerySet(OwnedQuerySet["OwnerMonth"]):
    def add(self, owner_id: Any, deltas: Mapping[str, int]) -> None:
        """Moves one owner's counts by {"2024-06": change}, inside the caller's transaction.

        A change of 0 says that a photo of this month has another place or shape. In one call for all months of a
        transaction: two calls could lock them in different orders.
        """
        changes = sorted(deltas.items())
        table = connection.ops.quote_name(self.model._meta.db_table)
        owner = self.model._meta.get_field("owner").get_db_prep_save(owner_id, connection)
        for first in range(0, len(changes), _MOST_ROWS):
            some = changes[first : first + _MOST_ROWS]
            rows = ", ".join(["(%s, %s, %s, 1)"] * len(some))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table} (owner_id, month, photos, version) VALUES {rows} "  # noqa: S608 - our own table
                    f"ON CONFLICT (owner_id, month) DO UPDATE SET photos = {table}.photos + excluded.photos, "
                    f"version = {table}.version + 1, shapes = NULL",
                    [value for month, change in some for value in (owner, month, change)],
                )


class OwnerMonth(models.Model):
    """How many photos an owner has in the timeline (outside trash and archive) of a month, by the wall clock where they
    were taken.

    `version` counts the changes. `shapes`: the photos' shapes, newest first, each a character; None since the last
    change, until somebody looks (`search/library.py`).
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    month = models.CharField(max_length=7)
    photos = models.IntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0, db_default=0)
    shapes = models.TextField(null=True)  # noqa: DJ001 - none is not the same as nothing known

    objects: ClassVar = OwnerMonthQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "month"], name="owner_month_counted_once")]

    def __str__(self) -> str:
        return f"{self.month}: {self.photos}"
