"""Writes a made-up library into an empty database: the real tables with their copies, counters and indexes."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, UniqueConstraint

from accounts.models import User
from benchmarks.search.collection import Chunk, Library, Row, Term
from gallery.folding import fold
from gallery.models import (
    Album,
    AlbumEntry,
    Detection,
    Face,
    Job,
    Label,
    LabelName,
    Photo,
    PhotoText,
    Verdict,
)
from gallery.pipeline.steps import LABELS, STEPS

NOW: Final = "2026-01-01 00:00:00"
ALBUMS: Final = {"Trip": 0.001, "Family": 0.01, "Everything": 0.1}
"""Titles, and what part of its owner's photos each holds."""
_LARGE: Final = (Photo, Detection, PhotoText, Job)
_HASTE: Final = {
    "postgresql": (
        ("SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'"),
        ("RESET session_replication_role", "RESET maintenance_work_mem"),
    ),
    "sqlite": (
        ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "PRAGMA cache_size = -400000"),
        ("PRAGMA journal_mode = WAL",),
    ),
}
_COUNT_LABELS: Final = """
    INSERT INTO gallery_ownerlabel (owner_id, label_id, kind, folded, photos, shown)
    SELECT d.owner_id, d.label_id, l.kind, l.folded, COUNT(*), SUM(CASE WHEN d.certainty >= 80 THEN 1 ELSE 0 END)
    FROM gallery_detection d JOIN gallery_label l ON l.id = d.label_id
    WHERE NOT d.trashed AND d.certainty >= 0 GROUP BY d.owner_id, d.label_id, l.kind, l.folded"""
_COUNT_MONTHS: Final = """
    INSERT INTO gallery_ownermonth (owner_id, month, photos)
    SELECT owner_id, SUBSTR(CAST(taken_local AS TEXT), 1, 7), COUNT(*)
    FROM gallery_photo WHERE trashed_at IS NULL GROUP BY 1, 2"""


def fill(library: Library) -> None:
    """Writes, counts, and has the database look at what it holds."""
    owners = [
        User(pk=UUID(int=place + 1), email=f"owner{place}@example.org") for place in range(library.owners)
    ]
    User.objects.bulk_create(owners)
    labels = _labels(library.terms())
    with _in_haste(), _bare(), transaction.atomic():
        for chunk in library.chunks():
            _write(chunk, [owner.pk.hex for owner in owners], labels)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_LABELS)
        cursor.execute(_COUNT_MONTHS)
    _albums(largest_owner())
    settle()


def largest_owner() -> User:
    return User.objects.get(pk=UUID(int=1))


