"""What an owner says of a label is so: whatever a machine says later, however often it is asked again."""

import unicodedata
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.geometry import BoundingBox
from gallery.labelling.answer import FoundInstance, FoundLabel
from gallery.models import Change, Detection, Instance, Label, Photo, Verdict
from gallery.organise import changes, record, verdicts
from gallery.organise import photos as organise
from gallery.organise.on_photo import labels_on
from gallery.organise.record import CHUNK
from gallery.pipeline.sweep import sweep
from gallery.tests.making import make_photo
from gallery.tests.saying import ANIMAL, CAT, DOG, counts, machine, say, stands


@pytest.fixture
def photo(alice: User) -> Photo:
    return make_photo(alice)


def test_a_wrong_label_is_gone_and_so_is_all_that_only_followed_from_it(photo: Photo) -> None:
    machine(photo, DOG, ANIMAL)
    assert counts() == dict.fromkeys(["Dog", "Animal", "Pet", "Animals and Pets"], (1, 1))
    say(photo, "dog", "rejected")
    assert stands(photo) == set()
    assert counts() == {}


def test_what_something_else_supports_stays(photo: Photo) -> None:
    machine(photo, DOG, CAT, ANIMAL)
    say(photo, "Dog", "rejected")
    assert stands(photo) == {"Cat", "Animal", "Animals and Pets"}
    assert counts() == {"Cat": (1, 0), "Animal": (1, 1), "Animals and Pets": (1, 0)}


def test_a_wrong_label_stays_wrong_through_three_relabellings_until_that_is_undone(photo: Photo) -> None:
    machine(photo, DOG)
    change = say(photo, "Dog", "rejected")
    for version in ("3.1", "3.2", "4.0"):
        machine(photo, DOG, version=version)
        assert stands(photo) == set()
    assert changes.undo(photo.owner_id, change.pk) == 1
    assert stands(photo) == {"Dog", "Animal", "Pet", "Animals and Pets"}
    assert set(Detection.objects.values_list("model_version", flat=True)) == {"4.0"}


def test_a_confirmed_label_passes_every_threshold_and_outlives_the_machines_change_of_mind(
    photo: Photo,
) -> None:
    machine(photo, CAT)
    say(photo, "CAT", "confirmed")
    assert stands(photo, 100) == {"Cat", "Animal", "Animals and Pets"}
    machine(photo)
    assert stands(photo, 100) == {"Cat", "Animal", "Animals and Pets"}
    say(photo, "Cat", None)
    assert stands(photo) == set()
    assert counts() == {}


def test_a_label_of_ones_own_is_counted_and_goes_without_a_trace(photo: Photo) -> None:
    say(photo, "  Aunt\nClara ", "confirmed")
    assert counts() == {"Aunt Clara": (1, 1)}
    say(photo, "aunt clara", None)
    assert counts() == {}
    assert not Verdict.objects.exists()
    assert not Detection.objects.exists()


def test_who_said_it_is_known_whatever_came_of_it(photo: Photo) -> None:
    machine(photo, DOG)
    for name in ("Dog", "Animal", "Aunt Clara"):
        say(photo, name, "confirmed")
    (found,) = Photo.objects.with_everything()
    told = {one.label.name: (one.source, one.state, one.confidence) for one in labels_on(found)}
    assert told["Dog"] == told["Animal"] == ("rekognition", "confirmed", 95)
    assert told["Aunt Clara"] == ("user", "confirmed", 100)
    assert told["Pet"] == ("rekognition", "suggested", 95)


def test_a_machines_spelling_wins_over_that_of_whoever_wrote_it_first(photo: Photo) -> None:
    say(photo, "dOG", "confirmed")
    machine(photo, DOG)
    assert Label.objects.get(folded="dog").name == "Dog"


@pytest.mark.parametrize(("typed", "shown"), [
    ("z̷a̸l̴g̵o", "zalgo"), ("Z͑ͫ̓̍a̶͡l͎g̀o̎", "Zalgo"), ("𝖅𝖆𝖑𝖌𝖔", "Zalgo"), ("Ｚａｌｇｏ", "Zalgo"),
    ("Cafe\u0301", "Café"), ("Việt Nam", "Việt Nam"), ("हिन्दी", "हिन्दी"), ("שָׁלוֹם", "שָׁלוֹם"), ("Straße", "Straße"),
    ("\u0301", "\u0301"), ("1\ufe0f\u20e3", "1\ufe0f\u20e3"), ("\ufdfa" * 100, "\ufdfa" * 100),
])  # fmt: skip
def test_nobody_is_shown_the_ornaments_of_whoever_wrote_a_word_first(
    photo: Photo, bob: User, typed: str, shown: str
) -> None:
    say(photo, typed, "confirmed")
    say(make_photo(bob), shown, "confirmed")
    assert Label.objects.values_list("name", flat=True).get() == unicodedata.normalize("NFC", shown)


