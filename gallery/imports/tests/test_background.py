"""A zip file that somebody sends through the API: its photos come in while nobody waits, and nothing of it is left."""

import json
import random
import uuid
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import User
from gallery import storage
from gallery.imports import background, importing, leases
from gallery.imports.tests.photos import jpeg, takeout
from gallery.imports.tests.zips import packed
from gallery.intake import direct
from gallery.models import Album, Import, Photo, Purge, Upload
from gallery.pipeline import left_out, purge, reconcile
from gallery.pipeline.sweep import sweep
from gallery.tests import sending

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]
IMPORTS = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def no_words() -> Iterator[mock.Mock]:
    """Nobody hears what is said to workers; tests are the worker."""
    with mock.patch("gallery.pipeline.queue._send") as send:
        yield send


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def ask(client: Client, data: bytes, **other: Any) -> Any:
    body = {"filename": "takeout-001.zip", "size": len(data), "sha256": sending.sha256(data), **other}
    return client.post(IMPORTS, body, content_type="application/json")


def sent(client: Client, data: bytes, **other: Any) -> str:
    """The id of an import whose archive is in the bucket."""
    begun = ask(client, data, **other)
    assert begun.status_code == 201, begun.content
    (part,) = begun.json()["parts"]
    assert sending.put(part, data) == 200
    found: str = begun.json()["id"]
    completed = client.post(f"{IMPORTS}{found}/complete/", {}, content_type="application/json")
    assert (completed.status_code, completed.json()["status"]) == (202, "waiting"), completed.content
    return found


