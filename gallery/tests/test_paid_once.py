"""A call is paid once, whatever happens between its answer and the rows that are made of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from gallery.labelling import rekognition
from gallery.models import Analysis, Detection, Job, Photo
from gallery.organise import photos as organise
from gallery.pipeline import jobs, run, runs
from gallery.tests.answering import Service, asked_about, new, work

pytestmark = pytest.mark.django_db


def test_a_fault_while_rows_are_written_asks_once(
    alice: User, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = new(alice)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as broken:
        broken.setattr("gallery.pipeline.operations.labels.replace_detections", fail)
        run.one("labels")
    Job.objects.filter(photo=photo).update(ready_at=timezone.now())
    work()
    assert service.operations == ["DetectLabels"]
    assert photo.jobs.get(step="labels").state == Job.State.DONE
    assert Detection.objects.filter(photo=photo).exists()


def test_a_lease_that_ended_during_the_call_asks_once(
    alice: User, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = new(alice)

    def slowly(*arguments: Any, **members: Any) -> Any:
        Job.objects.filter(photo=photo, step="labels").update(lease_until=None, lease_token=None)
        return service(*arguments, **members)

    with monkeypatch.context() as slow:
        slow.setattr(rekognition, "ask", slowly)
        run.one("labels")
    work()
    assert service.operations == ["DetectLabels"]
    assert photo.jobs.get(step="labels").state == Job.State.DONE


def test_trying_again_what_failed_uses_the_answer(
    alice: User, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = new(alice)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a fault")

    with monkeypatch.context() as broken:
        broken.setattr("gallery.pipeline.operations.labels.replace_detections", fail)
        for _ in range(jobs.MOST_ATTEMPTS):
            Job.objects.filter(photo=photo).update(ready_at=timezone.now())
            run.one("labels")
    assert photo.jobs.get(step="labels").state == Job.State.FAILED
    jobs.retry(photo)
    work()
    assert photo.jobs.get(step="labels").state == Job.State.DONE
    assert service.operations == ["DetectLabels"]


def test_asking_again_on_purpose_pays_again(alice: User, service: Service) -> None:
    photo = asked_about(alice)
    runs.again(photo, "labels")
    work()
    assert service.operations == ["DetectLabels"] * 2


def test_nothing_is_kept_of_a_photo_that_was_deleted_during_the_call(
    alice: User, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = new(alice)
    User.objects.update(used_bytes=photo.byte_size)

    def delete_meanwhile(*arguments: Any, **members: Any) -> Any:
        organise.delete_forever(Photo.objects.get(pk=photo.pk))
        return service(*arguments, **members)

    monkeypatch.setattr(rekognition, "ask", delete_meanwhile)
    run.one("labels")
    bill = Analysis.objects.get()
    assert (bill.state, bill.answer, bill.cost_usd) == ("answered", None, Decimal("0.001"))
