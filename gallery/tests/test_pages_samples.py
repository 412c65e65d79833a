"""Five photographs to try the site with: once, within the quota, for an empty library, and gone in one click."""

from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.intake.receive import store_upload
from gallery.models import Album, Job, OwnerMonth, Photo, Purge, Sample
from gallery.organise import albums
from gallery.tests.collection import make_finished
from gallery.views import samples
from gallery.views.samples import LICENCES, PHOTOGRAPHS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages", "bucket")]
OFFER, REMOVE = "Try it with five sample photographs", "Remove the samples"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> mock.Mock:
    """A bucket that takes everything; a queue that hears nothing."""
    put = mock.Mock()
    monkeypatch.setattr("gallery.storage.put_original", put)
    monkeypatch.setattr("gallery.pipeline.queue._send", mock.Mock())
    return put


def ask(client: Client) -> str:
    return client.post("/samples/", follow=True).content.decode()


def names(user: User) -> list[str]:
    return sorted(Photo.objects.visible_to(user).values_list("filename", flat=True))


def test_somebody_new_asks_for_samples_and_may_search_for_what_is_on_them(
    member: Client, alice: User
) -> None:
    assert OFFER in member.get("/").content.decode()
    page = ask(member)
    assert names(alice) == sorted(photograph.name for photograph in PHOTOGRAPHS)
    assert OFFER not in page
    assert REMOVE in page
    assert "/search/?q=cat" in page
    assert Job.objects.filter(photo__owner=alice, step="labels").count() == 5


def test_asking_again_changes_nothing(member: Client, alice: User) -> None:
    ask(member)
    before = set(Photo.objects.values_list("pk", flat=True))
    used = User.objects.get(pk=alice.pk).used_bytes
    ask(member)
    assert set(Photo.objects.values_list("pk", flat=True)) == before
    assert User.objects.get(pk=alice.pk).used_bytes == used


def test_what_was_cut_short_is_made_whole_by_asking_again(
    member: Client, alice: User, bucket: mock.Mock
) -> None:
    bucket.side_effect = [None, None, Refusal("storage_unavailable", "Away just now.", 503)]
    assert "Away just now." in ask(member)
    assert Sample.objects.count() == 2
    bucket.side_effect = None
    ask(member)
    assert Sample.objects.count() == 5


def test_they_leave_together_and_leave_nothing_behind(member: Client, alice: User) -> None:
    ask(member)
    album = albums.make(alice, "Mine")
    albums.add(alice.pk, album.pk, list(Photo.objects.values_list("pk", flat=True)))
    Photo.objects.filter(filename="coffee.jpg").update(trashed_at=timezone.now())
    page = member.post("/samples/remove/", follow=True).content.decode()
    assert "All 5 samples are gone." in page
    assert OFFER in page
    assert not Photo.objects.exists()
    assert Album.objects.get().entries.count() == 0
    assert User.objects.get(pk=alice.pk).used_bytes == 0
    assert Purge.objects.filter(storage=Purge.Storage.ORIGINALS).count() == 5
    member.post("/samples/remove/")
    assert Album.objects.exists()


def test_ones_own_photos_stay_when_the_samples_leave(member: Client, alice: User) -> None:
    ask(member)
    own = make_finished(alice)
    assert REMOVE in member.get("/").content.decode()
    member.post("/samples/remove/")
    assert [photo.pk for photo in Photo.objects.all()] == [own.pk]


def test_the_same_bytes_that_somebody_sent_are_no_sample(member: Client, alice: User) -> None:
    cat = PHOTOGRAPHS[0]
    store_upload(alice, SimpleUploadedFile("mine.jpg", cat.path.read_bytes()), filename="mine.jpg")
    ask(member)
    member.post("/samples/remove/")
    assert names(alice) == ["mine.jpg"]


@pytest.mark.parametrize("trashed_at", [None, timezone.now()], ids=["a photo", "a photo in the trash"])
def test_who_has_photos_is_offered_none(member: Client, alice: User, trashed_at: Any) -> None:
    make_finished(alice, trashed_at=trashed_at)
    assert OFFER not in member.get("/").content.decode()
    assert "yours has photos already" in ask(member)
    assert Photo.objects.count() == 1


def test_where_there_is_no_room_for_five_nobody_gets_three(
    member: Client, alice: User, bucket: mock.Mock
) -> None:
    User.objects.update(quota_bytes=PHOTOGRAPHS[0].path.stat().st_size + 1)
    assert "not enough room" in ask(member)
    assert not Photo.objects.exists()
    assert not bucket.called
    assert User.objects.get(pk=alice.pk).reserved_bytes == 0


def test_everybody_has_their_own(member: Client, alice: User, bob: User) -> None:
    ask(member)
    other = Client()
    other.force_login(bob)
    assert OFFER in other.get("/").content.decode()
    other.post("/samples/remove/")
    assert Sample.objects.visible_to(alice).count() == 5


def test_a_stranger_gets_none(client: Client, db: None) -> None:
    assert client.post("/samples/").headers["Location"].startswith("/accounts/login/")
    assert client.post("/samples/remove/").headers["Location"].startswith("/accounts/login/")
    assert not Photo.objects.exists()


def test_reading_is_not_asking(member: Client) -> None:
    page = member.get("/samples/").content.decode()
    assert not Photo.objects.exists()
    for photograph in PHOTOGRAPHS:
        assert photograph.by in page
        assert LICENCES[photograph.licence] in page


def test_each_carries_its_credit(member: Client) -> None:
    ask(member)
    assert Photo.objects.get(filename="china.jpg").caption == (
        "A temple with many roofs. By danielbuechele (CC BY 2.0)."
    )
    credits = (samples._FOLDER.parent / "CREDITS.md").read_text().splitlines()
    for photograph in PHOTOGRAPHS:
        (line,) = [line for line in credits if line.startswith(f"| {photograph.name} ")]
        assert photograph.by in line
        assert photograph.licence in line


def test_who_has_switched_recognition_off_is_not_told_to_search(member: Client, alice: User) -> None:
    User.objects.update(analyse=False)
    assert "/search/?q=cat" not in ask(member)


def test_they_count_like_any_photo(member: Client, alice: User) -> None:
    ask(member)
    assert sum(OwnerMonth.objects.visible_to(alice).values_list("photos", flat=True)) == 5
