"""What searches are set against, on the same rows: the schema without copies, arrays with GIN, counting afresh."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from benchmarks.search.clock import Work

Rows = list[tuple[Any, ...]]
_PLAIN: Final = (
    "CREATE TABLE plain_detection AS SELECT id, photo_id, label_id, certainty FROM gallery_detection",
    "CREATE INDEX plain_by_label ON plain_detection (label_id)",
    "CREATE INDEX plain_by_photo ON plain_detection (photo_id)",
)
_ARRAYS: Final = (
    "CREATE TABLE label_arrays AS SELECT photo_id, owner_id, taken_local, ARRAY_AGG(label_id::int) AS labels "
    "FROM gallery_detection WHERE NOT trashed AND certainty >= 0 GROUP BY 1, 2, 3",
    "CREATE INDEX label_arrays_gin ON label_arrays USING GIN (labels)",
    "VACUUM ANALYZE label_arrays",
    "VACUUM ANALYZE plain_detection",
)
_MONTH: Final = {"postgresql": "DATE_TRUNC('month', taken_local)", "sqlite": "SUBSTR(taken_local, 1, 7)"}


def replayed(work: Work) -> Work:
    """The bare statements that the site's code sends for this, to be set beside a peer that is bare, too."""
    with CaptureQueriesContext(connection) as captured:
        work()
    statements = [query["sql"] for query in captured.captured_queries]

    def replay() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return replay


@contextmanager
def one_process() -> Iterator[None]:
    """No peer has helpers beside it, whose time would not be counted."""
    helpers = "max_parallel_workers_per_gather"
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET {helpers} = 0")
        yield
        cursor.execute(f"RESET {helpers}")


def ensure() -> None:
    """The tables beside: detections as Django makes them of two foreign keys; on PostgreSQL arrays of labels."""
    if "plain_detection" in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in (*_PLAIN, *(_ARRAYS if connection.vendor == "postgresql" else ("ANALYZE",))):
            cursor.execute(statement)


def plain_join(owner: User, folded: str, least: float, most: int) -> Rows:
    """A label's newest photos where its rows know neither owner nor time."""
    (label,) = _labels([folded])
    return _asked(
        "SELECT p.taken_local, p.id FROM plain_detection d JOIN gallery_photo p ON p.id = d.photo_id "
        "WHERE d.label_id = %s AND d.certainty >= %s AND p.owner_id = %s AND p.trashed_at IS NULL "
        "ORDER BY p.taken_local DESC, p.id DESC LIMIT %s",
        [label, least, _key(owner), most],
    )


def arrays(owner: User, folded: Sequence[str], most: int) -> Rows:
    """The newest photos that carry all of the labels, by GIN, which knows no confidence."""
    return _asked(
        "SELECT taken_local, photo_id FROM label_arrays WHERE labels @> %s::int[] AND owner_id = %s "
        "ORDER BY taken_local DESC, photo_id DESC LIMIT %s",
        [_labels(folded), _key(owner), most],
    )


def _labels(folded: Sequence[str]) -> list[int]:
    places = ", ".join(["%s"] * len(folded))
    rows = _asked(f"SELECT id FROM gallery_label WHERE kind = 'label' AND folded IN ({places})", folded)  # noqa: S608 - %s
    return [key for (key,) in rows]


def months(owner: User) -> Rows:
    return _asked(
        f"SELECT {_MONTH[connection.vendor]}, COUNT(*) FROM gallery_photo "  # noqa: S608 - our own words
        "WHERE owner_id = %s AND trashed_at IS NULL GROUP BY 1 ORDER BY 1 DESC",
        [_key(owner)],
    )


def completion(owner: User, begun: str, most: int) -> Rows:
    """Labels that begin so, by the photos that show them. `begun`: folded, without a sign that LIKE knows."""
    return _asked(
        "SELECT l.name, l.kind, COUNT(*) FROM gallery_detection d JOIN gallery_label l ON l.id = d.label_id "
        "WHERE d.owner_id = %s AND NOT d.trashed AND d.certainty >= 80 AND l.folded LIKE %s "
        "GROUP BY l.id, l.name, l.kind ORDER BY 3 DESC LIMIT %s",
        [_key(owner), f"{begun}%", most],
    )


def _asked(statement: str, parameters: Sequence[Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: Rows = cursor.fetchall()
        return rows


def _key(owner: User) -> Any:
    return User._meta.pk.get_db_prep_value(owner.pk, connection)
