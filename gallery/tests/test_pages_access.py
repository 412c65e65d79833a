"""Who gets to which page: its owner, and nobody else in any way."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Photo
from gallery.tests.collection import make_finished

pytestmark = [pytest.mark.one_database, pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]

LISTS = ["upload", "favourites", "albums", "labels", "search", "activity", "trash"]
READS = ["photo", "photo_original", "photo_picture"]
CHANGES = ["photo_caption", "photo_favourite", "photo_trash", "photo_restore", "photo_delete", "photo_retry"]


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_finished(alice)


def unchanged(photo: Photo) -> bool:
    now = Photo.objects.get(pk=photo.pk)
    return (now.caption, now.favourite_at, now.trashed_at) == (
        photo.caption,
        photo.favourite_at,
        photo.trashed_at,
    )


def test_a_stranger_is_welcomed_and_told_how_to_begin(client: Client) -> None:
    page = client.get("/").content.decode()
    assert reverse("account_signup") in page
    assert reverse("account_login") in page


@pytest.mark.parametrize("name", LISTS)
def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, name: str) -> None:
    address = reverse(name)
    assert client.get(address).headers["Location"] == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("name", READS + CHANGES)
def test_a_stranger_learns_nothing_of_a_photo(client: Client, photo: Photo, name: str) -> None:
    for pk in (photo.pk, uuid.uuid4()):
        answer = (client.get if name in READS else client.post)(reverse(name, args=[pk]))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))
    assert unchanged(photo)


@pytest.mark.parametrize("name", READS + CHANGES)
@pytest.mark.parametrize("staff", [False, True])
def test_another_users_photo_is_as_one_that_never_was(
    client: Client, photo: Photo, bob: User, name: str, staff: bool
) -> None:
    User.objects.filter(pk=bob.pk).update(is_staff=staff, is_superuser=staff)
    client.force_login(bob)
    method = client.get if name in READS else client.post
    theirs, nobodys = (method(reverse(name, args=[pk])) for pk in (photo.pk, uuid.uuid4()))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    assert unchanged(photo)


def test_no_list_of_anothers_shows_it(client: Client, photo: Photo, bob: User) -> None:
    client.force_login(bob)
    for name in ["home", *LISTS]:
        assert str(photo.pk) not in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "photo_delete"])
def test_nothing_changes_by_following_a_link(client: Client, photo: Photo, alice: User, name: str) -> None:
    client.force_login(alice)
    assert client.get(reverse(name, args=[photo.pk])).status_code == 405
    assert unchanged(photo)


@pytest.mark.parametrize("name", CHANGES)
def test_a_form_from_elsewhere_is_refused_in_words(photo: Photo, alice: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post(reverse(name, args=[photo.pk]))
    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()
    assert unchanged(photo)


def test_what_is_ones_own_is_kept_by_no_shared_cache(client: Client, photo: Photo, alice: User) -> None:
    client.force_login(alice)
    addresses = [reverse(name) for name in ["home", *LISTS]] + [
        reverse(name, args=[photo.pk]) for name in READS
    ]
    for address in addresses:
        assert "private" in client.get(address).headers["Cache-Control"]


def test_a_page_that_is_not_there_says_so_in_words(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_damaged_cursor_is_told_in_words(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.get("/", {"cursor": "x'; --"})
    assert answer.status_code == 422
    assert "Start again from the first page" in answer.content.decode()
