"""What labelling again changed, and back again; one photo on its own. Verdicts stand through all of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.labelling import rate, rekognition
from gallery.labelling.errors import Throttled
from gallery.models import Analysis, Job, OwnerLabel, Photo, Rendition, Run
from gallery.organise import photos as organise
from gallery.organise import verdicts
from gallery.pipeline import claims, jobs, reconcile, runs
from gallery.pipeline.sweep import sweep
from gallery.tests.collection import make_finished
from gallery.tests.relabelling import (
    Recogniser,
    finish,
    job,
    labelled,
    labels,
    order,
    rows,
    said,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recognition")]


# --- what it changed -----------------------------------------------------------------------------------------


def test_a_run_ends_with_what_was_won_lost_and_changed(alice: User, recognition: Recogniser) -> None:
    photos = labelled(alice, 2)
    run = order(*photos)
    recognition.says("4.0", Dog=70.0, Cat=90.5, Fox=99.0)
    work(1)
    recognition.says("4.0", Fox=99.0)
    finish(run)
    told = runs.summary(run)
    assert told.photos == 2
    assert (labels(told.won), labels(told.lost)) == ({"Fox": 2}, {"Cat": 1, "Dog": 1})
    assert [(count.name, count.photos, count.shift) for count in told.changed] == [("Dog", 1, -28.0)]
    assert set(told.won[0].samples) == {photo.pk for photo in photos}
    assert runs.summary(run, most=1).photos == 1


def test_a_rejected_label_stays_rejected_through_three_relabellings(
    alice: User, recognition: Recogniser
) -> None:
    (photo,) = labelled(alice)
    verdicts.say(alice.pk, [photo.pk], "Dog", "rejected")
    verdicts.say(alice.pk, [photo.pk], "Otter", "confirmed")
    for version in ("4.0", "5.0", "6.0"):
        recognition.says(version, Dog=99.9, Cat=80.0)
        finish(order(photo))
        stands = said(photo)
        assert stands["Dog"][:2] == (99.9, -1)
        assert stands["Otter"][1] == 101
        assert stands["Cat"][3] == version
    assert Analysis.objects.filter(photo=photo).count() == 4


# --- back again ----------------------------------------------------------------------------------------------


def test_rolling_back_restores_every_label_and_box_without_a_call(
    alice: User, recognition: Recogniser
) -> None:
    photos = labelled(alice, 3)
    verdicts.say(alice.pk, [photos[0].pk], "Dog", "rejected")
    before, counted = [said(photo) for photo in photos], counters(alice)
    run = order(*photos)
    recognition.says("4.0", Dog=60.0, Fox=99.0)
    finish(run)
    assert [said(photo) for photo in photos] != before
    calls, bill = recognition.calls, Analysis.objects.count()
    assert runs.roll_back(run)
    assert runs.put_back() == 3
    assert [said(photo) for photo in photos] == before
    assert counters(alice) == counted
    assert (recognition.calls, Analysis.objects.count()) == (calls, bill)
    assert runs.put_back() == 0
    assert not runs.roll_back(run)
    assert (run.state, runs.progress(run).put_back) == (Run.State.ROLLED_BACK, 3)
    assert [found.sentence for found in reconcile.counters()] == []


def counters(owner: User) -> list[Any]:
    rows = OwnerLabel.objects.filter(owner=owner, photos__gt=0).order_by("folded", "kind")
    return list(rows.values_list("folded", "kind", "photos", "shown"))


def test_rolling_back_a_run_under_way_stops_it_first(alice: User, recognition: Recogniser) -> None:
    photos = labelled(alice, 3)
    before = [said(photo) for photo in photos]
    run = order(*photos)
    recognition.says("4.0", Fox=99.0)
    work(1)
    runs.roll_back(run)
    assert work() == 0
    runs.put_back()
    assert [said(photo) for photo in photos] == before
    assert {job(photo).state for photo in photos} == {"done"}


def test_an_answer_that_comes_after_the_roll_back_is_put_back_too(
    alice: User, recognition: Recogniser
) -> None:
    (photo,) = labelled(alice)
    before = said(photo)
    run = order(photo)
    recognition.says("4.0", Fox=99.0)
    late = recognition.__call__

    def roll_back_meanwhile(*arguments: Any, **options: Any) -> Any:
        runs.roll_back(run)
        assert runs.put_back() == 0
        return late(*arguments, **options)

    with mock.patch.object(rekognition, "ask", roll_back_meanwhile):
        work()
    assert said(photo) != before
    sweep()
    assert runs.put_back() == 1
    assert said(photo) == before


def fail_one(recognition: Recogniser, photo: Photo) -> Run:
    """A run in which this photo failed."""
    run = order(photo)
    recognition.error = ConnectionError("broken")
    Job.objects.filter(photo=photo, step="labels").update(attempts=jobs.MOST_ATTEMPTS)
    finish(run)
    recognition.error = None
    assert (run.state, runs.progress(run).failed) == (Run.State.DONE, 1)
    return run


def test_what_failed_in_a_run_and_is_tried_again_after_its_roll_back_keeps_what_was_paid_for(
    alice: User, recognition: Recogniser
) -> None:
    (photo,) = labelled(alice)
    run = fail_one(recognition, photo)
    runs.roll_back(run)
    recognition.says("4.0", Fox=99.0)
    calls = recognition.calls
    jobs.retry(photo)
    assert work() == 1
    assert recognition.calls == calls + 1
    sweep()
    assert runs.put_back() == 0
    assert said(photo)["Fox"][3] == "4.0"
    assert (runs.progress(run).failed, runs.summary(run).photos) == (1, 0)


def test_what_failed_in_a_run_and_is_tried_again_before_its_roll_back_is_put_back_with_it(
    alice: User, recognition: Recogniser
) -> None:
    (photo,) = labelled(alice)
    before = said(photo)
    run = fail_one(recognition, photo)
    recognition.says("4.0", Fox=99.0)
    jobs.retry(photo)
    assert work() == 1
    assert labels(runs.summary(run).won) == {"Fox": 1}
    runs.roll_back(run)
    assert runs.put_back() == 1
    assert said(photo) == before


def test_what_a_run_told_of_a_photo_is_not_overwritten_by_what_is_told_later(
    alice: User, recognition: Recogniser
) -> None:
    (photo,) = labelled(alice)
    run = order(photo)
    recognition.says("4.0", Fox=99.0)
    finish(run)
    Job.objects.filter(photo=photo, step="labels").update(asked_at=timezone.now())
    jobs.redo(photo, "labels")
    recognition.says("5.0", Owl=99.0)
    assert work() == 1
    assert labels(runs.summary(run).won) == {"Fox": 1}
    runs.roll_back(run)
    runs.put_back()
    assert "Owl" in said(photo)


def test_what_was_never_labelled_before_has_no_machine_labels_after_a_roll_back(
    alice: User, recognition: Recogniser
) -> None:
    photo = make_finished(alice)
    verdicts.say(alice.pk, [photo.pk], "Garden", "confirmed")
    own = said(photo)
    run = order(photo)
    finish(run)
    assert "Dog" in said(photo)
    runs.roll_back(run)
    runs.put_back()
    assert said(photo) == own


def test_runs_can_be_rolled_back_in_any_order(alice: User, recognition: Recogniser) -> None:
    (photo,) = labelled(alice)
    first = said(photo)
    made = []
    for version, label in (("4.0", "Fox"), ("5.0", "Owl")):
        recognition.says(version, **{label: 99.0})
        made.append(order(photo))
        finish(made[-1])
    newest = said(photo)
    runs.roll_back(made[0])
    runs.put_back()
    assert said(photo) == newest  # nothing of the older run was left on it
    runs.roll_back(made[1])
    runs.put_back()
    assert said(photo) == first


def test_pictures_are_made_anew_but_not_rolled_back(alice: User) -> None:
    run = order(make_finished(alice), step="renditions")
    assert (run.photos, run.micro_usd) == (1, 0)
    with pytest.raises(Refusal) as refusal:
        runs.roll_back(run)
    assert refusal.value.status == 409


# --- one photo -----------------------------------------------------------------------------------------------


def test_one_photo_is_asked_again_before_all_bulk_work(alice: User) -> None:
    photos = labelled(alice, 3)
    order(*photos[:2])
    assert runs.again(photos[2], "labels") == Decimal("0.001")
    work(1)
    assert (job(photos[2]).state, Analysis.objects.filter(photo=photos[2]).count()) == ("done", 2)


def test_one_photo_asked_again_leaves_its_run(alice: User) -> None:
    photos = labelled(alice, 2)
    run = order(*photos)
    runs.pause(run)
    runs.again(photos[0], "labels")
    run.refresh_from_db()
    assert (run.photos, run.micro_usd, job(photos[0]).run) == (1, 1000, None)
    sweep()
    assert work() == 1


def test_one_photo_is_not_asked_twice_at_once(alice: User) -> None:
    (photo,) = labelled(alice)
    runs.again(photo, "labels")
    assert claims.claim("labels") is not None
    with pytest.raises(Refusal, match="being labelled just now"):
        runs.again(photo, "labels")


def test_one_photo_that_can_not_be_asked_for_is_refused_with_the_reason(alice: User) -> None:
    tiny, trashed, (off,) = make_finished(alice), make_finished(alice), labelled(alice)
    Rendition.objects.filter(photo=tiny, spec="full").update(height=79)
    organise.trash(alice.pk, [trashed.pk])
    before = rows()
    for photo, why in ((tiny, "too small"), (trashed, "in the trash")):
        with pytest.raises(Refusal, match=why):
            runs.again(photo, "labels")
    alice.analyse = False
    alice.save(update_fields=["analyse"])
    off.refresh_from_db()
    with pytest.raises(Refusal, match="switched off"):
        runs.again(off, "labels")
    assert rows() == before


def test_a_throttled_photo_of_a_run_is_asked_again(alice: User, recognition: Recogniser) -> None:
    run = order(*labelled(alice))
    recognition.error = Throttled("Busy.", "ThrottlingException")
    with mock.patch.object(rate, "hold"):
        work()
    recognition.error = None
    Job.objects.waiting().update(ready_at=timezone.now() - timedelta(seconds=1))
    finish(run)
    assert runs.progress(run).done == 1
