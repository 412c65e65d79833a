"""Which photos a run asks for: what was told by an older model, and what can be asked for at all."""

import re
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery

from gallery.imaging.analysis import LONGEST_SIDE, MOST_BYTES, SMALLEST_SIDE
from gallery.models import Analysis, Extra, Job, Rendition
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline import develop
from gallery.pipeline.runs.answers import standing
from gallery.pipeline.steps import RENDITIONS, STEPS

_SENT: Final = "full"  # the rendition that is sent to be analysed


def told_by_older(photos: PhotoQuerySet, step: str, version: str, *, missing: bool = False) -> PhotoQuerySet:
    """Those of these photos whose answer comes from a model older than `version`; with `missing` those without one.

    Versions are compared number by number: 3.10 is newer than 3.9. One without any number is the oldest.
    """
    operation = STEPS[step].operation
    answered = Analysis.objects.filter(operation=operation, state=Analysis.State.ANSWERED).order_by()
    told = answered.values_list("model_version", flat=True).distinct()
    older = [model for model in told if numbers(model) < numbers(version)]
    latest = standing(operation).filter(photo=OuterRef("pk")).values("model_version")[:1]
    wanted = Q(told_by__in=older) | Q(told_by=None) if missing else Q(told_by__in=older)
    found: PhotoQuerySet = photos.annotate(told_by=Subquery(latest)).filter(wanted)
    return found


def never_told(photos: PhotoQuerySet, step: str, feature: str = "") -> PhotoQuerySet:
    """Those of these photos that have no answer to this step's question; with `feature` none that tells of it."""
    told = standing(STEPS[step].operation).filter(photo=OuterRef("pk"), features__contains=feature)
    return photos.filter(~Exists(told))


def without_renditions(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Those of these photos that lack a rendition as it is made today, but for those that can't be decoded."""
    lacking = Q()
    for spec in develop.specs():
        made = Rendition.objects.filter(photo=OuterRef("pk"), spec=spec.name, key__contains=f"/{spec.tag}")
        lacking |= Q(~Exists(made))
    failed = Job.objects.filter(photo=OuterRef("pk"), step=RENDITIONS.name, state=Job.State.FAILED)
    found: PhotoQuerySet = photos.filter(lacking, ~Exists(failed))
    return found


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, first to last, without the noughts at its end: 3 and 3.0 are the same."""
    found = [int(number) for number in re.findall(r"[0-9]+", version)]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def askable(photos: PhotoQuerySet, step: str) -> PhotoQuerySet:
    """Those of these photos that are asked for when they are ordered: worth it, and not waiting for this already."""
    waiting = Job.objects.waiting().filter(photo=OuterRef("pk"), step=step)
    return worth_asking(photos, step).filter(~Exists(waiting))


def worth_asking(photos: PhotoQuerySet, step: str) -> PhotoQuerySet:
    """Without what is in the trash, and what would only be skipped and costs nothing."""
    found = photos.live()
    if not STEPS[step].operation:
        return found
    if STEPS[step].optional:
        on = Extra.objects.filter(owner=OuterRef("owner"), name=step)
        found = found.filter(Exists(on)) if step in settings.RECOGNITION_OPTIONS else found.none()
    return found.filter(_fits(), owner__analyse=True)


def _fits() -> Exists:
    """What `fits_rekognition` says of the picture that is sent, in SQL."""
    side = (SMALLEST_SIDE, LONGEST_SIDE)
    sent = Rendition.objects.filter(photo=OuterRef("pk"), spec=_SENT)
    return Exists(sent.filter(width__range=side, height__range=side, byte_size__lte=MOST_BYTES))
