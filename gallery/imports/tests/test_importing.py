"""Files become photos, against the real S3 server: all of what was said with them, and each of them once."""

import contextlib
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts.models import User
from gallery import storage
from gallery.imaging.tests.pictures import exif
from gallery.imports import folders, importing, plan
from gallery.imports.entry import Entry
from gallery.imports.importing import Outcome, Stopped, bring_in
from gallery.imports.plan import Item
from gallery.imports.tests.photos import jpeg, laid_out, sidecar, takeout
from gallery.imports.tests.zips import directory, packed, patched
from gallery.models import Album, Photo, Upload
from gallery.organise import photos as organise
from gallery.pipeline import left_out, reconcile, run

pytestmark = [pytest.mark.usefixtures("s3", "queue"), pytest.mark.django_db(transaction=True)]
Imported = Callable[..., list[Outcome]]


def imported(user: User, *paths: Path) -> list[Outcome]:
    with contextlib.ExitStack() as held:
        planned = plan.made(folders.found(paths, held))
        out = [Outcome(one.place, "refused", one.reason) for one in planned.left_out if one.refused]
        return out + [bring_in(user, item) for item in planned.items]


def of_one(user: User, folder: Path, files: dict[str, bytes]) -> Photo:
    """The photo that these files, of which one is a photo, become."""
    (found,) = [outcome.photo for outcome in imported(user, laid_out(folder, files)) if outcome.photo]
    photo: Photo = Photo.objects.visible_to(user).get(pk=found)
    return photo


def developed(photo: Photo) -> Photo:
    while run.one("renditions"):
        photo.refresh_from_db()
    return photo


def told(photo: Photo) -> tuple[str, int | None, str]:
    return photo.taken_local.isoformat()[:19], photo.taken_offset, photo.taken_source


@pytest.fixture(params=["a folder", "a zip file"])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "a folder":
        return laid_out(tmp_path, takeout())
    path = tmp_path / "takeout-20261127T120000Z-001.zip"
    path.write_bytes(packed(takeout()))
    return path


def test_an_export_comes_in_with_all_that_was_said(alice: User, export: Path) -> None:
    outcomes = imported(alice, export)
    assert sorted(outcome.state for outcome in outcomes) == [*["here"], "refused", "skipped", *["stored"] * 6]
    by_bytes = {photo.sha256: photo for photo in Photo.objects.visible_to(alice)}
    photos = {seed: by_bytes.get(_sha256(jpeg(seed))) for seed in (1, 2, 3, 4, 5, 9, 10)}
    bears, edited, archived, other, live, trashed, plain = photos.values()
    assert trashed is None
    assert bears
    assert (bears.caption, bears.favourite_at is not None, bears.archived_at) == ("The bears", True, None)
    assert (bears.latitude, bears.longitude, bears.altitude) == (46.5, 7.75, None)
    assert told(bears) == ("2019-07-04T14:34:56", 120, "file")
    assert edited
    assert (edited.filename, edited.caption) == ("IMG_20190704_143456-bearbeitet.jpg", "The bears")
    assert archived
    assert (archived.archived_at is not None, archived.favourite_at) == (True, None)
    assert other
    assert (other.filename, told(other)) == ("DSC_1.JPG", ("2019-07-04T14:20:00", 0, "file"))
    assert live
    assert plain
    (album,) = Album.objects.visible_to(alice)
    assert album.title == "Bern & Basel"
    assert {entry.photo_id for entry in album.entries.all()} == {archived.pk, plain.pk}
    assert list(reconcile.counters()) == []


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_second_run_brings_nothing_and_changes_nothing(alice: User, export: Path) -> None:
    imported(alice, export)
    before = list(Photo.objects.order_by("pk").values())
    assert {outcome.state for outcome in imported(alice, export)} == {"here", "refused", "skipped"}
    assert list(Photo.objects.order_by("pk").values()) == before
    assert Album.objects.count() == 1


