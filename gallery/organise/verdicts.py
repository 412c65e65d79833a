"""What owners say of labels on their photos: confirmed, rejected, or taken back. No machine ever changes it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.labelling.standing import Key
from gallery.models import Change, Label, Photo, Verdict
from gallery.organise.names import clean_name, plain_spelling
from gallery.organise.record import Before, Done, carry_out
from gallery.pipeline import terms
from gallery.pipeline.detections import settle

MOST_VERDICTS: Final = 200
ACTIONS: Final[Mapping[str | None, str]] = {
    Verdict.State.CONFIRMED.value: "confirm_label",
    Verdict.State.REJECTED.value: "reject_label",
    None: "clear_label",
}
Word = tuple[str, datetime] | None
"""A verdict's state and when it was said; None where there is none."""


def say(
    owner_id: UUID, photo_ids: Iterable[UUID], name: str, state: str | None, kind: str = "label"
) -> Change:
    """Says of a label on these photos that it is "confirmed" or "rejected"; None takes back what was said.

    A name that nobody ever told becomes a label. Photos of others are left alone, and so are those that have
    MOST_VERDICTS verdicts already. Answers what `changes.undo` is asked with. Raises Refusal, and has changed nothing,
    where the name can't be one and where every photo to change had so many.
    """
    return judge(owner_id, photo_ids, name, state, kind).change


def judge(
    owner_id: UUID, photo_ids: Iterable[UUID], name: str, state: str | None, kind: str = "label"
) -> Done:
    """As `say`; answers how many photos were changed, too."""
    label = _label(clean_name(name), kind, make=state is not None)
    if label is None:  # nobody can have said anything of it
        return carry_out(owner_id, ACTIONS[state], (), lambda _ids, _now: {})
    full: list[UUID] = []
    judging = partial(_judge, owner_id, label, state, full)
    done = carry_out(owner_id, ACTIONS[state], photo_ids, judging, label=label)
    if full and not done.changed:
        sentence = _("You have said something of %(most)d labels of this photo already. Take one back first.")
        raise Refusal("too_many_verdicts", sentence % {"most": MOST_VERDICTS}, 422)
    return done


def _label(name: str, kind: str, *, make: bool) -> Label | None:
    label: Label | None = Label.objects.called(name, kind).first()
    if label is None and make:
        wanted = Label.of(name, kind)
        key: Key = wanted.folded, kind
        return terms.ensure({key: plain_spelling(name)}, {})[key]
    return label


def _judge(
    owner_id: UUID,
    label: Label,
    state: str | None,
    full: list[UUID],
    photo_ids: Sequence[UUID],
    now: datetime,
) -> Before:
    """Adds to `full` those that can take no more verdicts."""
    mine = _mine(owner_id, photo_ids)
    said = _said(label, mine)
    others = [pk for pk in mine if (said[pk].state if pk in said else None) != state]
    if state is not None:
        crowded = _crowded([pk for pk in others if pk not in said])
        full += crowded
        others = [pk for pk in others if pk not in crowded]
    _write(owner_id, label, dict.fromkeys(others, None if state is None else (state, now)))
    return {str(pk): _before(said.get(pk)) for pk in others}


def put_back(change: Change) -> int:
    """Each photo's verdict as it was before this change, unless something else was said of it since."""
    before: dict[UUID, Word] = {UUID(pk): _word(was) for pk, was in change.before.items()}
    mine = _mine(change.owner_id, list(before))
    if change.label is None:
        return 0
    said = _said(change.label, mine)
    if change.action == ACTIONS[None]:
        since = _changed_since(change)
        ours = [pk for pk in mine if pk not in said and str(pk) not in since]
    else:
        ours = [pk for pk in mine if pk in said and said[pk].said_at == change.made_at]
    _write(change.owner_id, change.label, {pk: before[pk] for pk in ours})
    return len(ours)


def _changed_since(change: Change) -> set[str]:
    """The photos of later words on the same label that were not undone: nothing else tells two silences apart."""
    later = Change.objects.filter(
        owner=change.owner_id, label=change.label_id, made_at__gt=change.made_at, undone_at=None
    )
    return {pk for before in later.values_list("before", flat=True).iterator() for pk in before}


def _mine(owner_id: UUID, photo_ids: Sequence[UUID]) -> list[UUID]:
    return list(
        Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked().values_list("pk", flat=True)
    )


def _said(label: Label, photo_ids: Sequence[UUID]) -> dict[UUID, Verdict]:
    return {said.photo_id: said for said in Verdict.objects.filter(label=label, photo__in=photo_ids)}


def _crowded(photo_ids: Sequence[UUID]) -> set[UUID]:
    """Those that have as many verdicts as there may be."""
    counts = (
        Verdict.objects.filter(photo__in=photo_ids).order_by().values("photo").annotate(count=Count("pk"))
    )
    return set(counts.filter(count__gte=MOST_VERDICTS).values_list("photo", flat=True))


def _write(owner_id: UUID, label: Label, words: Mapping[UUID, Word]) -> None:
    """Three statements, and what follows from them for detections and counters. The photos are locked."""
    if not words:
        return
    Verdict.objects.filter(label=label, photo__in=[pk for pk, word in words.items() if word is None]).delete()
    Verdict.objects.bulk_create(
        [
            Verdict(photo_id=pk, label=label, owner_id=owner_id, state=word[0], said_at=word[1])
            for pk, word in words.items()
            if word is not None
        ],
        update_conflicts=True,
        unique_fields=["photo", "label"],
        update_fields=["state", "said_at"],
    )
    settle(list(words))


def _before(said: Verdict | None) -> tuple[str, str] | None:
    return (said.state, said.said_at.isoformat()) if said else None


def _word(was: list[str] | None) -> Word:
    return (was[0], datetime.fromisoformat(was[1])) if was else None
