"""Undo: what an owner did to some photos at once is put back as it was, once, where nothing newer contradicts."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.models import Change
from gallery.organise import bulk, captions, dates, lookalikes, rotation, verdicts

_PUT_BACK: Final[Mapping[str, Callable[[Change], int]]] = {
    **dict.fromkeys(verdicts.ACTIONS.values(), verdicts.put_back),
    **dict.fromkeys(rotation.QUARTERS, rotation.put_back),
    captions.ACTION: captions.put_back,
    dates.ACTION: dates.put_back,
    lookalikes.APART: lookalikes.put_together,
    "trash": bulk.untrash,
    "restore": bulk.trash_again,
    "archive": bulk.unshelve,
    "unarchive": bulk.shelve_again,
    "favourite": bulk.unmark,
    "unfavourite": bulk.mark_again,
    "add_to_album": bulk.take_out,
    "remove_from_album": bulk.put_in,
    bulk.MOVE: bulk.move_back,
}


def undo(owner_id: UUID, change_id: UUID) -> int:
    """How many photos are as they were before again; what was done along with it is not counted a second time. Each
    part in a transaction of its own. What one photo got from others stays with it where none of those came back.

    Raises Refusal: 404 where there is no such change of this owner (sweep forgets old ones), 409 where it was
    undone already.
    """
    change = Change.objects.filter(pk=change_id, owner_id=owner_id, part_of=None).first()
    if change is None:
        sentence = _("There is nothing here that could be undone: it is not yours, or too long ago.")
        raise Refusal("not_found", sentence, 404)
    parts = list(Change.objects.filter(part_of=change.pk, undone_at=None).values_list("pk", "action"))
    same = [pk for pk, action in parts if action == change.action]
    along = [pk for pk, action in parts if action != change.action]
    put_back = sum(_undo(pk) or 0 for pk in same)
    last = _undo(change.pk)
    if last is None:
        raise Refusal("already_undone", _("This was undone already."), 409)
    for pk in along if put_back + last else []:
        _undo(pk)
    return put_back + last


def _undo(change_id: UUID) -> int | None:
    """None: somebody else undid it."""
    with transaction.atomic():
        if not Change.objects.filter(pk=change_id, undone_at=None).update(undone_at=timezone.now()):
            return None
        change = Change.objects.select_related("label").get(pk=change_id)
        return _PUT_BACK[change.action](change)
