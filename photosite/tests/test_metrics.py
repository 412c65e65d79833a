"""What /metrics tells, and whom."""

import re
import uuid
from typing import Any
from unittest import mock

import pytest
import redis
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from gallery import tally
from gallery.labelling import rate
from gallery.models import Circuit, Job, Spending
from gallery.pipeline.budget import Month
from gallery.tests.making import make_jobs, make_photo
from photosite import metrics
from photosite.metrics import Family, PageTimes, written

TOKEN = "a token of twenty characters"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages", "queue", "fresh")]


@pytest.fixture
def fresh(queue: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Nothing is counted and nothing is kept."""
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(tally, "_KEY", f"photosite:tally:{uuid.uuid4()}")
    tally._begin_anew()
    cache.delete("metrics-of-rows")


@pytest.fixture
def prometheus() -> Client:
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})


def told(client: Client) -> dict[str, float]:
    """Each sample by its name with its labels."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = response.content.decode().splitlines()
    assert all(re.fullmatch(r"# (HELP|TYPE) \w+ .+|\w+\{.*\} [\d.e+-]+", line) for line in lines)
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"}


def test_whoever_has_the_token_reads_it(prometheus: Client) -> None:
    assert told(prometheus)["photosite_counters_up{}"] == 1


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}é"]
)
def test_nobody_else_does(given: str) -> None:
    response = Client(headers={"Authorization": given}).get("/metrics")
    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"photosite_" not in response.content


@pytest.mark.parametrize("given", ["Bearer", "Bearer "])
def test_where_no_token_is_set_an_empty_one_opens_nothing(settings: Any, given: str) -> None:
    settings.METRICS_TOKEN = ""
    assert Client(headers={"Authorization": given}).get("/metrics").status_code == 401


@pytest.mark.parametrize(
    ("staff", "permission", "status"),
    [(False, "view_job", 401), (True, "view_label", 401), (True, "view_job", 200)],
)
def test_staff_read_it_who_may_see_the_queue(
    client: Client, bob: User, staff: bool, permission: str, status: int
) -> None:
    User.objects.filter(pk=bob.pk).update(is_staff=staff)
    bob.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(bob)
    assert client.get("/metrics").status_code == status


def test_the_queue_is_told(prometheus: Client, alice: User) -> None:
    make_jobs(make_photo(alice))
    make_jobs(make_photo(alice), state=Job.State.FAILED, finished_at=timezone.now(), reason="It broke.")
    samples = told(prometheus)
    assert samples['photosite_jobs{step="labels",state="due"}'] == 1
    assert samples['photosite_jobs{step="labels",state="failed"}'] == 1
    assert samples['photosite_job_oldest_due_seconds{step="labels"}'] > 1000


def test_money_and_circuits_are_told(prometheus: Client, alice: User, settings: Any) -> None:
    month = Month.of(timezone.now()).name
    Spending.objects.create(scope="", month=month, calls=7, micro_usd=7000)
    Circuit.objects.create(operation="DetectFaces", reason="AccessDenied", probe_at=timezone.now())
    settings.BUDGET_USD = 25
    samples = told(prometheus)
    assert samples["photosite_month_cost_usd{}"] == 0.007
    assert samples["photosite_month_calls{}"] == 7
    assert samples["photosite_month_budget_usd{}"] == 25
    assert samples['photosite_circuit_open{operation="DetectFaces"}'] == 1
    assert samples['photosite_circuit_open{operation="DetectLabels"}'] == 0


def test_what_was_counted_is_told(prometheus: Client) -> None:
    tally.add("paid_calls", "DetectLabels", "answered", amount=5)
    tally.add("upload_failures", "too_large")
    tally.add("steps", "labels", "done", amount=2)
    tally.add("step_micros", "labels", amount=1_500_000)
    rate.hold("DetectLabels", 0)
    samples = told(prometheus)
    assert samples['photosite_paid_calls_total{operation="DetectLabels",outcome="answered"}'] == 5
    assert samples['photosite_upload_failures_total{kind="too_large"}'] == 1
    assert samples['photosite_steps_total{step="labels",outcome="done"}'] == 2
    assert samples['photosite_step_seconds_total{step="labels"}'] == 1.5
    assert samples['photosite_throttles_total{operation="DetectLabels"}'] == 1


def test_pages_are_counted_by_the_name_of_their_address(prometheus: Client, client: Client) -> None:
    for path in ("/healthz", "/healthz", "/no/such/page/1", "/no/such/page/2"):
        client.get(path)
    samples = told(prometheus)
    assert samples['photosite_pages_total{view="photosite.health.healthz",status="2xx"}'] == 2
    assert samples['photosite_pages_total{view="none",status="4xx"}'] == 2
    assert samples['photosite_page_seconds_count{view="none"}'] == 2
    assert samples['photosite_page_seconds_bucket{view="none",le="+Inf"}'] == 2
    assert not [name for name in samples if "such" in name]


@pytest.mark.parametrize(("seconds", "least"), [(0.01, "0.01"), (0.011, "0.025"), (3, "5.0"), (11, "+Inf")])
def test_a_page_is_in_every_bucket_that_is_not_too_fast(
    prometheus: Client, monkeypatch: pytest.MonkeyPatch, seconds: float, least: str
) -> None:
    clock = iter([0.0, seconds])
    with monkeypatch.context() as patched:
        patched.setattr("photosite.metrics.time.perf_counter", lambda: next(clock))
        PageTimes(lambda _: HttpResponse())(RequestFactory().get("/"))
    counted = {name[2]: amount for name, amount in tally._counts.items() if name[0] == "page_times"}
    assert counted == {least: 1}
    buckets = list(metrics._histogram(dict(tally._counts)))
    full = [labels["le"] for labels, value in buckets if labels[""] == "_bucket" and value == 1]
    assert full[0] == least
    assert full[-1] == "+Inf"
    tally._begin_anew()


def test_without_redis_the_rows_are_told_all_the_same(
    prometheus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "read", mock.Mock(side_effect=redis.ConnectionError))
    samples = told(prometheus)
    assert samples["photosite_counters_up{}"] == 0
    assert samples['photosite_jobs{step="labels",state="due"}'] == 0


def test_the_rows_are_not_asked_for_again_within_seconds(
    prometheus: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told(prometheus)
    with django_assert_num_queries(0):
        told(prometheus)


def test_no_label_breaks_the_format() -> None:
    family = Family("photosite_x", "gauge", "X.", [({"kind": 'a "b"\\\nc'}, 0.5)])
    assert written([family]).splitlines()[-1] == r'photosite_x{kind="a \"b\"\\\nc"} 0.5'
