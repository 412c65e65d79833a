"""The answer that a photo's labels come from, what it told, and saying it again without asking."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from gallery.labelling import answer
from gallery.labelling.answer import FoundLabel
from gallery.labelling.errors import Unusable
from gallery.models import Analysis, Photo, Run, RunEntry
from gallery.pipeline.detections import replace_detections
from gallery.pipeline.steps import LABELS, STEPS

Reader = Callable[[Mapping[str, Any]], tuple[FoundLabel, ...]]
# By operation: the kind of label that it tells, and what reads it from a raw answer. Only these are compared and
# can be rolled back.
_TELLS: Final[Mapping[str, tuple[str, Reader]]] = {
    LABELS.operation: ("label", lambda raw: answer.read(raw).labels),
}


def tells_labels(step: str) -> bool:
    """Whether runs of this step end with a difference and can be rolled back."""
    return STEPS[step].operation in _TELLS


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


def told(analysis: Analysis | None) -> tuple[FoundLabel, ...]:
    """The labels of a raw answer; none where there is no answer or it was none."""
    if analysis is None or analysis.answer is None or analysis.operation not in _TELLS:
        return ()
    _, read = _TELLS[analysis.operation]
    try:
        return read(analysis.answer)
    except Unusable:
        return ()


def say_again(photo: Photo, step: str) -> None:
    """Makes the photo say what the newest answer that counts told, nothing if there is none. In a transaction."""
    operation = STEPS[step].operation
    kind, _ = _TELLS[operation]
    newest = standing(operation).filter(photo=photo).first()
    replace_detections(photo, told(newest), newest.model_version if newest else "", kind=kind)
