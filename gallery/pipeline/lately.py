"""What the site did, day by day: counted a day at a time and kept, so that nobody waits for a month's rows twice."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeVar

from django.core.cache import cache
from django.db.models import Count, Sum
from django.utils import timezone

from gallery.models import Analysis, Job, Photo
from gallery.pipeline.bill import exact

Told = TypeVar("Told")
_TODAY_SECONDS: Final = 60
_PAST_SECONDS: Final = 12 * 3600  # photos that are deleted leave their day, too
_MOST_FAILURES: Final = 10_000


class Uploads(NamedTuple):
    photos: int
    byte_size: int


class Called(NamedTuple):
    """Calls of one operation, and what they cost in US dollars; refused ones left out."""

    operation: str
    calls: int
    cost_usd: Decimal


def days_until_now(count: int) -> list[date]:
    """The last `count` days in UTC, this one the last."""
    today = timezone.now().astimezone(UTC).date()
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def uploads(days: list[date]) -> dict[date, Uploads]:
    """Photos that came on each day and are still here, and their bytes."""
    return _each(days, "uploads", _uploads)


def calls(days: list[date]) -> dict[date, list[Called]]:
    return _each(days, "calls", _calls)


def failures(days: list[date]) -> dict[date, dict[str, int]]:
    """Jobs that failed on each day and were not tried again, by step; of the newest 10,000."""
    newest = Job.objects.failed().order_by("-pk").values_list("step", "finished_at")[:_MOST_FAILURES]
    counts = Counter((finished.astimezone(UTC).date(), step) for step, finished in newest if finished)
    steps = {step for _, step in counts}
    return {day: {step: counts[day, step] for step in steps if counts[day, step]} for day in days}


def _each(days: list[date], what: str, ask: Callable[[datetime, datetime], Told]) -> dict[date, Told]:
    keys = {day: f"lately-{what}-{day}" for day in days}
    kept = cache.get_many(list(keys.values()))
    found = {}
    for day, key in keys.items():
        if key not in kept:
            begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
            kept[key] = ask(begin, begin + timedelta(days=1))
            past = begin + timedelta(days=1) < timezone.now()
            cache.set(key, kept[key], _PAST_SECONDS if past else _TODAY_SECONDS)
        found[day] = kept[key]
    return found


def _uploads(begin: datetime, end: datetime) -> Uploads:
    came = Photo.objects.filter(uploaded_at__gte=begin, uploaded_at__lt=end)
    sums = came.aggregate(photos=Count("pk"), byte_size=Sum("byte_size", default=0))
    return Uploads(**sums)


def _calls(begin: datetime, end: datetime) -> list[Called]:
    made = Analysis.objects.filter(sent_at__gte=begin, sent_at__lt=end).exclude(state=Analysis.State.REFUSED)
    rows: Iterable[Any] = (
        made.order_by().values_list("operation").annotate(Count("pk"), Sum("cost_usd")).order_by("operation")
    )
    return [Called(operation, count, exact(cost)) for operation, count, cost in rows]