def test_of_two_labels_that_are_the_same_word_the_surer_one_is_kept_with_its_boxes(photo: Photo) -> None:
    machine(photo, FoundLabel("CAFÉ", 60), FoundLabel("Cafe", 90), FoundLabel("café", 70))
    assert counts() == {"Cafe": (1, 1)}


def test_what_is_in_the_trash_can_be_judged_and_counts_when_it_is_back(photo: Photo) -> None:
    machine(photo, DOG)
    organise.trash(photo.owner_id, [photo.pk])
    say(photo, "Dog", "rejected")
    say(photo, "Cat", "confirmed")
    assert counts() == {}
    organise.restore(photo.owner_id, [photo.pk])
    assert counts() == {"Cat": (1, 1)}


def test_a_content_warning_that_is_rejected_lifts_the_veil(photo: Photo) -> None:
    machine(photo, FoundLabel("Violence", 90), kind="moderation")
    assert Photo.objects.get().veiled
    verdicts.say(photo.owner_id, [photo.pk], "Violence", "rejected", kind="moderation")
    assert not Photo.objects.get().veiled


def test_a_photo_that_was_deleted_meanwhile_is_left_in_peace(photo: Photo) -> None:
    User.objects.update(used_bytes=photo.byte_size)
    organise.delete_forever(photo)
    machine(photo, DOG)
    assert verdicts.say(photo.owner_id, [photo.pk], "Dog", "confirmed").before == {}
    assert not Detection.objects.exists()


def test_nobody_judges_the_photos_of_somebody_else(photo: Photo, bob: User) -> None:
    machine(photo, DOG)
    change = verdicts.say(bob.pk, [photo.pk], "Dog", "rejected")
    assert change.before == {}
    assert "Dog" in stands(photo)
    with pytest.raises(Refusal) as refused:
        changes.undo(photo.owner_id, change.pk)
    assert refused.value.status == 404


