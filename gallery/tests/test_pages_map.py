"""Where photos were taken: cells, boxes, and the pages that show them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.models import Photo
from gallery.search import places
from gallery.search.places import EARTH, Box, Cell
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON, make_photo
from gallery.views import places as pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
PARIS, SYDNEY, FIJI = (48.8566, 2.3522), (-33.8688, 151.2093), (-16.5, 179.98)


def at(owner: User, place: tuple[float, float], **fields: Any) -> Photo:
    return make_photo(owner, latitude=place[0], longitude=place[1], **fields)


def unpacked(data: bytes) -> tuple[int, list[tuple[int, int, int]]]:
    """(halvings, [(column, row, count)]), as the script reads it."""
    numbers, value, scale = [], 0, 0
    for byte in data[1:]:
        value |= (byte & 0x7F) << scale
        scale += 7
        if byte < 0x80:
            numbers.append(value)
            value = scale = 0
    place, found = 0, []
    for step, count in zip(numbers[::2], numbers[1::2], strict=True):
        place += step
        found.append((place % 2**17, place // 2**17, count))
    return data[0], found


def test_the_map_shows_where_one_was_and_what_is_there(member: Client, alice: User) -> None:
    paris, sydney = at(alice, PARIS), at(alice, SYDNEY)
    page = member.get(reverse("map")).content.decode()
    assert all(reverse("photo", args=[photo.pk]) in page for photo in (paris, sydney))
    assert page.count(" near ") == 2
    closer = member.get(reverse("map"), {"box": "2,48,3,49"}).content.decode()
    assert reverse("photo", args=[paris.pk]) in closer
    assert reverse("photo", args=[sydney.pk]) not in closer


def test_a_dot_leads_closer_and_the_last_one_to_the_photo(member: Client, alice: User) -> None:
    photo = at(alice, PARIS)
    at(alice, (48.9, 2.4))
    page = member.get(reverse("map")).content.decode()
    for _ in range(6):
        (address,) = re.findall(r'<a href="([^"]+)" aria-label="2 photos near', page)
        page = member.get(address.replace("&amp;", "&")).content.decode()
        ones = re.findall(r'<a href="([^"]+)" aria-label="1 photo near 48.86, 2.35"', page)
        if ones:
            break
    assert member.get(ones[0].replace("&amp;", "&"))["Location"] == reverse("photo", args=[photo.pk])


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "a,b,c,d", "0,0,0,nan", "nan,0,1,1", "0,50,10,40", "-181,0,0,0", "1e999,0,0,0"]
)
def test_what_is_no_box_is_the_whole_earth(member: Client, alice: User, box: str) -> None:
    photo = at(alice, PARIS)
    assert Box.read(box) is None
    assert reverse("photo", args=[photo.pk]) in member.get(reverse("map"), {"box": box}).content.decode()


def test_a_box_lies_across_the_date_line(member: Client, alice: User) -> None:
    west, east, paris = at(alice, FIJI), at(alice, (-16.5, -179.9)), at(alice, PARIS)
    page = member.get(reverse("map"), {"box": "179,-20,-179,-10"}).content.decode()
    assert all(reverse("photo", args=[photo.pk]) in page for photo in (west, east))
    assert reverse("photo", args=[paris.pk]) not in page
    assert 'cx="180.1"' in page


def test_the_ends_of_the_earth_are_on_the_map(member: Client, alice: User) -> None:
    for place in ((90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)):
        at(alice, place)
    halvings, found = unpacked(member.get(reverse("map_points")).content)
    assert (halvings, sum(count for *_, count in found)) == (16, 3)
    assert member.get(reverse("map")).content.decode().count(" near ") == 3


def test_the_trash_and_what_is_somebody_elses_are_nowhere(member: Client, alice: User, bob: User) -> None:
    hidden = [at(bob, PARIS), at(alice, PARIS, trashed_at=NOON), make_photo(alice)]
    assert unpacked(member.get(reverse("map_points")).content)[1] == []
    page = member.get(reverse("map")).content.decode()
    assert "No photo says where it was taken" in page
    assert not any(str(photo.pk) in page for photo in hidden)
    box = {"box": "2,48,3,49"}
    assert member.get(reverse("map_photo"), box)["Location"].startswith(reverse("map"))


def test_points_are_sent_again_only_when_they_changed(member: Client, alice: User) -> None:
    at(alice, PARIS)
    first = member.get(reverse("map_points"))
    again = member.get(reverse("map_points"), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    at(alice, SYDNEY)
    changed = member.get(reverse("map_points"), headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert len(unpacked(changed.content)[1]) == 2


def test_too_many_cells_become_coarser_and_lose_no_photo(
    member: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        at(alice, (number, number * 2.0))
    monkeypatch.setattr(pages, "MOST_POINTS", 10)
    halvings, found = unpacked(member.get(reverse("map_points")).content)
    assert halvings < 16
    assert len(found) <= 10
    assert sum(count for *_, count in found) == 40


def test_cells_merge_into_one_of_twice_the_side() -> None:
    merged = places.coarser([Cell(4, 2, 3, 10.0, 20.0), Cell(5, 3, 1, 14.0, 24.0), Cell(6, 3, 2, 0.0, 0.0)])
    assert merged == [Cell(2, 1, 4, 11.0, 21.0), Cell(3, 1, 2, 0.0, 0.0)]


def test_pages_of_a_box_go_on_and_back(alice: User) -> None:
    photos = [at(alice, PARIS, taken_local=NOON - timedelta(days=day)) for day in range(5)]
    at(alice, SYDNEY)
    box, rows = Box(2, 48, 3, 49), Photo.objects.for_tiles()
    first = places.within(alice, box, "", 2, rows)
    second = places.within(alice, box, first.next, 2, rows)
    last = places.within(alice, box, second.next, 2, rows)
    assert [*first.photos, *second.photos, *last.photos] == photos
    assert last.next == ""
    assert places.within(alice, box, last.previous, 2, rows).photos == second.photos


def test_many_photos_cost_as_many_queries_as_few(
    member: Client, alice: User, django_assert_num_queries: Any
) -> None:
    for number in (1, 30):
        for place in range(number):
            make_finished(alice, latitude=place / 2, longitude=place * 3.0)
        with django_assert_num_queries(5):  # session, user, cells, places of the page, photos
            member.get(reverse("map"))
        with django_assert_num_queries(3):
            member.get(reverse("map_points"))


def test_the_map_reads_its_index_alone(alice: User) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL reads ten rows without any index
    for box in (EARTH, Box(2, 48, 3, 49), Box(179, -20, -179, -10)):
        keys = places.located(alice).filter(box.where()).newest_first().values_list("taken_local", "id")
        assert "USING COVERING INDEX photo_places" in keys[:81].explain()


def test_a_photos_page_shows_its_place_and_leads_to_the_map(member: Client, alice: User) -> None:
    photo, nowhere = make_finished(alice, latitude=PARIS[0], longitude=PARIS[1]), make_finished(alice)
    page = member.get(reverse("photo", args=[photo.pk])).content.decode()
    (address,) = re.findall(r'<a class="place" href="([^"]+)"', page)
    assert reverse("photo", args=[photo.pk]) in member.get(address).content.decode()
    assert 'class="place"' not in member.get(reverse("photo", args=[nowhere.pk])).content.decode()


@pytest.mark.pure
@pytest.mark.parametrize("place", [(0.0, 180.0), (90.0, 0.0), (-90.0, -180.0), (66.0, 179.9), PARIS])
def test_around_every_place_there_is_something_to_see(place: tuple[float, float]) -> None:
    seen = pages.around(*place)
    west, north, width, height = (float(number) for number in seen.view.split())
    assert west + width / 2 == pytest.approx(place[1], abs=1e-5)
    assert -north - height / 2 == pytest.approx(place[0], abs=1e-5)
    assert seen.worlds
    assert Box.read(str(seen.box)) is not None


@pytest.mark.pure
@pytest.mark.parametrize(("width", "halvings"), [(360, 4), (22.5, 8), (1e-9, 16), (180, 5)])
def test_about_so_many_cells_lie_side_by_side(width: float, halvings: int) -> None:
    assert places.halvings_for(Box(0, 0, width, 1) if width <= 180 else EARTH, 16) == halvings
