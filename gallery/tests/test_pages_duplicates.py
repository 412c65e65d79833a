"""The page of photos that look alike: what it shows, what is suggested, and what happens to those that go."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import AlbumEntry, Apart, Change, Photo, Verdict
from gallery.organise import albums, bulk, captions, shares, verdicts
from gallery.organise.photos import trash
from gallery.search.lookalikes import MOST_SHOWN, PAGE_SIZE
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
PAGE = "/duplicates/"


def alike(owner: User, count: int = 2, **fields: Any) -> list[Photo]:
    """A group; the first photo has the most bytes."""
    group = uuid4()
    return [
        make_finished(owner, alike=group, byte_size=9000 - place, filename=f"copy {place}.jpg", **fields)
        for place in range(count)
    ]


def shown(client: Client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


def decide(client: Client, photos: list[Photo], *kept: Photo, **more: str) -> str:
    told = {"photo": [photo.pk for photo in photos], "keep": [photo.pk for photo in kept], **more}
    return client.post(PAGE, told, follow=True).content.decode()


def undo(client: Client, page: str) -> str:
    found = re.search(r"/changes/[^/]+/undo/", page)
    assert found is not None
    return client.post(found[0], follow=True).content.decode()


def live() -> set[UUID]:
    return set(Photo.objects.live().values_list("pk", flat=True))


def test_they_lie_side_by_side_with_what_one_chooses_by(member: Client, alice: User) -> None:
    small, large = alike(alice, taken_local=NOON)
    Photo.objects.filter(pk=small.pk).update(content_type="image/png", width=800, height=600, caption="Tea")
    page = shown(member)
    sizes = ("800 × 600", "4000 × 3000", "8.8", "PNG", "JPEG")
    for told in ("2 photos <span>June 15, 2024</span>", "12:00:00", "Tea", *sizes):
        assert told in page
    assert page.index(large.filename) < page.index(small.filename)
    assert re.findall(r'name="keep" value="([^"]+)" checked', page) == [str(large.pk)]


def suggested(client: Client) -> str:
    """The key of the one that is ticked from the start."""
    (found,) = re.findall(r'name="keep" value="([^"]+)" checked', shown(client))
    return str(found)


def test_what_its_owner_cares_for_is_suggested_then_pixels_then_bytes_then_what_was_first(
    member: Client, alice: User
) -> None:
    one, two, three = alike(alice, 3)
    assert suggested(member) == str(one.pk)
    Photo.objects.update(byte_size=5)
    Photo.objects.filter(pk=three.pk).update(taken_local=NOON - timedelta(seconds=1))
    assert suggested(member) == str(three.pk)
    Photo.objects.filter(pk=two.pk).update(width=4001)
    assert suggested(member) == str(two.pk)
    albums.add(alice.pk, albums.make(alice, "Trip").pk, [one.pk])
    assert suggested(member) == str(one.pk)


def test_one_that_a_link_leads_to_is_suggested_and_says_so(member: Client, alice: User) -> None:
    larger, shared = alike(alice)
    assert "Shared by a link" not in shown(member)
    shares.make(alice, photo=shared.pk)
    page = shown(member)
    assert "Shared by a link" in page
    assert page.index(str(shared.pk)) < page.index(str(larger.pk))


def test_a_series_is_called_one_where_cameras_told_the_time(member: Client, alice: User) -> None:
    one, _two = alike(alice, taken_source="exif")
    assert "perhaps a series" not in shown(member)
    Photo.objects.filter(pk=one.pk).update(taken_local=NOON + timedelta(seconds=3))
    assert "perhaps a series" in shown(member)
    Photo.objects.filter(pk=one.pk).update(taken_source="upload")
    assert "perhaps a series" not in shown(member)


def test_what_is_not_kept_goes_into_the_trash_and_comes_back_by_undo(member: Client, alice: User) -> None:
    photos = alike(alice, 3)
    page = decide(member, photos, photos[0])
    assert "2 photos are in the trash, what you ticked is kept." in page
    assert live() == {photos[0].pk}
    assert "No two photos look alike" in page
    assert "2 photos are as they were before." in undo(member, page)
    assert live() == {photo.pk for photo in photos}
    assert "3 photos <span>" in shown(member)


def test_nothing_goes_before_somebody_says_so(member: Client, alice: User) -> None:
    photos = alike(alice)
    shown(member)
    assert live() == {photo.pk for photo in photos}
    assert not Change.objects.exists()


def test_not_the_same_is_remembered(member: Client, alice: User) -> None:
    photos = alike(alice, 3)
    page = decide(member, photos, do="apart")
    assert "They are all kept, and not shown side by side again." in page
    assert "No two photos look alike" in page
    assert Apart.objects.count() == 3
    assert live() == {photo.pk for photo in photos}
    undo(member, page)
    assert not Apart.objects.exists()
    assert "3 photos <span>" in shown(member)


def test_several_can_be_kept_and_are_not_asked_about_again(member: Client, alice: User) -> None:
    one, two, three = alike(alice, 3)
    page = decide(member, [one, two, three], one, two)
    assert live() == {one.pk, two.pk}
    assert "No two photos look alike" in page
    assert "1 photo is as it was before." in undo(member, page)
    assert live() == {one.pk, two.pk, three.pk}
    assert "3 photos <span>" in shown(member)
    assert not Apart.objects.exists()


def test_what_is_kept_gets_what_the_others_had_if_its_owner_wants_it(member: Client, alice: User) -> None:
    heir, gone, other = alike(alice, 3)
    trip, best = albums.make(alice, "Trip"), albums.make(alice, "Best")
    albums.add(alice.pk, trip.pk, [gone.pk, other.pk])
    albums.add(alice.pk, best.pk, [heir.pk, gone.pk])
    bulk.act(alice.pk, "favourite", [other.pk])
    Photo.objects.filter(pk=gone.pk).update(caption="At the lake", caption_by_owner=True)
    verdicts.say(alice.pk, [gone.pk, other.pk], "Swan", "confirmed")
    before = AlbumEntry.objects.count()
    assert 'name="inherit" value="1"' in shown(member)
    page = decide(member, [heir, gone, other], heir, inherit="1")
    heir.refresh_from_db()
    assert heir.caption == "At the lake"
    assert heir.favourite_at
    assert set(heir.entries.values_list("album__title", flat=True)) == {"Trip", "Best"}
    assert Verdict.objects.filter(photo=heir, state="confirmed", label__name="Swan").exists()
    assert "2 photos are as they were before." in undo(member, page)
    assert Photo.objects.filter(pk=heir.pk, caption="", favourite_at=None).exists()
    assert AlbumEntry.objects.count() == before
    assert not Verdict.objects.filter(photo=heir).exists()


def test_what_only_a_file_says_is_nothing_to_inherit(member: Client, alice: User) -> None:
    """Visitors of shares never read it; nor does it come back where its owner took it away."""
    heir, gone = alike(alice)
    Photo.objects.filter(pk=gone.pk).update(caption="OLYMPUS")
    decide(member, [heir, gone], heir, inherit="1")
    assert Photo.objects.filter(pk=heir.pk, caption="", caption_by_owner=False).exists()


def test_nor_does_a_caption_come_back_that_its_owner_took_away(member: Client, alice: User) -> None:
    heir, gone = alike(alice)
    Photo.objects.filter(pk=gone.pk).update(caption="At the lake", caption_by_owner=True)
    Photo.objects.filter(pk=heir.pk).update(caption_by_owner=True)
    decide(member, [heir, gone], heir, inherit="1")
    assert Photo.objects.get(pk=heir.pk).caption == ""


def test_what_can_not_be_inherited_hinders_nothing(
    member: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heir, gone = alike(alice)
    bulk.act(alice.pk, "favourite", [gone.pk])
    Photo.objects.filter(pk=gone.pk).update(caption="At the lake", caption_by_owner=True)

    def full(*_told: object) -> None:
        raise Refusal("full", "No more.", 422)

    monkeypatch.setattr(captions, "say", full)
    decide(member, [heir, gone], heir, inherit="1")
    heir.refresh_from_db()
    assert live() == {heir.pk}
    assert heir.favourite_at


def test_what_was_inherited_stays_where_nothing_else_is_left_of_it(member: Client, alice: User) -> None:
    heir, gone = alike(alice)
    bulk.act(alice.pk, "favourite", [gone.pk])
    page = decide(member, [heir, gone], heir, inherit="1")
    Photo.objects.get(pk=gone.pk).delete()
    assert "0 photos are as they were before." in undo(member, page)
    heir.refresh_from_db()
    assert heir.favourite_at


def test_so_many_are_shown_side_by_side_the_others_afterwards(member: Client, alice: User) -> None:
    photos = alike(alice, MOST_SHOWN + 3)
    assert shown(member).count('name="keep"') == MOST_SHOWN
    decide(member, photos[:MOST_SHOWN], photos[0])
    assert shown(member).count('name="keep"') == 4


def test_a_program_may_write_ids_otherwise(member: Client, alice: User) -> None:
    one, two, three = alike(alice, 3)
    told = {"photo": [one.pk, two.pk, three.pk], "keep": [str(one.pk).upper(), two.pk.hex, "nonsense"]}
    member.post(PAGE, told)
    assert live() == {one.pk, two.pk}


def test_without_the_tick_it_gets_nothing(member: Client, alice: User) -> None:
    heir, gone = alike(alice)
    bulk.act(alice.pk, "favourite", [gone.pk])
    decide(member, [gone, heir], heir)
    heir.refresh_from_db()
    assert heir.favourite_at is None


def test_where_nothing_is_ticked_nothing_is_done(member: Client, alice: User) -> None:
    photos = alike(alice)
    assert "Tick at least one photo to keep" in decide(member, photos)
    assert len(live()) == 2


def test_what_changed_meanwhile_is_shown_again_first(member: Client, alice: User) -> None:
    one, two, three = alike(alice, 3)
    trash(alice.pk, [two.pk])
    assert "have changed meanwhile" in decide(member, [one, two, three], one)
    assert live() == {one.pk, three.pk}
    (single,) = alike(alice, 1)
    for others in ([single], [single, one], [make_finished(alice), make_finished(alice)]):
        assert "have changed meanwhile" in decide(member, others, others[0])
    assert len(live()) == 5


def test_somebody_else_s_photos_are_neither_shown_nor_touched(member: Client, alice: User, bob: User) -> None:
    theirs, (mine, _second) = alike(bob), alike(alice)
    Photo.objects.update(alike=mine.alike)
    page = shown(member)
    assert not any(str(photo.pk) in page for photo in theirs)
    decide(member, [mine, *theirs], mine)
    assert len(live()) == 4


def test_trashed_ones_are_not_shown_until_they_are_restored(member: Client, alice: User) -> None:
    one, _two = alike(alice)
    done = bulk.act(alice.pk, "trash", [one.pk])
    assert "No two photos look alike" in shown(member)
    bulk.act(alice.pk, "restore", [one.pk])
    assert done.changed == 1
    assert "2 photos <span>" in shown(member)


def test_groups_go_on_on_the_next_page_the_newest_first(member: Client, alice: User) -> None:
    for day in range(PAGE_SIZE + 2):
        alike(alice, taken_local=NOON - timedelta(days=day // 2))  # two and two at the same time
    first = shown(member)
    (address,) = re.findall(r'href="(\?cursor=[^"]+)"', first)
    second = shown(member, PAGE + address)
    assert (first.count('aria-labelledby="group-'), second.count('aria-labelledby="group-')) == (PAGE_SIZE, 2)
    keys = re.findall(r'name="photo" value="([^"]+)"', first + second)
    assert len(set(keys)) == len(keys) == 2 * (PAGE_SIZE + 2)
    assert "?cursor=" not in second.replace(f'value="{PAGE}?cursor=', "")
    Photo.objects.update(trashed_at=timezone.now())
    assert member.get(PAGE + address)["Location"] == PAGE


@pytest.mark.parametrize("address", ["?cursor=nonsense", "?cursor=%00"])
def test_a_damaged_address_is_said_to_be_one(member: Client, address: str) -> None:
    answer = member.get(PAGE + address)
    assert answer.status_code == 422
    assert "damaged" in answer.content.decode()


@pytest.mark.parametrize("told", [{"photo": ["x"]}, {"photo": ["\x00"], "keep": ["\x00"]}])
def test_what_is_no_photo_is_refused_in_words(member: Client, told: dict[str, list[str]]) -> None:
    assert member.post(PAGE, told).status_code == 422


def test_the_page_of_a_photo_leads_to_those_that_look_like_it(member: Client, alice: User) -> None:
    one, two, three = alike(alice, 3)
    alike(alice)
    trash(alice.pk, [three.pk])
    address = f"{PAGE}?photo={one.pk}"
    page = member.get(reverse("photo", args=[one.pk])).content.decode()
    assert f'<a href="{address}">1 look-alike</a>' in page
    asked = shown(member, address)
    assert set(re.findall(r'name="photo" value="([^"]+)"', asked)) == {str(one.pk), str(two.pk)}
    decide(member, [one, two], one)
    assert "look-alike" not in member.get(reverse("photo", args=[one.pk])).content.decode().split("<main")[1]
    assert member.get(address)["Location"] == PAGE
    assert member.get(f"{PAGE}?photo=nonsense").status_code == 404


def test_an_empty_page_says_what_would_be_there_and_usage_leads_to_it(member: Client) -> None:
    assert "No two photos look alike" in shown(member)
    assert f'href="{PAGE}"' in member.get(reverse("usage")).content.decode()
