"""What strangers' archives and our own faults must not do: stay for ever, stop others, or tell nonsense of photos."""

import io
import zipfile
from datetime import timedelta
from threading import Event
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.imports import archives, background, importing, leases, takeout
from gallery.imports.entry import Unreadable
from gallery.imports.tests.photos import album, jpeg, sidecar
from gallery.imports.tests.test_background import ask, sent, space, told
from gallery.imports.tests.test_background import no_words as no_words
from gallery.imports.tests.zips import packed, packed_as, reasons
from gallery.intake import direct
from gallery.intake.receive import clean_filename
from gallery.models import Album, Import, Photo, Upload
from gallery.pipeline import left_out
from gallery.tests import sending
from gallery.tests.together import together

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def brought(client: Client, files: dict[str, bytes], **other: Any) -> dict[str, Any]:
    found = sent(client, packed(files), **other)
    background.shift()
    return told(client, found)


# --- archives ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "\0.jpg"])
def test_a_file_without_a_name_is_left_out(name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    assert list(reasons(packed_as(info, b"1")).values()) == [left_out.OUTSIDE]


def test_a_name_that_no_name_can_be_is_left_out() -> None:
    assert list(reasons(packed({"a" * 2000 + ".jpg": b"1"})).values()) == [left_out.NAME]


def test_too_many_files_are_seen_before_there_is_an_object_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    data = packed({f"{number}.jpg": b"1" for number in range(4)})
    with (
        mock.patch("zipfile.ZipInfo", side_effect=AssertionError),
        pytest.raises(Unreadable, match="more than 3 files"),
        archives.opened(io.BytesIO(data)),
    ):
        pass


# --- what it says ------------------------------------------------------------------------------------------


def test_a_name_of_a_million_marks_is_cut_before_it_is_put_in_order() -> None:
    assert len(clean_filename("a" + "\u0301" * 60_000 + "\u0316" * 60_000 + ".jpg")) <= 255


def test_what_a_sidecar_says_is_cut() -> None:
    read = takeout.read(sidecar("t" * 10_000, description="d" * 10_000))
    assert (len(read.title), len(read.caption)) == (255, 2000)


@pytest.mark.parametrize("seconds", [-62_135_596_800, 253_402_300_000], ids=["the year 1", "the year 9999"])
def test_a_moment_that_can_not_be_is_not_believed(member: Client, seconds: int) -> None:
    brought(member, {"a.jpg": jpeg(1), "a.jpg.json": sidecar("a.jpg", taken=seconds)})
    assert Photo.objects.get().taken_local.year in (2019, timezone.now().year)


@pytest.mark.parametrize("title", ["Family 👨\u200d👩\u200d👧", "\u200eRome", "عکس\u200cها"])
def test_a_title_with_signs_that_nobody_sees_is_one_album(member: Client, title: str) -> None:
    files = {f"Takeout/Trip/{number}.jpg": jpeg(number) for number in range(3)}
    brought(member, {**files, "Takeout/Trip/metadata.json": album(title)})
    assert Album.objects.get().entries.count() == 3


def test_an_empty_file_is_told_in_words_that_are_translated(member: Client) -> None:
    (reason,) = brought(member, {"a.jpg": b""})["reasons"]
    assert reason["reason"] in {*map(str, importing._OTHER_WORDS.values())}


def test_what_is_true_by_now_counts(alice: User, member: Client) -> None:
    """The camera's date, or the owner's caption, may have come after the photo was looked at."""
    brought(member, {"a.jpg": jpeg(1)})
    stale = Photo.objects.get()
    Photo.objects.update(taken_source="exif", caption="Mine", caption_by_owner=True)
    said = takeout.read(sidecar("a.jpg", taken=1_000_000_000, description="Theirs"))
    importing.add_what_is_missing(alice, stale, said, new=True)
    now = Photo.objects.get()
    assert (now.caption, now.taken_local) == ("Mine", stale.taken_local)
    Photo.objects.all().delete()
    importing.add_what_is_missing(alice, stale, said, new=True)


# --- faults ------------------------------------------------------------------------------------------------


def test_a_fault_with_one_file_keeps_no_other_out(member: Client) -> None:
    real = importing.bring_in

    def faulty(owner: User, item: Any) -> Any:
        if item.entry.name == "1.jpg":
            raise IndexError
        return real(owner, item)

    with mock.patch.object(background, "bring_in", faulty):
        after = brought(member, {f"{number}.jpg": jpeg(number) for number in range(3)})
    assert (after["status"], after["stored"], after["refused"]) == ("done", 2, 1)
    assert after["reasons"][0]["reason"] == left_out.FAULT


def test_what_fails_again_and_again_is_given_up_and_says_so(member: Client, alice: User) -> None:
    found = sent(member, packed({"1.jpg": jpeg(1)}))
    with mock.patch("gallery.imports.plan.made", side_effect=ZeroDivisionError):
        for _ in range(8):
            background.shift()
            Import.objects.update(ready_at=timezone.now())
    after = told(member, found)
    assert (after["status"], after["reason"]) == ("failed", left_out.FAULT)
    assert space(alice) == (0, 0)


def test_so_is_what_kills_its_worker_each_time(member: Client) -> None:
    found = sent(member, packed({"1.jpg": jpeg(1)}))
    for _ in range(8):
        with mock.patch.object(background, "_attempt"):
            background.shift()
        Import.objects.filter(lease_until__isnull=False).update(
            lease_until=timezone.now() - timedelta(seconds=1)
        )
    assert told(member, found)["status"] == "failed"


def test_a_lease_is_kept_however_long_a_file_takes(member: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found, renewed = sent(member, packed({"1.jpg": jpeg(1)})), Event()
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=1))
    real = importing.bring_in

    def slow(owner: User, item: Any) -> Any:
        first = Import.objects.get().lease_until
        while Import.objects.get().lease_until == first:
            assert not renewed.wait(0.05)
        return real(owner, item)

    with mock.patch.object(background, "bring_in", slow):
        background.shift()
    assert told(member, found)["status"] == "done"


