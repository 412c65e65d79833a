"""Asking again for one photo, on purpose: at once, and paid again."""

from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.imaging.analysis import fits_rekognition
from gallery.labelling.prices import micro_usd
from gallery.models import Job, Photo, Rendition, Run, RunEntry
from gallery.pipeline import jobs, queue
from gallery.pipeline.runs.orders import cost
from gallery.pipeline.steps import STEPS

_NEW: Final = 0


def again(photo: Photo, step: str) -> Decimal:
    """Asks again for this step of the photo, before all bulk work. What it costs, in US dollars.

    If it waits in a bulk run it leaves that. Raises Refusal (409) while it is asked for just now, and where it could
    not be asked for: then nothing is changed and nothing paid.
    """
    price = None
    while price is None:
        with transaction.atomic():
            price = _again(photo, step)
    return price


def _again(photo: Photo, step: str) -> Decimal | None:
    """None, and nothing is changed: it came into a run, or left one, before it was locked.

    A run is locked before its photos and jobs, as by whoever orders, holds, lets go or ends it.
    """
    runs = Run.objects.select_for_update(of=("self",), no_key=True)
    run = runs.filter(jobs__photo=photo, jobs__step=step).first()
    here = Photo.objects.locked().filter(pk=photo.pk).first()
    if here is None or here.trashed_at is not None:
        raise Refusal("in_trash", _("This photo is in the trash. Restore it first."), 409)
    if reason := _unaskable(photo):
        raise Refusal("not_askable", reason, 409)
    job = Job.objects.select_for_update(of=("self",)).filter(photo=photo, step=step).first()
    if job and job.lease_until and job.lease_until > timezone.now():
        raise Refusal("busy", _("This photo is being labelled just now. Ask again when it is done."), 409)
    if (job and job.run_id) != (run and run.pk):
        return None
    price = cost(step, {photo.owner_id: 1})
    if run:
        _leave_run(run, photo, price)
    _open(photo, step)
    return price


def _unaskable(photo: Photo) -> str:
    if not photo.owner.analyse:
        return _("Labelling is switched off in your account. Switch it on first.")
    sent = Rendition.objects.filter(photo=photo, spec="full").first()
    return (sent and fits_rekognition(sent.width, sent.height, sent.byte_size)) or ""


def _leave_run(run: Run, photo: Photo, price: Decimal) -> None:
    if RunEntry.objects.filter(run=run, photo=photo, outcome="").delete()[0]:
        Run.objects.filter(pk=run.pk).update(
            photos=F("photos") - 1, micro_usd=Greatest(F("micro_usd") - micro_usd(price), 0)
        )


def _open(photo: Photo, step: str) -> None:
    now = timezone.now()
    waits = Job.objects.waiting().filter(photo=photo, step=STEPS[step].after).exists()
    fresh = {
        **jobs.FRESH,
        "priority": _NEW,
        "turn": jobs.next_turn(photo.owner_id, step, _NEW),
        "run": None,
        "asked_at": now,
        "ready_at": None if waits else now,
    }
    new = {"owner_id": photo.owner_id, **fresh}
    Job.objects.update_or_create(photo=photo, step=step, defaults=fresh, create_defaults=new)
    if not waits:
        queue.announce(step)
