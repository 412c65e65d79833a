"""A photo's way through the steps, with the real S3 server; the recogniser's answers are said by each test."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery import storage
from gallery.imaging.tests.pictures import heic, saved
from gallery.intake import receive
from gallery.labelling import errors, rate, rekognition
from gallery.models import Analysis, Circuit, Detection, Job, OwnerLabel, Photo, Purge, Rendition
from gallery.organise import photos as organise
from gallery.pipeline import analyse, develop, purge, run, runs
from gallery.pipeline.sweep import sweep
from gallery.tests.answering import FREE

pytestmark = [pytest.mark.usefixtures("s3", "queue"), pytest.mark.django_db(transaction=True)]
CHELSEA = Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg"
CAT = {
    "Labels": [
        {
            "Name": "Cat",
            "Confidence": 98.5,
            "Parents": [{"Name": "Pet"}, {"Name": "Animal"}],
            "Aliases": [{"Name": "Feline"}],
            "Categories": [{"Name": "Animals and Pets"}],
            "Instances": [
                {"BoundingBox": {"Left": -0.1, "Top": 0.2, "Width": 0.6, "Height": 0.5}, "Confidence": 98.5}
            ],
        }
    ],
    "LabelModelVersion": "3.0",
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "reserve", lambda *_, **__: FREE)


class Says:
    """A recogniser that says what it is told, one answer or error a call, the last one for ever."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.calls = list(answers), 0

    def __call__(self, operation: str, jpeg: bytes, **members: Any) -> dict[str, Any]:
        said = self.answers[min(self.calls, len(self.answers) - 1)]
        self.calls += 1
        if isinstance(said, Exception):
            raise said
        told: dict[str, Any] = said
        return told


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Any:
    def install(*answers: Any) -> Says:
        recogniser = Says(*answers)
        monkeypatch.setattr(rekognition, "ask", recogniser)
        return recogniser

    return install


def send(user: User, data: bytes | None = None, name: str = "chelsea.jpg") -> Photo:
    file = SimpleUploadedFile(name, data or CHELSEA.read_bytes())
    return receive.store_upload(user, file, filename=name).photo


def work(*steps: str) -> None:
    for step in steps or ("renditions", "labels"):
        assert run.one(step), step


def soon() -> None:
    """The time of every waiting job has come."""
    Job.objects.waiting().exclude(ready_at=None).update(ready_at=timezone.now() - timedelta(seconds=1))
    Circuit.objects.update(probe_at=timezone.now() - timedelta(seconds=1))


def job(photo: Photo, step: str) -> Job:
    found: Job = Job.objects.get(photo=photo, step=step)
    return found


def test_a_photo_goes_its_way(alice: User, says: Any) -> None:
    says(CAT)
    photo = send(alice)
    work()
    photo.refresh_from_db()
    assert {made.spec: (made.width, made.height) for made in photo.renditions.all()} == {
        "thumb": (320, 213), "preview": (451, 300), "full": (451, 300),
    }  # fmt: skip
    assert len(photo.thumbhash) > 15
    found = {detection.label.name: detection for detection in photo.detections.select_related("label")}
    assert {name: (seen.confidence, seen.implied) for name, seen in found.items()} == {
        "Cat": (98.5, False), "Pet": (98.5, True), "Animal": (98.5, True), "Animals and Pets": (98.5, True),
    }  # fmt: skip
    box = found["Cat"].instances.get()
    assert (box.left, box.top, box.width, box.height) == pytest.approx((0, 0.2, 0.5, 0.5))
    assert found["Cat"].label.aliases == ["Feline"]
    bill = Analysis.objects.get()
    assert (bill.state, str(bill.cost_usd), bill.model_version) == ("answered", "0.00100", "3.0")
    assert bill.answer == CAT
    assert set(OwnerLabel.objects.values_list("label__name", "photos")) == {
        ("Cat", 1),
        ("Pet", 1),
        ("Animal", 1),
        ("Animals and Pets", 1),
    }


def test_what_the_camera_wrote_is_read(alice: User, says: Any) -> None:
    says(CAT)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canon", "Canon EOS R5", 6
    exif.get_ifd(0x8769)[0x9003] = "2019:07:04 12:34:56"
    exif.get_ifd(0x8769)[0x9011] = "+10:00"
    out = io.BytesIO()
    Image.open(CHELSEA).save(out, "JPEG", exif=exif)
    photo = send(
        alice, out.getvalue(), "IMG_20200101_000000.jpg"
    )  # which is wrong, and was believed until then
    work()
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (300, 451)
    assert photo.taken_local.isoformat() == "2019-07-04T12:34:56+00:00"
    assert (photo.taken_offset, photo.taken_source, photo.camera) == (600, "exif", "Canon EOS R5")
    assert set(Detection.objects.values_list("taken_local", flat=True)) == {photo.taken_local}


