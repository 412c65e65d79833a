"""What staff do in the admin: only with the permission, only after seeing for how many, and written down."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.admin import acting
from gallery.models import Album, Job, Photo, Run, Share
from gallery.pipeline.jobs import CANCELLED
from gallery.tests.collection import make_finished
from gallery.tests.making import make_jobs, make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
PHOTOS = "admin:gallery_photo_changelist"
JOBS = "admin:gallery_job_changelist"


@pytest.fixture
def staff(client: Client, bob: User) -> Callable[..., Client]:
    """Bob's browser, with these permissions and no others."""
    User.objects.filter(pk=bob.pk).update(is_staff=True)

    def allowed(*codenames: str) -> Client:
        bob.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(bob)
        return client

    return allowed


def does(client: Client, action: str, *rows: Any, at: str = PHOTOS, **more: str) -> Any:
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows], **more}
    return client.post(reverse(at), form, follow=True)


def agrees(client: Client, action: str, *rows: Any) -> str:
    """First the page that says for how many, then its button."""
    asked = does(client, action, *rows).content.decode()
    agreed = re.search(r'name="agreed" value="([^"]+)"', asked)
    assert agreed is not None
    return str(does(client, action, *rows, agreed=agreed[1]).content.decode())


def written() -> list[tuple[str, str | None, str]]:
    entries = LogEntry.objects.order_by("pk").values_list("user__email", "object_id", "change_message")
    return list(entries)


def failed_photo(owner: User) -> Photo:
    photo = make_photo(owner)
    make_jobs(photo, state=Job.State.FAILED, finished_at=timezone.now(), reason="The file is damaged.")
    return photo


def test_photos_go_to_the_trash_and_come_back(staff: Callable[..., Client], alice: User) -> None:
    office = staff("view_photo", "delete_photo")
    photo, other = make_photo(alice), make_photo(alice)
    assert "1 photo" in agrees(office, "trash", photo)
    photo.refresh_from_db()
    other.refresh_from_db()
    assert photo.trashed_at is not None
    assert other.trashed_at is None
    agrees(office, "restore", photo)
    photo.refresh_from_db()
    assert photo.trashed_at is None
    key = str(photo.pk)
    assert written() == [
        ("bob@example.org", key, "Moved to the trash."),
        ("bob@example.org", key, "Taken out of the trash."),
    ]


def test_nothing_happens_before_it_is_agreed_to(staff: Callable[..., Client], alice: User) -> None:
    office = staff("view_photo", "delete_photo")
    photo = make_photo(alice)
    for agreed in ("", "2", "yes"):
        assert "This is for 1 photo." in does(office, "trash", photo, agreed=agreed).content.decode()
    assert not Photo.objects.trashed().exists()
    assert written() == []


def test_too_many_at_once_are_refused(
    staff: Callable[..., Client], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "MOST", 2)
    office = staff("view_photo", "delete_photo")
    photos = [make_photo(alice) for _ in range(3)]
    assert "At most 2 photos at once" in does(office, "trash", *photos).content.decode()
    everything = does(office, "trash", photos[0], select_across="1", agreed="3")
    assert "At most 2 photos at once" in everything.content.decode()
    assert not Photo.objects.trashed().exists()


def test_work_is_stopped_and_can_be_tried_again(staff: Callable[..., Client], alice: User) -> None:
    office = staff("view_photo", "change_job")
    photo, done = make_photo(alice), make_finished(alice)
    jobs = make_jobs(photo)
    assert "1 photo" in agrees(office, "cancel", photo, done)
    assert {job.state for job in photo.jobs.all()} == {Job.State.FAILED}
    assert {job.reason for job in photo.jobs.all()} == {CANCELLED}
    assert {job.state for job in done.jobs.all()} <= {Job.State.DONE}
    does(office, "try_again", photo)
    jobs["renditions"].refresh_from_db()
    assert (jobs["renditions"].state, jobs["renditions"].reason) == (Job.State.WAITING, "")
    assert [said for _who, _what, said in written()] == ["Work was stopped.", "1 photo is tried again."]


def test_labels_and_pictures_are_ordered_again_in_a_run(staff: Callable[..., Client], alice: User) -> None:
    office = staff("view_photo", "add_run")
    photo = make_finished(alice)
    page = does(office, "rebuild", photo).content.decode()
    assert "costs nothing" in page
    agrees(office, "rebuild", photo)
    run = Run.objects.get()
    assert (run.step, run.photos, run.ordered_by) == (
        "renditions",
        1,
        User.objects.get(email="bob@example.org"),
    )
    assert written() == [("bob@example.org", str(run.pk), "Ordered.")]


@pytest.mark.parametrize("action", ["relabel", "rebuild", "try_again", "cancel", "trash", "restore"])
def test_who_may_only_look_does_nothing(staff: Callable[..., Client], alice: User, action: str) -> None:
    office = staff("view_photo", "view_job")
    photo = failed_photo(alice)
    make_jobs(make_photo(alice))
    before = list(Job.objects.order_by("pk").values())
    assert f'value="{action}"' not in office.get(reverse(PHOTOS)).content.decode()
    does(office, action, photo, agreed="1")
    assert list(Job.objects.order_by("pk").values()) == before
    assert not Photo.objects.trashed().exists()
    assert not Run.objects.exists()
    assert written() == []


