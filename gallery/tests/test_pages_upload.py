"""Uploading by the plain form: what became of each file is said in words."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from gallery.models import Photo

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
