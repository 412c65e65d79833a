"""Rolling a run back: its answers no longer count, and each photo says again what the newest one that counts told.

No call is made and nothing is paid; verdicts stay. The run is turned at once, its photos follow one by one, each in a
transaction of its own: whoever breaks off is carried on by the next, and doing one twice changes nothing.
"""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.models import Photo, Run, RunEntry
from gallery.pipeline import queue
from gallery.pipeline.runs import control
from gallery.pipeline.runs.answers import say_again, tells_labels

_AT_ONCE: Final = 200
_FROM: Final = [Run.State.RUNNING, Run.State.PAUSED, Run.State.STOPPED, Run.State.DONE]


def roll_back(run: Run) -> bool:
    """Stops it if it is under way; workers put its photos back after the commit. False: it was rolled back already.

    Raises Refusal (409) for a run that asked for no labels.
    """
    if not tells_labels(run.step):
        raise Refusal("not_labels", _("Only labels can be rolled back, and this run asked for none."), 409)
    if not control.turned(run, _FROM, Run.State.ROLLED_BACK):
        return False
    control.restore(run)
    with transaction.atomic():
        queue.announce_put_back()
    return True


def put_back(most: int = _AT_ONCE) -> int:
    """Puts up to `most` photos of rolled back runs back. How many there were; a word follows if more are left."""
    some = list(_left().select_related("run").order_by("run", "pk")[:most])
    for entry in some:
        _put_back(entry)
    if len(some) == most:
        queue.announce_put_back()  # outside a transaction: sent at once
    return len(some)


def _left() -> QuerySet[RunEntry]:
    return RunEntry.objects.filter(run__state=Run.State.ROLLED_BACK, outcome=RunEntry.Outcome.DONE)


def _put_back(entry: RunEntry) -> None:
    with transaction.atomic():
        photo = Photo.objects.locked().filter(pk=entry.photo_id).first()
        if photo is None:
            return
        say_again(photo, entry.run.step)
        RunEntry.objects.filter(pk=entry.pk).update(outcome=RunEntry.Outcome.PUT_BACK)
