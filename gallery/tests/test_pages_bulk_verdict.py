"""Saying of all photos of a search at once that its label is right, or wrong."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Change, Photo, Verdict
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection
from gallery.views import picked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def cats(alice: User) -> list[Photo]:
    photos = [make_finished(alice) for _ in range(3)]
    for photo in photos:
        make_detection(photo, "Cat", 90, aliases=["Feline"])
    return photos


def ask(client: Client, query: str = "cat", state: str = "rejected") -> Any:
    return client.get(reverse("search_verdict"), {"q": query, "state": state})


def say(client: Client, count: int, query: str = "cat", state: str = "rejected", **more: Any) -> Any:
    form = {"q": query, "state": state, "count": count}
    return client.post(reverse("search_verdict"), form, **more)


def states() -> list[str]:
    return sorted(Verdict.objects.values_list("state", flat=True))


@pytest.mark.usefixtures("cats")
def test_i_am_asked_about_all_of_them_before_anything_changes(member: Client) -> None:
    page = ask(member).content.decode()
    assert "Is “Cat” wrong on all 3 photos?" in page
    assert "Yes, all 3 are wrong" in page
    assert states() == []


@pytest.mark.usefixtures("cats")
@pytest.mark.parametrize(("state", "left"), [("confirmed", 3), ("rejected", 0)])
def test_what_i_say_holds_for_all_of_them_until_i_undo_it(member: Client, state: str, left: int) -> None:
    page = say(member, 3, state=state, follow=True).content.decode()
    assert states() == [state] * 3
    assert page.count('<div class="tile ') == left
    ((undo, back),) = re.findall(r'action="(/changes/[^"]+/undo/)".*name="next" value="([^"]+)"', page)
    after = member.post(undo, {"next": html.unescape(back)}, follow=True)
    assert after.redirect_chain == [("/search/?q=cat", 302)]
    assert "3 photos are as they were before." in after.content.decode()
    assert after.content.decode().count('<div class="tile ') == 3
    assert states() == []


@pytest.mark.usefixtures("cats")
def test_an_alias_means_its_label(member: Client) -> None:
    assert "“Cat” wrong" in ask(member, "feline").content.decode()
    say(member, 3, "feline")
    assert set(Verdict.objects.values_list("label__name", flat=True)) == {"Cat"}


def test_if_other_photos_came_meanwhile_i_am_asked_again(
    member: Client, alice: User, cats: list[Photo]
) -> None:
    make_detection(make_finished(alice), "Cat", 90)
    answer = say(member, len(cats))
    assert answer.status_code == 409
    assert "Is “Cat” wrong on all 4 photos?" in answer.content.decode()
    assert states() == []


@pytest.mark.usefixtures("cats")
@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("", "rejected"),
        ("cat dog", "rejected"),
        ("dog", "rejected"),
        ("cat", "perhaps"),
        ("(cat", "rejected"),
    ],
)
def test_nothing_is_said_of_what_is_not_one_label_with_photos(member: Client, query: str, state: str) -> None:
    for answer in (ask(member, query, state), say(member, 3, query, state)):
        assert answer.status_code == 422
    assert states() == []


@pytest.mark.usefixtures("cats")
def test_so_many_at_once_are_refused(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picked, "MOST", 2)
    assert "more than 2 photos" in ask(member).content.decode()
    assert say(member, 3).status_code == 422


def test_nothing_is_said_of_others_photos(client: Client, bob: User, cats: list[Photo]) -> None:
    client.force_login(bob)
    make_detection(make_finished(bob), "Cat", 90)
    say(client, 1)
    assert not Verdict.objects.filter(photo__in=cats).exists()
    assert Verdict.objects.count() == 1


def test_nobody_undoes_what_others_did(client: Client, alice: User, bob: User) -> None:
    change = Change.objects.create(owner=alice, action="favourite", before={})
    client.force_login(bob)
    assert client.post(reverse("change_undo", args=[change.pk])).status_code == 404
    client.force_login(alice)
    away = client.post(reverse("change_undo", args=[change.pk]), {"next": "//example.org/"})
    assert away.headers["Location"] == "/"
    assert client.post(reverse("change_undo", args=[change.pk])).status_code == 409
