"""Carries out what an owner does to many photos, chunk by chunk, and writes down how they were: what undo needs."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from gallery.models import Change, Label

CHUNK: Final = 500
Before = dict[str, Any]
"""By the id of a photo that was changed: what it was like, as JSON."""
Do = Callable[[Sequence[UUID], datetime], Before]
"""Changes some photos at this time. It leaves alone what is not the owner's, and what is as wanted already."""


@dataclasses.dataclass(frozen=True)
class Done:
    """What "Undo" is asked with, and how many photos were changed."""

    change: Change
    changed: int


def carry_out(
    owner_id: UUID, action: str, photo_ids: Iterable[UUID], do: Do, *, label: Label | None = None
) -> Done:
    """Does it to all photos, CHUNK of them in a transaction, and writes a Change for each chunk.

    The chunks after the first are parts of the first one's Change. Raises what `do` raises: what earlier chunks
    changed then stays.
    """
    now = timezone.now()
    first: Change | None = None
    changed = 0
    for chunk in _chunks(photo_ids):
        with transaction.atomic():
            before = do(chunk, now)
            change = Change(owner_id=owner_id, action=action, label=label, before=before, made_at=now)
            change.part_of = first.pk if first else None
            if first is None or before:
                change.save(force_insert=True)
        first = first or change
        changed += len(before)
    assert first is not None  # noqa: S101 - there is always a first chunk, if an empty one
    return Done(first, changed)


def _chunks(photo_ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """At least one, each id once in its chunk."""
    rest = iter(photo_ids)
    chunk = list(islice(rest, CHUNK))
    yield list(dict.fromkeys(chunk))
    while chunk := list(islice(rest, CHUNK)):
        yield list(dict.fromkeys(chunk))