def sent_photo(client: Client, data: bytes) -> str:
    """The id of a photo that comes alone."""
    file = SimpleUploadedFile("DSC_1.JPG", data)
    answer = client.post("/api/v1/photos/", {"file": file})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def told(client: Client, import_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{IMPORTS}{import_id}/").json()
    return found


def objects() -> set[str]:
    purge.due()
    return {found.key for found in storage.listed("originals")}


def space(user: User) -> tuple[int, int]:
    user.refresh_from_db()
    return user.used_bytes, user.reserved_bytes


def test_its_photos_come_in_and_the_archive_goes(member: Client, alice: User) -> None:
    data = packed(takeout())
    found = sent(member, data)
    assert space(alice) == (0, len(data))
    background.shift()
    after = told(member, found)
    assert (after["status"], after["found"], after["looked_at"]) == ("done", 9, 9)
    assert (after["stored"], after["here"], after["skipped"], after["refused"]) == (6, 1, 5, 1)
    reasons = {reason["reason"]: (reason["count"], reason["files"][0]) for reason in after["reasons"]}
    assert reasons[left_out.MOVING] == (1, "takeout-001.zip/Takeout/Google Fotos/Fotos von 2019/IMG_7.MP4")
    assert Photo.objects.exclude(caption="").count() == 2
    assert Album.objects.visible_to(alice).get().entries.count() == 2
    assert space(alice) == (sum(Photo.objects.values_list("byte_size", flat=True)), 0)
    assert found not in objects()
    assert list(reconcile._space(timezone.now() + timedelta(hours=1))) == []


def test_reasons_are_told_in_the_readers_language(member: Client) -> None:
    found = sent(member, packed({"a.txt": b"Dear diary"}))
    background.shift()
    assert Import.objects.get().report["reasons"][0][1].startswith("This is a text file")
    german = member.get(f"{IMPORTS}{found}/", headers={"accept-language": "de"}).json()
    assert german["reasons"][0]["reason"].startswith("Das ist")


def test_of_a_long_one_workers_take_turns(member: Client, no_words: mock.Mock) -> None:
    found = sent(member, packed({f"{number}.jpg": jpeg(number) for number in range(4)}))
    with mock.patch.object(background, "_SHIFT_SECONDS", 0):
        background.shift()
        assert told(member, found)["looked_at"] == 1
        assert no_words.call_args.args[0] == "gallery.imports.tasks.read"
        for _ in range(4):
            background.shift()
    after = told(member, found)
    assert (after["status"], after["stored"], after["here"]) == ("done", 4, 0)


def test_a_worker_that_dies_is_followed_by_another_when_its_lease_is_over(
    member: Client, alice: User
) -> None:
    found = sent(member, packed({f"{number}.jpg": jpeg(number) for number in range(3)}))
    with (
        mock.patch.object(importing, "into_album"),
        mock.patch.object(leases, "write", side_effect=[None, None, SystemExit]),
        pytest.raises(SystemExit),
    ):
        background.shift()
    background.shift()
    assert told(member, found)["status"] == "waiting"
    Import.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    background.shift()
    after = told(member, found)
    assert (after["status"], after["stored"] + after["here"], Photo.objects.count()) == ("done", 3, 3)
    assert space(alice)[1] == 0


def test_of_many_archives_of_one_owner_one_is_read_at_a_time(member: Client, bob: User) -> None:
    first, second = (sent(member, packed({f"{number}.jpg": jpeg(number)})) for number in (1, 2))
    held = Import.objects.filter(pk=first)
    held.update(lease_until=timezone.now() + timedelta(minutes=1), lease_token=uuid.uuid4())
    background.shift()
    assert told(member, second)["status"] == "waiting"
    others = Client()
    others.force_login(bob)
    third = sent(others, packed({"3.jpg": jpeg(3)}))
    background.shift()
    assert told(others, third)["status"] == "done"
    held.update(lease_until=None, lease_token=None)
    background.shift()
    background.shift()
    assert {told(member, found)["status"] for found in (first, second)} == {"done"}


def test_of_a_large_one_the_sums_of_its_parts_will_do(member: Client, alice: User) -> None:
    noise = random.Random(7).randbytes(17 * 1024 * 1024)
    data = packed({"1.jpg": jpeg(1), "film.mp4": noise}, zipfile.ZIP_STORED)
    parts = [data[at : at + direct.PART_BYTES] for at in range(0, len(data), direct.PART_BYTES)]
    begun = ask(member, data, sha256="", part_sha256s=[sending.sha256(part) for part in parts])
    assert begun.status_code == 201, begun.content
    again = ask(member, data, sha256="", part_sha256s=[sending.sha256(part) for part in parts])
    assert again.json()["id"] == begun.json()["id"]
    assert sending.put(begun.json()["parts"][0], parts[0][:-1] + b"?") == 400
    for wanted, part in zip(begun.json()["parts"], parts, strict=True):
        assert sending.put(wanted, part) == 200
    completed = member.post(f"{IMPORTS}{begun.json()['id']}/complete/", {}, content_type="application/json")
    assert completed.status_code == 202, completed.content
    background.shift()
    assert told(member, begun.json()["id"])["stored"] == 1
    assert Photo.objects.get(owner=alice).filename == "1.jpg"


def test_an_archive_without_any_sum_is_refused_in_words(member: Client) -> None:
    answer = ask(member, packed({"1.jpg": jpeg(1)}), sha256="")
    assert (answer.status_code, answer.json()["code"]) == (422, "sha256_missing")
    assert not Upload.objects.exists()


def test_one_that_comes_by_the_form_is_brought_in_as_well(member: Client, alice: User) -> None:
    before, file = objects(), SimpleUploadedFile("holidays.ZIP", packed({"1.jpg": jpeg(1)}))
    page = member.post("/upload/", {"photos": file}, follow=True)
    assertContains(page, "1 zip file is being brought in")
    background.shift()
    (found,) = member.get(IMPORTS).json()
    assert (found["status"], found["filename"], found["stored"]) == ("done", "holidays.ZIP", 1)
    photo = Photo.objects.get()
    assert objects() - before == {photo.original_key}
    assert space(alice) == (photo.byte_size, 0)


def test_one_that_there_is_no_room_for_leaves_nothing(member: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=100)
    before = objects()
    page = member.post(
        "/upload/", {"photos": SimpleUploadedFile("a.zip", packed({"1.jpg": jpeg(1)}))}, follow=True
    )
    assertContains(page, "1 was refused")
    assert (space(alice), objects() - before, Import.objects.count()) == ((0, 0), set(), 0)


def test_an_archive_is_no_photo_of_a_batch(member: Client) -> None:
    data = packed({"1.jpg": jpeg(1)})
    begun = ask(member, data).json()
    assert sending.put(begun["parts"][0], data) == 200
    body = {"uploads": [{"id": begun["id"]}]}
    answer = member.post("/api/v1/uploads/batch/complete/", body, content_type="application/json").json()
    assert answer["results"][0]["refused"]["status"] == 404, answer
    completed = member.post(f"{IMPORTS}{begun['id']}/complete/", {}, content_type="application/json")
    assert completed.status_code == 202


def test_whoever_lost_an_import_writes_nothing_more(member: Client) -> None:
    found = sent(member, packed({"1.jpg": jpeg(1), "2.jpg": jpeg(2)}))

    def given_up_meanwhile(*args: Any) -> Any:
        background.give_up(Import.objects.get())
        return importing.bring_in(*args)

    with mock.patch.object(background, "bring_in", side_effect=given_up_meanwhile):
        background.shift()
    after = told(member, found)
    assert (after["status"], after["looked_at"], Photo.objects.count()) == ("failed", 0, 1)


@pytest.mark.parametrize(("data", "reason"), [
    (b"PK\x03\x04 cut short", left_out.NO_ARCHIVE), (jpeg(), left_out.NO_ARCHIVE),
])  # fmt: skip
def test_what_is_no_archive_is_told(member: Client, alice: User, data: bytes, reason: str) -> None:
    found = sent(member, data)
    background.shift()
    assert (told(member, found)["status"], told(member, found)["reason"]) == ("failed", reason)
    assert (space(alice), found in objects()) == ((0, 0), False)


def test_without_room_it_stops_and_keeps_what_came(member: Client, alice: User) -> None:
    data = packed({f"{number}.jpg": jpeg(number) for number in range(4)})
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(data))
    found = sent(member, data)
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(jpeg()) + 10)
    background.shift()
    after = told(member, found)
    assert (after["status"], after["reason"], after["stored"]) == ("failed", left_out.NO_ROOM, 1)
    assert found not in objects()


