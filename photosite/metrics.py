"""/metrics, in Prometheus' text format: what the rows say now, and what was counted over all processes.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import dataclasses
import secrets
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import redis
from django.conf import settings
from django.core.cache import cache
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from gallery import tally
from gallery.models import Circuit, Spending
from gallery.pipeline import backlog
from gallery.pipeline.budget import SITE, Month
from gallery.pipeline.steps import STEPS

_BOUNDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_ENDLESS: Final = "+Inf"
_MICRO: Final = 1_000_000
_KEPT_SECONDS: Final = 10  # what rows say is asked for no more often than this
_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[Mapping[str, str], float]


@dataclasses.dataclass(frozen=True)
class Family:
    """A metric: what it says, and the samples of it, each with its labels."""

    name: str
    kind: str
    help: str
    samples: list[Sample]


class PageTimes:
    """Counts each answer by the name of its address, and how long it took until its first byte."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        view = request.resolver_match.view_name if request.resolver_match else "none"
        tally.add("pages", view, f"{response.status_code // 100}xx")
        tally.add("page_times", view, _bound(seconds))
        tally.add("page_micros", view, amount=round(seconds * _MICRO))
        return response


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        response = HttpResponse("Not for everybody.\n", status=401, content_type="text/plain")
        response["WWW-Authenticate"] = "Bearer"
        return response
    return HttpResponse(written([*_of_rows(), *_of_counts()]), content_type=_CONTENT_TYPE)


def written(families: Iterable[Family]) -> str:
    return "".join(line for family in families for line in _lines(family))


def _may_read(request: HttpRequest) -> bool:
    """Whoever has the token; without any, staff that may see the queue. Where a request comes from proves nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        known = settings.METRICS_TOKEN
        return bool(known) and secrets.compare_digest(token.strip().encode(), known.encode())
    user = request.user
    return user.is_active and user.is_staff and user.has_perm("gallery.view_job")


def _bound(seconds: float) -> str:
    place = bisect_left(_BOUNDS, seconds)
    return str(_BOUNDS[place]) if place < len(_BOUNDS) else _ENDLESS


def _of_rows() -> list[Family]:
    return cache.get_or_set("metrics-of-rows", _asked, _KEPT_SECONDS) or []


def _asked() -> list[Family]:
    return [*_queues(), *_calls(), *_storage()]


def _queues() -> Iterator[Family]:
    found = backlog.queues(timezone.now())
    yield Family(
        "photosite_jobs",
        "gauge",
        "Jobs by step and state: due (held ones among them), held by a worker, later, behind another step, failed.",
        [({"step": one.step, "state": state}, count) for one in found for state, count in one.states.items()],
    )
    yield Family(
        "photosite_job_oldest_due_seconds",
        "gauge",
        "How long the job that came first has been due.",
        [({"step": one.step}, one.oldest.total_seconds()) for one in found],
    )


def _calls() -> Iterator[Family]:
    shut = set(Circuit.objects.values_list("operation", flat=True))
    operations = sorted({step.operation for step in STEPS.values() if step.operation})
    yield Family(
        "photosite_circuit_open",
        "gauge",
        "1 while the site is refused this operation and does not call it.",
        [({"operation": name}, float(name in shut)) for name in operations],
    )
    month = Month.of(timezone.now()).name
    spent = Spending.objects.filter(scope=SITE, month=month).first() or Spending()
    yield _one(
        "photosite_month_cost_usd", "What the paid calls of this month (UTC) cost.", spent.micro_usd / _MICRO
    )
    yield _one("photosite_month_calls", "Paid calls of this month (UTC).", spent.calls)
    if settings.BUDGET_USD is not None:
        yield _one("photosite_month_budget_usd", "What they may cost.", float(settings.BUDGET_USD))


def _storage() -> Iterator[Family]:
    sums = User.objects.aggregate(
        used=Sum("used_bytes", default=0), reserved=Sum("reserved_bytes", default=0)
    )
    yield _one("photosite_used_bytes", "Originals of all users.", sums["used"])
    yield _one("photosite_reserved_bytes", "Set aside for uploads under way.", sums["reserved"])


def _one(name: str, words: str, value: float) -> Family:
    return Family(name, "gauge", words, [({}, value)])


def _of_counts() -> Iterator[Family]:
    try:
        counts = tally.read()
    except redis.RedisError:
        yield _one("photosite_counters_up", "0 while what is counted over all processes can't be read.", 0)
        return
    yield _one("photosite_counters_up", "0 while what is counted over all processes can't be read.", 1)
    for name, words, family, labels, scale in _COUNTERS:
        yield Family(name, "counter", words, list(_samples(counts, family, labels, scale)))
    yield Family(
        "photosite_page_seconds",
        "histogram",
        "Seconds until the first byte of an answer, by the name of its address.",
        list(_histogram(counts)),
    )


_COUNTERS: Final = (
    ("photosite_pages_total", "Answers.", "pages", ("view", "status"), 1),
    ("photosite_steps_total", "What became of work on jobs.", "steps", ("step", "outcome"), 1),
    ("photosite_step_seconds_total", "Seconds of work on jobs.", "step_micros", ("step",), _MICRO),
    ("photosite_paid_calls_total", "Paid calls; refused ones are free.", "paid_calls", ("operation", "outcome"), 1),
    ("photosite_throttles_total", "Calls refused for being too many.", "throttles", ("operation",), 1),
    ("photosite_upload_failures_total", "Uploads that came to nothing.", "upload_failures", ("kind",), 1),
)  # fmt: skip


def _samples(
    counts: Mapping[tally.Name, int], family: str, labels: tuple[str, ...], scale: int
) -> Iterator[Sample]:
    for name, amount in sorted(counts.items()):
        if name[0] == family and len(name) == len(labels) + 1:
            yield dict(zip(labels, name[1:], strict=True)), amount / scale


def _histogram(counts: Mapping[tally.Name, int]) -> Iterator[Sample]:
    """Each bucket holds what was as fast as its bound or faster. Samples say which part of the histogram they are."""
    sums = {name[1]: amount for name, amount in counts.items() if name[0] == "page_micros"}
    for view in sorted(sums):
        total = 0
        for bound in (*map(str, _BOUNDS), _ENDLESS):
            total += counts.get(("page_times", view, bound), 0)
            yield {"": "_bucket", "view": view, "le": bound}, total
        yield {"": "_sum", "view": view}, sums[view] / _MICRO
        yield {"": "_count", "view": view}, total


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}\n# TYPE {family.name} {family.kind}\n"
    for labels, value in family.samples:
        told = ",".join(f'{name}="{_escaped(said)}"' for name, said in labels.items() if name)
        yield f"{family.name}{labels.get('', '')}{{{told}}} {_number(value)}\n"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _escaped(text: Any) -> str:
    return str(text).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
