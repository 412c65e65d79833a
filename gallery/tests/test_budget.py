"""A budget is met exactly, whoever spends it; what waits for it says so, and goes on when there is room."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from gallery.labelling.prices import dollars
from gallery.models import Analysis, Job, Photo, Spending
from gallery.pipeline import budget, claims
from gallery.pipeline.budget import Month
from gallery.pipeline.sweep import sweep
from gallery.tests.making import make_jobs, make_photo

pytestmark = pytest.mark.django_db(transaction=True)
ASK = "DetectLabels"


@pytest.fixture(autouse=True)
def told() -> Any:
    """Words that were sent, by step; the queue is empty."""
    said: list[str] = []
    with (
        mock.patch("gallery.pipeline.queue._send", lambda task, arguments, *more: said.extend(arguments)),
        mock.patch("gallery.pipeline.queue.length", lambda queue: 0),
    ):
        yield said


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice)


def allow(user: User, dollars: str | None) -> None:
    User.objects.filter(pk=user.pk).update(budget_usd=dollars)


def spent(scope: User | None = None) -> list[tuple[str, int, int]]:
    rows = Spending.objects.filter(scope=scope.pk.hex if scope else "").order_by("month")
    return list(rows.values_list("month", "calls", "micro_usd"))


def refused(photo: Photo) -> str:
    photo = Photo.objects.select_related("owner").get(pk=photo.pk)
    with pytest.raises(budget.Spent) as said:
        budget.charge(photo, ASK)
    return str(said.value)


def at(year: int, month: int, day: int) -> Any:
    now = datetime(year, month, day, 12, tzinfo=UTC)
    return mock.patch("django.utils.timezone.now", lambda: now)


def test_a_call_is_written_down_before_it_is_made(photo: Photo, alice: User) -> None:
    analysis = budget.charge(photo, ASK, ["IMAGE_PROPERTIES"])
    assert (analysis.state, analysis.features, analysis.owner) == ("sent", "IMAGE_PROPERTIES", alice)
    assert analysis.cost_usd == Decimal("0.00175")
    this_month = Month.of(timezone.now()).name
    assert spent() == spent(alice) == [(this_month, 1, 1750)]


def test_a_budget_of_five_cents_is_fifty_calls(photo: Photo, settings: Any) -> None:
    settings.BUDGET_USD = Decimal("0.05")
    for _ in range(50):
        budget.charge(photo, ASK)
    refused(photo)
    assert Analysis.objects.count() == 50


def test_twenty_threads_do_not_spend_more_than_one(alice: User, bob: User, settings: Any) -> None:
    settings.BUDGET_USD = Decimal("0.05")
    allow(bob, "0.01")
    photos = [make_photo(alice), make_photo(User.objects.get(pk=bob.pk))]
    at_once, stopped = threading.Barrier(20), []

    def spend(photo: Photo) -> None:
        at_once.wait()
        try:
            while True:
                budget.charge(photo, ASK)
        except budget.Spent as why:
            stopped.append(str(why))
        finally:
            connection.close()

    threads = [threading.Thread(target=spend, args=(photos[number % 2],)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stopped) == 20
    assert Analysis.objects.count() == 50
    assert spent()[0][1:] == (50, 50_000)
    _, calls, micro = [*spent(bob), ("", 0, 0)][0]
    assert calls <= 10, "his own budget, unless others were quicker to empty the site's"
    assert micro == 1000 * calls
    assert [*spent(alice), ("", 0, 0)][0][1:] == (50 - calls, 50_000 - micro)


@pytest.mark.parametrize(("site", "own", "sentence"), [
    ("0", None, "Out of budget: this site may spend $0.00 on image recognition in December, and has. "
     "It goes on when the budget is raised, or on 1 January."),
    (None, "0.00", "Out of budget: $0.00 may be spent on your photos in December, and has been. "
     "It goes on when the budget is raised, or on 1 January."),
])  # fmt: skip
def test_the_reason_says_whose_budget_how_much_and_until_when(
    photo: Photo, alice: User, settings: Any, site: str | None, own: str | None, sentence: str
) -> None:
    settings.BUDGET_USD = None if site is None else Decimal(site)
    allow(alice, own)
    with at(2025, 12, 5):
        assert refused(photo) == sentence
        assert budget.blocked(ASK, budget.limits()).why(alice.pk) == sentence
    assert spent() == spent(alice) == []
    assert not Analysis.objects.exists()


def test_an_amount_finer_than_cents_is_said_whole() -> None:
    amounts = ["5", "0.5", "0.05", "0.0017500", "1000"]
    assert [dollars(Decimal(amount)) for amount in amounts] == [
        "$5.00", "$0.50", "$0.05", "$0.00175", "$1,000.00",
    ]  # fmt: skip


def test_a_refused_call_is_given_back_once_and_to_its_own_month(photo: Photo, alice: User) -> None:
    with at(2024, 1, 31):
        analysis = budget.charge(photo, ASK)
        budget.charge(photo, ASK)
    for _ in range(2):
        budget.refund(analysis, "ThrottlingException")
    assert spent() == spent(alice) == [("2024-01", 1, 1000)]
    analysis.refresh_from_db()
    assert (analysis.state, analysis.error) == ("refused", "ThrottlingException")
    assert analysis.cost_usd == 0


def test_an_answered_call_is_not_given_back(photo: Photo) -> None:
    analysis = budget.charge(photo, ASK)
    Analysis.objects.update(state="answered", answered_at=timezone.now())
    budget.refund(analysis, "late")
    assert spent()[0][1:] == (1, 1000)


def test_a_new_month_is_a_new_budget(photo: Photo, settings: Any) -> None:
    settings.BUDGET_USD = Decimal("0.001")
    with at(2024, 12, 31):
        budget.charge(photo, ASK)
        refused(photo)
    with at(2025, 1, 1):
        budget.charge(photo, ASK)
    assert spent() == [("2024-12", 1, 1000), ("2025-01", 1, 1000)]


def test_ten_thousand_photos_cost_what_they_cost() -> None:
    assert budget.estimate(10_000, ASK) == 10
    assert budget.estimate(3, ASK, "IMAGE_PROPERTIES", "DetectFaces") == Decimal("0.00825")
    assert budget.estimate(0, ASK) == budget.estimate(7) == 0


def waiting(owner: User, count: int = 1) -> list[Job]:
    """Photos whose labels are due."""
    made = [make_jobs(make_photo(owner), ready_at=timezone.now())["labels"] for _ in range(count)]
    Job.objects.filter(step="renditions").update(state="done", finished_at=timezone.now())
    return made


def reasons(owner: User) -> set[str]:
    return {job.reason for job in Job.objects.filter(owner=owner, step="labels")}


def test_the_photos_of_who_has_no_budget_are_not_claimed(alice: User, bob: User) -> None:
    allow(alice, "0")
    waiting(alice, 20)
    (due,) = waiting(bob)
    claimed = claims.claim("labels")
    assert claimed is not None
    assert claimed.pk == due.pk
    assert claims.claim("labels") is None
    assert set(Job.objects.filter(owner=alice).values_list("attempts", flat=True)) == {0}
    assert [reason[:14] for reason in reasons(alice)] == ["Out of budget:"]


def test_nobody_is_told_of_what_waits_for_budget(alice: User, bob: User, told: list[str]) -> None:
    allow(alice, "0")
    waiting(alice, 3)
    waiting(bob)
    assert sweep().announced == 1
    assert told == ["labels"]
    before = list(Job.objects.order_by("pk").values())
    sweep()
    assert list(Job.objects.order_by("pk").values()) == before, "a second look changes nothing"


def test_raising_the_budget_goes_on_by_itself(alice: User, told: list[str]) -> None:
    allow(alice, "0")
    waiting(alice, 3)
    sweep()
    allow(alice, "0.01")
    assert sweep().announced == 3
    assert reasons(alice) == {""}
    assert claims.claim("labels")


def test_a_new_month_goes_on_by_itself(alice: User, settings: Any, told: list[str]) -> None:
    settings.BUDGET_USD = Decimal(0)
    (job,) = waiting(alice)
    sweep()
    settings.BUDGET_USD = Decimal(1)
    job.refresh_from_db()
    assert job.ready_at == Month.of(timezone.now()).end
    Spending.objects.create(month=Month.of(timezone.now()).name, micro_usd=1_000_000)
    assert sweep().announced == 0
    with at(job.ready_at.year, job.ready_at.month, 1):
        assert sweep().announced == 1
        assert claims.claim("labels")


def test_a_site_without_budget_asks_nothing_for_anybody(alice: User, bob: User, settings: Any) -> None:
    settings.BUDGET_USD = Decimal("0.0009")
    waiting(alice)
    waiting(bob)
    assert claims.claim("labels") is None
    for owner in (alice, bob):
        assert ["this site may spend $0.0009" in reason for reason in reasons(owner)] == [True]


def test_a_worker_that_died_does_not_keep_its_job_from_waiting(alice: User) -> None:
    waiting(alice)
    assert claims.claim("labels")
    Job.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
    allow(alice, "0")
    assert claims.claim("labels") is None
    assert [reason[:14] for reason in reasons(alice)] == ["Out of budget:"]


def test_what_was_let_go_does_not_overtake_everybody(alice: User, bob: User) -> None:
    allow(alice, "0")
    waiting(alice, 5)
    sweep()
    Job.objects.filter(owner=alice).update(turn=3)
    theirs = waiting(bob, 2)
    for job, turn in zip(theirs, (100, 101), strict=True):
        Job.objects.filter(pk=job.pk).update(turn=turn)
    allow(alice, "1")
    sweep()
    assert set(Job.objects.filter(owner=alice, step="labels").values_list("turn", flat=True)) == {100}


def test_no_budget_costs_a_claim_nothing(alice: User, django_assert_num_queries: Any) -> None:
    waiting(alice)
    with django_assert_num_queries(5):  # candidates, the lease; the job, its photo, its owner
        assert claims.claim("labels") is not None