def test_an_archive_larger_than_the_room_is_not_even_sent(member: Client, alice: User) -> None:
    data = packed({"1.jpg": jpeg()})
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(data) - 1)
    assert ask(member, data).json()["code"] == "quota_exceeded"


def test_an_archive_over_the_limit_is_refused(member: Client, settings: Any) -> None:
    settings.MAX_IMPORT_BYTES = 10
    refused = ask(member, packed({"1.jpg": jpeg()}))
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_an_archive_may_be_larger_than_a_photo(member: Client, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1000
    assert ask(member, b"x" * 2000).status_code == 201


@pytest.mark.parametrize("when", ["part_of_original", "put_original"])
def test_while_the_photo_store_is_away_it_waits(member: Client, when: str) -> None:
    found = sent(member, packed({"1.jpg": jpeg()}))
    with mock.patch.object(storage, when, side_effect=storage.StorageAway("down")):
        background.shift()
    waits = told(member, found)
    assert (waits["status"], waits["reason"]) == ("waiting", left_out.WAITS)
    Import.objects.update(ready_at=timezone.now())
    background.shift()
    after = told(member, found)
    assert (after["status"], after["reason"], after["stored"]) == ("done", "", 1)


def test_an_archive_that_is_gone_is_told(member: Client) -> None:
    found = sent(member, packed({"1.jpg": jpeg()}))
    storage.delete("originals", found)
    background.shift()
    assert told(member, found)["reason"] == left_out.LOST


def test_one_that_is_under_way_can_be_given_up(member: Client, alice: User) -> None:
    found = sent(member, packed({"1.jpg": jpeg()}))
    assert member.delete(f"{IMPORTS}{found}/").status_code == 204
    assert (told(member, found)["status"], space(alice), found in objects()) == ("failed", (0, 0), False)
    background.shift()
    assert not Photo.objects.exists()


def test_one_that_is_being_sent_is_an_upload(member: Client, alice: User) -> None:
    data = packed({"1.jpg": jpeg()})
    begun = ask(member, data).json()
    assert ask(member, data).json()["id"] == begun["id"]
    address = f"{sending.UPLOADS}{begun['id']}/"
    assert len(member.get(address).json()["parts"]) == 1
    assert member.get(f"{IMPORTS}{begun['id']}/").status_code == 404
    assert member.post(f"{address}complete/", {}, content_type="application/json").status_code == 404
    assert member.delete(address).status_code == 204
    assert (space(alice), Upload.objects.get().state) == ((0, 0), "failed")


def test_nothing_is_imported_that_was_not_sent(member: Client) -> None:
    begun = ask(member, packed({"1.jpg": jpeg()})).json()
    refused = member.post(f"{IMPORTS}{begun['id']}/complete/", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_sent")


def test_completed_twice_it_is_one(member: Client) -> None:
    found = sent(member, packed({"1.jpg": jpeg()}))
    again = member.post(f"{IMPORTS}{found}/complete/", {}, content_type="application/json")
    assert (again.status_code, again.json()["id"], Import.objects.count()) == (202, found, 1)


def test_what_is_a_photo_for_one_and_an_archive_for_the_other_is_neither(member: Client) -> None:
    data = packed({"1.jpg": jpeg()})
    ask(member, data)
    assert sending.ask(member, data).json()["code"] == "upload_differs"


def test_somebody_elses_is_not_there(member: Client, bob: User) -> None:
    found = sent(member, packed({"1.jpg": jpeg()}))
    stranger = Client()
    stranger.force_login(bob)
    assert stranger.get(IMPORTS).json() == []
    assert stranger.get(f"{IMPORTS}{found}/").status_code == 404
    assert stranger.get(f"{sending.UPLOADS}{found}/").status_code == 404
    for address, method in [("", "delete"), ("complete/", "post")]:
        asked = getattr(stranger, method)(f"{IMPORTS}{found}/{address}", {}, content_type="application/json")
        assert asked.status_code == 404
    assert told(member, found)["status"] == "waiting"


def test_verify_knows_an_archive_that_waits(member: Client) -> None:
    found = sent(member, packed({"1.jpg": jpeg()}))
    later = timezone.now() + timedelta(hours=1)
    lies = storage.Stored(found, 1, timezone.now() - timedelta(hours=1))
    assert list(reconcile._orphan("originals", lies, later)) == []
    assert list(reconcile._space(later)) == []
    Import.objects.all().delete()
    assert len(list(reconcile._orphan("originals", lies, later))) == 1


def test_the_sweep_finds_one_that_nobody_was_told_of(member: Client, no_words: mock.Mock) -> None:
    sent(member, packed({"1.jpg": jpeg()}))
    no_words.reset_mock()
    sweep()
    assert "gallery.imports.tasks.read" in {call.args[0] for call in no_words.call_args_list}


def test_old_reports_are_forgotten(member: Client) -> None:
    sent(member, packed({"1.jpg": jpeg()}))
    background.shift()
    sweep()
    assert Import.objects.count() == 1
    Import.objects.update(finished_at=timezone.now() - timedelta(days=31))
    sweep()
    assert not Import.objects.exists()


def test_a_report_stays_small_whatever_is_in_an_archive(member: Client) -> None:
    huge = {f"{'x' * 200}/{number}\u0000.txt": b"text" for number in range(60)}
    found = sent(member, packed(huge))
    with mock.patch.object(background, "bring_in", side_effect=lambda _owner, item: importing.Outcome(
        item.entry.place, "refused", f"This reason has a value: {item.entry.name}."
    )):  # fmt: skip
        background.shift()
    assert len(told(member, found)["reasons"]) <= 42
    assert len(json.dumps(Import.objects.get().report)) < 200_000
    assert Purge.objects.count() <= 1
