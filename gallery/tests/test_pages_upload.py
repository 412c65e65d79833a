"""Uploading by the plain form: what became of each file is said in words. And what is found on photos just sent."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from gallery.models import Job, Photo
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import make_detection, make_jobs, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
CAT = Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg"


@pytest.fixture
def member(client: Client, alice: User, settings: Settings) -> Client:
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(parents=True, exist_ok=True)
    client.force_login(alice)
    return client


def cat(name: str = "cat.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, CAT.read_bytes(), "image/jpeg")


def send(client: Client, *files: SimpleUploadedFile) -> str:
    """The page after the form."""
    return client.post(reverse("upload"), {"photos": list(files)}, follow=True).content.decode()


def test_each_file_of_many_is_told_what_became_of_it(member: Client, s3: None) -> None:
    page = send(
        member,
        cat(),
        cat("again.jpg"),
        SimpleUploadedFile("notes.jpg", b"Dear diary, it rained.\n" * 20),
        SimpleUploadedFile("<i>.jpg", b""),
    )
    photo = Photo.objects.get()
    assert "1 photo is stored, 1 was here already, 2 were refused" in page
    assert f"/photos/{photo.pk}/" in page
    assert "The file is empty." in page
    assert "not a photograph" in page
    assert "&lt;i&gt;.jpg" in page
    assert page.index("notes.jpg") < page.index("again.jpg") < page.index(">cat.jpg")


def test_the_outcome_is_told_once(member: Client) -> None:
    assert "notes.jpg" in send(member, SimpleUploadedFile("notes.jpg", b"Dear diary, it rained."))
    assert "notes.jpg" not in member.get(reverse("upload")).content.decode()


def test_a_photo_that_lies_in_the_trash_is_pointed_to(member: Client, s3: None) -> None:
    send(member, cat())
    member.post(reverse("photo_trash", args=[Photo.objects.get().pk]))
    assert "in your trash" in send(member, cat())


def test_a_form_without_a_file_says_what_is_missing(member: Client) -> None:
    assert "Choose at least one photo." in member.post(reverse("upload"), {}).content.decode()


def test_a_file_over_the_limit_is_refused_with_the_limit(member: Client, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 10_000
    page = send(member, cat())
    assert "larger than 9.8" in page
    assert not Photo.objects.exists()


def test_more_files_than_a_form_may_carry_are_refused_in_words(member: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    answer = member.post(reverse("upload"), {"photos": [cat(), cat("b.jpg"), cat("c.jpg")]})
    assert answer.status_code == 400
    assert "Send at most 100 at a time" in answer.content.decode()


def test_who_has_switched_recognition_off_is_reminded(member: Client) -> None:
    User.objects.update(analyse=False)
    assert "Image recognition is switched off" in member.get(reverse("upload")).content.decode()


def test_the_page_says_what_may_be_sent_and_how_much_room_there_is(
    member: Client, alice: User, settings: Settings
) -> None:
    settings.MAX_UPLOAD_BYTES = 5 * 1024**2
    User.objects.update(quota_bytes=10 * 1024**2, used_bytes=4 * 1024**2, reserved_bytes=1024**2)
    page = member.get(reverse("upload")).content.decode().replace("\xa0", " ")
    assert "JPEG, PNG, WebP, GIF, HEIC, AVIF, TIFF, DNG, CR2, NEF, ARW, up to 5.0 MB each." in page
    assert "5.0 MB of 10.0 MB left" in page
    assert 'data-most-bytes="5242880" data-too-large="The file is larger than 5.0 MB' in page


def test_who_is_over_the_quota_has_no_room_left(member: Client) -> None:
    User.objects.update(quota_bytes=10, used_bytes=40)
    assert "0 bytes of 10 bytes left" in member.get(reverse("upload")).content.decode().replace("\xa0", " ")


def found_on(client: Client, *ids: object) -> list[dict[str, Any]]:
    answer = client.get(reverse("upload_labels"), {"id": [str(one) for one in ids]})
    assert answer.status_code == 200
    photos: list[dict[str, Any]] = answer.json()["photos"]
    return photos


def test_what_is_found_on_a_photo_comes_most_telling_first(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    make_detection(photo, "Animal", 99)
    make_detection(photo, "Cat", 95, parents=["Animal"])
    make_detection(photo, "Sofa", 60)
    make_detection(photo, "Violence", 99, kind="moderation")
    assert found_on(member, photo.pk) == [
        {"id": str(photo.pk), "state": "done", "labels": ["Cat", "Animal"], "reason": ""}
    ]


def test_what_is_waited_for_and_what_went_wrong_is_told(member: Client, alice: User) -> None:
    waits, broken = make_photo(alice), make_photo(alice)
    make_jobs(waits)
    make_jobs(broken)
    Job.objects.filter(photo=waits, step="labels").update(reason="Budget spent.")
    Job.objects.filter(photo=broken, step="labels").update(reason="Its turn comes.")
    Job.objects.filter(photo=broken, step="renditions").update(
        state="failed", reason="Broken inside.", finished_at=waits.uploaded_at, ready_at=None
    )
    told = {one["id"]: (one["state"], one["reason"]) for one in found_on(member, waits.pk, broken.pk)}
    assert told == {
        str(waits.pk): ("pending", "Budget spent."),
        str(broken.pk): ("failed", "Broken inside."),
    }


def test_of_what_is_not_ones_own_and_of_what_is_no_photo_nothing_is_told(
    member: Client, alice: User, bob: User
) -> None:
    mine, his = make_finished(alice), make_finished(bob)
    found = found_on(member, his.pk, uuid.uuid4(), "no id", "", mine.pk)
    assert [one["id"] for one in found] == [str(mine.pk)]
    assert found_on(member) == []


def test_fifty_photos_are_told_of_at_most_and_cost_as_many_queries_as_one(
    member: Client, alice: User
) -> None:
    photos = make_library(alice, 51)
    costs = []
    for asked in (photos[:1], photos):
        with CaptureQueriesContext(connection) as queries:
            assert len(found_on(member, *(photo.pk for photo in asked))) == min(len(asked), 50)
        costs.append(len(queries))
    assert costs == [7, 7]  # session, user, photos, renditions, jobs, labels, verdicts
