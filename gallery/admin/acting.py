"""What staff do with photos: shown with its count first, done for a bounded number at once, and written down."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gallery.admin import audit
from gallery.models import Job, Photo
from gallery.organise import photos as organise
from gallery.pipeline import jobs, retries

MOST: Final = 1000
"""Photos at once."""


class Act(NamedTuple):
    """`title`: of page and button; `asked`: what the page says of what follows; `done`: what the entry says.

    `does` is given photos for which the act is for, and answers those that it changed.
    """

    title: str | Promise
    asked: str | Promise
    done: str | Promise
    which: Callable[[QuerySet[Photo]], QuerySet[Photo]]
    does: Callable[[Sequence[Photo]], Iterable[UUID]]


def _by_owner(does: Callable[[UUID, Sequence[UUID]], list[UUID]]) -> Callable[[Sequence[Photo]], list[UUID]]:
    def for_all(some: Sequence[Photo]) -> list[UUID]:
        owners: dict[UUID, list[UUID]] = defaultdict(list)
        for photo in some:
            owners[photo.owner_id].append(photo.pk)
        return [changed for owner, theirs in owners.items() for changed in does(owner, theirs)]

    return for_all


def _cancel(some: Sequence[Photo]) -> list[UUID]:
    return [photo.pk for photo in some if jobs.cancel(photo, jobs.CANCELLED)]


def _with_jobs(state: str) -> Callable[[QuerySet[Photo]], QuerySet[Photo]]:
    unfinished = Job.objects.waiting() if state == Job.State.WAITING else Job.objects.filter(state=state)
    return lambda chosen: chosen.filter(pk__in=unfinished.values("photo"))


TRASH: Final = Act(
    _("Move to the trash"),
    _("Their owners find them in the trash for 30 days, and can take them out again."),
    _("Moved to the trash."),
    lambda chosen: chosen.filter(trashed_at=None),
    _by_owner(organise.trash),
)
RESTORE: Final = Act(
    _("Take out of the trash"),
    _("Their owners see them again."),
    _("Taken out of the trash."),
    lambda chosen: chosen.filter(trashed_at__isnull=False),
    _by_owner(organise.restore),
)
CANCEL: Final = Act(
    _("Stop the work on them"),
    _("What waits fails, and says that staff stopped it. It can be tried again, by staff and by the owner."),
    _("Work was stopped."),
    _with_jobs(Job.State.WAITING),
    _cancel,
)


def act(request: HttpRequest, chosen: QuerySet[Photo], what: Act, back: str) -> HttpResponse | None:
    """Asks with how many photos it is for, then does it."""
    some = list(
        what.which(Photo.objects.filter(pk__in=chosen.order_by().values("pk"))).order_by("pk")[: MOST + 1]
    )
    if not some:
        messages.info(request, gettext("There is nothing to do for the chosen photos."))
        return None
    if len(some) > MOST:
        most = number_format(MOST, force_grouping=True)
        messages.error(request, gettext("At most %s photos at once. Choose fewer.") % most)
        return None
    if request.POST.get("agreed") != str(len(some)):
        return _ask(request, what, len(some), back)
    changed = set(what.does(some))
    audit.note(request, [photo for photo in some if photo.pk in changed], str(what.done))
    told = ngettext("%d photo: %s", "%d photos: %s", len(changed)) % (len(changed), what.done)
    messages.success(request, told)
    return None


def _ask(request: HttpRequest, what: Act, count: int, back: str) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": what.title,
        "sentence": ngettext("This is for %d photo.", "This is for %d photos.", count) % count,
        "more": what.asked,
        "action": request.POST.get("action"),
        "chosen": request.POST.getlist("_selected_action"),
        "across": request.POST.get("select_across", "0"),
        "agreed": count,
        "back": back,
    }
    return TemplateResponse(request, "admin/confirm.html", context)


def try_again(request: HttpRequest, failed: QuerySet[Job], what: str) -> None:
    """What failed of the photos that have one of these failed jobs waits again. `what`: the choice in words."""
    photos, more = retries.retry_failed(Job.objects.filter(pk__in=failed.order_by().values("pk")))
    told = ngettext("%d photo is tried again.", "%d photos are tried again.", photos) % photos
    if photos:
        audit.note_many(request, Job, what, told)
    if more:
        told = f"{told} {gettext('There are more: choose them once again.')}"
    messages.success(request, told)
