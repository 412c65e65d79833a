"""Runs under way while others work, order, pause and let go at the same time; and pictures made anew, for real."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from gallery import storage
from gallery.imaging import specs
from gallery.intake import receive
from gallery.models import Analysis, Job, Photo, Purge, Rendition, RunEntry
from gallery.pipeline import develop, run, runs
from gallery.tests.relabelling import labelled, these, work
from gallery.tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
CHELSEA = Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg"


@pytest.mark.usefixtures("recognition")
def test_two_orders_at_once_share_the_photos_out(alice: User) -> None:
    photos = labelled(alice, 6)

    def order() -> None:
        runs.order(these(*photos), "labels", asked_for="", ordered_by=None, owner=alice)

    together(order, order)
    assert RunEntry.objects.count() == Job.objects.waiting().count() == 6
    assert work() == 6
    assert Analysis.objects.count() == 12


@pytest.mark.usefixtures("recognition")
def test_whoever_pauses_and_resumes_while_workers_work_loses_and_pays_nothing_twice(alice: User) -> None:
    photos = labelled(alice, 12)
    ordered = runs.order(these(*photos), "labels", asked_for="", ordered_by=None, owner=alice)

    def toggle() -> None:
        for turn in itertools.islice(itertools.cycle((runs.pause, runs.resume)), 8):
            turn(ordered)

    together(work, work, toggle)
    runs.look_after()
    work()
    runs.look_after()
    ordered.refresh_from_db()
    told = runs.progress(ordered)
    assert (told.done, told.total, ordered.state) == (12, 12, "done")
    assert Analysis.objects.count() == 24


@pytest.mark.usefixtures("recognition")
def test_stopping_while_workers_work_leaves_each_photo_done_or_as_it_was(alice: User) -> None:
    photos = labelled(alice, 10)
    ordered = runs.order(these(*photos), "labels", asked_for="", ordered_by=None, owner=alice)
    together(work, work, lambda: runs.stop(ordered))
    runs.look_after()
    assert not Job.objects.waiting().exists()
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert Analysis.objects.count() == 10 + runs.progress(ordered).done


@pytest.mark.usefixtures("recognition")
def test_single_photos_are_asked_for_while_their_run_is_paused_and_resumed(alice: User) -> None:
    photos = labelled(alice, 12)
    ordered = runs.order(these(*photos), "labels", asked_for="", ordered_by=None, owner=alice)

    def toggle() -> None:
        for turn in itertools.islice(itertools.cycle((runs.pause, runs.resume)), 8):
            turn(ordered)

    def ask() -> None:
        for photo in photos:
            runs.again(photo, "labels")

    together(ask, toggle, runs.look_after)
    ordered.refresh_from_db()
    assert (ordered.photos, ordered.micro_usd, ordered.entries.count()) == (0, 0, 0)
    assert Job.objects.waiting().filter(run=None, priority=0, ready_at__isnull=False).count() == 12


def send(owner: User) -> Photo:
    file = SimpleUploadedFile("chelsea.jpg", CHELSEA.read_bytes())
    photo = receive.store_upload(owner, file, filename="chelsea.jpg").photo
    assert run.one("renditions")
    return photo


@pytest.mark.usefixtures("s3", "queue")
def test_pictures_made_anew_replace_the_old_ones_which_are_shown_meanwhile(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = send(alice)
    Job.objects.filter(photo=photo, step="labels").delete()
    thumb = Rendition.objects.get(photo=photo, spec="thumb")
    before = storage.read_rendition(thumb.key)
    assert runs.estimate(these(photo), "renditions").photos == 1
    runs.order(these(photo), "renditions", asked_for="", ordered_by=None, owner=alice)
    assert storage.read_rendition(thumb.key) == before
    other: Any = tuple(specs.SPECS)
    put = mock.Mock(wraps=storage.put_rendition)
    monkeypatch.setattr(storage, "put_rendition", put)
    assert run.one("renditions")
    assert put.call_count == len(other) == Rendition.objects.filter(photo=photo).count()
    assert storage.read_rendition(thumb.key) == before


@pytest.mark.usefixtures("s3", "queue")
def test_pictures_of_an_older_specification_go_when_nobody_looks_at_them_any_more(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = send(alice)
    old = Rendition.objects.get(photo=photo, spec="thumb").key
    plain = develop.rendition_key
    monkeypatch.setattr(
        develop,
        "rendition_key",
        lambda photo, spec: plain(photo, spec) + ("2" if spec.name == "thumb" else ""),
    )
    runs.order(these(photo), "renditions", asked_for="", ordered_by=None, owner=alice)
    assert run.one("renditions")
    assert Rendition.objects.get(photo=photo, spec="thumb").key == f"{old}2"
    purge = Purge.objects.get()
    assert purge.key == old
    assert purge.due_at > timezone.now() + timedelta(hours=1)
    assert storage.read_rendition(old)