def test_what_was_here_before_gets_what_it_lacks(alice: User, tmp_path: Path) -> None:
    photo = of_one(alice, tmp_path, {"IMG_1.jpg": jpeg()})
    more = {"latitude": 1.0, "longitude": 2.0, "altitude": 3.0}
    of_one(alice, tmp_path, {"IMG_1.jpg.json": sidecar("x", description="A", favorited=True, geoData=more)})
    photo.refresh_from_db()
    assert (photo.caption, photo.favourite_at is not None, photo.latitude) == ("A", True, 1.0)


def test_what_its_owner_said_here_stays(alice: User, tmp_path: Path) -> None:
    photo = of_one(alice, tmp_path, {"IMG_1.jpg": jpeg()})
    organise.edit(photo, caption="Mine")
    Photo.objects.filter(pk=photo.pk).update(latitude=5, longitude=6)
    elsewhere = {"latitude": 1.0, "longitude": 2.0}
    of_one(
        alice,
        tmp_path,
        {"IMG_1.jpg.json": sidecar("x", description="Theirs", archived=True, geoData=elsewhere)},
    )
    photo.refresh_from_db()
    assert (photo.caption, photo.latitude, photo.archived_at) == ("Mine", 5.0, None)


def test_what_is_in_the_trash_stays_there_and_is_told(alice: User, tmp_path: Path) -> None:
    photo = of_one(alice, tmp_path, {"IMG_1.jpg": jpeg()})
    organise.trash(alice.pk, [photo.pk])
    assert [outcome.reason for outcome in imported(alice, tmp_path)] == [left_out.IN_TRASH_HERE]
    photo.refresh_from_db()
    assert photo.trashed_at


def test_somebody_elses_photo_of_the_same_bytes_is_not_touched(
    alice: User, bob: User, tmp_path: Path
) -> None:
    theirs = of_one(bob, tmp_path, {"IMG_1.jpg": jpeg(), "IMG_1.jpg.json": sidecar("x", description="Bob’s")})
    mine = of_one(alice, tmp_path, {"IMG_1.jpg.json": sidecar("x", description="Alice’s")})
    theirs.refresh_from_db()
    assert (mine.pk != theirs.pk, mine.caption, theirs.caption) == (True, "Alice’s", "Bob’s")


def test_what_the_camera_wrote_comes_before_what_google_says(alice: User, tmp_path: Path) -> None:
    own = exif(photo={0x9003: "2018:01:02 03:04:05"}, gps={1: "N", 2: (10, 0, 0), 3: "E", 4: (20, 0, 0)})
    elsewhere = {"latitude": 1.0, "longitude": 2.0, "altitude": 3.0}
    files = {"IMG_1.jpg": jpeg(exif=own), "IMG_1.jpg.json": sidecar("IMG_1.jpg", geoData=elsewhere)}
    photo = developed(of_one(alice, tmp_path, files))
    assert told(photo) == ("2018-01-02T03:04:05", None, "exif")
    assert (photo.latitude, photo.longitude, photo.altitude) == (10, 20, None)


def test_where_the_camera_wrote_nothing_it_stands(alice: User, tmp_path: Path) -> None:
    """Also when the smaller pictures are made, and made anew."""
    where = {"latitude": 1.0, "longitude": 2.0, "altitude": 3.0}
    files = {"IMG_1.jpg": jpeg(), "IMG_1.jpg.json": sidecar("IMG_1.jpg", geoData=where)}
    photo = developed(of_one(alice, tmp_path, files))
    assert (photo.latitude, photo.longitude, photo.altitude) == (1, 2, 3)
    assert told(photo) == ("2019-07-04T12:34:56", 0, "file")
    assert photo.thumbhash


