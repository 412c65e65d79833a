"""Looking for photos through the API: by labels, confidence, time, favourites and in the trash."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.models import Detection, Photo
from gallery.tests.asking import PHOTOS, ids, program, read, told
from gallery.tests.making import NOON, make_detection, make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


def found(client: Client, **query: Any) -> set[str]:
    return {photo["filename"] for photo in read(client, PHOTOS, **query)["results"]}


@pytest.fixture
def zoo(alice: User, bob: User) -> None:
    """Alice's dog, her dog with a cat, her tree; and Bob's dog."""
    dog, both, tree = (make_photo(alice, filename=name) for name in ("dog", "both", "tree"))
    foreign = make_photo(bob, filename="bob's")
    for photo, confidence in ((dog, 95), (both, 70), (foreign, 99)):
        make_detection(photo, "Dog", confidence, aliases=["Hound", "Canine Friend"])
    make_detection(both, "Cat", 90)
    make_detection(tree, "Tree", 90)


@pytest.mark.usefixtures("zoo")
class TestLabels:
    def test_a_label_finds_its_photos(self, mine: Client) -> None:
        assert found(mine, label="Dog") == {"dog", "both"}

    def test_several_labels_must_all_be_there(self, mine: Client) -> None:
        assert found(mine, label=["Dog", "Cat"]) == {"both"}
        assert found(mine, label=["Dog", "Tree"]) == set()

    @pytest.mark.parametrize("name", ["dog", "DOG", " Dog "])
    def test_case_and_spaces_around_do_not_matter(self, mine: Client, name: str) -> None:
        assert found(mine, label=name) == {"dog", "both"}

    @pytest.mark.parametrize("alias", ["Hound", "hound", "canine friend"])
    def test_an_alias_finds_its_label(self, mine: Client, alias: str) -> None:
        assert found(mine, label=alias) == {"dog", "both"}

    def test_an_alias_and_a_label_must_both_be_there(self, mine: Client) -> None:
        assert found(mine, label=["hound", "cat"]) == {"both"}

    @pytest.mark.parametrize(
        "name", ["Unicorn", "Do", "og", "D_g", "D%", "", " ", "\x00", "Dog\x00", "'", "x" * 100]
    )
    def test_what_is_on_no_photo_finds_none(self, mine: Client, name: str) -> None:
        assert found(mine, label=name) == set()

    def test_a_name_too_long_or_too_many_are_refused(self, mine: Client) -> None:
        told(mine.get(PHOTOS, {"label": "x" * 101}), 422, "invalid")
        told(mine.get(PHOTOS, {"label": "x" * 10_000}), 422, "invalid")
        told(mine.get(PHOTOS, {"label": ["Dog"] * 21}), 422, "invalid")
        assert found(mine, label=["Dog"] * 20) == {"dog", "both"}

    @pytest.mark.parametrize(("least", "names"), [
        (0, {"dog", "both"}), (70, {"dog", "both"}), (70.1, {"dog"}), (95, {"dog"}), (100, set()),
    ])  # fmt: skip
    def test_only_labels_that_are_sure_enough_count(
        self, mine: Client, least: float, names: set[str]
    ) -> None:
        assert found(mine, label="Dog", min_confidence=least) == names

    @pytest.mark.parametrize("least", ["-1", "101", "nan", "inf", "x", "\x00"])
    def test_a_confidence_that_is_none_is_refused(self, mine: Client, least: str) -> None:
        told(mine.get(PHOTOS, {"label": "Dog", "min_confidence": least}), 422, "invalid")


@pytest.fixture
def days(alice: User) -> None:
    for day in (1, 2, 3):
        make_photo(alice, filename=f"day {day}", taken_local=NOON + timedelta(days=day))


@pytest.mark.usefixtures("days")
class TestTimes:
    second = (NOON + timedelta(days=2)).replace(tzinfo=None).isoformat()

    def test_after_includes_its_moment_and_before_does_not(self, mine: Client) -> None:
        assert found(mine, taken_after=self.second) == {"day 2", "day 3"}
        assert found(mine, taken_before=self.second) == {"day 1"}
        assert found(mine, taken_after=self.second, taken_before=self.second) == set()

    @pytest.mark.parametrize("offset", ["", "Z", "+00:00", "-11:00", "+14:00"])
    def test_the_wall_clock_counts_whatever_its_offset(self, mine: Client, offset: str) -> None:
        assert found(mine, taken_after=self.second + offset) == {"day 2", "day 3"}

    def test_a_day_is_its_first_moment(self, mine: Client) -> None:
        assert found(mine, taken_after=self.second[:10]) == {"day 2", "day 3"}

    @pytest.mark.parametrize("moment", [
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0001-01-01", "9999-12-31T23:59:59.999999",
    ])  # fmt: skip
    def test_the_ends_of_time_are_no_trouble(self, mine: Client, moment: str) -> None:
        everything = {"day 1", "day 2", "day 3"}
        early = moment.startswith("0001")
        assert found(mine, taken_after=moment) == (everything if early else set())
        assert found(mine, taken_before=moment) == (set() if early else everything)

    @pytest.mark.parametrize("name", ["taken_after", "taken_before"])
    @pytest.mark.parametrize("moment", [
        "", "yesterday", "2024-13-45", "10000-01-01", "inf", "nan", "1e300", "\x00", "2" * 10_000,
        "2024-06-15T12:00:00+99:00",
    ], ids=range(10))  # fmt: skip
    def test_what_is_no_time_is_refused(self, mine: Client, name: str, moment: str) -> None:
        told(mine.get(PHOTOS, {name: moment}), 422, "invalid")


def test_favourites_or_all_others(mine: Client, alice: User) -> None:
    make_photo(alice, filename="loved", favourite_at=timezone.now())
    make_photo(alice, filename="other")
    assert found(mine, favourite="true") == {"loved"}
    assert found(mine, favourite="false") == {"other"}
    assert found(mine) == {"loved", "other"}
    told(mine.get(PHOTOS, {"favourite": "perhaps"}), 422, "invalid")


def test_the_trash_is_a_place_of_its_own(mine: Client, alice: User) -> None:
    trashed = make_photo(alice, filename="trashed", trashed_at=timezone.now())
    make_detection(trashed, "Dog")
    make_photo(alice, filename="live")
    assert found(mine) == found(mine, trash="false") == {"live"}
    assert found(mine, trash="true") == {"trashed"}
    assert found(mine, label="Dog") == set()
    assert found(mine, label="Dog", trash="true") == {"trashed"}


def test_filters_hold_together_on_every_page(mine: Client, alice: User) -> None:
    for hour in range(6):
        photo = make_photo(alice, taken_local=NOON + timedelta(hours=hour), filename=str(hour))
        make_detection(photo, "Dog", 90 if hour % 2 else 60)
    page = read(mine, PHOTOS, label="Dog", min_confidence=80, limit=2)
    rest = read(mine, page["next"])
    assert [photo["filename"] for photo in (*page["results"], *rest["results"])] == ["5", "3", "1"]
    assert rest["next"] is None


def test_a_search_by_label_follows_a_corrected_time(mine: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_detection(photo, "Dog")
    mine.patch(f"{PHOTOS}{photo.pk}/", {"taken_at": "2001-02-03T04:05:06"}, content_type="application/json")
    assert Detection.objects.get().taken_local == Photo.objects.get().taken_local
    assert ids(read(mine, PHOTOS, label="Dog")) == [str(photo.pk)]


@pytest.mark.parametrize("parameter", [
    "label", "min_confidence", "taken_after", "taken_before", "favourite", "trash", "cursor", "limit", "q", "album",
])  # fmt: skip
@pytest.mark.parametrize(
    "value", ["\x00", "x" * 10_000, "\ud7ff\U0010ffff", "%", "\\", "[]", "'\";--"], ids=range(7)
)
def test_no_parameter_breaks_the_list(mine: Client, alice: User, parameter: str, value: str) -> None:
    make_photo(alice)
    assert mine.get(PHOTOS, {parameter: value}).status_code in (200, 422)


def test_bytes_that_are_no_text_do_not_break_the_list(mine: Client) -> None:
    for parameter in ("label", "cursor", "limit", "taken_after"):
        assert mine.get(f"{PHOTOS}?{parameter}=%ff%fe%80").status_code in (200, 422)
