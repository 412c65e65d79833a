"""The timeline: months, older photos, jumping, and tiles that keep their shape."""

import gzip
import math
import re
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Job, Photo, Rendition
from gallery.organise import shares, verdicts
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import make_jobs, make_photo
from gallery.views.tiles import shape

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def shown(page: str) -> list[str]:
    return re.findall(r'<div class="tile [^>]*><a href="/photos/([^/]+)/[^"]*"', page)


def test_somebody_new_is_shown_where_to_begin(member: Client) -> None:
    page = member.get("/").content.decode()
    assert "Your photos go here" in page
    assert "/upload/" in page


def test_photos_lie_under_their_month_newest_first(member: Client, alice: User) -> None:
    for month, day in ((6, 3), (5, 1), (6, 9)):
        make_finished(
            alice, taken_local=datetime(2024, month, day, tzinfo=UTC), filename=f"{month}-{day}.jpg"
        )
    page = member.get("/").content.decode()
    assert [
        re.sub(r"\s*<.*", "", head) for head in re.findall(r'<h2 class="month"[^>]*>(.*)</h2>', page)
    ] == [
        "June 2024",
        "May 2024",
    ]
    assert "2 photos" in page
    assert "1 photo<" in page


def test_older_photos_go_on_where_the_page_ended(member: Client, alice: User) -> None:
    photos = make_library(alice, 80, labels=0)
    first = member.get("/").content.decode()
    older = re.search(r'href="(\?cursor=[^"]+)">Older photos', first)
    assert older
    second = member.get("/" + older[1]).content.decode()
    assert shown(first) + shown(second) == [str(photo.pk) for photo in photos]
    newer = re.search(r'href="(\?cursor=[^"]+)">Newer photos', second)
    assert newer
    assert shown(member.get("/" + newer[1]).content.decode()) == shown(first)


def test_jumping_to_a_month_begins_with_its_newest_photo(member: Client, alice: User) -> None:
    make_finished(alice, taken_local=datetime(2024, 7, 1, tzinfo=UTC))
    wanted = make_finished(alice, taken_local=datetime(2024, 6, 30, 23, 59, tzinfo=UTC))
    page = member.get("/", {"month": "2024-06"}).content.decode()
    assert shown(page) == [str(wanted.pk)]
    assert "Newer photos" in page
    assert '<option value="2024-06" selected>June 2024 (1)</option>' in page


@pytest.mark.parametrize("month", ["", "yesterday", "2024-13", "9999-12-31"])
def test_a_month_that_can_not_be_read_is_the_start(member: Client, alice: User, month: str) -> None:
    make_finished(alice)
    assert len(shown(member.get("/", {"month": month}).content.decode())) == 1


@pytest.mark.parametrize("month", ["0001-01", "9999-12"])
def test_the_first_and_the_last_month_there_can_be_break_nothing(member: Client, month: str) -> None:
    assert member.get("/", {"month": month}).status_code == 200


def test_a_tile_reserves_its_place_before_the_picture_comes(member: Client, alice: User) -> None:
    make_library(alice, 10, labels=0)
    page = member.get("/").content.decode()
    assert page.count('width="320" height="240"') == 10
    assert page.count('class="tile a58"') == 10  # 4:3
    assert page.count('loading="lazy"') == 2
    assert page.count('fetchpriority="high"') == 8


def test_a_tile_is_named_by_its_caption_or_by_its_day(member: Client, alice: User) -> None:
    make_finished(alice, caption='Tea & "cake" <b>')
    make_finished(alice)
    page = member.get("/").content.decode()
    assert 'alt="Tea &amp; &quot;cake&quot; &lt;b&gt;"' in page
    assert 'alt="Photo of June 15, 2024, noon"' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "being prepared"),
        ({"state": Job.State.FAILED, "finished_at": datetime.now(UTC), "reason": "No."}, "no preview"),
    ],
)
def test_a_photo_without_a_thumbnail_is_named_and_explained(
    member: Client, alice: User, fields: dict[str, object], words: str
) -> None:
    make_jobs(make_photo(alice, filename="new.jpg"), **fields)
    page = member.get("/").content.decode()
    assert "new.jpg" in page
    assert words in page


def test_what_is_under_way_is_pointed_to(member: Client, alice: User) -> None:
    make_finished(alice)
    assert "are being labelled" not in member.get("/").content.decode()
    make_jobs(make_photo(alice))
    assert "are being labelled" in member.get("/").content.decode()


def test_favourites_are_found_again(member: Client, alice: User) -> None:
    make_finished(alice)
    assert "No favourites yet" in member.get("/favourites/").content.decode()
    loved = make_finished(alice, favourite_at=datetime.now(UTC))
    assert shown(member.get("/favourites/").content.decode()) == [str(loved.pk)]


def test_a_full_page_stays_light(member: Client, alice: User) -> None:
    make_library(alice, 80, labels=0)
    assert Rendition.objects.count() == 240
    assert len(gzip.compress(member.get("/").content)) <= 12 * 1024


@pytest.mark.parametrize(
    ("width", "height", "name"),
    [(1, 1, "a48"), (4000, 3000, "a58"), (3, 2, "a62"), (2, 3, "a34"), (9000, 100, "a96"), (100, 9000, "a0")],
)
def test_a_shape_is_the_nearest_class_of_its_ratio(width: int, height: int, name: str) -> None:
    assert shape(width, height) == name


def test_every_shape_has_its_ratio_in_the_styles() -> None:
    css = (Path(settings.BASE_DIR) / "static/css/shapes.css").read_text()
    ratios = {int(number): float(ratio) for number, ratio in re.findall(r"\.a(\d+)\{--r:([\d.]+)\}", css)}
    assert sorted(ratios) == list(range(97))
    for number, ratio in ratios.items():
        assert math.isclose(ratio, 2 ** ((number - 48) / 24), rel_tol=1e-3)


@pytest.mark.parametrize("own", ["photo", "search", "map", "welcome"])
def test_all_styles_of_a_page_stay_light(own: str) -> None:
    folder = Path(settings.BASE_DIR) / "static/css"
    base = (Path(settings.BASE_DIR) / "templates/base.html").read_text()
    everywhere = re.findall(r"css/(\w+)\.css", base)
    assert len(everywhere) > 3
    styles = [(folder / f"{name}.css").read_bytes() for name in (*everywhere, own)]
    assert sum(len(brotli.compress(style)) for style in styles) <= 10 * 1024


def test_a_tile_says_what_its_owner_confirmed(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    plain = re.findall(r'alt="([^"]+)"', member.get("/").content.decode())
    for name, state in (("Dog <b>", "confirmed"), ("Cat", "rejected")):
        verdicts.say(alice.pk, [photo.pk], name, state)
    (day,) = (alt.removeprefix("Photo of ") for alt in plain)
    for address in ("/", f"/photos/{photo.pk}/", f"/?part=tiles&month={photo.taken_local:%Y-%m}&skip=0"):
        assert f'alt="Dog &lt;b&gt;, {day}"' in member.get(address).content.decode(), address
    Photo.objects.update(caption="By the sea")
    assert 'alt="By the sea"' in member.get("/").content.decode()
    Photo.objects.update(caption="")
    _, token = shares.make(alice, photo=photo.pk)
    seen = Client().get(reverse("shared", args=[token])).content.decode()
    assert "Dog" not in seen
