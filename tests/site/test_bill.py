"""What is paid for: the bill is what the recogniser answered, and a budget stops it to the call."""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

import pytest

from tests.site import bill, pictures
from tests.site.client import Client
from tests.site.running import Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site]
ANSWER: Final = json.dumps({"Labels": [{"Name": "Cat", "Confidence": 98.5}], "LabelModelVersion": "3.0"})
PRICE: Final = Decimal("0.001")


@pytest.fixture
def dave(site: Site) -> Iterator[Client]:
    """The only user whom the site works for. The recogniser answers all with one cat: what it costs is asked, not what
    it sees."""
    until(site.at_rest, "what other tests left is done", 60)
    site.script({"body": ANSWER})
    yield site.user(f"dave-{time.monotonic_ns()}@example.org")
    site.script()


def allow(site: Site, client: Client, dollars: str) -> None:
    """The operator sets a budget, as the admin's form does."""
    rows = f"User.objects.filter(email={client.email!r}).update(budget_usd={dollars!r})"
    site.typed("shell", "-v", "0", "-c", f"from accounts.models import User; assert {rows}")


def states(client: Client) -> list[str]:
    found = sorted(photo["processing"]["state"] for photo in client.photos())
    assert "failed" not in found
    return found


def answers(site: Site) -> int:
    return sum(call["status"] == 200 for call in site.ledger)


def counted(client: Client, state: str, count: int) -> Callable[[], bool]:
    return lambda: states(client).count(state) == count


def test_the_bill_is_what_the_recogniser_answered(site: Site, dave: Client) -> None:
    before = answers(site)
    for _ in range(3):
        dave.add(pictures.fresh())
    again = pictures.fresh()
    assert [dave.send(again, "twice.jpg").status for _ in range(2)] == [201, 200]
    until(counted(dave, "done", 4), "all are labelled", 60)
    assert answers(site) - before == 4
    told = bill.of(site, dave.email)
    assert (told.calls, told.perhaps, told.cost_usd) == (4, 0, 4 * PRICE)
    account = dave.ask("GET", "/api/v1/account/").json
    assert (account["calls_this_month"], account["cost_usd_this_month"]) == (4, 0.004)


@pytest.mark.long
@pytest.mark.parametrize("cents", [1, 5])
def test_a_budget_stops_to_the_call_and_goes_on_when_it_is_raised(
    site: Site, dave: Client, cents: int
) -> None:
    allowed, more = cents * 10, 3
    before = answers(site)
    allow(site, dave, f"{cents / 100:.2f}")
    for _ in range(allowed + more):
        dave.add(pictures.fresh())
    until(counted(dave, "done", allowed), "what may be paid for is labelled", 90)
    until(lambda: len(reasons(dave)) == more, "the others say why they wait", 30)
    assert all(f"Out of budget: ${cents / 100:.2f}" in reason for reason in reasons(dave))
    assert answers(site) - before == allowed
    allow(site, dave, "1")
    until(counted(dave, "done", allowed + more), "the others go on by themselves", 60)
    assert answers(site) - before == allowed + more
    assert bill.of(site, dave.email).cost_usd == (allowed + more) * PRICE
    site.assert_verified()


def reasons(client: Client) -> list[str]:
    steps = [step for photo in client.photos() for step in photo["processing"]["steps"]]
    return [step["reason"] for step in steps if step["state"] == "waiting" and step["reason"]]