def test_of_two_workers_at_once_one_reads_an_archive_of_an_owner(member: Client) -> None:
    for number in range(2):
        sent(member, packed({f"{number}.jpg": jpeg(number)}))
    claimed: list[Any] = []
    together(*[lambda: claimed.append(leases.claim())] * 6)
    assert len([one for one in claimed if one]) == 1


# --- answers that were lost --------------------------------------------------------------------------------


def test_an_archive_whose_completing_was_not_heard_is_not_sent_again(member: Client) -> None:
    data = packed({"1.jpg": jpeg(1)})
    found = sent(member, data)
    again = ask(member, data)
    assert (again.status_code, again.json()["id"], again.json()["parts"]) == (201, found, [])
    completed = member.post(f"/api/v1/imports/{found}/complete/", {}, content_type="application/json")
    assert completed.json()["id"] == found
    assert Import.objects.count() == 1


def test_parts_that_were_joined_need_only_be_completed(alice: User) -> None:
    data = sending.CHELSEA + bytes(17 * 1024 * 1024)
    asked = direct.Asked("a.jpg", len(data), sending.sha256(data))
    begun = direct.begin(alice, asked)
    assert isinstance(begun, direct.Progress)
    for wanted in begun.wanted:
        part = data[(wanted.number - 1) * direct.PART_BYTES :][: wanted.size]
        assert sending.send(wanted.url, part, wanted.headers)[0] == 200
    direct._join(begun.upload, {})
    again = direct.begin(alice, asked)
    assert isinstance(again, direct.Progress)
    assert (again.upload.pk, list(again.wanted), len(again.present)) == (begun.upload.pk, [], 3)
    assert direct.finish(Upload.objects.get(), {}).photo.byte_size == len(data)
