"""/usage/ and the admin's bill: what was paid for, what it cost, what stops it, what waits."""

import re
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Analysis
from gallery.pipeline import budget, unpaid
from gallery.pipeline.budget import Month
from gallery.tests.making import make_jobs, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def call(owner: User, operation: str = "DetectLabels", *features: str, months_ago: int = 0) -> Analysis:
    then = Month.of(timezone.now()).earlier(months_ago).first
    with mock.patch("gallery.pipeline.budget.timezone.now", return_value=then):
        return budget.charge(make_photo(owner), operation, features)


def answer(*analyses: Analysis) -> None:
    keys = [analysis.pk for analysis in analyses]
    Analysis.objects.filter(pk__in=keys).update(state="answered", answered_at=timezone.now())


def page(client: Client, user: User) -> str:
    client.force_login(user)
    response = client.get(reverse("usage"))
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_a_new_user_sees_space_prices_and_no_chart(client: Client, alice: User) -> None:
    told = words(page(client, alice))
    assert "0 bytes of 10.0 GB used" in told
    assert "0 calls for $0.00" in told
    assert "IMAGE_PROPERTIES $0.00075" in told
    assert "There is no budget of your own." in told
    assert "The last twelve months" not in told


def test_this_months_calls_are_told_by_operation(client: Client, alice: User, bob: User) -> None:
    answer(call(alice), call(alice), call(alice, "DetectLabels", "IMAGE_PROPERTIES"))
    call(alice, "DetectText")
    budget.refund(call(alice, "DetectText"), "ThrottlingException")
    call(alice, "DetectText", months_ago=1)
    call(bob, "DetectFaces")
    told = words(page(client, alice))
    assert "4 calls for $0.00475" in told
    assert "DetectLabels 2 0 $0.002" in told
    assert "DetectLabels + IMAGE_PROPERTIES 1 0 $0.00175" in told
    assert "DetectText 1 1 $0.001" in told
    assert "Perhaps billed:" in told
    assert "DetectFaces 1" not in told


def test_the_last_year_is_a_chart_and_the_same_as_a_table(client: Client, alice: User) -> None:
    for months_ago in (0, 1, 1, 11, 12):
        call(alice, months_ago=months_ago)
    text = page(client, alice)
    assert text.count('<rect class="series s0" x=') == 3, "the month before the year is not there"
    assert text.count('<tr><th scope="row">') >= 12
    last = Month.of(timezone.now()).earlier(1).first
    assert f"{last:%b %y} $0.002 $0.002" in words(text)
    assert "style=" not in text


def test_what_stops_it_is_told(client: Client, alice: User, settings: Any) -> None:
    settings.BUDGET_USD = Decimal(25)
    User.objects.filter(pk=alice.pk).update(budget_usd="0.05")
    told = words(page(client, alice))
    assert "At most $0.05 a month is spent on your photos. The whole site stops at $25.00 a month." in told


def test_what_waits_for_budget_is_told(client: Client, alice: User, bob: User) -> None:
    User.objects.update(budget_usd=0)
    for owner in (alice, alice, bob):
        make_jobs(make_photo(owner))
    unpaid.look_again()
    told = words(page(client, alice))
    assert "2 steps of your photos wait. Out of budget: $0.00 may be spent on your photos in" in told


def test_ten_thousand_calls_cost_as_many_queries_as_one(client: Client, alice: User) -> None:
    counts = []
    for calls in (1, 20):
        for number in range(calls):
            call(alice, months_ago=number % 12)
        client.force_login(alice)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("usage"))
        counts.append(len(asked))
    assert counts == [7, 7]


def test_a_year_is_summed_up_from_the_index(alice: User) -> None:
    sent = Analysis.objects.visible_to(alice).filter(sent_at__gte=timezone.now())
    assert (
        "analysis_bill" in sent.values_list("operation", "cost_usd").explain()
        or connection.vendor != "sqlite"
    )


def test_staff_see_who_cost_what(client: Client, alice: User, bob: User) -> None:
    call(alice)
    call(alice, months_ago=1)
    call(bob)
    gone = User.objects.create_user("gone@example.org")
    call(gone)
    gone.delete()
    client.force_login(User.objects.create_superuser("root@example.org", "leaves fall in autumn"))
    address = reverse("admin:gallery_spending_changelist")
    text = client.get(address).content.decode()
    for told in ("all users", alice.email, bob.email, "somebody who is gone", "$0.003"):
        assert told in text
    assert text.count('<rect class="series s0" x=') == 2
    found = client.get(address, {"q": "alice"}).content.decode()
    assert bob.email not in found.split("result_list")[1]


def test_staff_set_a_users_budget(client: Client, alice: User) -> None:
    client.force_login(User.objects.create_superuser("root@example.org", "leaves fall in autumn"))
    form = {"email": alice.email, "is_active": "on", "analyse": "on", "budget_usd": "0.05"}
    answered = client.post(reverse("admin:accounts_user_change", args=[alice.pk]), form)
    assert answered.status_code == 302
    alice.refresh_from_db()
    assert alice.budget_usd == Decimal("0.05")
