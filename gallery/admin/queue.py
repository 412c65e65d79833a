"""Two pages for staff: how long the queue is and how old, and what failed, by its reason."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.admin import acting
from gallery.models import Circuit, Job, Upload
from gallery.pipeline import backlog
from gallery.pipeline.steps import STEPS

_NEWEST: Final = 10_000
_MOST_LINES: Final = 200
_STATES: Final[dict[str, tuple[str | Promise, str]]] = {
    "due": (_("due"), Job.State.WAITING),
    "held": (_("of them begun"), Job.State.WAITING),
    "later": (_("at a later time"), Job.State.WAITING),
    "behind": (_("behind another step, or held back"), Job.State.WAITING),
    "failed": (_("failed"), Job.State.FAILED),
    "skipped": (_("skipped"), Job.State.SKIPPED),
}


@dataclasses.dataclass(frozen=True)
class Line:
    """A step's jobs in one state. `since`: when the oldest came there, None where that is not known."""

    step: str | Promise
    state: str | Promise
    chip: str
    count: int
    since: datetime | None
    link: str


@dataclasses.dataclass(frozen=True)
class Failure:
    """Jobs that failed for one reason."""

    step: str
    title: str | Promise
    reason: str
    count: int = 0
    owners: set[Any] = dataclasses.field(default_factory=set)
    newest: datetime | None = None
    oldest: datetime | None = None

    @property
    def link(self) -> str:
        return _list(state=Job.State.FAILED, step=self.step, reason=self.reason)


def queue(request: HttpRequest) -> HttpResponse:
    """How many jobs of each step are in each state, and since when the oldest."""
    now = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": gettext("Queue"),
        "lines": list(_lines(now)),
        "circuits": Circuit.objects.order_by("operation"),
        "now": now,
    }
    return render(request, "admin/queue.html", context)


def failures(request: HttpRequest, may_retry: bool) -> HttpResponse:
    """What failed, by step and reason; tried again by reason where that is allowed."""
    if request.method == "POST" and may_retry:
        step, reason = request.POST.get("step", ""), request.POST.get("reason", "")
        failed = Job.objects.failed().filter(step=step, reason=reason)
        acting.try_again(request, failed, f"{step}: {reason}")
        return redirect("admin:gallery_job_failures")
    if request.method == "POST":
        messages.error(request, gettext("You may not try jobs again."))
    found = sorted(_failed(), key=lambda failure: -failure.count)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Failures"),
        "failures": found[:_MOST_LINES],
        "total": sum(failure.count for failure in found),
        "cut": sum(failure.count for failure in found) >= _NEWEST,
        "newest": _NEWEST,
        "may_retry": may_retry,
        "uploads": _uploads(),
    }
    return render(request, "admin/failures.html", context)


def _lines(now: datetime) -> Iterator[Line]:
    since = backlog.since()
    for one in backlog.queues(now):
        old = since[one.step]
        starts = {"due": now - one.oldest if one.due else None, "behind": old.behind, "failed": old.failed}
        starts["skipped"] = old.skipping
        for name, count in {**one.states, "skipped": old.skipped}.items():
            words, state = _STATES[name]
            if count:
                link = _list(state=state, step=one.step)
                yield Line(STEPS[one.step].title, words, state, count, starts.get(name), link)


def _failed() -> list[Failure]:
    """Of the newest: what failed without end should not make the page slow that tells it."""
    rows = Job.objects.failed().order_by("-pk").values_list("step", "reason", "owner_id", "finished_at")
    found: dict[tuple[str, str], Failure] = {}
    for step, reason, owner, finished in rows[:_NEWEST]:
        title = STEPS[step].title if step in STEPS else step
        so_far = found.get((step, reason)) or Failure(step, title, reason)
        found[step, reason] = dataclasses.replace(
            so_far,
            count=so_far.count + 1,
            owners=so_far.owners | {owner},
            newest=max(filter(None, (so_far.newest, finished))),
            oldest=min(filter(None, (so_far.oldest, finished))),
        )
    return list(found.values())


def _uploads() -> Any:
    """Uploads that came to nothing; they are remembered for a day."""
    failed = Upload.objects.filter(state=Upload.State.FAILED).order_by().values("reason")
    return failed.annotate(count=Count("pk"), newest=Max("created_at")).order_by("-count")[:_MOST_LINES]


def _list(**query: str) -> str:
    return f"{reverse('admin:gallery_job_changelist')}?{urlencode(query)}"
