"""Photos of earlier years that were taken on this day of the year, by the clock where they were taken."""

import functools
import operator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models import Q

from accounts.models import User
from gallery.models import OwnerMonth, Photo
from gallery.models.photo import PhotoQuerySet

_MOST_YEARS: Final = 100


def on_this_day(user: User, day: date, *, around: int = 0) -> PhotoQuerySet:
    """Those of earlier years, newest first; `around`: so many days before and after it count, too.

    A range of the timeline's index for each year that the user has photos of.
    """
    photos: PhotoQuerySet = Photo.objects.visible_to(user).in_timeline().newest_first()
    ranges = [_range(year, day, around) for year in _years(user, day) if _is_there(year, day)]
    if not ranges:
        return photos.none()
    found: PhotoQuerySet = photos.filter(functools.reduce(operator.or_, ranges))
    return found


def _years(user: User, day: date) -> list[int]:
    months = OwnerMonth.objects.visible_to(user).filter(photos__gt=0).values_list("month", flat=True)
    years = {int(month[:4]) for month in months}
    return sorted(year for year in years if year < day.year)[-_MOST_YEARS:]


def _is_there(year: int, day: date) -> bool:
    """The 29th of February is not, in most years."""
    try:
        day.replace(year=year)
    except ValueError:
        return False
    return True


def _range(year: int, day: date, around: int) -> Q:
    first = datetime.combine(day.replace(year=year), time.min, UTC)
    begins, ends = first - timedelta(days=around), first + timedelta(days=around + 1)
    return Q(taken_local__gte=begins, taken_local__lt=ends)
