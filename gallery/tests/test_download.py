"""Many originals in one file: whole, under names that are theirs and harm nobody, and never more than can be served."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery import storage
from gallery.exceptions import Refusal
from gallery.models import Photo
from gallery.organise import albums
from gallery.organise import photos as organise
from gallery.organise.archive import Original, archive
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON
from gallery.views import download

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
MISSING = "not there"


@pytest.fixture(autouse=True)
def _bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each original is its own key, twice; one is missing."""

    def chunks(key: str) -> Iterator[bytes]:
        if key == MISSING:
            raise storage.ObjectMissing(key)
        yield key.encode()
        yield key.encode()

    monkeypatch.setattr(storage, "stream_original", chunks)


def opened(data: bytes) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(data))
    assert found.testzip() is None
    return found


def packed(*originals: tuple[str, str], taken: datetime = NOON) -> zipfile.ZipFile:
    return opened(b"".join(archive(Original(key, name, taken) for key, name in originals)))


def asked(client: Client, *photos: Photo, **more: Any) -> Any:
    return client.post(reverse("selection_download"), {"photo": [str(photo.pk) for photo in photos], **more})


def test_each_original_is_there_byte_for_byte_with_its_name_and_time() -> None:
    found = packed(("one", "cat.jpg"), ("two", "dog.png"))
    assert found.namelist() == ["cat.jpg", "dog.png"]
    assert found.read("cat.jpg") == b"oneone"
    assert found.getinfo("cat.jpg").date_time == (2024, 6, 15, 12, 0, 0)
    assert found.getinfo("cat.jpg").compress_size < 30, "stored, not compressed again"


def test_each_name_is_there_once_whatever_the_case() -> None:
    names = ["cat.jpg", "cat.jpg", "CAT.jpg", "cat (2).jpg", ".jpg", ".jpg", "noext", "noext"]
    found = packed(*((str(place), name) for place, name in enumerate(names))).namelist()
    assert found[:4] == ["cat.jpg", "cat (2).jpg", "CAT (3).jpg", "cat (2) (2).jpg"]
    assert len({name.casefold() for name in found}) == len(names)


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\autoexec.bat", "C__autoexec.bat"),
        ("a\x00b\n.jpg", "a b .jpg"),
        ("...", "photo"),
        ("Ünïcode 🌄.jpg", "Ünïcode 🌄.jpg"),
    ],
)
def test_no_name_leads_out_of_a_folder(name: str, within: str) -> None:
    assert packed(("key", name)).namelist() == [within]


def test_what_was_taken_before_zip_files_is_in_it_all_the_same() -> None:
    found = packed(("old", "1912.jpg"), taken=datetime(1912, 4, 1, tzinfo=UTC))
    assert found.getinfo("1912.jpg").date_time[:3] == (1980, 1, 1)


def test_what_is_missing_is_named_and_the_others_are_whole() -> None:
    found = packed(("one", "cat.jpg"), (MISSING, "lost.jpg"), ("two", "dog.jpg"))
    assert found.namelist() == ["cat.jpg", "dog.jpg", "Not in this file.txt"]
    assert "lost.jpg" in found.read("Not in this file.txt").decode()


def test_a_bucket_that_goes_away_ends_it_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_key: str) -> Iterator[bytes]:
        yield b"half"
        raise storage.StorageAway

    monkeypatch.setattr(storage, "stream_original", away)
    with pytest.raises(storage.StorageAway):
        list(archive([Original("key", "cat.jpg", NOON)]))


def test_i_download_what_i_picked(member: Client, alice: User, bob: User) -> None:
    photos = [make_finished(alice, filename=f"{number}.jpg") for number in range(2)]
    answer = asked(member, *photos, make_finished(bob, filename="his.jpg"))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert sorted(opened(answer.getvalue()).namelist()) == ["0.jpg", "1.jpg"]


def test_one_photo_is_sent_as_it_is(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    assert asked(member, photo).headers["Location"] == reverse("photo_original", args=[photo.pk])


def test_nothing_picked_says_how_to_pick(member: Client) -> None:
    assert asked(member).headers["Location"] == reverse("home")


def test_nothing_of_others_leaves_nothing_to_download(member: Client, bob: User) -> None:
    assert asked(member, make_finished(bob), make_finished(bob)).status_code == 404


def test_i_download_an_album_under_its_title_without_what_is_in_the_trash(
    member: Client, alice: User
) -> None:
    photos = [make_finished(alice, filename=f"{number}.jpg") for number in range(3)]
    rome = albums.make(alice, "Röm/2024")
    albums.add(alice.pk, rome.pk, [photo.pk for photo in photos])
    organise.trash(alice.pk, [photos[0].pk])
    answer = member.get(reverse("album_download", args=[rome.pk]))
    assert "R%C3%B6m" in answer["Content-Disposition"]
    assert sorted(opened(answer.getvalue()).namelist()) == ["1.jpg", "2.jpg"]


def test_asking_only_what_it_is_reads_nothing(member: Client, alice: User) -> None:
    rome = albums.make(alice, "Rome")
    albums.add(alice.pk, rome.pk, [make_finished(alice).pk])
    assert member.head(reverse("album_download", args=[rome.pk])).status_code == 405


def test_another_users_album_is_not_there(member: Client, bob: User) -> None:
    his = albums.make(bob, "His")
    albums.add(bob.pk, his.pk, [make_finished(bob).pk])
    assert member.get(reverse("album_download", args=[his.pk])).status_code == 404


def test_when_too_many_are_under_way_one_is_told_and_each_end_makes_room(member: Client, alice: User) -> None:
    under_way = [download._Held([Original("key", "cat.jpg", NOON)]) for _ in range(download._AT_ONCE)]
    try:
        answer = asked(member, make_finished(alice), make_finished(alice))
        assert answer.status_code == 503
        assert "Many downloads are under way." in answer.content.decode()
        under_way[0].close()
        under_way[0].close()
        under_way.append(download._Held([Original("key", "cat.jpg", NOON)]))
        with pytest.raises(Refusal):
            download._Held([Original("key", "cat.jpg", NOON)])
    finally:
        for held in under_way:
            held.close()
