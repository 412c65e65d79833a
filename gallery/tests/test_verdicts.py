"""What an owner says of a label is so: whatever a machine says later, however often it is asked again."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.labelling.answer import FoundLabel
from gallery.models import Detection, OwnerLabel, Photo, Verdict
from gallery.organise import verdicts
from gallery.pipeline import reconcile
from gallery.pipeline.detections import replace_detections
from gallery.tests.asking import program
from gallery.tests.collection import make_finished
from gallery.tests.making import make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
DOG = FoundLabel("Dog", 95, parents=("Animal", "Pet"), categories=("Animals and Pets",))
ANIMAL = FoundLabel("Animal", 95)
CAT = FoundLabel("Cat", 70, parents=("Animal",), categories=("Animals and Pets",))


def machine(photo: Photo, *found: FoundLabel, version: str = "3.0") -> None:
    with transaction.atomic():
        replace_detections(photo, found, version)


def stands(photo: Photo, least: float = 0) -> set[str]:
    rows = Detection.objects.filter(photo=photo, certainty__gte=least)
    return set(rows.values_list("label__name", flat=True))


def counts() -> dict[str, tuple[int, int]]:
    rows = OwnerLabel.objects.exclude(photos=0).values_list("label__name", "photos", "shown")
    return {name: (every, shown) for name, every, shown in rows}


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice)


def say(photo: Photo, name: str, state: str | None) -> None:
    assert verdicts.say(photo.owner_id, [photo.pk], name, state) == [photo.pk]


def test_a_wrong_label_is_gone_and_so_is_all_that_only_followed_from_it(photo: Photo) -> None:
    machine(photo, DOG, ANIMAL)
    assert counts() == dict.fromkeys(["Dog", "Animal", "Pet", "Animals and Pets"], (1, 1))
    say(photo, "dog", "rejected")
    assert stands(photo) == set()
    assert counts() == {}


def test_what_something_else_supports_stays(photo: Photo) -> None:
    machine(photo, DOG, CAT, ANIMAL)
    say(photo, "Dog", "rejected")
    assert counts() == {"Cat": (1, 0), "Animal": (1, 1), "Animals and Pets": (1, 0)}


def test_a_wrong_label_stays_wrong_through_three_relabellings_until_it_is_taken_back(photo: Photo) -> None:
    machine(photo, DOG)
    say(photo, "Dog", "rejected")
    for version in ("3.1", "3.2", "4.0"):
        machine(photo, DOG, version=version)
        assert stands(photo) == set()
    say(photo, "Dog", None)
    assert stands(photo) == {"Dog", "Animal", "Pet", "Animals and Pets"}


def test_a_confirmed_label_passes_every_threshold_and_outlives_a_change_of_mind(photo: Photo) -> None:
    machine(photo, CAT)
    say(photo, "CAT", "confirmed")
    assert stands(photo, 100) == {"Cat", "Animal", "Animals and Pets"}
    machine(photo)
    assert stands(photo, 100) == {"Cat", "Animal", "Animals and Pets"}
    say(photo, "Cat", None)
    assert stands(photo) == set()


def test_a_label_of_ones_own_is_counted_and_goes_without_a_trace(photo: Photo) -> None:
    say(photo, "  Aunt\nClara ", "confirmed")
    assert counts() == {"Aunt Clara": (1, 1)}
    say(photo, "aunt clara", None)
    assert counts() == {}
    assert not Verdict.objects.exists()


def test_nobody_judges_the_photos_of_somebody_else(photo: Photo, bob: User) -> None:
    machine(photo, DOG)
    assert verdicts.say(bob.pk, [photo.pk], "Dog", "rejected") == []
    assert "Dog" in stands(photo)


def test_many_photos_cost_as_many_statements_as_few(alice: User) -> None:
    def cost(many: int) -> int:
        photos = [make_photo(alice) for _ in range(many)]
        for one in photos:
            machine(one, DOG, ANIMAL)
        with CaptureQueriesContext(connection) as queries:
            verdicts.say(alice.pk, [one.pk for one in photos], "Tree", "confirmed")
        return len([query for query in queries if "ownerlabel" not in query["sql"]])

    cost(1)
    assert cost(2) == cost(12)


def test_whatever_a_machine_says_the_page_is_intact(client: Client, alice: User) -> None:
    photo = make_finished(alice)
    hostile = [
        FoundLabel("<script>alert(1)</script>", 99, parents=("<b>",), categories=("\u0301",)),
        FoundLabel("Dog", 90, parents=("Dog", "Animal")),
        FoundLabel("Animal", 90, parents=("Dog",)),
        FoundLabel("\ufdfa" * 100, 70),
    ]
    machine(photo, *hostile)
    say(photo, "Dog", "rejected")
    client.force_login(alice)
    page = client.get(reverse("photo", args=[photo.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert list(reconcile._counters()) == []


class TestApi:
    @pytest.fixture
    def mine(self, alice: User) -> Client:
        return program(alice)

    def address(self, photo: Photo, name: str) -> str:
        return f"/api/v1/photos/{photo.pk}/labels/{name}/"

    def put(self, client: Client, photo: Photo, name: str, state: str) -> Any:
        return client.put(self.address(photo, name), {"state": state}, content_type="application/json")

    def test_a_rejected_label_is_left_out_unless_it_is_asked_for(self, mine: Client, photo: Photo) -> None:
        machine(photo, DOG)
        label = self.put(mine, photo, "dog", "rejected").json()
        assert (label["name"], label["state"], label["source"]) == ("Dog", "rejected", "rekognition")
        assert mine.get(f"/api/v1/photos/{photo.pk}/").json()["labels"] == []
        (told,) = mine.get(f"/api/v1/photos/{photo.pk}/?rejected=true").json()["labels"]
        assert told["state"] == "rejected"
        assert mine.delete(self.address(photo, "Dog")).status_code == 204
        assert "Dog" in stands(photo)

    @pytest.mark.parametrize("name", ["Hot dog", "AC/DC", "Stra%C3%9Fe", "日本"])
    def test_any_name_can_be_ones_own(self, mine: Client, photo: Photo, name: str) -> None:
        label = self.put(mine, photo, name, "confirmed").json()
        assert (label["state"], label["source"], label["confidence"]) == ("confirmed", "user", 100)
        (found,) = mine.get("/api/v1/photos/", {"label": label["name"]}).json()["results"]
        assert found["id"] == str(photo.pk)

    @pytest.mark.parametrize(
        ("name", "state"), [("x" * 101, "confirmed"), ("%20", "confirmed"), ("Dog", "perhaps")]
    )
    def test_what_can_not_be_said_is_refused(self, mine: Client, photo: Photo, name: str, state: str) -> None:
        assert self.put(mine, photo, name, state).status_code == 422
        assert not Verdict.objects.exists()

    def test_a_photo_of_somebody_else_is_not_there(self, photo: Photo, bob: User) -> None:
        assert self.put(program(bob), photo, "Dog", "confirmed").status_code == 404
