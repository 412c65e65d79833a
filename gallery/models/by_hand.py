"""The statements on every photo's way to its labels, written by hand.

The ORM takes several times as long to put them into words as a database to answer them. With it a photo's labels
would cost three times what their plain insert does (`benchmarks/search`), and one worker would not keep up with
Rekognition's quota (`benchmarks/rate`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from accounts.models import User
from gallery.models.analysis import Circuit
from gallery.models.job import Job
from gallery.models.label import Detection, Label
from gallery.models.photo import Photo
from gallery.models.spending import Spending
from gallery.models.verdict import Verdict

_DUE: Final = (
    "finished_at IS NULL AND state = 'waiting' AND ready_at <= %s "
    "AND (lease_until IS NULL OR lease_until < %s)"
)
"""What `JobQuerySet.due` says."""


def due_jobs(step: str, operation: str, now: datetime, most: int) -> list[Any]:
    """The first of `Job.objects.due(now)` of this step, in turn; of each what decides about a claim.

    `limited`: its owner has a budget. `shut`: the operation's circuit is open.
    """
    statement = f"""
        SELECT job.id, job.owner_id, job.lease_token, job.crashes, owner.budget_usd IS NOT NULL AS limited,
               EXISTS (SELECT 1 FROM {_table(Circuit)} WHERE operation = %s) AS shut
        FROM {_table(Job)} job JOIN {_table(User)} owner ON owner.id = job.owner_id
        WHERE job.step = %s AND {_DUE} ORDER BY job.priority, job.turn, job.id LIMIT %s"""  # noqa: S608 - ours
    return list(Job.objects.raw(statement, [operation, step, *_values(now, now), most]))


def lease_job(candidate: Job, token: UUID, now: datetime, until: datetime) -> bool:
    """Gives a due job a lease, if nobody was faster. A lease that ended without a word counts as a crash."""
    held = "lease_token IS NULL" if candidate.lease_token is None else "lease_token = %s"
    statement = f"""
        UPDATE {_table(Job)} SET lease_until = %s, lease_token = %s, attempts = attempts + 1, crashes = crashes + %s
        WHERE id = %s AND {_DUE} AND {held}"""  # noqa: S608 - ours
    before = [] if candidate.lease_token is None else [candidate.lease_token]
    values = (until, token, len(before), candidate.pk, now, now, *before)
    return bool(_changed(statement, values))


def leased_job(pk: int, token: UUID) -> Job | None:
    """The job with this lease, its photo and its owner at hand; None if it was deleted meanwhile."""
    job: Job | None = _one(Job, pk)
    if job is None or job.lease_token != token:
        return None
    photo, owner = _one(Photo, job.photo_id), _one(User, job.owner_id)
    if photo is None or owner is None:
        return None
    job.photo, photo.owner = photo, owner
    return job


def end_job(job: Job, state: str, reason: str, now: datetime) -> bool:
    """Ends a job, if its lease is still this one."""
    statement = f"""
        UPDATE {_table(Job)} SET state = %s, reason = %s, finished_at = %s, lease_until = NULL, lease_token = NULL
        WHERE id = %s AND lease_token = %s AND finished_at IS NULL AND state = 'waiting'"""  # noqa: S608 - ours
    return bool(_changed(statement, (state, reason, now, job.pk, job.lease_token)))


def spend(scope: str, month: str, micro_usd: int, most: int | None) -> bool:
    """Adds one call to a month's bill, if there is one and it stays within `most` millionths of a dollar."""
    statement = f"""
        UPDATE {_table(Spending)} SET calls = calls + 1, micro_usd = micro_usd + %s
        WHERE scope = %s AND month = %s"""  # noqa: S608 - ours
    if most is None:
        return bool(_changed(statement, (micro_usd, scope, month)))
    return bool(_changed(f"{statement} AND micro_usd <= %s", (micro_usd, scope, month, most - micro_usd)))


def lock_photos(photo_ids: Iterable[UUID], fields: Collection[str]) -> list[Photo]:
    """What `Photo.objects.locked().filter(pk__in=…).only(*fields)` gives. `fields`: as the table calls them.

    Each with `blank`: whether neither a machine nor its owner has said anything of it. Who goes by that has locked the
    photo in an earlier statement: PostgreSQL looks before it waits.
    """
    said = [f"EXISTS (SELECT 1 FROM {_table(one)} WHERE photo_id = photo.id)" for one in (Detection, Verdict)]  # noqa: S608 - ours
    columns = ", ".join(("photo.id", *fields, f"NOT ({' OR '.join(said)}) AS blank"))
    held = "FOR UPDATE OF photo" if connection.features.has_select_for_update else ""
    statement = f"SELECT {columns} FROM {_table(Photo)} photo WHERE photo.id IN (…) ORDER BY photo.id {held}"  # noqa: S608 - ours
    return _rows(Photo, statement, _values(*photo_ids))


def labels_called(folded: Iterable[str]) -> list[Label]:
    """What `Label.objects.filter(folded__in=…)` gives."""
    return _rows(Label, f"{_all(Label)} WHERE folded IN (…)", list(folded))


def _rows(model: Any, statement: str, values: list[Any]) -> list[Any]:
    """With a placeholder for each value where the dots stand; for none nothing is asked."""
    return (
        list(model.objects.raw(statement.replace("…", ", ".join(["%s"] * len(values))), values))
        if values
        else []
    )


def _one(model: Any, pk: Any) -> Any:
    return next(iter(_rows(model, f"{_all(model)} WHERE id IN (…)", _values(pk))), None)


def _all(model: type[models.Model]) -> str:
    return f"SELECT * FROM {_table(model)}"  # noqa: S608 - ours


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _changed(statement: str, values: Sequence[Any]) -> int:
    """How many rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(*values))
        return int(cursor.rowcount)


def _values(*values: Any) -> list[Any]:
    """As this database keeps them."""
    return [_value(value) for value in values]


def _value(value: Any) -> Any:
    """SQLite has UUIDs and times as text."""
    if isinstance(value, UUID):
        return Photo._meta.pk.get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
