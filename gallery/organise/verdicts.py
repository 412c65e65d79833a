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
from gallery.organise.names import clean_name
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

    A name that nobody ever told becomes a label. Photos of others are left alone. Answers what `changes.undo` is
    asked with. Raises Refusal where the name can't be one, or the photo has MOST_VERDICTS verdicts already.
    """
    return judge(owner_id, photo_ids, name, state, kind).change


def judge(
    owner_id: UUID, photo_ids: Iterable[UUID], name: str, state: str | None, kind: str = "label"
) -> Done:
    """As `say`; answers how many photos were changed, too."""
    label = _label(clean_name(name), kind, make=state is not None)
    if label is None:  # nobody can have said anything of it
        return carry_out(owner_id, ACTIONS[state], (), lambda _ids, _now: {})
    return carry_out(
        owner_id, ACTIONS[state], photo_ids, partial(_judge, owner_id, label, state), label=label
    )


def _label(name: str, kind: str, *, make: bool) -> Label | None:
    label: Label | None = Label.objects.called(name, kind).first()
    if label is None and make:
        wanted = Label.of(name, kind)
        key: Key = wanted.folded, kind
        return terms.ensure({key: name}, {})[key]
    return label


def _judge(
    owner_id: UUID, label: Label, state: str | None, photo_ids: Sequence[UUID], now: datetime
) -> Before:
    mine = _mine(owner_id, photo_ids)
    said = _said(label, mine)
    others = [pk for pk in mine if (said[pk].state if pk in said else None) != state]
    if state is not None:
        others = _with_room(others, said)
    _write(owner_id, label, dict.fromkeys(others, None if state is None else (state, now)))
    return {str(pk): _before(said.get(pk)) for pk in others}


def put_back(change: Change) -> int:
    """Each photo's verdict as it was before this change, unless something else was said of it since."""
    before: dict[UUID, Word] = {UUID(pk): _word(was) for pk, was in change.before.items()}
    mine = _mine(change.owner_id, list(before))
    if change.label is None:
        return 0
    said = _said(change.label, mine)
    taken_back = change.action == ACTIONS[None]
    ours = [pk for pk in mine if (said[pk].said_at == change.made_at if pk in said else taken_back)]
    _write(change.owner_id, change.label, {pk: before[pk] for pk in ours})
    return len(ours)


def _mine(owner_id: UUID, photo_ids: Sequence[UUID]) -> list[UUID]:
    return list(
        Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked().values_list("pk", flat=True)
    )


def _said(label: Label, photo_ids: Sequence[UUID]) -> dict[UUID, Verdict]:
    return {said.photo_id: said for said in Verdict.objects.filter(label=label, photo__in=photo_ids)}


def _with_room(photo_ids: list[UUID], said: Mapping[UUID, Verdict]) -> list[UUID]:
    """Those that can take one more verdict. Raises Refusal if none of them can."""
    counts = Verdict.objects.filter(photo__in=photo_ids).values_list("photo").annotate(count=Count("pk"))
    full = set(counts.filter(count__gte=MOST_VERDICTS).values_list("photo", flat=True).order_by())
    room = [pk for pk in photo_ids if pk in said or pk not in full]
    if photo_ids and not room:
        sentence = _("You have said something of %(most)d labels of this photo already. Take one back first.")
        raise Refusal("too_many_verdicts", sentence % {"most": MOST_VERDICTS}, 422)
    return room


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
