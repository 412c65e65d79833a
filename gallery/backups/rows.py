"""Every table as JSON lines: what one kind of database wrote another one reads.

All are of one moment, whatever is written meanwhile. Tables that `migrate` fills and that say nothing of people
(content types, permissions) are left out; what points at them is told by their names.
"""

import base64
import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import Any, Final, TextIO

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model

_BATCH: Final = 500
_LEFT_OUT: Final = (ContentType, Permission, Session)  # whoever was signed in signs in again
_BY_NAME: Final[dict[type[Model], tuple[str, ...]]] = {
    ContentType: ("app_label", "model"),
    Permission: ("content_type__app_label", "content_type__model", "codename"),
}
_MOMENT: Final = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
Table = type[Model]


class OtherTables(Exception):
    """The rows are of tables that this site has not got, or point at what it has not."""


def tables() -> list[Table]:
    """All that hold rows of their own; those of many-to-many relations, too."""
    every = apps.get_models(include_auto_created=True)
    return [
        model for model in every if model._meta.managed and not model._meta.proxy and model not in _LEFT_OUT
    ]


def migrations() -> dict[str, str]:
    """The newest of each app."""
    return dict(
        sorted(
            name for name in MigrationRecorder(connection).applied_migrations() if "squashed" not in name[1]
        )
    )


@contextlib.contextmanager
def one_moment() -> Iterator[None]:
    """All that is read in it is of one moment, and nobody who writes has to wait. Not within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_MOMENT[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def write(lines: TextIO, done: Callable[[int], object]) -> dict[str, int]:
    """Writes a line that names a table and its columns, then its rows. How many each had. `done`: told of some."""
    counts: dict[str, int] = {}
    for model in tables():
        columns = [field.attname for field in model._meta.concrete_fields]
        names = [_names(field) for field in model._meta.concrete_fields]
        _put(lines, {"table": model._meta.label, "columns": columns})
        counts[model._meta.label] = 0
        for row in model._base_manager.order_by("pk").values_list(*columns).iterator(chunk_size=_BATCH):
            _put(
                lines,
                [told.get(value, value) if told else value for value, told in zip(row, names, strict=True)],
            )
            counts[model._meta.label] += 1
            done(1)
    return counts


def _put(lines: TextIO, value: object) -> None:
    json.dump(value, lines, default=_plain, ensure_ascii=False, separators=(",", ":"))
    lines.write("\n")


def _plain(value: Any) -> Any:
    """As `to_python` of its field reads it, to the microsecond."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, date | time) else DjangoJSONEncoder().default(value)


def load(lines: Iterable[Any], done: Callable[[int], object]) -> None:
    """Puts these rows in the place of all that are here, in one transaction. Raises OtherTables."""
    known = {model._meta.label: model for model in tables()}
    with transaction.atomic():
        for model in known.values():
            model._base_manager.all()._raw_delete(connection.alias)
        for model, columns, rows in _by_table(lines, known):
            fields = {field.attname: field for field in model._meta.concrete_fields}
            reads = [_reader(fields[column]) for column in columns]
            for batch in _batches(rows):
                made = [
                    model(
                        **{
                            column: read(value)
                            for column, read, value in zip(columns, reads, row, strict=True)
                        }
                    )
                    for row in batch
                ]
                model._base_manager.bulk_create(made)
                done(len(made))
        _go_on_counting(known.values())


def _by_table(
    lines: Iterable[Any], known: dict[str, Table]
) -> Iterator[tuple[Table, list[str], Iterator[Any]]]:
    """Each table with its columns and its rows, which have to be read before the next one is asked for."""
    lines = iter(lines)
    head = next(lines, None)
    while head is not None:
        model = known.get(head["table"])
        if model is None or {*head["columns"]} != {field.attname for field in model._meta.concrete_fields}:
            raise OtherTables(f"The table {head['table']} is another one here.")
        following: list[Any] = []
        yield model, head["columns"], _rows(lines, following)
        head = following[0] if following else None


def _rows(lines: Iterator[Any], following: list[Any]) -> Iterator[Any]:
    for line in lines:
        if isinstance(line, dict):
            following.append(line)
            return
        yield line


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _names(field: "Field[Any, Any]") -> dict[Any, list[str]] | None:
    """Of what this points at, by key, where that is told by its name."""
    pointed_at: Any = field.related_model if field.is_relation else None
    columns = _BY_NAME.get(pointed_at)
    if columns is None:
        return None
    rows = pointed_at._base_manager.values_list("pk", *columns)
    return {pk: list(name) for pk, *name in rows}


def _reader(field: "Field[Any, Any]") -> Callable[[Any], Any]:
    names = _names(field)
    if names is not None:
        keys = {tuple(name): pk for pk, name in names.items()}
        return lambda value: None if value is None else _key(keys, value)
    target: Any = field
    while target.is_relation:  # a key may be one itself, as that of an extension of another row
        target = target.target_field
    reader: Callable[[Any], Any] = target.to_python
    return reader


def _key(keys: Mapping[tuple[str, ...], Any], name: Sequence[str]) -> Any:
    try:
        return keys[tuple(name)]
    except KeyError as error:
        raise OtherTables(f"{' '.join(name)} is not known here.") from error


def _go_on_counting(models: Iterable[Table]) -> None:
    """Numbers that a database gives go on behind those that are taken."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
