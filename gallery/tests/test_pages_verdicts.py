"""What one says of labels on a photo's page: by a plain form, and as a part of the page for scripts."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Analysis, Change, Instance, Photo, Verdict
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection
from gallery.tests.saying import CAT, DOG, machine, say, stands

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def photo(alice: User) -> Photo:
    photo = make_finished(alice, filename="dog.jpg")
    machine(photo, DOG, CAT)
    return photo


def send(client: Client, photo: Photo, state: str, name: str = "Dog", **more: Any) -> Any:
    return client.post(reverse("photo_labels", args=[photo.pk]), {"name": name, "state": state, **more})


def part(client: Client, photo: Photo, state: str, name: str = "Dog", **more: Any) -> str:
    """What a script is answered."""
    form = {"name": name, "state": state, **more}
    answer = client.post(reverse("photo_labels", args=[photo.pk]), form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def row(page: str, name: str) -> str:
    """The list item of a label."""
    rows: list[str] = re.findall(r'<li class="label .*?</li>', page, re.DOTALL)
    return next(one for one in rows if f">{name}</a>" in one)


def page_of(client: Client, photo: Photo) -> str:
    return client.get(reverse("photo", args=[photo.pk])).content.decode()


def test_a_label_that_i_take_off_stays_on_the_page_struck_through(member: Client, photo: Photo) -> None:
    answer = send(member, photo, "rejected")
    assert answer.headers["Location"] == reverse("photo", args=[photo.pk])
    page = page_of(member, photo)
    assert "rejected" in row(page, "Dog")
    assert 'value="none"' in row(page, "Dog")
    assert "“Dog” is taken off." in page
    assert "Dog" not in stands(photo)


def test_a_form_sent_twice_says_the_same_twice(member: Client, photo: Photo) -> None:
    for _ in range(2):
        send(member, photo, "confirmed")
    assert Verdict.objects.get().state == "confirmed"


def test_the_page_after_it_offers_to_undo_it(member: Client, photo: Photo) -> None:
    page = send(member, photo, "rejected", follow=True) and page_of(member, photo)
    undo = reverse("change_undo", args=[Change.objects.get().pk])
    assert f'action="{undo}"' in page
    answer = member.post(undo, {"next": reverse("photo", args=[photo.pk])})
    assert answer.headers["Location"] == reverse("photo", args=[photo.pk])
    assert "Dog" in stands(photo)


def test_the_threshold_that_i_chose_is_kept(member: Client, photo: Photo) -> None:
    answer = send(member, photo, "confirmed", **{"from": "60"})
    assert answer.headers["Location"].endswith("?from=60")
    assert " hidden>" not in row(part(member, photo, "confirmed", **{"from": "60"}), "Cat")


def test_i_add_a_label_of_my_own(member: Client, photo: Photo) -> None:
    page = part(member, photo, "confirmed", "Our  Rex")
    assert "yours" in row(page, "Our Rex")
    assert "Our Rex" in stands(photo, 100)
    page = part(member, photo, "none", "Our Rex")
    assert ">Our Rex</a>" not in page


def test_the_labels_i_have_are_offered_to_whoever_adds_one(member: Client, photo: Photo) -> None:
    assert '<option value="Dog">' in page_of(member, photo)


def test_a_script_gets_the_panel_the_boxes_and_a_toast(member: Client, photo: Photo) -> None:
    seen = photo.detections.get(label__name="Dog")
    Instance.objects.create(detection=seen, left=0.1, top=0.1, width=0.5, height=0.5, confidence=90)
    confirmed = part(member, photo, "confirmed")
    assert confirmed.startswith("<label-panel ")
    assert "<html" not in confirmed
    assert confirmed.count("<rect ") == 1
    rejected = part(member, photo, "rejected")
    assert rejected.count("<rect ") == 0
    assert "<site-toast><p>“Dog” is taken off.</p><form" in rejected
    assert reverse("change_undo", args=[Change.objects.latest("made_at").pk]) in rejected


def test_a_script_that_undoes_is_told_to_look_again(member: Client, photo: Photo) -> None:
    change = say(photo, "Dog", "rejected")
    answer = member.post(reverse("change_undo", args=[change.pk]), headers={"HX-Request": "true"})
    assert "1 photo is as it was before." in answer.content.decode()
    assert "photos-changed" in json.loads(answer.headers["HX-Trigger"])
    again = member.get(reverse("photo_labels", args=[photo.pk]), headers={"HX-Request": "true"})
    assert "suggested" in row(again.content.decode(), "Dog")


def test_the_part_has_no_address_of_its_own(member: Client, photo: Photo) -> None:
    answer = member.get(reverse("photo_labels", args=[photo.pk]))
    assert answer.headers["Location"] == reverse("photo", args=[photo.pk])


@pytest.mark.parametrize(
    "form", [{"name": "x" * 101, "state": "confirmed"}, {"name": "Dog", "state": "perhaps"}, {"name": ""}, {}]
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_can_not_be_a_label_is_refused_in_words(
    member: Client, photo: Photo, form: dict[str, str], headers: dict[str, str]
) -> None:
    answer = member.post(reverse("photo_labels", args=[photo.pk]), form, headers=headers)
    assert answer.status_code == 422
    assert "A label has 1 to 100 characters." in answer.content.decode()
    assert not Verdict.objects.exists()


def test_nobody_judges_the_photos_of_others(client: Client, bob: User, photo: Photo) -> None:
    client.force_login(bob)
    assert send(client, photo, "rejected").status_code == 404
    assert client.post(reverse("change_undo", args=[uuid4()])).status_code == 404
    assert not Verdict.objects.exists()


def test_a_verdict_moves_no_row(member: Client, photo: Photo) -> None:
    def names(page: str) -> list[str]:
        return re.findall('class="term" [^>]*>([^<]*)<', page)

    before = names(page_of(member, photo))
    assert {"Dog", "Cat"} <= set(before)
    for state in ("confirmed", "rejected", "none"):
        assert [name for name in names(part(member, photo, state)) if name in before][:2] == before[:2]


def test_each_label_says_what_it_is_a_kind_of(member: Client, photo: Photo) -> None:
    make_detection(photo, "Mammal", 90, parents=["Animal"])
    make_detection(photo, "Lynx", 90, parents=["Mammal", "Animal"])
    crumbs = re.findall('<a href="([^"]*)">([^<]*)</a> ›', row(page_of(member, photo), "Lynx"))
    assert crumbs == [("/search/?q=Animal", "Animal"), ("/search/?q=Mammal", "Mammal")]


def test_the_categories_lead_to_a_search(member: Client, photo: Photo) -> None:
    assert 'href="/search/?q=category%3A%22Animals+and+Pets%22"' in page_of(member, photo)


def test_the_page_says_who_says_so(member: Client, photo: Photo) -> None:
    Analysis.objects.create(
        photo=photo, owner=photo.owner, operation="DetectLabels", model_version="3.0", state="answered",
        cost_usd=0, answered_at=timezone.now(),
    )  # fmt: skip
    say(photo, "Cat", "rejected")
    say(photo, "Rex", "confirmed")
    page = page_of(member, photo)
    assert re.search(r"Recognised by Rekognition, model 3.0, on [^<]+</dt><dd[^>]*>[^<]*Dog", page)
    assert re.search(r"Taken off by you on [^<]+</dt><dd[^>]*>Cat<", page)
    assert re.search(r"Confirmed by you on [^<]+</dt><dd[^>]*>Rex<", page)
    assert "Your tick always wins" in page


def test_somebody_known_comes_with_links_that_lead_only_to_the_web(member: Client, photo: Photo) -> None:
    links = ["www.imdb.com/name/nm1", "javascript://x", "https://www.wikidata.org/wiki/Q1"]
    make_detection(photo, "Ada Lovelace", 99, kind="celebrity", links=links)
    page = page_of(member, photo)
    assert "Who may be on it" in page
    found = re.findall('class="out" href="([^"]*)"', row(page, "Ada Lovelace"))
    assert found == ["https://www.imdb.com/name/nm1", "https://www.wikidata.org/wiki/Q1"]


def test_a_picture_with_a_content_warning_is_veiled_until_it_is_asked_for(
    member: Client, photo: Photo
) -> None:
    assert 'id="unveil"' not in page_of(member, photo)
    make_detection(photo, "Weapons", 99, kind="moderation")
    Photo.objects.update(veiled=True)
    page = page_of(member, photo)
    assert "Content warnings" in page
    assert '<input type="checkbox" id="unveil"' in page
    home = member.get(reverse("home")).content.decode()
    assert re.search(r'class="tile a\d+ veiled"', home)
    assert "Content warning" in home


def test_a_content_warning_that_i_take_off_lifts_the_veil(member: Client, photo: Photo) -> None:
    make_detection(photo, "Weapons", 99, kind="moderation")
    Photo.objects.update(veiled=True)
    page = part(member, photo, "rejected", "Weapons", kind="moderation")
    assert 'id="unveil"' not in page
    assert not Photo.objects.get().veiled
