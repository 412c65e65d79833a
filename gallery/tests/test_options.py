"""What is asked of a photo besides labels: only where it is on, at its price, with what the answer becomes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.labelling import errors, rekognition
from gallery.models import (
    Analysis,
    Appearance,
    Circuit,
    Detection,
    Extra,
    Face,
    Job,
    Photo,
    PhotoText,
    Run,
    TextLine,
)
from gallery.organise import photos as organise
from gallery.organise import verdicts
from gallery.pipeline import budget, circuit, options, run, runs
from gallery.pipeline.steps import LABELS, STEPS
from gallery.pipeline.sweep import sweep
from gallery.tests.answering import ANSWERS, Service, asked_about, new, work
from gallery.tests.asking import address, program, read
from gallery.tests.collection import make_finished

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def test_only_labels_are_asked_for_unless_i_switch_something_on(alice: User, service: Service) -> None:
    photo = asked_about(alice)
    assert service.operations == ["DetectLabels"]
    assert set(photo.jobs.values_list("step", flat=True)) == {"renditions", "labels"}


def test_everything_i_switch_on_is_asked_once_and_billed_at_its_price(alice: User, service: Service) -> None:
    asked_about(alice, *options.OPTIONS)
    assert sorted(service.operations) == sorted(ANSWERS)
    bill = {row.operation: (row.features, row.cost_usd) for row in Analysis.objects.all()}
    assert bill.pop("DetectLabels") == ("IMAGE_PROPERTIES", Decimal("0.00175"))
    assert set(bill.values()) == {("", Decimal("0.001"))}
    assert budget.spent_by(alice).micro_usd == 5750


def test_what_the_site_does_not_offer_is_not_asked(alice: User, service: Service, settings: Any) -> None:
    Extra.objects.create(owner=alice, name="faces")
    settings.RECOGNITION_OPTIONS = ("text",)
    new(alice)
    work()
    assert service.operations == ["DetectLabels"]
    assert [option.name for option in options.offered()] == ["text"]


def test_what_i_switch_off_while_it_waits_is_not_asked(alice: User, service: Service) -> None:
    options.switch(alice, ["faces"])
    photo = new(alice)
    options.switch(alice, [])
    work()
    assert service.operations == ["DetectLabels"]
    assert photo.jobs.get(step="faces").state == Job.State.SKIPPED


def test_what_waits_for_money_and_is_switched_off_waits_no_longer(alice: User, service: Service) -> None:
    options.switch(alice, ["faces"])
    photo = new(alice)
    tomorrow = timezone.now() + timedelta(days=1)
    photo.jobs.filter(step="faces").update(reason="Out of budget: …", ready_at=tomorrow)
    options.switch(alice, [])
    work()
    assert read(program(alice), address(photo))["processing"]["state"] == "done"


def test_without_room_for_what_i_switched_on_nothing_is_claimed_again_and_again(
    alice: User, service: Service
) -> None:
    options.switch(alice, ["properties"])
    User.objects.filter(pk=alice.pk).update(budget_usd="0.00")
    photo = new(alice)
    for _ in range(3):
        sweep()
        work()
    assert service.operations == []
    assert photo.jobs.get(step="labels").reason.startswith("Out of budget")
    limits = {alice.pk: Decimal("0.0015")}
    assert budget.blocked("DetectLabels", limits).why(alice.pk)
    options.switch(alice, [])
    assert not budget.blocked("DetectLabels", limits).why(alice.pk)


def test_a_run_of_an_option_asks_only_of_those_who_switched_it_on(
    alice: User, bob: User, service: Service
) -> None:
    options.switch(alice, ["faces"])
    for owner in (alice, bob):
        make_finished(owner)
    assert runs.estimate(Photo.objects.all(), "faces").photos == 1


def test_another_users_switches_are_not_mine(alice: User, bob: User, service: Service) -> None:
    options.switch(bob, ["faces"])
    asked_about(alice)
    assert service.operations == ["DetectLabels"]


class TestFaces:
    def test_a_photo_with_a_face_is_found_by_has_people(self, alice: User, service: Service) -> None:
        photo = asked_about(alice, "faces")
        face = Face.objects.get()
        assert (face.left, face.top, face.width, face.height) == pytest.approx((0.1, 0.2, 0.3, 0.4))
        assert face.traits["age"] == [20, 28]
        assert face.traits["emotions"][0] == ["HAPPY", 97.0]
        assert "gender" not in face.traits
        found = program(alice).get("/api/v1/photos/", {"q": "has:people"}).json()["results"]
        assert [one["id"] for one in found] == [str(photo.pk)]

    def test_its_page_says_what_shows(self, alice: User, client: Client, service: Service) -> None:
        photo = asked_about(alice, "faces")
        client.force_login(alice)
        page = client.get(reverse("photo", args=[photo.pk])).content.decode()
        assert "Face 1: 20 to 28 years, looks happy, smiles, eyes closed" in page

    def test_asking_again_replaces_them(self, alice: User, service: Service) -> None:
        photo = asked_about(alice, "faces")
        service.says["DetectFaces"] = {"FaceDetails": []}
        runs.again(photo, "faces")
        work()
        assert not Face.objects.exists()


class TestText:
    def test_a_line_finds_its_photo(self, alice: User, service: Service) -> None:
        photo = asked_about(alice, "text")
        assert [line.text for line in TextLine.objects.all()] == ["INVOICE 42"]
        found = program(alice).get("/api/v1/photos/", {"q": 'text:"invoice 42"'}).json()["results"]
        assert [one["id"] for one in found] == [str(photo.pk)]

    def test_a_caption_that_was_written_meanwhile_stays(
        self, alice: User, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        options.switch(alice, ["text"])
        photo = new(alice)

        def edit_meanwhile(*arguments: Any, **members: Any) -> Any:
            organise.edit(Photo.objects.get(pk=photo.pk), caption="Groceries")
            return service(*arguments, **members)

        monkeypatch.setattr(rekognition, "ask", edit_meanwhile)
        run.one("text")
        assert {"groceries", "invoice 42"} <= set(PhotoText.objects.get(photo=photo).folded.split("\n"))


def test_a_celebrity_is_a_label_of_its_own_kind_with_a_link(
    alice: User, client: Client, service: Service
) -> None:
    photo = asked_about(alice, "celebrities")
    known = Detection.objects.get(label__kind="celebrity")
    assert (known.label.name, known.confidence, known.instances.count()) == ("Ada Lovelace", 96.0, 1)
    client.force_login(alice)
    page = client.get(reverse("photo", args=[photo.pk])).content.decode()
    assert 'href="https://www.wikidata.org/wiki/Q7259"' in page


def test_a_content_warning_veils_the_photo_until_i_take_it_off(alice: User, service: Service) -> None:
    photo = asked_about(alice, "moderation")
    assert Photo.objects.get(pk=photo.pk).veiled
    verdicts.say(alice.pk, [photo.pk], "Weapons", "rejected", "moderation")
    assert not Photo.objects.get(pk=photo.pk).veiled
    runs.again(photo, "moderation")
    work()
    assert not Photo.objects.get(pk=photo.pk).veiled


def test_colours_and_quality_come_with_the_labels(alice: User, client: Client, service: Service) -> None:
    photo = asked_about(alice, "properties")
    told = Appearance.objects.get(photo=photo)
    assert (told.brightness, told.colours) == (71.5, [{"hex": "#aabbcc", "name": "grey", "percent": 40.5}])
    client.force_login(alice)
    page = client.get(reverse("photo", args=[photo.pk])).content.decode()
    assert 'fill="#aabbcc"' in page
    assert runs.estimate(Photo.objects.filter(owner=alice), LABELS.name).cost_usd == Decimal("0.00175")


def test_programs_read_all_of_it(alice: User, bob: User, service: Service) -> None:
    photo = asked_about(alice, *options.OPTIONS)
    told = read(program(alice), address(photo, "recognition/"))
    assert told["faces"][0]["traits"]["age"] == [20, 28]
    assert told["lines"][0]["text"] == "INVOICE 42"
    assert {one["kind"] for one in told["known"]} == {"celebrity", "moderation"}
    assert told["appearance"]["sharpness"] == 88.0
    assert program(bob).get(address(photo, "recognition/")).status_code == 404


class TestNotHere:
    def test_what_this_server_refuses_is_said_and_the_photo_is_done(
        self, alice: User, client: Client, service: Service
    ) -> None:
        service.refuses = {"RecognizeCelebrities"}
        photo = asked_about(alice, "celebrities")
        job = photo.jobs.get(step="celebrities")
        assert (job.state, job.reason) == (Job.State.SKIPPED, "Not available on this server.")
        assert read(program(alice), address(photo))["processing"]["state"] == "done"
        assert Analysis.objects.get(operation="RecognizeCelebrities").cost_usd == 0
        client.force_login(alice)
        for page in (reverse("photo", args=[photo.pk]), reverse("recognition")):
            assert "Not available on this server." in client.get(page).content.decode()

    def test_it_is_not_asked_for_each_photo(self, alice: User, service: Service) -> None:
        service.refuses = {"RecognizeCelebrities"}
        asked_about(alice, "celebrities")
        for _ in range(3):
            new(alice)
        work()
        assert service.operations.count("RecognizeCelebrities") == 1
        assert not Job.objects.waiting().exists()

    def test_when_it_is_allowed_the_next_photo_finds_out(self, alice: User, service: Service) -> None:
        service.refuses = {"RecognizeCelebrities"}
        asked_about(alice, "celebrities")
        service.refuses = set()
        Circuit.objects.update(probe_at=timezone.now())
        new(alice)
        work()
        assert not Circuit.objects.exists()
        assert Detection.objects.filter(label__kind="celebrity").count() == 2, (
            "what was skipped is asked, too"
        )

    def test_wrong_credentials_are_something_else_and_are_waited_for(
        self, alice: User, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: Any, **__: Any) -> Any:
            raise errors.Misconfigured("The operator has to mend it.", "ExpiredTokenException")

        monkeypatch.setattr(rekognition, "ask", refuse)
        photo = asked_about(alice, "faces")
        assert photo.jobs.get(step="faces").state == Job.State.WAITING

    def test_it_is_tried_out_when_somebody_switches_it_on(self, service: Service) -> None:
        service.refuses = {"RecognizeCelebrities"}
        circuit.try_out(STEPS["celebrities"])
        assert circuit.denied() == {"RecognizeCelebrities"}
        assert not Analysis.objects.exists()


class TestPage:
    def test_each_option_shows_its_price_and_is_off(self, alice: User, client: Client) -> None:
        client.force_login(alice)
        page = client.get(reverse("recognition")).content.decode()
        assert page.count("a photo</span>") == len(options.OPTIONS)
        assert "$0.00075" in page
        assert " checked" not in page

    def test_i_switch_one_on_and_off_again(self, alice: User, client: Client, service: Service) -> None:
        client.force_login(alice)
        client.post(reverse("recognition"), {"on": ["faces", "nonsense"]})
        assert options.switched_on(alice.pk) == {"faces"}
        client.post(reverse("recognition"), {})
        assert options.switched_on(alice.pk) == set()

    def test_earlier_photos_are_asked_once_the_price_was_agreed_to(
        self, alice: User, bob: User, client: Client, service: Service
    ) -> None:
        photos = [make_finished(alice), make_finished(alice)]
        make_finished(bob)
        options.switch(alice, ["faces"])
        client.force_login(alice)
        ask = reverse("recognition_earlier", args=["faces"])
        page = client.post(ask).content.decode()
        assert "Ask for “Faces” of 2 photos for $0.002?" in page
        assert not Run.objects.exists()
        client.post(ask, {"agreed": "2 0.00200"})
        work()
        assert {face.photo_id for face in Face.objects.all()} == {photo.pk for photo in photos}
        assert "There is nothing to ask" in client.post(ask).content.decode()

    def test_what_is_off_can_not_be_asked_for(self, alice: User, client: Client) -> None:
        client.force_login(alice)
        assert client.post(reverse("recognition_earlier", args=["faces"])).status_code == 404


def test_every_option_that_settings_know_is_one(settings: Any) -> None:
    assert tuple(options.OPTIONS) == settings.KNOWN_OPTIONS
    assert all(option.price_usd > 0 for option in options.OPTIONS.values())
