"""The page of an owner's links."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Share
from gallery.organise import shares
from gallery.tests.making import make_photo
from gallery.views import shares as views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture(autouse=True)
def _two_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_ON_A_PAGE", 2)


def shared(owner: User, **fields: Any) -> Share:
    made, _token = shares.make(owner, photo=make_photo(owner).pk)
    Share.objects.filter(pk=made.pk).update(**fields)
    return made


def listed(member: Client, after: object = "") -> str:
    return member.get(reverse("shares"), {"after": str(after)}).content.decode()


def ends(share: Share) -> str:
    return reverse("share_end", args=[share.pk])


@pytest.mark.parametrize("at_once", [False, True])
def test_all_links_are_found_page_by_page(member: Client, alice: User, at_once: bool) -> None:
    moment = timezone.now()
    made = [shared(alice, **({"created_at": moment} if at_once else {})) for _ in range(5)]
    seen: list[Share] = []
    for _ in range(3):
        page = listed(member, seen[-1].pk if seen else "")
        found = sorted((one for one in made if ends(one) in page), key=lambda one: page.index(ends(one)))
        assert ("More links" in page) == (len(seen) + len(found) < 5)
        seen += found
    assert seen == sorted(made, key=lambda one: one.pk if at_once else one.created_at, reverse=True)
    assert "No more links" in listed(member, seen[-1].pk)


@pytest.mark.parametrize("after", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_place_that_is_none_is_the_beginning(member: Client, alice: User, after: str) -> None:
    assert ends(shared(alice)) in listed(member, after)


def test_the_page_goes_on_after_nobody_elses_link(member: Client, alice: User, bob: User) -> None:
    mine, his = shared(alice), shared(bob)
    page = listed(member, his.pk)
    assert ends(mine) in page
    assert ends(his) not in page
