"""What is in the trash is deleted for good after thirty days, or when its owner empties it. Nothing else ever is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery import tasks
from gallery.models import Photo, Purge
from gallery.models.photo import KEPT_IN_TRASH
from gallery.organise import bulk, changes
from gallery.organise import photos as organise
from gallery.pipeline import deletion, queue
from gallery.pipeline.sweep import sweep
from gallery.tests.collection import make_finished

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that were sent to the workers."""
    words: list[str] = []
    monkeypatch.setattr(queue, "_send", lambda task, *_: words.append(task.removeprefix("gallery.tasks.")))
    return words


def trashed(owner: User, days: float, **fields: Any) -> Photo:
    User.objects.filter(pk=owner.pk).update(used_bytes=10_000)
    return make_finished(owner, trashed_at=timezone.now() - timedelta(days=days), **fields)


def test_after_thirty_days_it_is_deleted_with_its_objects(alice: User) -> None:
    kept, alive = trashed(alice, 29.9), make_finished(alice)
    gone = trashed(alice, 30.1)
    tasks.delete_expired()
    assert set(Photo.objects.all()) == {kept, alive}
    assert set(Purge.objects.values_list("key", flat=True)) >= {gone.original_key, f"{gone.pk}/thumb"}
    alice.refresh_from_db()
    assert alice.used_bytes == 9_000


@pytest.mark.django_db(transaction=True)
def test_the_sweep_says_so_only_where_something_is_expired(alice: User, said: list[str]) -> None:
    trashed(alice, 29)
    sweep()
    assert "delete_expired" not in said
    trashed(alice, 31)
    sweep()
    assert "delete_expired" in said


@pytest.mark.django_db(transaction=True)
def test_more_than_one_shift_can_do_is_told_again(
    alice: User, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "_SHIFT_SECONDS", 0)
    monkeypatch.setattr(deletion, "_BATCH", 2)
    for _ in range(3):
        trashed(alice, 31)
    tasks.delete_expired()
    assert Photo.objects.count() == 1
    assert "delete_expired" in said


def test_what_was_taken_out_meanwhile_stays(alice: User) -> None:
    photo = trashed(alice, 31)
    organise.restore(alice.pk, [photo.pk])
    deletion._delete(photo, deletion.expired())
    assert Photo.objects.get() == photo


@pytest.mark.django_db(transaction=True)
def test_emptying_asks_first_and_then_deletes_all_that_is_there(
    member: Client, alice: User, bob: User, said: list[str]
) -> None:
    alive, his = make_finished(alice), trashed(bob, 1)
    for days in (0, 1, 31):
        trashed(alice, days)
    asked = member.get(reverse("trash_empty")).content.decode()
    assert "Delete all 3 photos in the trash for good?" in asked
    assert "2.9\xa0KB become free" in asked
    assert Photo.objects.count() == 5
    page = member.post(reverse("trash_empty"), follow=True).content.decode()
    assert "2 photos are being deleted for good." in page
    assert "delete_expired" in said
    tasks.delete_expired()
    assert set(Photo.objects.all()) == {alive, his}


def test_an_empty_trash_has_nothing_to_ask(member: Client) -> None:
    assert "The trash is empty" in member.get(reverse("trash_empty")).content.decode()


def test_undo_brings_nothing_back_out_of_an_emptied_trash(alice: User) -> None:
    photo = make_finished(alice)
    User.objects.filter(pk=alice.pk).update(used_bytes=photo.byte_size)
    change = bulk.act(alice.pk, "trash", [photo.pk]).change
    organise.empty_trash(alice.pk)
    assert changes.undo(alice.pk, change.pk) == 0
    tasks.delete_expired()
    assert not Photo.objects.exists()


def test_emptying_goes_on_until_nothing_is_left(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organise, "_CHUNK", 2)
    for _ in range(5):
        trashed(alice, 1)
    assert organise.empty_trash(alice.pk) == 5
    assert deletion.expired().count() == 5


def test_the_page_says_when_a_photo_goes(member: Client, alice: User) -> None:
    photo = trashed(alice, 2)
    page = member.get(reverse("trash")).content.decode()
    assert "Photos stay here for 30 days" in page
    assert photo.leaves_trash_at == photo.trashed_at + KEPT_IN_TRASH  # type: ignore[operator]
    assert "27 days left" in page


def test_expiry_is_found_by_its_index(alice: User) -> None:
    trashed(alice, 31)
    plan = deletion.expired().order_by("trashed_at")[:50].explain()
    assert connection.vendor != "sqlite" or "photo_expiry" in plan
