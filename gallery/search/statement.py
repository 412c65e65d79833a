"""Several walks as one statement: the newest places that any of them finds, and how far they looked."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import DateTimeField, QuerySet
from django.db.models.expressions import RawSQL

from gallery.search.cursors import Cursor
from gallery.search.plan import Walk

MOST_WORK: Final = 36_000  # for one page, over all its walks: about 12 ms
Place = tuple[datetime, UUID]
"""When a photo was taken, and its id."""
_Part = tuple[str, Sequence[Any]]
_NO_EDGE: Final = {False: "0001-01-01 00:00:00", True: "9999-12-31 23:59:59.999999"}


@dataclasses.dataclass(frozen=True)
class Found:
    """Nearest first. `edge`: nothing beyond this moment was looked at; None: all was."""

    places: list[Place]
    edge: datetime | None


def find(walks: Sequence[Walk], cursor: Cursor | None, most: int) -> Found:
    """At most `most` places. One statement, however many walks; none if there is no walk."""
    if not walks:
        return Found([], None)
    newer = cursor is not None and cursor.newer
    text, parameters = _statement(walks, cursor, most)
    with connection.cursor() as database:
        database.execute(text, parameters)
        rows = database.fetchall()
    places = [(_moment(taken), UUID(str(key))) for taken, key in rows if key is not None]
    edges = [_moment(taken) for taken, key in rows if key is None]
    return Found(sorted(places, reverse=not newer), edges[0] if edges else None)


def is_bounded(walks: Sequence[Walk]) -> bool:
    """Whether they may stop before the end of what there is."""
    return any(walk.rows > _most_rows(walks) for walk in walks if walk.cost)


def _most_rows(walks: Sequence[Walk]) -> int:
    return max(1, MOST_WORK // max(1, sum(walk.cost for walk in walks)))


def _statement(walks: Sequence[Walk], cursor: Cursor | None, most: int) -> _Part:
    newer = cursor is not None and cursor.newer
    bounded = [walk for walk in walks if walk.cost and walk.rows > _most_rows(walks)]
    parts = [_part(_sorted(_found(walk, cursor, edged=bool(bounded)), walk, newer)[:most]) for walk in walks]
    way = "ASC" if newer else "DESC"
    text, parameters = _joined(parts, "UNION")
    text = f"SELECT * FROM ({text}) AS found ORDER BY 1 {way}, 2 {way} LIMIT {most:d}"  # noqa: S608 - no word of it is typed
    if not bounded:
        return text, parameters
    edges, edge_parameters = _joined(
        [_part(_edge(walk, cursor, _most_rows(walks))) for walk in bounded], "UNION ALL"
    )
    edge = f"SELECT {'MIN' if newer else 'MAX'}(taken_local) AS taken FROM ({edges}) AS edges"  # noqa: S608 - the ORM's
    return (
        f"WITH edge AS MATERIALIZED ({edge}) SELECT * FROM ({text}) AS page "  # noqa: S608 - the ORM's
        "UNION ALL SELECT taken, NULL FROM edge WHERE taken IS NOT NULL",
        [*edge_parameters, *parameters],
    )


def _found(walk: Walk, cursor: Cursor | None, *, edged: bool) -> QuerySet[Any]:
    rows = _from(walk, cursor)
    if edged:
        newer = cursor is not None and cursor.newer
        edge: RawSQL = RawSQL(
            "COALESCE((SELECT taken FROM edge), %s)", [_NO_EDGE[newer]], output_field=DateTimeField()
        )
        rows = rows.filter(**{f"taken_local__{'lte' if newer else 'gte'}": edge})
    return walk.kept(rows)


def _edge(walk: Walk, cursor: Cursor | None, rows: int) -> QuerySet[Any]:
    newer = cursor is not None and cursor.newer
    return _sorted(_from(walk, cursor), walk, newer).values_list("taken_local")[rows : rows + 1]


def _from(walk: Walk, cursor: Cursor | None) -> QuerySet[Any]:
    return walk.driven().filter(cursor.where(walk.key)) if cursor else walk.driven()


def _sorted(rows: QuerySet[Any], walk: Walk, newer: bool) -> QuerySet[Any]:
    order = ("taken_local", walk.key) if newer else ("-taken_local", f"-{walk.key}")
    return rows.order_by(*order).values_list("taken_local", walk.key)


def _part(rows: QuerySet[Any]) -> _Part:
    found: _Part = rows.query.sql_with_params()
    return found


def _joined(parts: Sequence[_Part], word: str) -> _Part:
    """SQLite wants each limited SELECT wrapped."""
    texts = [f"SELECT * FROM ({text}) AS part{number}" for number, (text, _) in enumerate(parts)]  # noqa: S608 - the ORM's
    return f" {word} ".join(texts), [value for _, values in parts for value in values]


def _moment(value: Any) -> datetime:
    """As the database's driver gives it: SQLite's knows no times."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)
