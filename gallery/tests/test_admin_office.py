"""What support sees of users, and of today."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Analysis, Job, OwnerMonth, Run, Spending
from gallery.pipeline import lately
from gallery.pipeline.budget import Month
from gallery.tests.making import make_jobs, make_photo

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("plain_pages", "nothing_kept")]
TITLES = {
    "view_photo": ["Uploads a day", "Space a day"],
    "view_analysis": ["Paid calls a day", "Cost of this month"],
    "view_job": ["Failures a day", "Due work by age"],
}


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def office(client: Client, bob: User) -> Client:
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    client.force_login(bob)
    return client


def allow(user: User, *codenames: str) -> None:
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))


def a_day_at_work(owner: User, photos: int = 1) -> None:
    for _ in range(photos):
        photo = make_photo(owner, byte_size=3 * 2**20)
        make_jobs(photo)
        Analysis.objects.create(owner=owner, photo=photo, operation="DetectLabels", cost_usd="0.001")
    make_jobs(make_photo(owner), state=Job.State.FAILED, finished_at=timezone.now(), reason="It broke.")


def test_users_are_listed_with_what_they_have_and_cost(office: Client, alice: User, bob: User) -> None:
    allow(bob, "view_user")
    make_photo(alice)
    User.objects.filter(pk=alice.pk).update(used_bytes=2**20, budget_usd="2.50")
    month = Month.of(timezone.now()).name
    Spending.objects.create(scope=alice.pk.hex, month=month, calls=1234, micro_usd=1_234_000)
    Spending.objects.create(scope=alice.pk.hex, month="2020-01", calls=9, micro_usd=9)
    page = office.get(reverse("admin:accounts_user_changelist"), {"q": "alice"}).content.decode()
    row = re.sub(r"<[^>]+>", " ", page.partition('id="result_list"')[2].partition("<tbody>")[2])
    assert re.search(
        r"alice@example.org .*1.0\s?MB of 10.0\s?GB\s+1\s+1,234\s+\$1.234\s+\$2.50", row, re.DOTALL
    )
    link = re.search(r'href="([^"]+photo/\?owner=[^"]+)"', page)
    assert link is not None
    assert str(alice.pk) in link[1]


def test_numbers_are_written_as_the_readers_language_writes_them(
    office: Client, alice: User, bob: User
) -> None:
    allow(bob, "view_user", "view_run")
    User.objects.filter(pk=bob.pk).update(language="de")
    Spending.objects.create(scope=alice.pk.hex, month=Month.of(timezone.now()).name, calls=1234)
    OwnerMonth.objects.create(owner=alice, month="2024-06", photos=5678)
    users = office.get(reverse("admin:accounts_user_changelist"), {"q": "alice"}).content.decode()
    assert ">5.678</a>" in users
    assert ">1.234<" in users
    for ended in ({}, {"state": Run.State.DONE, "finished_at": timezone.now()}):
        Run.objects.create(owner=alice, step="labels", asked_for="dog", photos=4321, **ended)
    runs = office.get(reverse("admin:gallery_run_changelist")).content.decode()
    assert "0 von 4.321" in runs
    assert ">4.321<" in runs


def test_a_users_page_leads_to_what_is_theirs(office: Client, alice: User, bob: User) -> None:
    allow(bob, "view_user", "view_photo")
    photo = make_photo(alice, filename="cat.jpg")
    make_photo(bob, filename="dog.jpg")
    page = office.get(reverse("admin:accounts_user_change", args=[alice.pk])).content.decode()
    for model in ("photo", "job", "album", "share", "analysis", "run"):
        assert f"{reverse(f'admin:gallery_{model}_changelist')}?owner={alice.pk}" in page
    theirs = office.get(f"{reverse('admin:gallery_photo_changelist')}?owner={alice.pk}").content.decode()
    assert str(photo.pk) in theirs
    assert "dog.jpg" not in theirs
    assert "alice@example.org" in theirs.partition("changelist-filter")[2]


def test_whoever_may_change_users_does_not_make_themselves_more(
    office: Client, alice: User, bob: User
) -> None:
    allow(bob, "view_user", "change_user")
    address = reverse("admin:accounts_user_change", args=[bob.pk])
    form = {
        "email": bob.email,
        "is_active": "on",
        "analyse": "on",
        "is_superuser": "on",
        "quota_bytes": "5000",
    }
    office.post(address, {**form, "user_permissions": [str(Permission.objects.all()[0].pk)]})
    bob.refresh_from_db()
    assert (bob.quota_bytes, bob.is_superuser, bob.is_staff) == (5000, False, True)
    assert bob.user_permissions.count() == 2


def test_a_superusers_account_is_for_superusers(office: Client, bob: User) -> None:
    root = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    allow(bob, "view_user", "change_user", "delete_user")
    for name in ("accounts_user_change", "auth_user_password_change"):
        form = {
            "email": "mine@example.org",
            "password1": "a new one of mine",
            "password2": "a new one of mine",
        }
        assert office.post(reverse(f"admin:{name}", args=[root.pk]), form).status_code == 403
    assert (
        office.post(reverse("admin:accounts_user_delete", args=[root.pk]), {"post": "yes"}).status_code == 403
    )
    root.refresh_from_db()
    assert root.email == "root@example.org"
    assert root.check_password("leaves fall in autumn")


@pytest.mark.parametrize("permission", TITLES)
def test_today_shows_what_one_may_see(office: Client, alice: User, bob: User, permission: str) -> None:
    allow(bob, permission)
    a_day_at_work(alice)
    page = office.get(reverse("admin:index")).content.decode()
    shown = [title for titles in TITLES.values() for title in titles if f">{title}</a>" in page]
    assert shown == TITLES[permission]
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_without_permissions_today_is_empty(office: Client, alice: User) -> None:
    a_day_at_work(alice)
    assert "<figure" not in office.get(reverse("admin:index")).content.decode()


def test_today_costs_the_same_for_one_photo_and_for_ten(client: Client, alice: User) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "leaves fall in autumn"))
    counts = []
    for photos in (1, 9):
        a_day_at_work(alice, photos)
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("admin:index"))
            counts.append(len(captured))
    assert counts[1] == counts[2] == counts[3]
    assert counts[1] < counts[0]  # days that are over are not asked for again


def test_the_days_are_counted(alice: User, settings: Any) -> None:
    a_day_at_work(alice, 2)
    days = lately.days_until_now(30)
    assert len(days) == 30
    assert lately.uploads(days)[days[-1]] == (3, 6 * 2**20 + 1000)
    assert lately.uploads(days)[days[0]] == (0, 0)
    assert lately.calls(days)[days[-1]] == [("DetectLabels", 2, Decimal("0.002"))]
    assert lately.failures(days)[days[-1]] == {"renditions": 1, "labels": 1}


def test_the_queue_says_how_many_and_since_when(office: Client, alice: User, bob: User) -> None:
    allow(bob, "view_job")
    a_day_at_work(alice)
    page = office.get(reverse("admin:gallery_job_queue")).content.decode()
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert re.search(r"Labels due 1 \d+\syear", text)
    assert "Labels failed 1 0 minutes" in text
