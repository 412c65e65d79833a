"""What is under way, what it waits for, what failed and why, and trying again."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.models import Circuit, Job, Photo, Run
from gallery.pipeline.jobs import HELD
from gallery.tests.collection import make_finished
from gallery.tests.making import NOON, make_jobs, make_photo
from gallery.views.activity import in_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]


def activity(client: Client) -> str:
    return client.get(reverse("activity")).content.decode()


def part(client: Client, shown: str = "", **headers: str) -> Any:
    """What a page that follows by itself asks for."""
    return client.get(reverse("activity"), {"shown": shown}, headers={"HX-Request": "true", **headers})


def figures(page: str) -> list[int]:
    """At work, waiting, failed."""
    return [int(re.sub(r"<[^>]*>|,", "", found)) for found in re.findall(r"<dd>(.*?)</dd>", page)]


def waits(page: str) -> dict[str, tuple[str, str]]:
    """What is waited for: how many photos wait, and why."""
    rows = re.findall(r"<strong>(.*?)</strong><span>(.*?)</span></span>\s*<p class=\"quiet\">(.*?)</p>", page)
    return {name: (count, why) for name, count, why in rows}


def make_waiting(owner: User, **fields: Any) -> Photo:
    """A photo whose labels wait."""
    photo = make_finished(owner)
    Job.objects.filter(photo=photo, step="labels").update(
        **{"state": "waiting", "finished_at": None, "ready_at": NOON, **fields}
    )
    return photo


def make_failed(owner: User, reason: str = "It stops in the middle.", **fields: Any) -> Photo:
    photo = make_photo(owner, **fields)
    make_jobs(photo, state=Job.State.FAILED, reason=reason, finished_at=timezone.now())
    return photo


def held() -> dict[str, Any]:
    return {"lease_until": timezone.now() + timedelta(minutes=1), "lease_token": uuid.uuid4()}


def test_when_all_is_done_the_page_says_so(member: Client, alice: User) -> None:
    make_finished(alice)
    assert "Everything is done" in activity(member)


def test_waiting_and_failed_photos_are_listed_with_their_reasons(member: Client, alice: User) -> None:
    make_jobs(make_photo(alice, filename="waits.jpg"), reason="The photo store does not answer.")
    failed = make_photo(alice, filename="failed.jpg")
    make_jobs(failed, state=Job.State.FAILED, reason="It stops in the middle.", finished_at=timezone.now())
    broken, going = activity(member).split("Still being done")
    assert "failed.jpg" in broken
    assert "It stops in the middle." in broken
    assert "waits.jpg" in going
    assert "The photo store does not answer." in going


def test_a_failed_photo_is_tried_again(member: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_jobs(photo, state=Job.State.FAILED, reason="No.", finished_at=timezone.now())
    answer = member.post(reverse("photo_retry", args=[photo.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("activity")
    assert "tried again" in answer.content.decode()
    assert not Job.objects.filter(state=Job.State.FAILED).exists()


def test_trying_again_what_did_not_fail_changes_nothing(member: Client, alice: User) -> None:
    photo = make_finished(alice)
    answer = member.post(reverse("photo_retry", args=[photo.pk]), follow=True)
    assert "nothing to try again" in answer.content.decode()
    assert not Job.objects.filter(state=Job.State.WAITING).exists()


def test_the_figures_count_each_photo_once(member: Client, alice: User, bob: User) -> None:
    make_finished(alice)
    for owner in (alice, alice, bob):
        make_jobs(make_photo(owner))
    make_waiting(alice, **held())
    for _ in range(3):
        make_failed(alice)
    page = activity(member)
    assert figures(page) == [1, 2, 3]
    assert waits(page)["Their turn"][0] == "2 photos"


def test_what_only_follows_another_step_is_not_waited_for_twice(member: Client, alice: User) -> None:
    make_jobs(make_photo(alice))
    Job.objects.filter(step="labels").update(ready_at=None)
    page = activity(member)
    assert set(waits(page)) == {"Their turn"}
    assert "comes after the step before" in page


def test_a_photo_somebody_works_on_waits_for_nothing(member: Client, alice: User) -> None:
    make_waiting(alice, **held())
    page = activity(member)
    assert waits(page) == {}
    assert "All that is left is being worked on." in page


def test_each_thing_that_is_waited_for_is_said_in_words_with_its_count(member: Client, alice: User) -> None:
    later = timezone.now() + timedelta(minutes=3, seconds=30)
    refused = "The image recognition refuses the site's access."
    Circuit.objects.create(operation="DetectLabels", reason=refused, probe_at=later)
    make_waiting(alice, reason="Out of budget: $5 may be spent.", ready_at=later)
    make_waiting(alice, reason=refused)
    for _ in range(2):
        make_waiting(alice, reason="The image recognition is busy.", ready_at=later)
    make_waiting(alice, priority=1)
    make_waiting(alice, priority=HELD, ready_at=None)
    page = activity(member)
    found = waits(page)
    assert found["Room in the budget"][1].startswith('Out of budget: $5 may be spent. <a href="/usage/">')
    assert "The operator has been told." in found["Access to image recognition"][1]
    busy = "The image recognition is busy. Tried again in 3\xa0minutes."
    assert found["Another attempt"] == ("2 photos", busy)
    assert "/runs/" in found["Their turn in a bulk run"][1]
    assert "/runs/" in found["A bulk run that is paused"][1]
    assert figures(page) == [0, 6, 0]


def test_a_bulk_run_under_way_is_a_click_away(member: Client, alice: User, bob: User) -> None:
    make_waiting(alice, priority=1)
    assert "under way" not in activity(member)
    Run.objects.create(owner=bob, step="labels", asked_for="dog")
    assert "under way" not in activity(member)
    Run.objects.create(owner=alice, step="labels", asked_for="cat")
    assert "1 bulk run is under way." in activity(member)


def test_how_often_a_step_was_tried_is_told(member: Client, alice: User) -> None:
    make_waiting(alice, attempts=3, reason="It had a fault.")
    assert "It had a fault. Tried 3 times." in activity(member)
    Job.objects.filter(state="waiting").update(**held())
    assert "This is attempt 3." in activity(member)
    Job.objects.filter(state="waiting").update(lease_until=None, lease_token=None, attempts=0)
    assert "Tried" not in activity(member)


def test_why_most_photos_failed_comes_first(member: Client, alice: User) -> None:
    for reason in ("Rare.", "Frequent.", "Frequent."):
        make_failed(alice, reason)
    page = activity(member)
    assert page.index("Frequent.") < page.index("Rare.")
    assert re.search(r"Frequent\.</span><span[^>]*>2 photos", page)


def test_more_than_can_be_shown_are_counted_all_the_same(member: Client, alice: User) -> None:
    for _ in range(53):
        make_failed(alice)
        make_waiting(alice)
    page = activity(member)
    assert figures(page) == [0, 53, 53]
    assert "The newest 50 of 53 photos are shown." in page
    assert "50 of 53 photos are shown: those at work, then the newest." in page
    assert len(re.findall('<li id="failed-', page)) == len(re.findall('<li id="going-', page)) == 50


def test_what_is_at_work_is_shown_before_newer_ones_that_wait(member: Client, alice: User) -> None:
    working = make_waiting(alice, **held())
    for _ in range(51):
        make_waiting(alice)
    assert f"going-{working.pk}" in activity(member)


def test_all_that_failed_is_tried_again_at_once(member: Client, alice: User, bob: User) -> None:
    for owner in (alice, alice, bob):
        make_failed(owner)
    assert "Try all again" in activity(member)
    answer = member.post(reverse("activity_retry"), follow=True)
    assert "2 photos are tried again." in answer.content.decode()
    failed = Job.objects.filter(state=Job.State.FAILED)
    assert set(failed.values_list("owner", flat=True)) == {bob.pk}
    assert "nothing to try again" in member.post(reverse("activity_retry"), follow=True).content.decode()


def test_a_page_that_follows_asks_for_its_part_only(member: Client, alice: User) -> None:
    make_waiting(alice)
    answer = part(member)
    assert answer.headers["Vary"].startswith("HX-Request")
    assert answer.content.startswith(b"<live-part ")
    assert b"data-under-way" in answer.content
    assert b"<h1" not in answer.content


def test_what_has_not_changed_is_not_sent_again(member: Client, alice: User) -> None:
    make_waiting(alice)
    etag = part(member).headers["ETag"]
    assert part(member, **{"If-None-Match": etag}).status_code == 304
    make_waiting(alice)
    assert part(member, **{"If-None-Match": etag}).status_code == 200


def test_a_page_follows_until_nothing_is_under_way(member: Client, alice: User) -> None:
    photo = make_waiting(alice)
    Job.objects.update(state="done", finished_at=timezone.now())
    page = part(member, shown=str(photo.pk)).content.decode()
    assert "data-under-way" not in page
    assert "Everything is done." in page
    assert "Done just now" in page
    assert f"going-{photo.pk}" in page


def test_what_failed_meanwhile_moves_to_what_failed(member: Client, alice: User) -> None:
    photo = make_failed(alice)
    page = part(member, shown=str(photo.pk)).content.decode()
    assert f"failed-{photo.pk}" in page
    assert f"going-{photo.pk}" not in page


def test_naming_somebody_elses_photo_shows_nothing_of_it(member: Client, bob: User) -> None:
    photo = make_finished(bob, filename="secret garden.jpg")
    for shown in (str(photo.pk), "nonsense", f"{photo.pk},x", ","):
        assert "Everything is done" in (page := part(member, shown).content.decode())
        assert "secret" not in page


@pytest.mark.pure
def test_rows_keep_their_places() -> None:
    one, two, three, four, five = (uuid.uuid4() for _ in range(5))
    assert in_place([], [three, two]) == [three, two]
    assert in_place([three, two], [four, three, two]) == [three, two, four]
    assert in_place([three, two, one], [five, four, two]) == [five, two, four]
    assert in_place([two, one], [two]) == [two, one]
    assert in_place([two, two], []) == [two]