@pytest.mark.parametrize("name", ["", " \n", "\u200b", "\ud800", "x" * 101])
def test_a_name_that_nobody_could_read_is_refused(photo: Photo, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        verdicts.say(photo.owner_id, [photo.pk], name, "confirmed")
    assert refused.value.status == 422
    assert not Label.objects.exists()


def test_nobody_needs_more_than_so_many_labels_on_a_photo(photo: Photo, alice: User) -> None:
    other = make_photo(alice)
    with mock.patch.object(verdicts, "MOST_VERDICTS", 2):
        say(photo, "one", "confirmed")
        say(photo, "two", "rejected")
        with pytest.raises(Refusal) as refused:
            say(photo, "three", "confirmed")
        assert refused.value.code == "too_many_verdicts"
        say(photo, "two", "confirmed")
        both = verdicts.say(alice.pk, [photo.pk, other.pk], "three", "confirmed")
        assert set(both.before) == {str(other.pk)}


def test_a_later_word_is_not_undone_with_an_earlier_one(photo: Photo, alice: User) -> None:
    other = make_photo(alice)
    machine(photo, DOG)
    machine(other, DOG)
    change = verdicts.say(alice.pk, [photo.pk, other.pk], "Dog", "rejected")
    say(photo, "Dog", "confirmed")
    assert changes.undo(alice.pk, change.pk) == 1
    assert stands(photo, 101) >= {"Dog"}
    assert "Dog" in stands(other)


def test_only_one_photo_with_too_many_words_does_not_lose_the_way_back_of_the_others(
    photo: Photo, alice: User
) -> None:
    other = make_photo(alice)
    with mock.patch.object(verdicts, "MOST_VERDICTS", 1), mock.patch.object(record, "CHUNK", 1):
        say(photo, "one", "confirmed")
        both = verdicts.judge(alice.pk, [other.pk, photo.pk], "two", "confirmed")
        assert (both.changed, stands(other), stands(photo)) == (1, {"two"}, {"one"})
        assert changes.undo(alice.pk, both.change.pk) == 1
        assert verdicts.judge(alice.pk, [photo.pk, other.pk], "two", "confirmed").changed == 1


def test_taking_a_word_back_is_not_undone_where_something_was_said_and_taken_back_since(
    photo: Photo, alice: User
) -> None:
    other = make_photo(alice)
    for one in (photo, other):
        say(one, "Dog", "confirmed")
    first = verdicts.say(alice.pk, [photo.pk, other.pk], "Dog", None)
    words = [say(photo, "Dog", state) for state in ("rejected", None)]
    assert changes.undo(alice.pk, first.pk) == 1
    assert Verdict.objects.values_list("photo", "state").get() == (other.pk, "confirmed")
    for change in reversed(words):
        assert changes.undo(alice.pk, change.pk) == 1
    assert not Verdict.objects.filter(photo=photo).exists()


def test_taking_a_word_back_is_undone_when_all_that_was_said_since_is_undone(photo: Photo) -> None:
    say(photo, "Dog", "confirmed")
    words = [say(photo, "Dog", state) for state in (None, "rejected", None)]
    for change in reversed(words):
        assert changes.undo(photo.owner_id, change.pk) == 1
    assert Verdict.objects.values_list("state", flat=True).get() == "confirmed"


def test_undoing_goes_back_word_by_word_and_each_only_once(photo: Photo) -> None:
    words = [say(photo, "Dog", state) for state in ("confirmed", "rejected", None)]
    seen = []
    for change in reversed(words):
        changes.undo(photo.owner_id, change.pk)
        seen.append(Verdict.objects.values_list("state", flat=True).first())
    assert seen == ["rejected", "confirmed", None]
    with pytest.raises(Refusal) as refused:
        changes.undo(photo.owner_id, words[0].pk)
    assert refused.value.status == 409


def test_saying_the_same_again_changes_nothing(photo: Photo) -> None:
    first = say(photo, "Dog", "rejected")
    again = verdicts.say(photo.owner_id, [photo.pk], "dog", "rejected")
    assert again.before == {}
    assert changes.undo(photo.owner_id, again.pk) == 0
    assert changes.undo(photo.owner_id, first.pk) == 1


def statements(alice: User, many: int) -> int:
    photos = [make_photo(alice) for _ in range(many)]
    for one in photos:
        machine(one, DOG, ANIMAL)
    with CaptureQueriesContext(connection) as queries:
        change = verdicts.say(alice.pk, [one.pk for one in photos], "Dog", "rejected")
        changes.undo(alice.pk, change.pk)
        verdicts.say(alice.pk, [one.pk for one in photos], "Aunt Clara", "confirmed")
    return len(queries)


def test_many_photos_cost_as_many_statements_as_few(alice: User) -> None:
    statements(alice, 1)
    assert statements(alice, 2) == statements(alice, 40)


def test_the_labels_of_a_new_photo_are_written_in_few_statements(alice: User) -> None:
    machine(make_photo(alice), DOG, CAT, ANIMAL)
    photo = make_photo(alice)
    with CaptureQueriesContext(connection) as queries:
        machine(photo, DOG, CAT, ANIMAL)
    ours = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(ours) == 4, ours  # photo, labels; one insert, one for the counters


def test_what_very_many_photos_were_is_kept_in_parts_and_undone_as_one(alice: User) -> None:
    with mock.patch("gallery.organise.record.CHUNK", 3):
        photos = [make_photo(alice).pk for _ in range(8)]
        done = verdicts.judge(alice.pk, iter(photos), "Dog", "confirmed")
    assert done.changed == 8
    assert Change.objects.count() == 3
    assert counts() == {"Dog": (8, 8)}
    part = Change.objects.exclude(part_of=None)[0]
    with pytest.raises(Refusal):
        changes.undo(alice.pk, part.pk)
    assert changes.undo(alice.pk, done.change.pk) == 8
    assert counts() == {}
    assert CHUNK <= 1000


@pytest.mark.usefixtures("queue")
def test_what_is_long_ago_can_not_be_undone(photo: Photo) -> None:
    old, new = say(photo, "Dog", "rejected"), say(photo, "Cat", "rejected")
    Change.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(days=31))
    sweep()
    assert list(Change.objects.all()) == [new]


def test_a_relabelling_brings_its_boxes_and_leaves_no_old_one(photo: Photo) -> None:
    def boxed(name: str, *lefts: float) -> FoundLabel:
        return FoundLabel(
            name, 90, instances=tuple(FoundInstance(BoundingBox(x, 0, 0.1, 0.1), 80) for x in lefts)
        )

    machine(photo, boxed("Dog", 0.1, 0.2), boxed("Cat", 0.3))
    machine(photo, boxed("Dog", 0.5), boxed("Car", 0.6, 0.7))
    assert set(Instance.objects.values_list("detection__label__name", "left")) == {
        ("Dog", 0.5), ("Car", 0.6), ("Car", 0.7),
    }  # fmt: skip