def settle() -> None:
    """What an autovacuum does sooner or later; SQLite has its like in `PRAGMA optimize`."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _labels(terms: Sequence[Term]) -> list[int]:
    """Keys of the terms, by place."""
    rows = [
        Label.of(
            term.word.name, term.kind, aliases=list(term.word.aliases), parents=list(term.word.parents),
            categories=list(term.word.categories),
        )
        for term in terms
    ]  # fmt: skip
    Label.objects.bulk_create(rows)
    names = {(row.pk, name) for row in rows for name in (row.folded, *map(fold, row.aliases))}
    LabelName.objects.bulk_create(LabelName(label_id=label, folded=name) for label, name in sorted(names))
    return [row.pk for row in rows]


@contextmanager
def _in_haste() -> Iterator[None]:
    """Nothing is checked and little is safe while the rows are written."""
    before, after = _HASTE[connection.vendor]
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        yield
        for statement in after:
            cursor.execute(statement)
    connection.close()


@contextmanager
def _bare() -> Iterator[None]:
    """Without the indexes of the large tables; they are made at the end, much faster."""
    with connection.schema_editor() as editor:
        for model in _LARGE:
            for index in model._meta.indexes:
                editor.remove_index(model, index)
            for constraint in _unique(model):
                editor.remove_constraint(model, constraint)
    yield
    with connection.schema_editor() as editor:
        for model in _LARGE:
            for index in model._meta.indexes:
                editor.add_index(model, index)
            for constraint in _unique(model):
                editor.add_constraint(model, constraint)


def _unique(model: type[Model]) -> list[UniqueConstraint]:
    """Those that are an index in both databases."""
    return [one for one in model._meta.constraints if isinstance(one, UniqueConstraint) and one.expressions]


def _write(chunk: Chunk, owners: Sequence[str], labels: Sequence[int]) -> None:
    photos, count = chunk.photos, len(chunk.photos["id"])
    keys, taken = photos["id"], photos["taken_local"]
    whose = [owners[place] for place in photos["owner"]]
    trashed = [moment is not None for moment in photos["trashed_at"]]
    _insert(
        Photo,
        {
            **{name: photos[name] for name in _COPIED},
            "original_key": keys,
            "owner": whose,
            "longitude": photos["latitude"],
            **{name: itertools.repeat(value, count) for name, value in _ALIKE.items()},
        },
    )
    _insert(PhotoText, {"photo": keys, "owner": whose, "taken_local": taken, "folded": photos["folded"]})
    _write_jobs(keys, whose, photos["failed"])
    faces = [key for key, has_some in zip(keys, photos["faces"], strict=True) if has_some]
    boxes = {name: itertools.repeat(0.2, len(faces)) for name in ("left", "top", "width", "height")}
    _insert(
        Face,
        {
            "photo": faces,
            "confidence": itertools.repeat(99.0, len(faces)),
            **boxes,
            "traits": itertools.repeat("{}", len(faces)),
        },
    )
    _write_detections(chunk, keys, whose, taken, trashed, labels)


_COPIED: Final = (
    "id", "sha256", "byte_size", "filename", "taken_local", "camera_make", "camera_model", "camera_folded",
    "latitude", "caption", "favourite_at", "trashed_at",
)  # fmt: skip
_ALIKE: Final[dict[str, Any]] = {
    "content_type": "image/jpeg", "width": 4000, "height": 3000, "taken_source": "exif", "lens": "",
    "thumbhash": bytes(25), "quarter_turns": 0, "edition": 0, "veiled": False, "uploaded_at": NOW,
    "kind": "still", "caption_by_owner": True, "compared_at": NOW,
}  # fmt: skip


def _write_jobs(keys: Sequence[str], owners: Sequence[str], failed: Sequence[bool]) -> None:
    for step in STEPS:
        states = ["failed" if fails and step == LABELS.name else "done" for fails in failed]
        alike = {"step": step, "priority": 0, "turn": 0, "attempts": 1, "crashes": 0, "postponed": 0}
        alike |= {"asked_at": NOW, "created_at": NOW, "finished_at": NOW}
        _insert(
            Job,
            {
                "photo": keys, "owner": owners, "state": states,
                "reason": ["Why." if state == "failed" else "" for state in states],
                **{name: itertools.repeat(value, len(keys)) for name, value in alike.items()},
            },
        )  # fmt: skip


def _write_detections(
    chunk: Chunk, keys: Sequence[str], owners: Sequence[str], taken: Sequence[str], trashed: Sequence[bool],
    labels: Sequence[int],
) -> None:  # fmt: skip
    photo, certainty = chunk.photo.tolist(), chunk.certainty.tolist()
    label = [labels[place] for place in chunk.term.tolist()]
    _insert(
        Detection,
        {
            "photo": [keys[place] for place in photo],
            "label": label,
            "owner": [owners[place] for place in photo],
            "taken_local": [taken[place] for place in photo],
            "trashed": [trashed[place] for place in photo],
            "confidence": chunk.confidence.tolist(),
            "certainty": certainty,
            "implied": itertools.repeat(False, len(photo)),
            "model_version": itertools.repeat("3.0", len(photo)),
        },
    )
    said = [place for place, sure in enumerate(certainty) if not 0 <= sure <= 100]
    _insert(
        Verdict,
        {
            "photo": [keys[photo[place]] for place in said],
            "label": [label[place] for place in said],
            "owner": [owners[photo[place]] for place in said],
            "state": ["confirmed" if certainty[place] > 0 else "rejected" for place in said],
            "said_at": itertools.repeat(NOW, len(said)),
        },
    )


def _insert(model: type[Model], columns: dict[str, Iterable[Any]]) -> None:
    """Rows from columns by the names of their fields; a column of one value may be longer than the others."""
    quote = connection.ops.quote_name
    places = {field.name: str(field.column) for field in model._meta.concrete_fields}
    names = ", ".join(quote(places[name]) for name in columns)
    rows: Iterator[Row] = zip(*columns.values(), strict=True)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            values = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", list(rows))  # noqa: S608 - our own


def _albums(owner: User) -> None:
    photos = list(Photo.objects.visible_to(owner).live().order_by("pk").values_list("pk", flat=True))
    for title, part in ALBUMS.items():
        album = Album.objects.create(owner=owner, title=title, folded=fold(title))
        held = photos[:: round(1 / part)]
        AlbumEntry.objects.bulk_create(
            (AlbumEntry(album=album, photo_id=key) for key in held), batch_size=2000
        )
