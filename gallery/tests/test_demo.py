"""`make demo`: something to look at."""

import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from gallery import storage
from gallery.labelling import rate
from gallery.management import collection
from gallery.management.commands import demo
from gallery.models import Album, Detection, Photo
from gallery.pipeline import run
from gallery.pipeline.steps import STEPS

pytestmark = [pytest.mark.one_database, pytest.mark.django_db(transaction=True)]
NAMES = {"astronaut.jpg", "chelsea.jpg", "china.jpg", "coffee.jpg", "great-wall.webp", "rocket.jpg"}
"""The small ones: a dozen megapixels each would make this a test of patience."""


@pytest.fixture
def told(
    s3: None, queue: None, recogniser: None, plain_pages: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], str]:
    """Runs the command beside a site whose workers do one step of each kind whenever it pauses; what it says."""
    monkeypatch.setattr(rate, "wait_for_slot", lambda operation: 0.0)

    def work(_command: Any) -> None:
        for step in STEPS:
            run.one(step)

    monkeypatch.setattr(demo.Command, "pause", work)
    monkeypatch.setattr(
        demo, "shots", lambda today: [shot for shot in collection.shots(today) if shot.path.name in NAMES]
    )

    def call() -> str:
        out = StringIO()
        call_command("demo", stdout=out)
        return out.getvalue()

    return call


def test_a_demo_user_with_labelled_photos_is_there(told: Callable[[], str]) -> None:
    said = told()
    user = User.objects.get(email=demo.EMAIL)
    assert {photo.filename for photo in Photo.objects.visible_to(user)} == NAMES
    assert "Cat" in set(Detection.objects.filter(owner=user).values_list("label__name", flat=True))
    for name in NAMES:
        assert f"{name}: stored" in said
    assert re.search(r"chelsea\.jpg: Cat \d\d %", said)
    assert "nothing was recognised" in said
    password = re.findall(r"Password: (\S+)", said)[0]
    answer = Client().post("/accounts/login/", {"login": demo.EMAIL, "password": password})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_second_time_changes_nothing_and_says_how_to_get_a_new_password(told: Callable[[], str]) -> None:
    told()
    Photo.objects.filter(filename="rocket.jpg").update(trashed_at="2024-01-01T00:00Z")
    before = set(Photo.objects.values_list("pk", flat=True)), User.objects.get().password
    said = told()
    assert (set(Photo.objects.values_list("pk", flat=True)), User.objects.get().password) == before
    assert "Password:" not in said
    assert f"changepassword {demo.EMAIL}" in said
    assert "rocket.jpg: here already, in the trash" in said
    assert re.search(r"chelsea\.jpg: Cat \d\d %", said)


def test_it_says_that_nobody_works(told: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo.Command, "pause", lambda command: None)
    monkeypatch.setattr(demo, "PATIENCE_SECONDS", 0)
    with pytest.raises(CommandError, match="6 photos are stored but nobody works on them"):
        told()


@pytest.mark.parametrize(("away", "named"), [("storage", "photo store"), ("queue", "queue")])
def test_without_a_site_it_makes_nothing(
    told: Callable[[], str], monkeypatch: pytest.MonkeyPatch, settings: Any, away: str, named: str
) -> None:
    if away == "storage":
        monkeypatch.setattr(storage, "reachable", lambda: False)
    else:
        settings.BROKER_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(CommandError, match=rf"The {named} does not answer.*make run"):
        told()
    assert not User.objects.exists()


def test_they_have_dates_captions_albums_and_favourites(told: Callable[[], str]) -> None:
    told()
    wall = Photo.objects.get(filename="great-wall.webp")
    assert (wall.taken_local.isoformat(), wall.taken_source) == ("2019-04-20T11:02:00+00:00", "user")
    assert wall.caption == "The Great Wall, and no end in sight"
    assert wall.favourite_at is not None
    album = Album.objects.get()
    assert album.title == "Around the world"
    assert set(album.entries.values_list("photo__filename", flat=True)) == {"china.jpg", "great-wall.webp"}


def test_an_album_that_was_deleted_stays_so(told: Callable[[], str]) -> None:
    told()
    Album.objects.all().delete()
    told()
    assert not Album.objects.exists()


@pytest.mark.parametrize("today", [date(2027, 3, 1), date(2028, 2, 29)], ids=str)
def test_on_whatever_day_there_are_memories(today: date) -> None:
    before = [shot for shot in collection.shots(today) if shot.taken.year < today.year]
    assert (today.month, min(today.day, 28)) in {(shot.taken.month, shot.taken.day) for shot in before}


def test_every_photograph_is_there_named_once_and_credited() -> None:
    files = [shot.path for shot in collection.shots(date(2026, 1, 1))]
    credits = (collection.FOLDER / "CREDITS.md").read_text()
    assert sorted(files) == sorted(collection.PHOTOS.iterdir())
    assert [path.name for path in files if f"| {path.name} |" not in credits] == []