def test_failed_jobs_are_tried_again_by_their_reason(
    staff: Callable[..., Client], alice: User, bob: User
) -> None:
    office = staff("view_job", "change_job")
    damaged, other = [failed_photo(alice), failed_photo(bob)], make_photo(alice)
    make_jobs(other, state=Job.State.FAILED, finished_at=timezone.now(), reason="Another one.")
    address = reverse("admin:gallery_job_failures")
    page = office.get(address).content.decode()
    assert "The file is damaged." in page
    assert "Another one." in page
    office.post(address, {"step": "labels", "reason": "The file is damaged."})
    assert set(Job.objects.failed().values_list("photo", flat=True)) == {other.pk}
    assert written() == [("bob@example.org", None, "2 photos are tried again.")]
    assert all(photo.jobs.waiting().count() == 2 for photo in damaged)


def test_who_may_only_see_failures_tries_nothing_again(staff: Callable[..., Client], alice: User) -> None:
    office = staff("view_job")
    failed_photo(alice)
    address = reverse("admin:gallery_job_failures")
    assert "Try again" not in office.get(address).content.decode()
    office.post(address, {"step": "labels", "reason": "The file is damaged."})
    assert Job.objects.failed().count() == 2
    assert written() == []


@pytest.mark.parametrize("name", ["gallery_job_queue", "gallery_job_failures"])
def test_queue_and_failures_are_for_who_may_see_jobs(
    staff: Callable[..., Client], alice: User, name: str
) -> None:
    failed_photo(alice)
    assert staff("view_photo").get(reverse(f"admin:{name}")).status_code == 403
    response = staff("view_job").get(reverse(f"admin:{name}"))
    assert response.status_code == 200
    assert "alice" not in response.content.decode()


def test_a_link_is_ended_and_its_hash_is_nowhere(staff: Callable[..., Client], alice: User) -> None:
    album = Album.objects.create(owner=alice, title="Iceland", folded="iceland")
    share = Share.objects.create(owner=alice, album=album, token_hash="f" * 64, password="hashed$secret")
    lists = "admin:gallery_share_changelist"
    looking = staff("view_share")
    for page in (
        looking.get(reverse(lists)),
        looking.get(reverse("admin:gallery_share_change", args=[share.pk])),
    ):
        assert "Iceland" in page.content.decode()
        assert "f" * 64 not in page.content.decode()
        assert "hashed$secret" not in page.content.decode()
    does(looking, "end", share, at=lists)
    assert Share.objects.exists()
    does(staff("view_share", "delete_share"), "end", share, at=lists)
    assert not Share.objects.exists()
    assert written() == [("bob@example.org", str(share.pk), "Ended.")]


class TestLarger:
    def test_it_is_shown_with_a_reason_and_written_down(
        self, staff: Callable[..., Client], alice: User
    ) -> None:
        office = staff("view_photo", "see_larger")
        photo = make_finished(alice)
        address = reverse("admin:gallery_photo_larger", args=[photo.pk])
        assert address in office.get(reverse("admin:gallery_photo_change", args=[photo.pk])).content.decode()
        assert "X-Amz-Signature" not in office.get(address).content.decode()
        refused = office.post(address, {"reason": " "})
        assert refused.status_code == 422
        assert "X-Amz-Signature" not in refused.content.decode()
        assert written() == []
        shown = office.post(address, {"reason": "request 17"})
        assert f"/renditions/{photo.pk}/preview" in shown.content.decode()
        assert photo.original_key + "?" not in shown.content.decode()
        assert written() == [("bob@example.org", str(photo.pk), "Looked at it larger: request 17")]

    @pytest.mark.parametrize("permissions", [[], ["view_photo"], ["see_larger"]])
    def test_without_the_permission_it_is_not(
        self, staff: Callable[..., Client], alice: User, permissions: list[str]
    ) -> None:
        photo = make_finished(alice)
        address = reverse("admin:gallery_photo_larger", args=[photo.pk])
        for answer in (
            staff(*permissions).get(address),
            staff(*permissions).post(address, {"reason": "why not"}),
        ):
            assert answer.status_code == 403
        assert written() == []

    def test_without_the_permission_no_page_has_more_than_a_thumb(
        self, staff: Callable[..., Client], alice: User
    ) -> None:
        office = staff("view_photo")
        photo = make_finished(alice)
        for address in (reverse(PHOTOS), reverse("admin:gallery_photo_change", args=[photo.pk])):
            page = office.get(address).content.decode()
            assert set(re.findall(rf"/renditions/{photo.pk}/(\w+)", page)) == {"thumb"}
            assert "larger/" not in page

    def test_a_veiled_photo_has_not_even_that(self, staff: Callable[..., Client], alice: User) -> None:
        photo = make_finished(alice)
        Photo.objects.filter(pk=photo.pk).update(veiled=True)
        assert "/renditions/" not in staff("view_photo").get(reverse(PHOTOS)).content.decode()


def test_who_did_what_is_found_by_person_kind_and_time(client: Client, alice: User, bob: User) -> None:
    root = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    for user, said, days in ((root, "Moved.", 0), (bob, "Stopped.", 0), (root, "Looked.", 40)):
        entries: Any = LogEntry.objects
        (entry,) = entries.log_actions(user.pk, [make_photo(alice)], 2, said)
        LogEntry.objects.filter(pk=entry.pk).update(action_time=timezone.now() - timedelta(days=days))
    client.force_login(root)
    User.objects.filter(pk=bob.pk).update(is_staff=True)

    def told(**query: str) -> list[str]:
        page = client.get(reverse("admin:admin_logentry_changelist"), query).content.decode()
        return [said for said in ("Moved.", "Stopped.", "Looked.") if f">{said}<" in page]

    assert told() == ["Moved.", "Stopped.", "Looked."]
    assert told(user=str(bob.pk)) == ["Stopped."]
    assert told(days="7") == ["Moved.", "Stopped."]
    assert told(kind="gallery.album") == []
    assert told(q="bob@") == ["Stopped."]
    assert told(user="nobody") == []