@pytest.mark.parametrize(("name", "zone", "taken"), [
    ("IMG_1.jpg", "", ("2019-07-04T12:34:56", 0)),
    ("IMG_1.jpg", "Europe/Berlin", ("2019-07-04T14:34:56", 120)),
    ("IMG_20190704_223456.jpg", "Europe/Berlin", ("2019-07-04T22:34:56", 600)),
    ("IMG_20190704_180456.jpg", "Europe/Berlin", ("2019-07-04T18:04:56", 330)),
    ("IMG_20190704_180457.jpg", "Europe/Berlin", ("2019-07-04T14:34:56", 120)),
    ("IMG_20010704_180456.jpg", "Europe/Berlin", ("2019-07-04T14:34:56", 120)),
    ("PXL_20190704_123456.jpg", "Europe/Berlin", ("2019-07-04T14:34:56", 120)),
])  # fmt: skip
def test_the_clock_on_the_wall_is_found_out(
    alice: User, tmp_path: Path, name: str, zone: str, taken: tuple[str, int]
) -> None:
    alice.time_zone = zone
    photo = of_one(alice, tmp_path, {name: jpeg(), f"{name}.json": sidecar(name)})
    assert told(photo)[:2] == taken


def test_without_google_the_name_and_then_the_file_tell_it(alice: User, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(packed({"IMG_20010203_040506.jpg": jpeg(1), "beach.jpg": jpeg(2)}))
    imported(alice, archive)
    found = {photo.filename: told(photo) for photo in Photo.objects.all()}
    assert found == {
        "IMG_20010203_040506.jpg": ("2001-02-03T04:05:06", None, "file"),
        "beach.jpg": ("2019-07-04T12:34:56", None, "file"),
    }


@pytest.mark.parametrize(("name", "title", "kept"), [
    ("PXL_1.LONG_EXPOSURE.ORIGINA.jpg", "PXL_1.LONG_EXPOSURE.ORIGINAL.jpg", "PXL_1.LONG_EXPOSURE.ORIGINAL.jpg"),
    ("DSC_1(2).JPG", "DSC_1.JPG", "DSC_1.JPG"),
    ("IMG_1-edited.jpg", "IMG_1.jpg", "IMG_1-edited.jpg"),
    ("IMG_1.jpg", "IMG_1.HEIC", "IMG_1.jpg"),
    ("A _ B.jpg", "A & B.jpg", "A _ B.jpg"),
    ("(1).jpg", "x.jpg", "(1).jpg"),
    ("IMG_1.jpg", "", "IMG_1.jpg"),
])  # fmt: skip
def test_a_photo_is_called_what_it_was_before_google_cut_it(name: str, title: str, kept: str) -> None:
    assert importing._filename(name, title) == kept


def test_an_album_of_this_title_is_filled_and_not_made_again(alice: User, bob: User, tmp_path: Path) -> None:
    mine, theirs = (Album.objects.create(owner=owner, title="Trip", folded="trip") for owner in (alice, bob))
    imported(
        alice, laid_out(tmp_path, {"a/1.jpg": jpeg(), "a/metadata.json": b'{"title": "Trip", "access": ""}'})
    )
    assert (Album.objects.count(), mine.entries.count(), theirs.entries.count()) == (2, 1, 0)


def test_an_album_with_a_title_longer_than_ours_is_called_by_its_beginning(
    alice: User, tmp_path: Path
) -> None:
    told = b'{"title": "%s", "access": ""}' % (b"x" * 300)
    imported(alice, laid_out(tmp_path, {"a/1.jpg": jpeg(), "a/metadata.json": told}))
    assert Album.objects.get().title == "x" * 100


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "The file is empty"),
    (b"PK\x03\x04 a zip in a zip", "This is a ZIP archive. Unpack it"),
    (b"\0\0\0\x18ftypmp42", "This is a video (MP4)."),
    (b"MZ a program", "This is a program (Windows)"),
    (jpeg()[:400], "The file stops in the middle"),
], ids=["empty", "nested", "video", "program", "half"])  # fmt: skip
@pytest.mark.parametrize("zipped", [False, True])
def test_what_is_no_photo_is_refused_in_words(
    alice: User, tmp_path: Path, data: bytes, reason: str, zipped: bool
) -> None:
    """By its content, whatever it is called."""
    files = {"IMG_1.jpg": data}
    if zipped:
        (tmp_path / "a.zip").write_bytes(packed(files))
    else:
        laid_out(tmp_path, files)
    (outcome,) = imported(alice, tmp_path)
    assert (outcome.state, outcome.reason.startswith(reason)) == ("refused", True), outcome
    assert not Photo.objects.exists()
    assert not Upload.objects.exists()


