"""What is under way, what failed and why, and trying again."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Job
from gallery.tests.collection import make_finished
from gallery.tests.making import make_jobs, make_photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def activity(client: Client) -> str:
    return client.get(reverse("activity")).content.decode()


def test_when_all_is_done_the_page_says_so(member: Client, alice: User) -> None:
    make_finished(alice)
    assert "Everything is done" in activity(member)


def test_waiting_and_failed_photos_are_listed_with_their_reasons(member: Client, alice: User) -> None:
    make_jobs(make_photo(alice, filename="waits.jpg"), reason="The photo store does not answer.")
    failed = make_photo(alice, filename="failed.jpg")
    make_jobs(failed, state=Job.State.FAILED, reason="It stops in the middle.", finished_at=timezone.now())
    broken, going = activity(member).split("Still being done")
    assert "failed.jpg" in broken
    assert "It stops in the middle." in broken
    assert "waits.jpg" in going
    assert "The photo store does not answer." in going


def test_a_failed_photo_is_tried_again(member: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_jobs(photo, state=Job.State.FAILED, reason="No.", finished_at=timezone.now())
    answer = member.post(reverse("photo_retry", args=[photo.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("activity")
    assert "tried again" in answer.content.decode()
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


def test_trying_again_what_did_not_fail_changes_nothing(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    answer = member.post(reverse("photo_retry", args=[photo.pk]), follow=True)
    assert "nothing to try again" in answer.content.decode()
    assert not Job.objects.filter(state=Job.State.WAITING).exists()
