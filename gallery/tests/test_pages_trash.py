"""Into the trash, back, and away for good."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Photo
from gallery.tests.collection import make_finished, make_library

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


@pytest.fixture
def photo(alice: User) -> Photo:
    User.objects.filter(pk=alice.pk).update(used_bytes=1000)
    return make_finished(alice, filename="cat <b>.jpg")


def post(client: Client, photo: Photo, name: str) -> str:
    return client.post(reverse(f"photo_{name}", args=[photo.pk]), follow=True).content.decode()


def test_a_deleted_photo_waits_in_the_trash(member: Client, photo: Photo) -> None:
    page = post(member, photo, "trash")
    assert "“cat &lt;b&gt;.jpg” is in the trash." in page
    assert f'href="/photos/{photo.pk}/' not in page
    assert f"/photos/{photo.pk}/" in member.get(reverse("trash")).content.decode()


def test_deleting_one_leads_on_in_its_list_and_back_again(member: Client, alice: User) -> None:
    newer, older = make_library(alice, 2)
    inside = "?q=%22label+0%22"
    page = member.get(f"/photos/{newer.pk}/{inside}").content.decode()
    (told,) = re.findall(r'<form[^>]*/trash/">.*?</form>', page, re.DOTALL)
    asked = dict(re.findall(r'name="(here|next)" value="([^"]+)"', told))
    assert asked == {"here": f"/photos/{newer.pk}/{inside}", "next": f"/photos/{older.pk}/{inside}"}
    answer = member.post(reverse("photo_trash", args=[newer.pk]), asked, follow=True)
    assert answer.redirect_chain == [(asked["next"], 302)]
    (undo,) = re.findall(r'action="(/changes/[^"]+)"', answer.content.decode())
    (back,) = re.findall(r'class="undo".*?name="next" value="([^"]+)"', answer.content.decode())
    assert member.post(undo, {"next": back}).headers["Location"] == asked["here"]
    newer.refresh_from_db()
    assert newer.trashed_at is None


def test_after_the_last_one_of_a_list_the_list_is_next(member: Client, photo: Photo) -> None:
    page = member.get(f"/photos/{photo.pk}/?in=favourites").content.decode()
    (told,) = re.findall(r'<form[^>]*/trash/">.*?</form>', page, re.DOTALL)
    assert 'name="next" value="/favourites/"' in told


def test_it_comes_back_as_it_was(member: Client, photo: Photo) -> None:
    post(member, photo, "trash")
    page = post(member, photo, "restore")
    assert "is back among your photos" in page
    assert f"/photos/{photo.pk}/" in member.get("/").content.decode()


def test_deleting_for_good_asks_first(member: Client, photo: Photo) -> None:
    post(member, photo, "trash")
    asked = member.get(reverse("photo_delete", args=[photo.pk])).content.decode()
    assert "Delete this photo for good?" in asked
    assert Photo.objects.exists()
    assert "is deleted for good" in post(member, photo, "delete")
    assert not Photo.objects.exists()


def test_what_is_not_in_the_trash_can_not_be_deleted_for_good(member: Client, photo: Photo) -> None:
    address = reverse("photo_delete", args=[photo.pk])
    assert member.get(address).status_code == member.post(address).status_code == 404
    assert Photo.objects.exists()


def test_the_page_of_a_photo_in_the_trash_offers_the_way_back(member: Client, photo: Photo) -> None:
    post(member, photo, "trash")
    page = member.get(reverse("photo", args=[photo.pk])).content.decode()
    assert "This photo is in the trash." in page
    assert reverse("photo_restore", args=[photo.pk]) in page
    assert reverse("photo_favourite", args=[photo.pk]) not in page


def test_an_empty_trash_says_what_it_is_for(member: Client) -> None:
    assert "The trash is empty" in member.get(reverse("trash")).content.decode()


def test_a_full_trash_goes_on_on_the_next_page(member: Client, alice: User) -> None:
    make_library(alice, 90, labels=0)
    Photo.objects.update(trashed_at=timezone.now())
    page = member.get(reverse("trash")).content.decode()
    assert page.count('<div class="tile') == 48
    assert "Older photos" in page
