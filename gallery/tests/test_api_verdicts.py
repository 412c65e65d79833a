"""Saying through the API what is right about a label, and taking it back."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import User
from gallery.labelling.answer import FoundLabel
from gallery.models import Change, Photo, Verdict
from gallery.organise import changes, verdicts
from gallery.organise import photos as organise
from gallery.tests.asking import address, browser, program, read, told
from gallery.tests.making import make_photo
from gallery.tests.saying import CAT, DOG, machine, stands

pytestmark = pytest.mark.usefixtures("plain_pages")
MEMBERS = {
    "name", "confidence", "state", "source", "model_version", "parents", "aliases", "categories", "instances",
}  # fmt: skip


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice)


def of(photo: Photo, name: str) -> str:
    return address(photo, f"labels/{quote(name, safe='')}/")


def put(client: Client, photo: Photo, name: str, state: Any = "confirmed", **query: str) -> Any:
    return client.put(
        of(photo, name), {"state": state}, content_type="application/json", query_params=query or None
    )


def test_a_confirmed_label_comes_back_whole(mine: Client, photo: Photo) -> None:
    machine(photo, DOG)
    label = put(mine, photo, "dog").json()
    assert label.keys() == MEMBERS
    assert (label["name"], label["state"], label["source"]) == ("Dog", "confirmed", "rekognition")
    assert (label["confidence"], label["model_version"], label["parents"]) == (95, "3.0", ["Animal", "Pet"])
    assert label in read(mine, address(photo))["labels"]


def test_a_rejected_label_is_left_out_unless_it_is_asked_for(mine: Client, photo: Photo) -> None:
    machine(photo, DOG)
    assert put(mine, photo, "Dog", "rejected").json()["state"] == "rejected"
    assert read(mine, address(photo))["labels"] == []
    (label,) = read(mine, address(photo), rejected="true")["labels"]
    assert (label["name"], label["state"]) == ("Dog", "rejected")
    assert mine.delete(of(photo, "Dog")).status_code == 204
    assert "Dog" in stands(photo)


def test_a_list_carries_rejected_labels_only_where_a_machine_was_sure_of_them(
    mine: Client, photo: Photo
) -> None:
    machine(photo, DOG, CAT)
    for name in ("Dog", "Cat", "Never told"):
        put(mine, photo, name, "rejected")
    (listed,) = read(mine, rejected="true")["results"]
    assert [(label["name"], label["confidence"]) for label in listed["labels"]] == [("Dog", 95)]
    whole = read(mine, address(photo), rejected="true")["labels"]
    assert {label["name"] for label in whole} == {"Dog", "Cat", "Never told"}


def test_what_only_followed_can_be_rejected_as_well(mine: Client, photo: Photo) -> None:
    machine(photo, DOG)
    assert put(mine, photo, "Pet", "rejected").json()["state"] == "rejected"
    assert stands(photo) == {"Dog", "Animal", "Animals and Pets"}


@pytest.mark.parametrize(
    "name", ["Hot dog", "AC/DC", "a/", "50% off", "100%25", "Straße", "日本", "<script>", "?q=1", "#1", "."]
)
def test_any_name_can_be_ones_own(mine: Client, photo: Photo, name: str) -> None:
    label = put(mine, photo, name).json()
    assert (label["name"], label["state"], label["source"], label["confidence"]) == (
        name, "confirmed", "user", 100,
    )  # fmt: skip
    assert stands(photo) == {name}
    assert mine.delete(of(photo, name)).status_code == 204
    assert stands(photo) == set()


@pytest.mark.parametrize("name", [" ", "x" * 101, "\u200b", "\t"], ids=ascii)
def test_a_name_that_is_none_is_refused(mine: Client, photo: Photo, name: str) -> None:
    for response in (put(mine, photo, name), mine.delete(of(photo, name))):
        assert response.status_code == 422
        assert json.loads(response.content)["detail"].endswith(".")
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("state", ["suggested", "Confirmed", "", None, 1, ["confirmed"]], ids=repr)
def test_nothing_else_can_be_said(mine: Client, photo: Photo, state: Any) -> None:
    told(put(mine, photo, "Dog", state), 422, "invalid")


def test_a_name_without_letters_has_no_address(mine: Client, photo: Photo) -> None:
    told(mine.put(address(photo, "labels//"), {"state": "confirmed"}, "application/json"), 404, "not_found")


def test_taking_back_what_nobody_said_is_no_fault(mine: Client, photo: Photo) -> None:
    assert mine.delete(of(photo, "never heard of")).status_code == 204


def test_a_word_that_is_taken_back_in_the_same_moment_is_not_there(
    mine: Client, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = verdicts.say

    def say_and_take_back(*words: Any) -> Change:
        change = say(*words)
        changes.undo(photo.owner_id, change.pk)
        return change

    monkeypatch.setattr(verdicts, "say", say_and_take_back)
    told(put(mine, photo, "Aunt Clara"), 404, "not_found")
    assert not Verdict.objects.exists()


def test_a_content_warning_is_judged_by_its_kind(mine: Client, photo: Photo) -> None:
    machine(photo, FoundLabel("Violence", 90), kind="moderation")
    assert put(mine, photo, "Violence", "rejected", kind="moderation").json()["confidence"] == 90
    assert stands(photo) == set()
    told(put(mine, photo, "Violence", "rejected", kind="category"), 422, "invalid")


def test_what_is_in_the_trash_can_be_judged(mine: Client, photo: Photo) -> None:
    organise.trash(photo.owner_id, [photo.pk])
    assert put(mine, photo, "Dog").status_code == 200


def test_a_photo_of_somebody_else_is_not_there(photo: Photo, bob: User) -> None:
    his = program(bob)
    for response in (put(his, photo, "Dog"), his.delete(of(photo, "Dog"))):
        told(response, 404, "not_found")
    assert not Verdict.objects.exists()


def test_only_who_may_write_can_judge(alice: User, photo: Photo) -> None:
    told(put(program(alice, "read"), photo, "Dog"), 403, "read_only_token")
    told(put(browser(alice, csrf=False), photo, "Dog"), 403, "csrf_failed")
    assert put(browser(alice), photo, "Dog").status_code == 200
