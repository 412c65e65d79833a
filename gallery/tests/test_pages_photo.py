"""One photo's page: what is on it, where, its facts, and what its owner does with it."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Instance, Job, Photo
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import make_detection, make_jobs, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_finished(alice, filename="cat.jpg")


def page_of(client: Client, photo: Photo, **headers: str) -> str:
    return client.get(reverse("photo", args=[photo.pk]), headers=headers or None).content.decode()


def act(client: Client, photo: Photo, name: str, **data: str) -> Photo:
    client.post(reverse(f"photo_{name}", args=[photo.pk]), data)
    return Photo.objects.get(pk=photo.pk)


def label_names(page: str) -> list[str]:
    """Of those that are shown, in their order."""
    rows = re.findall(r'<li class="label [^>]*"(?: hidden)?>.*?</li>', page, re.DOTALL)
    shown = [row for row in rows if not re.match("<li [^>]* hidden>", row)]
    return [re.findall('class="term" [^>]*>([^<]*)<', row)[0] for row in shown]


@pytest.mark.parametrize(
    ("make", "model", "said"),
    [
        ("Canon", "Canon EOS R6", "Canon EOS R6"),
        ("NIKON CORPORATION", "NIKON D850", "NIKON D850"),
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("Leica", "", "Leica"),
        ("", "FinePix", "FinePix"),
    ],
)
def test_the_maker_is_said_once(member: Client, photo: Photo, make: str, model: str, said: str) -> None:
    Photo.objects.update(camera_make=make, camera_model=model)
    assert f'<dt>Camera</dt><dd class="breaks">{said}</dd>' in page_of(member, photo)


def test_labels_come_with_their_confidence_the_seen_before_what_follows(member: Client, photo: Photo) -> None:
    make_detection(photo, "Animal", 97)
    make_detection(photo, "Cat", 96.4, parents=["Animal"])
    page = page_of(member, photo)
    assert label_names(page) == ["Cat", "Animal"]
    assert '<meter min="0" max="100" value="96"' in page
    assert f'class="term" href="{reverse("search")}?q=Cat"' in page


def test_what_is_less_certain_is_hidden_until_it_is_asked_for(member: Client, photo: Photo) -> None:
    make_detection(photo, "Cat", 80)
    make_detection(photo, "Fox", 79.99)
    page = page_of(member, photo)
    assert label_names(page) == ["Cat"]
    assert "1 less certain label is hidden." in page
    wider = member.get(reverse("photo", args=[photo.pk]), {"from": "55"}).content.decode()
    assert label_names(wider) == ["Cat", "Fox"]
    assert f'href="{reverse("search")}?q=Fox+confidence%3A%3E%3D55"' in wider


@pytest.mark.parametrize("said", ["", "many", "-1", "101", "1e99", "\x00"])
def test_a_threshold_that_can_not_be_read_is_the_usual_one(member: Client, photo: Photo, said: str) -> None:
    make_detection(photo, "Cat", 80)
    make_detection(photo, "Fox", 79)
    answer = member.get(reverse("photo", args=[photo.pk]), {"from": said})
    assert label_names(answer.content.decode()) == ["Cat"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_box_lies_where_the_thing_was_seen_in_every_language(
    member: Client, photo: Photo, language: str
) -> None:
    seen = make_detection(photo, "Cat", 96)
    Instance.objects.create(detection=seen, left=0.1, top=0.2, width=0.3333, height=0.5, confidence=91)
    page = page_of(member, photo, accept_language=language)
    assert 'viewBox="0 0 1000 750"' in page
    assert '<rect x="100.0" y="150.0" width="333.3" height="375.0"/>' in page
    assert re.search(r"<title>Cat, 91\s*%</title>", page)


def test_a_box_and_its_row_carry_the_same_mark(member: Client, photo: Photo) -> None:
    seen = make_detection(photo, "Cat", 96)
    Instance.objects.create(detection=seen, left=0, top=0, width=1, height=1, confidence=91)
    page = page_of(member, photo)
    assert 'class="box l0"' in page
    assert 'class="label l0 suggested"' in page


def test_the_facts_of_the_camera_are_told_with_their_source(member: Client, alice: User) -> None:
    photo = make_finished(
        alice,
        camera_make="Nikon",
        camera_model="Z 6",
        lens="24-70",
        latitude=47.36958,
        longitude=8.54167,
        altitude=430.2,
        taken_source=Photo.TakenSource.EXIF,
    )
    page = page_of(member, photo)
    for fact in ("Nikon Z 6", "24-70", "47.36958, 8.54167", "430 m", "4000 × 3000", "as told by the camera"):
        assert fact in page


@pytest.mark.parametrize(
    ("minutes", "told"), [(600, "UTC+10:00"), (-210, "UTC-03:30"), (0, "UTC+00:00"), (None, "")]
)
def test_the_clock_where_it_was_taken_is_told_with_its_offset(
    member: Client, alice: User, minutes: int | None, told: str
) -> None:
    page = page_of(member, make_finished(alice, taken_offset=minutes))
    assert re.findall(r"UTC[+-][\d:]+", page) == ([told] if told else [])


def test_hostile_names_stay_text(member: Client, alice: User) -> None:
    evil = '"><script>alert(1)</script>'
    photo = make_finished(alice, filename=f"{evil}.jpg", caption=evil, camera_model=evil, lens=evil)
    make_detection(photo, evil, 90)
    page = page_of(member, photo)
    assert "<script>" not in page
    assert evil not in page
    assert "%3Cscript%3E" in page


def test_while_it_is_worked_on_the_page_says_what_is_going_on(member: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_jobs(photo)
    Job.objects.filter(step="labels").update(ready_at=None)
    page = page_of(member, photo)
    assert "The picture is being prepared" in page
    assert "still being worked on" in page
    assert "comes after the step before" in page
    assert "Reload" in page


def test_why_a_step_waits_is_told(member: Client, photo: Photo) -> None:
    Job.objects.filter(step="labels").update(
        state="waiting",
        finished_at=None,
        reason="Asked too often.",
        ready_at=datetime(2999, 1, 1, tzinfo=UTC),
    )
    page = page_of(member, photo)
    assert "Asked too often." in page
    assert "Tried again in" in page


def test_why_a_step_failed_is_told_and_it_can_be_tried_again(member: Client, photo: Photo) -> None:
    Job.objects.filter(step="labels").update(state="failed", reason="It can not be read.")
    page = page_of(member, photo)
    assert "It can not be read." in page
    answer = member.post(reverse("photo_retry", args=[photo.pk]), {"photo": "yes"})
    assert answer.headers["Location"] == reverse("photo", args=[photo.pk])
    assert Job.objects.get(photo=photo, step="labels").state == Job.State.WAITING


def test_with_nothing_recognised_the_page_says_so(member: Client, photo: Photo) -> None:
    assert "Nothing was recognised" in page_of(member, photo)


def test_a_caption_is_saved_and_nothing_else_is_written(member: Client, photo: Photo) -> None:
    Photo.objects.update(favourite_at=timezone.now())
    now = act(member, photo, "caption", caption="  Mitzi by the window ")
    assert now.caption == "Mitzi by the window"
    assert now.favourite_at
    assert "Mitzi by the window" in page_of(member, photo)


def test_a_caption_that_is_too_long_is_given_back_with_the_reason(member: Client, photo: Photo) -> None:
    answer = member.post(reverse("photo_caption", args=[photo.pk]), {"caption": "x" * 2001})
    assert answer.status_code == 422
    assert "x" * 2001 in answer.content.decode()
    assert "at most 2000" in answer.content.decode()


def test_a_favourite_asked_for_twice_stays_one(member: Client, photo: Photo) -> None:
    assert act(member, photo, "favourite", on="yes").favourite_at
    assert act(member, photo, "favourite", on="yes").favourite_at
    assert act(member, photo, "favourite", on="no").favourite_at is None


def test_the_original_is_downloaded_from_the_bucket_under_its_name(member: Client, photo: Photo) -> None:
    answer = member.get(reverse("photo_original", args=[photo.pk]))
    assert answer.status_code == 302
    assert photo.original_key in answer.headers["Location"]
    assert "cat.jpg" in answer.headers["Location"]
    assert "X-Amz-Signature=" in answer.headers["Location"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_one_goes_from_photo_to_photo_in_the_order_of_the_timeline(member: Client, alice: User) -> None:
    newest, middle, oldest = make_library(alice, 3, labels=0)
    page = page_of(member, middle)
    assert f'href="/photos/{newest.pk}/" aria-label="Previous photo"' in page
    assert f'href="/photos/{oldest.pk}/" aria-label="Next photo"' in page
    assert "Previous photo" not in page_of(member, newest)
    assert "Next photo" not in page_of(member, oldest)
