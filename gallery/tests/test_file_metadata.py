"""What a file tells beside its picture comes to its photo, and what its owner says stands above it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.exposure import Exposure
from gallery.imaging.tests.packets import VIDEO, with_xmp, xmp
from gallery.imaging.tests.pictures import exif, photo, saved
from gallery.intake import receive
from gallery.models import Job, Photo, PhotoText
from gallery.organise import albums, captions, changes, shares
from gallery.organise import photos as organise
from gallery.pipeline import run

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]

PACKET = xmp(
    "<dc:description><rdf:Alt><rdf:li>From the file</rdf:li></rdf:Alt></dc:description>",
    'xmp:Rating="4" photoshop:DateCreated="1957-10-04T19:28:34+05:00" GCamera:MotionPhoto="1"',
)


def send(user: User, data: bytes, name: str = "boat.jpg") -> Photo:
    return receive.store_upload(user, SimpleUploadedFile(name, data), filename=name).photo


def develop(told: Photo) -> Photo:
    """Once more, if it was done before."""
    Job.objects.filter(step="renditions").update(state="waiting", finished_at=None, ready_at=told.uploaded_at)
    assert run.one("renditions")
    told.refresh_from_db()
    return told


@pytest.fixture
def boat(alice: User) -> Photo:
    """Its file says a lot, and its owner nothing yet."""
    block = exif(photo={0x829A: 0.004, 0x829D: 1.8, 0x8827: 64, 0x920A: 6.8, 0xA405: 26, 0x9209: 16})
    data = with_xmp(saved(photo(96, 64), "JPEG", exif=block), PACKET) + VIDEO
    return develop(send(alice, data, "IMG_20240615_123456.jpg"))


def test_what_the_file_tells_is_the_photo_s(boat: Photo) -> None:
    assert Exposure.of_row(boat.exposure) == Exposure(0.004, 1.8, 64, 6.8, 26, flash=False)
    assert (boat.rating, boat.kind, boat.caption) == (4, "motion", "From the file")
    assert boat.wall_clock.isoformat() == "1957-10-04T19:28:34"
    assert (boat.taken_offset, boat.taken_source) == (300, "file"), "not what its name says"
    assert "from the file" in PhotoText.objects.get(photo=boat).folded


def test_a_file_that_tells_nothing_leaves_the_time_in_its_name(alice: User) -> None:
    boat = develop(send(alice, saved(photo(96, 64), "JPEG"), "IMG_20240615_123456.jpg"))
    assert (boat.exposure, boat.rating, boat.kind, boat.caption) == (None, None, "still", "")
    assert (boat.wall_clock.isoformat(), boat.taken_source) == ("2024-06-15T12:34:56", "file")


@pytest.mark.parametrize("said", ["In my words", ""])
def test_what_its_owner_wrote_or_took_away_stays(boat: Photo, said: str) -> None:
    organise.edit(boat, caption=said)
    assert develop(boat).caption == said


def test_who_writes_before_the_file_is_read_is_heard(alice: User) -> None:
    boat = send(alice, with_xmp(saved(photo(96, 64), "JPEG"), PACKET))
    organise.edit(boat, caption="")
    assert develop(boat).caption == ""


def test_said_of_many_it_is_its_owner_s_too_until_that_is_undone(alice: User, boat: Photo) -> None:
    done = captions.say(alice.pk, [boat.pk], "Lisbon")
    assert develop(boat).own_caption == "Lisbon"
    changes.undo(alice.pk, done.change.pk)
    boat.refresh_from_db()
    assert (boat.caption, boat.own_caption) == ("From the file", "")


def test_its_owner_s_page_tells_it(client: Client, alice: User, boat: Photo) -> None:
    client.force_login(alice)
    page = client.get(reverse("photo", args=[boat.pk])).content.decode()
    for fact in (
        "From the file",
        "1/250 s · f/1.8 · ISO 64 · 6.8 mm (26 mm equivalent)",
        'aria-label="4 stars of five">★★★★☆',
        '<span class="chip">Motion photo</span>',
    ):
        assert fact in page


def test_visitors_are_told_none_of_it(client: Client, alice: User, boat: Photo) -> None:
    album = albums.make(alice, "Rome", "")
    albums.add(alice.pk, album.pk, [boat.pk])
    token = shares.make(alice, album=album.pk)[1]

    def told() -> str:
        pages = (reverse("shared", args=[token]), reverse("shared_photo", args=[token, boat.pk]))
        return "".join(client.get(page).content.decode() for page in pages)

    shown = told()
    assert str(boat.pk) in shown
    assert not [secret for secret in ("From the file", "f/1.8", "★", "Motion photo") if secret in shown]
    organise.edit(boat, caption="In my words")
    assert told().count("In my words") >= 2
