"""The admin, as staff have it: everything can be looked at, nothing can be changed by mistake, no page grows slow."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User
from gallery.admin.pages import LookOnly, OwnerFilter
from gallery.models import Album, Analysis, Circuit, Job, Label, Photo, Run, RunEntry, Share, Spending
from gallery.tests.collection import make_finished, make_library
from gallery.tests.making import make_detection, make_jobs, make_photo

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("plain_pages")]
LOOKED_AT: list[type[Model]] = [
    Photo, Label, Job, Analysis, Spending, Circuit, Run, Share, Album, LogEntry,
]  # fmt: skip
LISTED: list[type[Model]] = [*LOOKED_AT, User, ApiToken, Group, EmailAddress]


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "leaves fall in autumn")


@pytest.fixture
def office(client: Client, root: User) -> Client:
    """The browser of a superuser."""
    client.force_login(root)
    return client


def address(model: type[Model], page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def first_pages(model: type[Model], owner: User) -> list[dict[str, str]]:
    """All, with the counts of filters where they are offered, and those of one owner."""
    filters = admin.site._registry[model].list_filter
    return [{"_facets": "True"}, *([{"owner": str(owner.pk)}] if OwnerFilter in filters else [])]


def seen(client: Client, url: str, **query: Any) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def fill(owner: User, count: int) -> None:
    """`count` rows and more of everything that staff can look at."""
    for number, photo in enumerate(make_library(owner, count, labels=3)):
        Analysis.objects.create(
            owner=owner, photo=photo, operation="DetectLabels", cost_usd="0.001", answer={"Labels": []}
        )
        run = Run.objects.create(owner=owner, ordered_by=owner, step="labels", asked_for="dog", photos=1)
        RunEntry.objects.create(run=run, photo=photo, won=["Dog"])
        suffix = f"{number}-{photo.pk}"
        Circuit.objects.create(operation=suffix[:40], reason="AccessDenied", probe_at=timezone.now())
        person = User.objects.create(email=f"{suffix}@example.org")
        Spending.objects.create(scope=person.pk.hex, month="2024-06", calls=1, micro_usd=1000)
        tokens.issue(person, suffix)
        EmailAddress.objects.create(user=person, email=person.email)
        Group.objects.create(name=suffix)
        album = Album.objects.create(owner=owner, title=suffix, folded=suffix)
        Share.objects.create(owner=owner, album=album, token_hash=photo.sha256)
        LogEntry.objects.log_actions(person.pk, [photo], CHANGE, "Looked.")
        make_detection(photo, f"Label {suffix}")
    failed = make_photo(owner)
    make_jobs(failed, state=Job.State.FAILED, finished_at=timezone.now(), reason="The file is damaged.")


def test_every_model_is_tried_here() -> None:
    assert admin.site._registry.keys() == set(LISTED)


@pytest.mark.parametrize("model", LISTED)
def test_every_page_opens(office: Client, alice: User, model: type[Model]) -> None:
    fill(alice, 2)
    row = model._default_manager.first()
    assert row is not None
    assert str(row.pk) in seen(office, address(model))
    seen(office, address(model, "change", row.pk))
    seen(office, address(model, "history", row.pk))


@pytest.mark.parametrize("model", LISTED)
@pytest.mark.parametrize(
    "words",
    ["alice", "cat 90%", "'", "\x00", "x" * 10_000, "日本", "b140621f-7810-4905-8879-ce7532bc9a42"],
    ids=range(7),
)
def test_any_words_may_be_searched_for(office: Client, alice: User, model: type[Model], words: str) -> None:
    fill(alice, 1)
    seen(office, address(model), q=words)


@pytest.mark.parametrize("model", LISTED)
def test_every_filter_and_every_column_opens(office: Client, alice: User, model: type[Model]) -> None:
    fill(alice, 2)
    for query in first_pages(model, alice):
        links = set(re.findall(r'href="(\?[^"]+)"', seen(office, address(model), **query)))
        if "owner" in query:
            assert links
        for link in links:
            seen(office, address(model) + link.replace("&amp;", "&"))


@pytest.mark.parametrize(
    "query",
    [
        "?processing=nonsense",
        "?state=nonsense",
        "?o=99",
        "?p=99",
        "?e=1",
        "?id__exact=x",
        "?owner__password=x",
    ],
)
@pytest.mark.parametrize("model", [Photo, Job])
def test_an_address_that_is_nonsense_is_no_fault(
    office: Client, alice: User, model: type[Model], query: str
) -> None:
    fill(alice, 1)
    assert office.get(address(model) + query).status_code in (200, 302, 400)


def test_a_photo_that_is_not_there_leads_back(office: Client) -> None:
    for key in ("b140621f-7810-4905-8879-ce7532bc9a42", "photo", "\x01"):
        assert office.get(address(Photo, "change", key)).status_code == 302


def queries(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


@pytest.mark.parametrize("model", LISTED)
def test_a_list_costs_the_same_for_3_rows_and_for_30(office: Client, alice: User, model: type[Model]) -> None:
    fill(alice, 3)
    seen(office, address(model))
    few = queries(lambda: seen(office, address(model)))
    fill(alice, 27)
    assert queries(lambda: seen(office, address(model))) == few


@pytest.mark.parametrize("model", LISTED)
def test_a_row_costs_the_same_however_many_others_there_are(
    office: Client, alice: User, model: type[Model]
) -> None:
    fill(alice, 3)
    row = model._default_manager.first()
    assert row is not None
    seen(office, address(model, "change", row.pk))
    few = queries(lambda: seen(office, address(model, "change", row.pk)))
    fill(alice, 27)
    assert queries(lambda: seen(office, address(model, "change", row.pk))) == few


def test_photos_are_found_by_owner_name_and_id(office: Client, alice: User, bob: User) -> None:
    cat = make_photo(alice, filename="cat.jpg")
    make_photo(bob, filename="dog.jpg")
    for words in ("alice", "alice cat", str(cat.pk), str(cat.pk).upper()):
        page = seen(office, address(Photo), q=words)
        assert "cat.jpg" in page
        assert "dog.jpg" not in page
    for words in ("alice dog", "cat", "bob cat"):
        page = seen(office, address(Photo), q=words)
        assert "cat.jpg" not in page
        assert "dog.jpg" not in page
    assert "cat.jpg" in seen(office, address(Photo), q="cat", owner=str(alice.pk))


def test_an_address_that_half_the_site_has_is_not_looked_for(office: Client, alice: User) -> None:
    make_photo(alice, filename="cat.jpg")
    User.objects.bulk_create(User(email=f"somebody{number}@example.org") for number in range(60))
    page = seen(office, address(Photo), q="example.org")
    assert "write more of it" in page
    assert "cat.jpg" not in page


def test_photos_are_filtered_by_what_became_of_them(office: Client, alice: User) -> None:
    make_finished(alice, filename="finished.jpg")
    waiting, failed = make_photo(alice, filename="waiting.jpg"), make_photo(alice, filename="failed.jpg")
    make_jobs(waiting)
    make_jobs(failed, state=Job.State.FAILED, finished_at=timezone.now(), reason="The file is damaged.")
    for state in ("waiting", "failed"):
        page = seen(office, address(Photo), processing=state)
        assert [name for name in ("finished.jpg", "waiting.jpg", "failed.jpg") if name in page] == [
            f"{state}.jpg"
        ]
    assert "The file is damaged." in seen(office, address(Photo))


def test_a_thumbnail_is_a_signed_url(office: Client, alice: User) -> None:
    photo = make_finished(alice)
    for page in (seen(office, address(Photo)), seen(office, address(Photo, "change", photo.pk))):
        found = re.search(r'<img src="([^"]+/thumb[^"]+)"', page)
        assert found is not None
        assert f"/renditions/{photo.pk}/thumb?" in found[1]
        assert re.search(r"X-Amz-Signature=[0-9a-f]{64}", found[1])
        assert photo.original_key + "?" not in page


def test_what_people_wrote_is_shown_as_text(office: Client, alice: User) -> None:
    markup = "<script>alert(1)</script>"
    photo = make_photo(alice, filename=markup, caption=markup)
    make_jobs(photo, state=Job.State.FAILED, finished_at=timezone.now(), reason=markup)
    make_detection(photo, markup)
    for url in (address(Photo), address(Photo, "change", photo.pk), address(Job), address(Label)):
        page = seen(office, url)
        assert markup not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize("model", LISTED)
def test_the_admin_obeys_the_sites_csp(office: Client, alice: User, model: type[Model]) -> None:
    fill(alice, 1)
    response = office.get(address(model))
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)


@pytest.mark.parametrize("model", LOOKED_AT)
def test_what_is_looked_at_cannot_be_changed(office: Client, alice: User, model: type[Model]) -> None:
    assert isinstance(admin.site._registry[model], LookOnly)
    fill(alice, 1)
    row = model._default_manager.first()
    assert row is not None
    before = list(model._default_manager.order_by("pk").values())
    assert office.get(address(model, "add")).status_code == 403
    for page, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        assert (
            office.post(address(model, page, *args), {"post": "yes", "name": "x", "reason": "x"}).status_code
            == 403
        )
    office.post(address(model), {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"})
    assert list(model._default_manager.order_by("pk").values()) == before
    assert "Save" not in seen(office, address(model, "change", row.pk))


@pytest.mark.parametrize("model", LISTED)
@pytest.mark.parametrize("staff", [False, True])
def test_without_permission_nothing_is_seen(
    client: Client, alice: User, bob: User, model: type[Model], staff: bool
) -> None:
    fill(alice, 1)
    row = model._default_manager.first()
    assert row is not None
    User.objects.filter(pk=bob.pk).update(is_staff=staff)
    client.force_login(bob)
    for url in (address(model), address(model, "change", row.pk), address(model, "history", row.pk)):
        response = client.get(url)
        assert response.status_code == (403 if staff else 302)
        assert "alice" not in response.content.decode()


def failed_and_waiting(owner: User) -> tuple[dict[str, Job], dict[str, Job], dict[str, Job]]:
    failed, waiting, done = (make_photo(owner) for _ in range(3))
    ended = {
        "state": Job.State.FAILED,
        "finished_at": timezone.now(),
        "reason": "The file is damaged.",
        "attempts": 8,
    }
    return (
        make_jobs(failed, **ended),
        make_jobs(waiting, attempts=2),
        make_jobs(done, state="done", finished_at=timezone.now()),
    )


def retry(client: Client) -> Any:
    chosen = [str(key) for key in Job.objects.values_list("pk", flat=True)]
    return client.post(address(Job), {"action": "try_again", "_selected_action": chosen}, follow=True)


def test_trying_again_touches_failed_steps_only(office: Client, alice: User) -> None:
    failed, *others = failed_and_waiting(alice)
    untouched = [job for jobs in others for job in jobs.values()]
    before = list(Job.objects.filter(pk__in=[job.pk for job in untouched]).order_by("pk").values())
    assert "1 photo is tried again." in retry(office).content.decode()
    assert list(Job.objects.filter(pk__in=[job.pk for job in untouched]).order_by("pk").values()) == before
    for job in failed.values():
        job.refresh_from_db()
        assert (job.state, job.attempts, job.reason, job.finished_at) == ("waiting", 0, "", None)
    assert failed["renditions"].ready_at is not None
    assert failed["labels"].ready_at is None  # after the renditions


def test_with_nothing_failed_there_is_nothing_to_try(office: Client, alice: User) -> None:
    make_jobs(make_photo(alice))
    assert "0 photos are tried again." in retry(office).content.decode()


@pytest.mark.parametrize(("permission", "again"), [("view_job", 0), ("change_job", 2)])
def test_only_who_may_change_jobs_tries_them_again(
    client: Client, alice: User, bob: User, permission: str, again: int
) -> None:
    failed_and_waiting(alice)
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.user_permissions.add(*Permission.objects.filter(codename__in=["view_job", permission]))
    client.force_login(bob)
    assert ("try_again" in seen(client, address(Job))) == bool(again)
    retry(client)
    assert Job.objects.filter(state=Job.State.FAILED).count() == 2 - again


def test_a_bill_is_found_by_month_and_by_whose_it_is(office: Client, alice: User, bob: User) -> None:
    for owner, month in ((alice, "2024-06"), (alice, "2024-07"), (bob, "2024-06")):
        Spending.objects.create(scope=owner.pk.hex, month=month, calls=1, micro_usd=1000)
    for words, rows in (("alice", 2), ("2024-06", 2), ("2024-08", 0), ("nobody", 0), ("", 3)):
        assert seen(office, address(Spending), q=words).count("field-whose") == rows, words


def test_a_list_counts_no_further_than_it_must(
    office: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.admin.pages._COUNT_UP_TO", 3)
    for _ in range(5):
        make_photo(alice)
    assert "The first 3 photos" in seen(office, address(Photo))
