"""Labelling many photos again: ordered for a price, held, ended, compared, rolled back; and never against a verdict."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts.models import User
from gallery.labelling import rekognition
from gallery.labelling.errors import Rejected
from gallery.models import Analysis, Job, Photo, Rendition, Run
from gallery.organise import photos as organise
from gallery.pipeline import claims, jobs, runs
from gallery.pipeline.runs import orders
from gallery.pipeline.sweep import sweep
from gallery.tests.collection import make_finished
from gallery.tests.making import make_jobs, make_photo
from gallery.tests.relabelling import (
    Recogniser,
    finish,
    job,
    labelled,
    labels,
    order,
    rows,
    these,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recognition")]


# --- which, and for how much ---------------------------------------------------------------------------------


def test_an_estimate_writes_nothing_and_is_what_is_paid(alice: User, recognition: Recogniser) -> None:
    photos = labelled(alice, 3)
    before = rows()
    estimate = runs.estimate(these(*photos), "labels")
    assert estimate == runs.Estimate(3, Decimal("0.003"))
    assert rows() == before
    run = order(*photos)
    assert (run.photos, run.micro_usd) == (3, 3000)
    calls = recognition.calls
    finish(run)
    assert recognition.calls - calls == 3
    assert Analysis.objects.filter(pk__in=run.entries.values("after")).count() == 3


def test_what_would_only_be_skipped_is_not_counted(alice: User, bob: User) -> None:
    (good,) = labelled(alice)
    tiny, huge, trashed, unmade = (make_finished(alice) for _ in range(4))
    Rendition.objects.filter(photo=tiny, spec="full").update(height=79)
    Rendition.objects.filter(photo=huge, spec="full").update(byte_size=5_242_881)
    Rendition.objects.filter(photo=unmade).delete()
    organise.trash(alice.pk, [trashed.pk])
    waiting = make_photo(alice)
    make_jobs(waiting)
    (off,) = labelled(bob)
    User.objects.filter(pk=bob.pk).update(analyse=False)
    every = (good, tiny, huge, trashed, unmade, waiting, off)
    assert runs.estimate(these(*every), "labels").photos == 1
    run = order(*every)
    assert list(run.entries.values_list("photo", flat=True)) == [good.pk]


def test_a_photo_is_in_one_run_at_a_time(alice: User) -> None:
    photos = labelled(alice, 2)
    first = order(photos[0])
    second = order(*photos)
    assert (first.photos, second.photos) == (1, 1)
    third = order(*photos)
    assert (third.photos, third.state) == (0, Run.State.DONE)


def test_photos_told_by_an_older_model_are_chosen_number_by_number(
    alice: User, recognition: Recogniser
) -> None:
    told = {}
    for version in ("2.9", "3.0", "3.9", "3.10", "beta"):
        recognition.says(version, Dog=98.0)
        (told[version],) = labelled(alice)
    never = make_finished(alice)
    everything = Photo.objects.all()

    def older(version: str, **how: bool) -> set[Photo]:
        return set(runs.told_by_older(everything, "labels", version, **how))

    assert older("3") == {told["2.9"], told["beta"]}
    assert older("3.10") == {told["2.9"], told["beta"], told["3.0"], told["3.9"]}
    assert older("3", missing=True) == {told["2.9"], told["beta"], never}
    assert runs.estimate(runs.told_by_older(everything, "labels", "3"), "labels").photos == 2


def test_a_photo_asked_again_counts_by_its_newest_answer(alice: User, recognition: Recogniser) -> None:
    (photo,) = labelled(alice)
    recognition.says("4.0", Dog=98.0)
    run = order(photo)
    finish(run)
    assert not runs.told_by_older(Photo.objects.all(), "labels", "4.0").exists()
    runs.roll_back(run)
    assert runs.told_by_older(Photo.objects.all(), "labels", "4.0").exists()


def test_an_extra_step_gets_its_job(alice: User) -> None:
    photo = make_finished(alice)
    Job.objects.filter(photo=photo, step="labels").delete()
    run = order(photo)
    assert job(photo).run == run
    runs.stop(run)
    assert not Job.objects.filter(photo=photo, step="labels").exists()


def test_many_photos_are_taken_in_chunks(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.pipeline.runs.orders._CHUNK", 2)
    monkeypatch.setattr("gallery.pipeline.runs.control._CHUNK", 2)
    photos = labelled(alice, 5)
    run = order(*photos)
    assert (run.photos, run.micro_usd, run.state) == (5, 5000, Run.State.RUNNING)
    waiting = Job.objects.waiting().filter(run=run, priority=1, ready_at__isnull=False)
    assert sorted(waiting.values_list("turn", flat=True)) == [0, 1, 2, 3, 4]
    runs.pause(run)
    assert not waiting.exists()
    runs.stop(run)
    assert not Job.objects.waiting().exists()


def test_an_order_that_breaks_off_asks_for_nothing_until_somebody_says_so(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = labelled(alice, 4)
    monkeypatch.setattr("gallery.pipeline.runs.orders._CHUNK", 2)
    take = mock.Mock(wraps=orders._take, side_effect=[mock.DEFAULT, RuntimeError("killed")])
    monkeypatch.setattr("gallery.pipeline.runs.orders._take", take)
    with pytest.raises(RuntimeError):
        order(*photos)
    run = Run.objects.get()
    assert (run.state, run.photos) == (Run.State.PAUSED, 2)
    sweep()
    assert work() == 0
    assert runs.resume(run)
    assert work() == 2


# --- beside other work ---------------------------------------------------------------------------------------


def test_new_uploads_come_first(alice: User, bob: User) -> None:
    run = order(*labelled(alice, 3))
    new = make_finished(bob)
    Job.objects.filter(photo=new, step="labels").update(
        state="waiting", finished_at=None, ready_at=timezone.now()
    )
    assert work(1) == 1
    assert job(new).state == Job.State.DONE
    assert runs.progress(run).finished == 0


def test_bulk_runs_of_two_people_take_turns(alice: User, bob: User) -> None:
    order(*labelled(alice, 6))
    order(*labelled(bob, 2))
    work(4)
    done = Job.objects.filter(step="labels", finished_at__isnull=False)
    assert done.filter(owner=bob).count() == 2


def test_without_budget_a_run_waits_and_says_why(alice: User, settings: Any) -> None:
    settings.REKOGNITION_PRICES = settings.REKOGNITION_PRICES | {"DetectLabels": Decimal("0.01")}
    photos = labelled(alice, 3)
    User.objects.filter(pk=alice.pk).update(budget_usd="0.04")  # three calls are paid for
    run = order(*photos)
    assert work() == 1
    waiting = Job.objects.waiting().filter(run=run)
    assert waiting.count() == 2
    assert all("Out of budget" in reason for reason in waiting.values_list("reason", flat=True))
    runs.pause(run)
    User.objects.filter(pk=alice.pk).update(budget_usd="1")
    sweep()
    assert work() == 0  # paused is paused, with money or without
    runs.resume(run)
    assert work() == 2


# --- held, let go, ended -------------------------------------------------------------------------------------


def test_a_paused_run_finishes_what_was_begun_and_begins_nothing(alice: User) -> None:
    run = order(*labelled(alice, 3))
    begun = claims.claim("labels")
    assert begun is not None
    assert runs.pause(run)
    assert claims.claim("labels") is None
    assert set(Job.objects.waiting().exclude(pk=begun.pk).values_list("reason", flat=True)) == {
        "Paused with the bulk run that it belongs to."
    }
    jobs.finish(begun, lambda: None)
    sweep()
    assert runs.progress(run).finished == 1
    assert not runs.pause(run)
    assert runs.resume(run)
    assert work() == 2


def test_what_a_worker_gives_back_to_a_paused_run_is_held_back_too(alice: User) -> None:
    run = order(*labelled(alice, 1))
    begun = claims.claim("labels")
    assert begun is not None
    runs.pause(run)
    jobs.postpone(begun, jobs.Postponed("Busy.", seconds=0))
    sweep()
    assert work() == 0
    runs.resume(run)
    assert work() == 1


def test_pictures_made_anew_let_nothing_go_that_is_held_back(alice: User) -> None:
    (photo,) = labelled(alice)
    run = order(photo)
    runs.pause(run)
    order(photo, step="renditions")
    pictures = claims.claim("renditions")
    assert pictures is not None
    jobs.finish(pictures, lambda: None)
    assert work() == 0
    runs.resume(run)
    assert work() == 1


def test_a_photo_whose_picture_can_not_be_made_again_fails_in_its_run(alice: User) -> None:
    (photo,) = labelled(alice)
    run = order(photo)
    begun = claims.claim("labels")
    assert begun is not None
    jobs.redo_before(begun)
    pictures = claims.claim("renditions")
    assert pictures is not None
    jobs.give_up(pictures, "The original is damaged.")
    sweep()
    run.refresh_from_db()
    assert (run.state, runs.progress(run).failed) == (Run.State.DONE, 1)


def test_a_stopped_run_leaves_everything_as_it_was(alice: User) -> None:
    done, failed, skipped = labelled(alice, 3)
    for photo, state, reason in ((failed, "failed", "Damaged."), (skipped, "skipped", "Too small.")):
        Job.objects.filter(photo=photo, step="labels").update(state=state, reason=reason)
    run = order(done, failed, skipped)
    assert Job.objects.waiting().count() == 3
    assert runs.stop(run)
    for photo, state, reason in (
        (done, "done", ""),
        (failed, "failed", "Damaged."),
        (skipped, "skipped", "Too small."),
    ):
        assert (job(photo).state, job(photo).reason, job(photo).run) == (state, reason, None)
    assert not runs.stop(run)
    assert not runs.resume(run)
    assert (run.state, runs.progress(run).finished) == (Run.State.STOPPED, 0)
    assert run.finished_at is not None
    assert work() == 0


def test_what_was_begun_when_a_run_was_stopped_is_finished_and_told(
    alice: User, recognition: Recogniser
) -> None:
    photos = labelled(alice, 2)
    run = order(*photos)
    recognition.says("4.0", Fox=99.0)
    recognition_of_one = recognition.__call__

    def stop_meanwhile(*arguments: Any, **options: Any) -> Any:
        runs.stop(Run.objects.get())
        return recognition_of_one(*arguments, **options)

    with mock.patch.object(rekognition, "ask", stop_meanwhile):
        assert work() == 1
    sweep()
    assert runs.progress(run).done == 1
    assert labels(runs.summary(run).won) == {"Fox": 1}


def test_what_a_worker_gives_back_to_a_stopped_run_is_ended(alice: User) -> None:
    (photo,) = labelled(alice)
    run = order(photo)
    begun = claims.claim("labels")
    assert begun is not None
    runs.stop(run)
    jobs.postpone(begun, jobs.Postponed("Busy.", seconds=0))
    sweep()
    assert (work(), job(photo).state) == (0, Job.State.DONE)


def test_a_photo_that_failed_in_a_run_counts_and_can_be_tried_again_after_it(
    alice: User, recognition: Recogniser
) -> None:
    photos = labelled(alice, 2)
    run = order(*photos)
    Job.objects.filter(photo=photos[0], step="labels").update(attempts=8, postponed=8)
    recognition.error = Rejected("Not a picture.", "InvalidImageFormatException")
    Analysis.objects.filter(photo=photos[0]).update(state="refused", error="InvalidImageFormatException")
    with mock.patch.object(jobs, "redo_before", lambda job: jobs.give_up(job, "No picture.")):
        work()
    sweep()
    run.refresh_from_db()
    assert (run.state, runs.progress(run).failed) == (Run.State.DONE, 2)
    recognition.error = None
    assert jobs.retry(photos[0]) == 1
    sweep()
    assert work() == 1
    assert (runs.progress(run).done, runs.progress(run).failed) == (1, 1)


def test_a_run_tells_how_far_it_is_and_how_long_it_will_take(alice: User) -> None:
    run = order(*labelled(alice, 4))
    Run.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(hours=1))
    run.refresh_from_db()
    assert runs.progress(run).rest is None
    work(1)
    told = runs.progress(run)
    assert (told.total, told.finished, told.rest) == (4, 1, timedelta(minutes=15))
    finish(run)
    assert (run.state, runs.progress(run).rest) == (Run.State.DONE, None)


def test_a_photo_that_was_deleted_does_not_keep_a_run_open(alice: User) -> None:
    photos = labelled(alice, 2)
    run = order(*photos)
    photos[0].delete()
    finish(run)
    assert (run.state, runs.progress(run).total) == (Run.State.DONE, 1)