@pytest.mark.parametrize("kind", ["HEIC", "AVIF", "TIFF"])
def test_what_no_browser_shows_goes_the_same_way(alice: User, says: Any, kind: str) -> None:
    says(CAT)
    with Image.open(CHELSEA) as cat:
        data = heic(cat) if kind == "HEIC" else saved(cat, kind)
    photo = send(alice, data, f"IMG_1.{kind.lower()}")
    work()
    assert photo.content_type == f"image/{kind.lower()}"
    assert {made.spec: (made.width, made.height) for made in photo.renditions.all()} == {
        "thumb": (320, 213),
        "preview": (451, 300),
        "full": (451, 300),
    }
    assert Detection.objects.filter(photo=photo).exists()


def test_what_its_owner_said_stays(alice: User, says: Any) -> None:
    says(CAT)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2019:07:04 12:34:56"
    out = io.BytesIO()
    Image.open(CHELSEA).save(out, "JPEG", exif=exif)
    photo = send(alice, out.getvalue())
    said = photo.taken_local.replace(year=1999)
    organise.edit(photo, taken_local=said, taken_source="user")
    work()
    photo.refresh_from_db()
    assert (photo.taken_local, photo.taken_source) == (said, "user")


def test_a_second_run_makes_nothing(alice: User, says: Any) -> None:
    says(CAT)
    photo = send(alice)
    work()
    Job.objects.filter(step="renditions").update(state="waiting", finished_at=None)
    with mock.patch.object(storage, "put_rendition") as put:
        work("renditions")
    assert not put.called
    assert photo.renditions.count() == 3


def test_a_picture_that_only_decoding_finds_broken_is_failed_and_kept(alice: User, says: Any) -> None:
    recogniser = says(CAT)
    data = bytearray(CHELSEA.read_bytes())
    out = io.BytesIO()
    Image.open(CHELSEA).save(out, "PNG")
    data = bytearray(out.getvalue())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    photo = send(alice, bytes(data), "broken.png")
    work("renditions")
    assert [found.state for found in photo.jobs.all()] == ["failed", "failed"]
    assert "broken" in job(photo, "renditions").reason
    assert storage.original_sha256(photo.original_key) == photo.sha256
    assert recogniser.calls == 0


def test_small_pictures_are_done_without_labels(alice: User, says: Any) -> None:
    recogniser = says(CAT)
    out = io.BytesIO()
    Image.new("RGB", (100, 79), "red").save(out, "PNG")
    photo = send(alice, out.getvalue(), "tiny.png")
    work()
    assert job(photo, "labels").state == "skipped"
    assert "too small" in job(photo, "labels").reason
    assert recogniser.calls == 0


def test_who_switched_analysis_off_is_not_analysed(alice: User, says: Any) -> None:
    recogniser = says(CAT)
    User.objects.update(analyse=False)
    photo = send(alice)
    work()
    assert (job(photo, "labels").state, job(photo, "labels").reason) == ("skipped", analyse.OFF)
    assert recogniser.calls == 0


def test_a_throttle_waits_and_is_not_billed(alice: User, says: Any) -> None:
    says(*[errors.Throttled("busy", "ThrottlingException")] * 12, CAT)
    photo = send(alice)
    work("renditions")
    for _ in range(12):
        work("labels")
        assert (job(photo, "labels").state, job(photo, "labels").reason) == ("waiting", "busy")
        soon()
    work("labels")
    assert job(photo, "labels").state == "done"
    assert Analysis.objects.filter(state="refused", cost_usd=0).count() == 12
    assert Analysis.objects.filter(state="answered").count() == 1


def test_a_refused_site_stops_asking_and_fails_nothing(alice: User, says: Any) -> None:
    recogniser = says(errors.Misconfigured("The operator has to mend it.", "AccessDeniedException"), CAT)
    first, second = send(alice), send(alice, CHELSEA.read_bytes() + b"2")
    work("renditions", "renditions", "labels")
    assert not run.one("labels"), "the circuit is open"
    assert recogniser.calls == 1
    for photo in (first, second):
        assert job(photo, "labels").state == "waiting"
        assert job(photo, "labels").reason == "The operator has to mend it."
    third = send(alice, CHELSEA.read_bytes() + b"3")
    work("renditions")
    sweep()
    assert job(third, "labels").reason == "The operator has to mend it."
    soon()
    work("labels")
    assert not Circuit.objects.exists()
    assert job(second, "labels").reason == "" or job(first, "labels").reason == ""
    work("labels", "labels")
    assert {found.state for found in Job.objects.filter(step="labels")} == {"done"}


def test_an_open_circuit_is_probed_by_one(alice: User, says: Any) -> None:
    recogniser = says(errors.Misconfigured("no", "AccessDeniedException"))
    for number in range(3):
        send(alice, CHELSEA.read_bytes() + bytes([number]))
    work("renditions", "renditions", "renditions", "labels")
    soon()
    work("labels")
    assert not run.one("labels")
    assert recogniser.calls == 2


