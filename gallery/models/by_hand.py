"""The statements on every photo's way to its labels, written by hand.

The ORM takes several times as long to put them into words as a database to answer them, and with them a photo's
labels would cost three times what their plain insert does (`benchmarks/search`).
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, models

from gallery.models.label import Detection, Label
from gallery.models.photo import Photo
from gallery.models.verdict import Verdict


def lock_photos(photo_ids: Iterable[UUID], fields: Collection[str]) -> list[Photo]:
    """What `Photo.objects.locked().filter(pk__in=…).only(*fields)` gives. `fields`: as the table calls them.

    Each with `blank`: whether neither a machine nor its owner has said anything of it. Who goes by that has locked the
    photo in an earlier statement: PostgreSQL looks before it waits.
    """
    said = [f"EXISTS (SELECT 1 FROM {_table(one)} WHERE photo_id = photo.id)" for one in (Detection, Verdict)]  # noqa: S608 - ours
    columns = ", ".join(("photo.id", *fields, f"NOT ({' OR '.join(said)}) AS blank"))
    held = "FOR UPDATE OF photo" if connection.features.has_select_for_update else ""
    statement = f"SELECT {columns} FROM {_table(Photo)} photo WHERE photo.id IN (…) ORDER BY photo.id {held}"  # noqa: S608 - ours
    return _rows(Photo, statement, [_id(one) for one in photo_ids])


def labels_called(folded: Iterable[str]) -> list[Label]:
    """What `Label.objects.filter(folded__in=…)` gives."""
    return _rows(Label, f"SELECT * FROM {_table(Label)} WHERE folded IN (…)", list(folded))  # noqa: S608 - our own words


def _rows(model: Any, statement: str, values: list[Any]) -> list[Any]:
    """With a placeholder for each value where the dots stand; for none nothing is asked."""
    return (
        list(model.objects.raw(statement.replace("…", ", ".join(["%s"] * len(values))), values))
        if values
        else []
    )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _id(value: UUID) -> Any:
    """As this database keeps it: SQLite has UUIDs as text."""
    return Photo._meta.pk.get_db_prep_value(value, connection)
