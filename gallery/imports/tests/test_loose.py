"""Parts of one export come one by one: what Google parted meets, in whichever order."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gallery.imports import background, loose
from gallery.imports.tests import test_background
from gallery.imports.tests.photos import album, jpeg, sidecar
from gallery.imports.tests.test_background import no_words as no_words
from gallery.imports.tests.zips import packed
from gallery.models import Album, LooseEnd, OwnerMonth, Photo
from gallery.pipeline import reconcile

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]
YEAR, TRIP = "Takeout/Google Fotos/Fotos von 2019", "Takeout/Google Fotos/Bern"
NAME = "takeout-20240615T120000Z-{}.zip"
PHOTOS = {f"{YEAR}/DSC_1.JPG": jpeg(1), f"{TRIP}/DSC_2.JPG": jpeg(2)}
TOLD = {
    f"{YEAR}/DSC_1.JPG.supplemental-metadata.json": sidecar(
        "DSC_1.JPG",
        description="The bears",
        favorited=True,
        archived=True,
        geoData={"latitude": 46.5, "longitude": 7.75, "altitude": 550.0},
    ),
    f"{TRIP}/Metadaten.json": album("Bern & Basel"),
}


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def bring(client: Client, name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    found = test_background.sent(client, packed(files), filename=name)
    background.shift()
    told = test_background.told(client, found)
    assert told["status"] == "done"
    return told


def off() -> list[str]:
    """What is wrong with rows and counters; the bucket has what other tests left there."""
    return [found.sentence for found in reconcile.findings() if "no row knows" not in found.sentence]


@pytest.mark.parametrize("order", [(PHOTOS, TOLD), (TOLD, PHOTOS)], ids=["photos first", "words first"])
def test_a_photo_gets_what_another_part_says_of_it(
    member: Client, alice: User, order: tuple[dict[str, bytes], ...]
) -> None:
    for number, files in enumerate(order, 1):
        bring(member, NAME.format(f"00{number}"), files)
    photo = Photo.objects.get(filename="DSC_1.JPG")
    assert (photo.caption, photo.caption_by_owner, photo.latitude, photo.altitude) == (
        "The bears",
        True,
        46.5,
        550.0,
    )
    assert (photo.taken_local.year, photo.taken_source) == (2019, "file")
    assert photo.favourite_at
    assert photo.archived_at
    made = Album.objects.get(owner=alice)
    assert made.title == "Bern & Basel"
    assert [entry.photo.filename for entry in made.entries.select_related("photo")] == ["DSC_2.JPG"]
    assert not LooseEnd.objects.filter(photo__isnull=False, photo=photo).exists()
    assert dict(OwnerMonth.objects.filter(owner=alice, photos__gt=0).values_list("month", "photos")) == {
        f"{Photo.objects.get(filename='DSC_2.JPG').taken_local:%Y-%m}": 1
    }
    assert off() == []


@pytest.mark.parametrize(
    "other", ["takeout-20230101T000000Z-001.zip", "photos.zip"], ids=["another export", "no export"]
)
def test_other_archives_have_nothing_to_do_with_it(member: Client, other: str) -> None:
    bring(member, NAME.format("001"), PHOTOS)
    bring(member, other, TOLD)
    assert Photo.objects.get(filename="DSC_1.JPG").caption == ""
    assert not Album.objects.exists()


def test_nor_have_those_of_somebody_else(member: Client, bob: User) -> None:
    bring(member, NAME.format("001"), PHOTOS)
    others = Client()
    others.force_login(bob)
    bring(others, NAME.format("002"), TOLD)
    assert Photo.objects.get(filename="DSC_1.JPG").caption == ""


def test_what_its_owner_has_said_meanwhile_stays(member: Client) -> None:
    bring(member, NAME.format("001"), PHOTOS)
    photo = Photo.objects.get(filename="DSC_1.JPG")
    answer = member.patch(
        f"/api/v1/photos/{photo.pk}/",
        {"caption": "Mine", "taken_at": "2018-05-06T07:08:09"},
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    bring(member, NAME.format("002"), TOLD)
    photo.refresh_from_db()
    assert (photo.caption, photo.taken_local.year, photo.latitude) == ("Mine", 2018, 46.5)


def test_what_was_here_before_is_not_put_away(member: Client, alice: User) -> None:
    photo = Photo.objects.get(pk=test_background.sent_photo(member, PHOTOS[f"{YEAR}/DSC_1.JPG"]))
    bring(member, NAME.format("001"), PHOTOS)
    bring(member, NAME.format("002"), TOLD)
    photo.refresh_from_db()
    assert (photo.caption, photo.archived_at, photo.taken_source) == ("The bears", None, "upload")


def test_what_was_in_the_trash_there_goes_into_the_trash_here(member: Client) -> None:
    bring(member, NAME.format("001"), PHOTOS)
    bring(member, NAME.format("002"), {f"{YEAR}/DSC_1.JPG.json": sidecar("DSC_1.JPG", trashed=True)})
    assert [photo.filename for photo in Photo.objects.trashed()] == ["DSC_1.JPG"]
    assert off() == []


def test_the_name_of_an_export_is_known_whatever_a_browser_makes_of_it() -> None:
    names = ("takeout-20240615T120000Z-001.zip", "takeout-20240615T120000Z-3-002 (1).zip", "holidays.zip")
    assert [loose.export_of(name) for name in names] == ["takeout-20240615t120000z"] * 2 + [""]
