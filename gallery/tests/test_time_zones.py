"""When a photo was taken is told by the clock of that place; all else by the reader's."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Photo
from gallery.tests.making import make_photo

# In the reader's zone both would be of another day, month and year.
_LATE: Final = datetime(2019, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def photo(alice: User, plain_pages: None) -> Photo:
    User.objects.filter(pk=alice.pk).update(time_zone="Pacific/Kiritimati")  # 14 hours before UTC
    made = make_photo(alice)
    Photo.objects.filter(pk=made.pk).update(taken_local=_LATE, uploaded_at=_LATE)
    return made


def test_taken_is_never_shifted_and_uploaded_is(member: Client, photo: Photo) -> None:
    page = member.get(reverse("photo", args=[photo.pk])).text
    assert "Dec. 31, 2019, 11:30 p.m." in page
    assert "Jan. 1, 2020, 1:30 p.m." in page


def test_a_month_is_that_of_the_place(member: Client, photo: Photo) -> None:
    page = member.get("/").text
    assert 'id="m2019-12"' in page
    assert "December 2019" in page
    assert "January 2020" not in page


def test_a_date_that_is_typed_is_a_clock_on_a_wall(member: Client, photo: Photo, alice: User) -> None:
    """Even where the reader's own clock never showed it: in Berlin it sprang over half past two."""
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    typed = {"photo": str(photo.pk), "taken": "2024-03-31T02:30", "minutes": "0", "next": "/"}
    assert member.post(reverse("selection_dates"), typed).status_code == 302
    photo.refresh_from_db()
    assert photo.taken_local == datetime(2024, 3, 31, 2, 30, tzinfo=UTC)


def test_this_day_is_the_readers(member: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 7, 1, 11, tzinfo=UTC))
    assert "July 2" in member.get(reverse("memories")).text


@pytest.mark.pure
def test_no_template_moves_the_time_taken() -> None:
    """A filter for dates shifts what has a time zone: templates use `wall_clock`, which has none."""
    found = Path(settings.BASE_DIR).glob("templates/**/*.html")
    assert [path.name for path in found if re.search(r"taken_local\s*\|", path.read_text())] == []