def test_a_file_over_the_limit_is_not_even_read(alice: User, tmp_path: Path, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    never = Entry("", PurePosixPath("a.jpg"), 101, None, mock.Mock(side_effect=AssertionError))
    assert bring_in(alice, Item(never)).reason == left_out.TOO_LARGE


def test_a_file_that_is_shorter_than_the_archive_says_is_refused(alice: User, tmp_path: Path) -> None:
    data = packed({"IMG_1.jpg": jpeg()})
    (tmp_path / "a.zip").write_bytes(patched(data, directory(data) + 24, "<I", 5000))
    assert [outcome.reason for outcome in imported(alice, tmp_path)] == [left_out.BROKEN]


def test_links_are_not_followed(alice: User, tmp_path: Path) -> None:
    secret = laid_out(tmp_path / "elsewhere", {"secret.jpg": jpeg()})
    folder = laid_out(tmp_path / "mine", {"IMG_1.jpg": jpeg(1)})
    (folder / "link.jpg").symlink_to(secret / "secret.jpg")
    (folder / "folder").symlink_to(secret)
    outcomes = imported(alice, folder)
    assert sorted(outcome.reason for outcome in outcomes if outcome.state == "refused") == [left_out.LINK] * 2
    assert Photo.objects.count() == 1


def test_a_file_that_can_not_be_read_is_told(alice: User, tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {"IMG_1.jpg": jpeg(), "cut.zip": b"PK\x03\x04"})
    with mock.patch.object(Path, "open", side_effect=PermissionError(13, "Permission denied")):
        outcomes = imported(alice, folder)
    assert {outcome.reason for outcome in outcomes} == {left_out.UNREADABLE % {"what": "Permission denied"}}


def test_without_room_it_stops(alice: User, tmp_path: Path) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(jpeg(1)))
    laid_out(tmp_path, {"1.jpg": jpeg(1), "2.jpg": jpeg(2)})
    with pytest.raises(Stopped) as stopped:
        imported(alice, tmp_path)
    assert (stopped.value.reason, Photo.objects.count()) == (left_out.NO_ROOM, 1)
    alice.refresh_from_db()
    assert (alice.used_bytes, alice.reserved_bytes) == (len(jpeg(1)), 0)


def test_while_the_photo_store_is_away_it_stops(alice: User, tmp_path: Path) -> None:
    laid_out(tmp_path, {"1.jpg": jpeg(1)})
    with (
        mock.patch.object(storage, "put_original", side_effect=storage.StorageAway("down")),
        pytest.raises(Stopped) as stopped,
    ):
        imported(alice, tmp_path)
    assert stopped.value.reason == left_out.AWAY
    assert [outcome.state for outcome in imported(alice, tmp_path)] == ["stored"]


@pytest.mark.parametrize(
    "modified",
    [
        timezone.now() + timedelta(days=400),
        datetime(1980, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
    ids=["ahead", "no clock in a zip", "no clock on a disk"],
)
def test_a_time_of_a_file_that_can_not_be_is_not_believed(modified: datetime) -> None:
    assert importing._written(Entry("", PurePosixPath("a.jpg"), 1, modified, mock.Mock())) is None


def test_the_name_of_a_file_comes_before_its_time(alice: User, tmp_path: Path) -> None:
    laid_out(tmp_path, {"IMG_20190704_123456.jpg": jpeg(1), "beach.jpg": jpeg(2)})
    for file in tmp_path.iterdir():
        os.utime(file, (1_500_000_000, 1_500_000_000))
    imported(alice, tmp_path)
    taken = {photo.filename: photo.taken_local.year for photo in Photo.objects.all()}
    assert taken == {"IMG_20190704_123456.jpg": 2019, "beach.jpg": 2017}