@pytest.mark.parametrize("error", [
    errors.Unusable("fault", "InternalServerError"), {"Labels": None}, {}, {"message": "<html>"},
], ids=["500", "null", "empty", "garbage"])  # fmt: skip
def test_an_answer_that_is_none_is_asked_again_and_perhaps_billed(alice: User, says: Any, error: Any) -> None:
    says(error, CAT)
    photo = send(alice)
    work("renditions", "labels")
    assert (job(photo, "labels").state, job(photo, "labels").attempts) == ("waiting", 1)
    assert Analysis.objects.get().state == "sent"
    soon()
    work("labels")
    assert job(photo, "labels").state == "done"


def test_an_unreachable_recogniser_is_waited_for(alice: User, says: Any) -> None:
    says(*[errors.Unreachable("away", "ConnectTimeoutError")] * 10, CAT)
    photo = send(alice)
    work("renditions")
    for _ in range(10):
        work("labels")
        soon()
    work("labels")
    assert job(photo, "labels").state == "done"


def test_a_picture_that_the_recogniser_can_not_read_is_rebuilt_once(alice: User, says: Any) -> None:
    recogniser = says(errors.Rejected("unreadable", "InvalidImageFormatException"))
    photo = send(alice)
    work("renditions", "labels")
    assert job(photo, "renditions").state == "waiting"
    work("renditions", "labels")
    assert recogniser.calls == 2
    assert job(photo, "labels").state == "failed"
    assert (
        job(photo, "labels").reason
        == "The image recognition could not read this picture. (InvalidImageFormatException)"
    )
    assert photo.renditions.count() == 3, "it can still be looked at"


def test_a_rendition_that_vanished_is_made_again(alice: User, says: Any) -> None:
    says(CAT)
    photo = send(alice)
    work("renditions")
    storage.delete("renditions", photo.renditions.get(spec="full").key)
    work("labels", "renditions", "labels")
    assert job(photo, "labels").state == "done"


def test_an_original_that_vanished_is_said(alice: User, says: Any) -> None:
    photo = send(alice)
    storage.delete("originals", photo.original_key)
    work("renditions")
    assert job(photo, "renditions").reason == develop.LOST


def test_a_store_that_is_away_is_waited_for(alice: User, says: Any) -> None:
    photo = send(alice)
    with mock.patch.object(storage, "fetch_original", side_effect=storage.StorageAway("down")):
        work("renditions")
    assert (job(photo, "renditions").state, job(photo, "renditions").attempts) == ("waiting", 0)


def test_a_fault_of_ours_is_tried_again_and_said(alice: User, says: Any) -> None:
    photo = send(alice)
    with mock.patch.object(develop, "develop", side_effect=ZeroDivisionError):
        work("renditions")
    assert job(photo, "renditions").reason == run.UNEXPECTED


def test_deleted_stays_deleted_also_while_it_is_worked_on(alice: User, says: Any) -> None:
    says(CAT)
    photo = send(alice)
    real = storage.put_rendition

    def delete_meanwhile(key: str, path: Path, **more: Any) -> None:
        organise.delete_forever(photo)
        purge.due()
        real(key, path, **more)

    with mock.patch.object(storage, "put_rendition", delete_meanwhile):
        work("renditions")
    purge.due()
    left = {found.key for alias in ("originals", "renditions") for found in storage.listed(alias)}
    assert not [key for key in left if key.startswith(str(photo.pk))]
    assert not Purge.objects.exists()
    assert not Rendition.objects.exists()
    alice.refresh_from_db()
    assert alice.used_bytes == 0


def test_deleting_keeps_the_bill(alice: User, says: Any) -> None:
    says(CAT)
    photo = send(alice)
    work()
    organise.delete_forever(photo)
    assert Analysis.objects.get().photo is None
    assert set(OwnerLabel.objects.values_list("photos", flat=True)) == {0}


def test_the_sweep_tells_what_nobody_was_told(alice: User, says: Any) -> None:
    with mock.patch("gallery.pipeline.queue._send"):
        photo = send(alice)
    said: list[str] = []
    with (
        mock.patch("gallery.pipeline.queue._send", lambda task, arguments, *more: said.extend(arguments)),
        mock.patch("gallery.pipeline.queue.length", lambda queue: 0),
    ):
        assert sweep().announced == 1
    assert said == ["renditions"]
    assert job(photo, "renditions").attempts == 0
    with mock.patch("gallery.pipeline.queue.length", lambda queue: 5):
        assert sweep().announced == 0, "there are words enough in the queue"


def test_a_relabelling_replaces_what_the_machine_said(alice: User, says: Any) -> None:
    dog = {"Labels": [{"Name": "Dog", "Confidence": 70, "Parents": [{"Name": "Animal"}]}]}
    says(CAT, dog)
    photo = send(alice)
    work()
    runs.again(photo, "labels")
    work("labels")
    assert set(photo.detections.values_list("label__name", flat=True)) == {"Dog", "Animal"}
    counts = dict(OwnerLabel.objects.values_list("label__name", "photos"))
    assert counts == {"Cat": 0, "Pet": 0, "Animals and Pets": 0, "Animal": 1, "Dog": 1}
