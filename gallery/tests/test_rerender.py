"""Pictures that are made anew because it was changed which there are, or how: only those, and each once."""

import dataclasses
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery import storage
from gallery.imaging.specs import SPECS, RenditionSpec
from gallery.intake import receive
from gallery.models import Job, Photo, Purge, Rendition
from gallery.pipeline import develop, purge, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("s3", "queue", "plain_pages")]
CHELSEA = Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg"
SMALL = RenditionSpec("small", 640, "webp", 70)
Wanted = Callable[..., None]


@pytest.fixture
def photo(alice: User) -> Photo:
    """Alice's, with its renditions and nothing else to be done."""
    file = SimpleUploadedFile("chelsea.jpg", CHELSEA.read_bytes())
    sent = receive.store_upload(alice, file, filename="chelsea.jpg").photo
    assert run.one("renditions")
    Job.objects.filter(step="labels").delete()
    return sent


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> Wanted:
    """From now on these renditions are wanted of each photo."""
    return lambda *specs: monkeypatch.setattr(develop, "specs", lambda: specs)


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> mock.Mock:
    """What is stored of renditions."""
    stored = mock.Mock(wraps=storage.put_rendition)
    monkeypatch.setattr(storage, "put_rendition", stored)
    return stored


def rerender(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rerender", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def made(photo: Photo) -> dict[str, str]:
    return dict(Rendition.objects.filter(photo=photo).values_list("spec", "key"))


def other(spec: RenditionSpec) -> RenditionSpec:
    return dataclasses.replace(spec, quality=spec.quality + 5)


def test_of_a_new_specification_only_the_new_picture_is_made(
    photo: Photo, wanted: Wanted, put: mock.Mock
) -> None:
    before = made(photo)
    wanted(*SPECS, SMALL)
    assert rerender("--dry-run") == "1 photo, $0.00\n"
    assert "1 photo" in rerender("--yes")
    assert run.one("renditions")
    assert put.call_count == 1
    assert made(photo) == before | {"small": f"{photo.pk}/{SMALL.tag}.webp"}
    assert rerender("--yes") == "0 photos, $0.00\n"
    assert not run.one("renditions")


def test_another_quality_makes_another_key_and_the_old_one_goes_when_no_page_shows_it_any_more(
    photo: Photo, wanted: Wanted
) -> None:
    before = made(photo)
    wanted(other(SPECS[0]), *SPECS[1:])
    rerender("--yes")
    assert run.one("renditions")
    after = made(photo)
    assert {spec for spec in after if after[spec] != before[spec]} == {"thumb"}
    assert Purge.objects.get().key == before["thumb"]
    assert purge.due() == 0
    assert storage.read_rendition(before["thumb"])
    Purge.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert purge.due() == 1
    assert storage.read_rendition(after["thumb"])
    assert not storage.exists("renditions", before["thumb"])


def test_what_was_replaced_and_is_wanted_again_stays(photo: Photo, wanted: Wanted) -> None:
    before = made(photo)
    for specs in ((other(SPECS[0]), *SPECS[1:]), SPECS):
        wanted(*specs)
        rerender("--yes")
        assert run.one("renditions")
    assert made(photo) == before
    assert not Purge.objects.filter(key=before["thumb"]).exists()


def test_what_is_wanted_no_more_goes_with_its_row(photo: Photo, wanted: Wanted) -> None:
    wanted(*SPECS, SMALL)
    rerender("--yes")
    assert run.one("renditions")
    small = made(photo)["small"]
    wanted(*SPECS)
    rerender("--yes", "--all")
    assert run.one("renditions")
    assert set(made(photo)) == {"thumb", "preview", "full"}
    assert Purge.objects.get().key == small


def test_all_are_made_anew_if_that_is_asked_for(photo: Photo, put: mock.Mock) -> None:
    before = made(photo)
    assert rerender("--dry-run", "--all") == "1 photo, $0.00\n"
    rerender("--yes", "--all")
    assert run.one("renditions")
    assert (put.call_count, made(photo)) == (len(SPECS), before)
    assert not Purge.objects.exists()


def test_pictures_of_the_time_before_are_shown_until_they_are_made_anew(photo: Photo) -> None:
    old = f"{photo.pk}/thumb-320-q75.webp"
    Rendition.objects.filter(photo=photo, spec="thumb").update(key=old)
    assert rerender("--dry-run") == "1 photo, $0.00\n"
    rerender("--yes")
    assert made(photo)["thumb"] == old
    assert run.one("renditions")
    assert made(photo)["thumb"] == f"{photo.pk}/{SPECS[0].tag}.webp"
    assert Purge.objects.get().key == old


def test_what_can_not_be_decoded_is_not_tried_again_each_time(photo: Photo) -> None:
    Rendition.objects.all().delete()
    Job.objects.update(state=Job.State.FAILED, reason="The picture is broken inside.")
    assert rerender("--dry-run") == "0 photos, $0.00\n"
    assert rerender("--dry-run", "--all") == "1 photo, $0.00\n"


def test_avif_is_made_where_it_is_wanted_and_shown_to_browsers_that_ask_for_it(
    photo: Photo, alice: User, client: Client, settings: mock.Mock
) -> None:
    settings.AVIF = True
    rerender("--yes")
    assert run.one("renditions")
    large = Rendition.objects.get(photo=photo, spec="large")
    assert (large.content_type, large.width) == ("image/avif", 451)
    assert storage.read_rendition(large.key)[4:12] == b"ftypavif"
    client.force_login(alice)
    page = reverse("photo_picture", args=[photo.pk])
    for size, accept, spec in (
        ("full", "image/avif,image/webp,*/*", "large"),
        ("full", "*/*", "full"),
        ("preview", "image/avif", "preview"),
    ):
        answer = client.get(page, {"size": size}, headers={"accept": accept})
        assert f"/{spec}-" in answer.headers["Location"]
        assert "Accept" in answer.headers["Vary"]
