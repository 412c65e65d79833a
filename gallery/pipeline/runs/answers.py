"""The answer that a photo's labels come from, what it told, and saying it again without asking."""

from django.db.models import Exists, OuterRef, QuerySet

from gallery.labelling.answer import FoundLabel
from gallery.labelling.errors import Unusable
from gallery.models import Analysis, Photo, Run, RunEntry
from gallery.pipeline.steps import STEPS


def tells_labels(step: str) -> bool:
    """Whether runs of this step end with a difference and can be rolled back."""
    asks = STEPS[step].asks
    return asks is not None and asks.labels is not None


def standing(operation: str) -> QuerySet[Analysis]:
    """The answers that count, newest first: a photo's first is what its labels come from.

    Those that came with a run that was rolled back do not.
    """
    rolled_back = RunEntry.objects.filter(
        photo=OuterRef("photo"), after=OuterRef("pk"), run__state=Run.State.ROLLED_BACK
    )
    answered = Analysis.objects.filter(
        operation=operation, state=Analysis.State.ANSWERED, answer__isnull=False
    )
    return answered.filter(~Exists(rolled_back)).order_by("-sent_at", "-pk")


def told(step: str, analysis: Analysis | None) -> tuple[FoundLabel, ...]:
    """The labels of a step's raw answer; none where there is no answer, it was none, or it tells no labels."""
    asks = STEPS[step].asks
    if analysis is None or analysis.answer is None or asks is None or asks.labels is None:
        return ()
    try:
        return asks.labels(analysis.answer)
    except Unusable:
        return ()


def say_again(photo: Photo, step: str) -> None:
    """Makes the photo say what the newest answer that counts told, nothing if there is none. In a transaction."""
    asks = STEPS[step].asks
    if asks is None:
        return
    newest = standing(asks.name).filter(photo=photo).first()
    if newest is None or newest.answer is None:
        asks.save(photo, asks.read(asks.nothing), "")
    else:
        asks.save(photo, asks.found(newest.answer, newest.quarter_turns), newest.model_version)
