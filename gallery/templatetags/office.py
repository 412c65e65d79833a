"""What the admin's front page shows of today: charts, each for who may see the list that is behind it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.charts import Chart, stacked
from gallery.pipeline import backlog, lately
from gallery.pipeline.steps import STEPS
from gallery.templatetags.money import dollars

register = template.Library()
_DAYS: Final = 30
_MEGABYTE: Final = 2**20
_AGES: Final = [timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)]


class Shown(NamedTuple):
    """`sum`: what the chart comes to, in words; `link`: the list behind it; `edge`: what its columns are."""

    title: str
    chart: Chart
    sum: str
    link: str
    edge: str


@register.simple_tag
def today(user: User) -> list[Shown]:
    """The charts that this member of the staff may see."""
    return [shown for permission, draw in _CHARTS if user.has_perm(permission) for shown in draw()]


@register.simple_tag
def waiting_by_age() -> Chart | None:
    ages = backlog.ages(timezone.now(), _AGES)
    names = [_("less than a minute"), _("less than 10 minutes"), _("less than an hour"), _("longer")]
    columns = [
        (
            str(STEPS[step].title),
            {name: Decimal(count) for name, count in zip(names, ages[step], strict=True)},
        )
        for step in STEPS
        if sum(ages.get(step, ()))
    ]
    return stacked(columns, names, whole) if columns else None


def whole(amount: Decimal) -> str:
    """Nothing where a scale would need parts of a photo."""
    return number_format(int(amount), force_grouping=True) if amount == int(amount) else ""


def _uploads() -> list[Shown]:
    came = lately.uploads(lately.days_until_now(_DAYS))
    link, day = reverse("admin:gallery_photo_changelist"), _("Day")
    photos, space = _("photos"), _("originals")
    counts = [(_short(day), {photos: Decimal(one.photos)}) for day, one in came.items()]
    sizes = [(_short(day), {space: Decimal(one.byte_size) / _MEGABYTE}) for day, one in came.items()]
    used = sum(User.objects.values_list("used_bytes", flat=True))
    count = whole(Decimal(sum(one.photos for one in came.values())))
    return [
        Shown(_("Uploads a day"), stacked(counts, [photos], whole), _("%s in 30 days") % count, link, day),
        Shown(
            _("Space a day"),
            stacked(sizes, [space], _megabytes),
            _("%s in all") % filesizeformat(used),
            link,
            day,
        ),
    ]


def _calls() -> list[Shown]:
    made = lately.calls(lately.days_until_now(_DAYS + 1))
    link, day = reverse("admin:gallery_analysis_changelist"), _("Day")
    operations = sorted({called.operation for some in made.values() for called in some})
    counts = [
        (_short(day), {called.operation: Decimal(called.calls) for called in some})
        for day, some in made.items()
    ]
    count = whole(Decimal(sum(called.calls for some in made.values() for called in some)))
    calls = Shown(
        _("Paid calls a day"), stacked(counts, operations, whole), _("%s in 31 days") % count, link, day
    )
    month, total, columns = timezone.now().strftime("%Y-%m"), Decimal(0), []
    for date, some in made.items():
        if f"{date:%Y-%m}" == month:
            total += sum((called.cost_usd for called in some), Decimal(0))
            columns.append((_short(date), {_("cost so far"): total}))
    chart = stacked(columns, [_("cost so far")], dollars, mark=settings.BUDGET_USD)
    cost = Shown(
        _("Cost of this month"), chart, dollars(total), reverse("admin:gallery_spending_changelist"), day
    )
    return [calls, cost]


def _work() -> list[Shown]:
    failed = lately.failures(lately.days_until_now(_DAYS))
    titles = {step.name: str(step.title) for step in STEPS.values()}
    columns = [
        (_short(day), {titles.get(step, step): Decimal(count) for step, count in counts.items()})
        for day, counts in failed.items()
    ]
    series = sorted({name for _day, counts in columns for name in counts})
    count = whole(Decimal(sum(sum(counts.values()) for counts in failed.values())))
    link = reverse("admin:gallery_job_failures")
    shown = [
        Shown(
            _("Failures a day"), stacked(columns, series, whole), _("%s in 30 days") % count, link, _("Day")
        )
    ]
    if ages := waiting_by_age():
        link = reverse("admin:gallery_job_queue")
        shown.append(Shown(_("Due work by age"), ages, "", link, _("Step")))
    return shown


_CHARTS: Final[list[tuple[str, Callable[[], list[Shown]]]]] = [
    ("gallery.view_photo", _uploads),
    ("gallery.view_analysis", _calls),
    ("gallery.view_job", _work),
]


def _short(day: Any) -> str:
    return date_format(day, "j M")


def _megabytes(amount: Decimal) -> str:
    return filesizeformat(int(amount * _MEGABYTE))
