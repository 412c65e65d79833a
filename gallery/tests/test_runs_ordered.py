"""Relabelling as people order it: in a browser, by the API, in the admin, as a command. The price comes first."""

import io
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from gallery.models import Analysis, Job, Photo, Run
from gallery.organise import photos as organise
from gallery.pipeline import claims, runs
from gallery.tests.asking import address, program, told
from gallery.tests.collection import make_finished
from gallery.tests.relabelling import Recogniser, labelled, said, these, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages", "recognition")]


@pytest.fixture
def office(client: Client, db: None) -> Client:
    """The browser of a superuser."""
    client.force_login(User.objects.create_superuser("root@example.org", "leaves fall in autumn"))
    return client


def agreed(page: Any) -> str:
    """What the page that shows the price sends when somebody says yes."""
    found = re.search(r'name="agreed" value="([^"]+)"', page.content.decode())
    assert found is not None, page.content.decode()
    return found[1]


# --- in a browser --------------------------------------------------------------------------------------------


def test_a_search_is_labelled_again_once_its_price_was_agreed_to(client: Client, alice: User) -> None:
    labelled(alice, 2)
    make_finished(alice)
    client.force_login(alice)
    page = client.post(reverse("runs"), {"q": "dog"})
    assert "Label 2 photos again for $0.002?" in page.content.decode()
    assert not Run.objects.exists()
    response = client.post(reverse("runs"), {"q": "dog", "agreed": agreed(page)})
    run = Run.objects.get()
    assert response.headers["Location"] == reverse("run", args=[run.pk])
    assert (run.owner, run.ordered_by, run.asked_for, run.photos) == (alice, alice, "dog", 2)
    assert "0 of 2 photos" in client.get(reverse("run", args=[run.pk])).content.decode()
    assert "0 of 2 photos" in client.get(reverse("runs")).content.decode()


def test_another_price_than_was_agreed_to_is_asked_for_again(client: Client, alice: User) -> None:
    labelled(alice, 2)
    client.force_login(alice)
    page = client.post(reverse("runs"), {"q": "dog"})
    labelled(alice)
    response = client.post(reverse("runs"), {"q": "dog", "agreed": agreed(page)})
    assert (response.status_code, Run.objects.count()) == (409, 0)
    assert "Label 3 photos again for $0.003?" in response.content.decode()


def test_a_search_that_finds_nothing_or_can_not_be_read_orders_nothing(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "nothing to ask" in client.post(reverse("runs"), {"q": "unicorn"}).content.decode()
    assert client.post(reverse("runs"), {"q": '"dog'}).status_code == 422
    alice.analyse = False
    alice.save(update_fields=["analyse"])
    assert "switched off" in client.post(reverse("runs"), {"q": ""}).content.decode()
    assert not Run.objects.exists()


def test_the_price_is_shown_beside_what_the_budget_has_room_for(client: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(budget_usd="0.01")
    labelled(alice, 6)
    client.force_login(alice)
    page = client.post(reverse("runs"), {"q": ""}).content.decode()
    assert "Your budget has room for $0.004 this month." in page


def test_a_run_is_paused_resumed_stopped_and_rolled_back_in_a_browser(
    client: Client, alice: User, recognition: Recogniser
) -> None:
    photos = labelled(alice, 3)
    before = [said(photo) for photo in photos]
    client.force_login(alice)
    run = runs.order(these(*photos), "labels", asked_for="<b>dog</b>", ordered_by=alice, owner=alice)
    for action, state in (("pause", "paused"), ("resume", "running")):
        assert client.post(reverse(f"run_{action}", args=[run.pk])).status_code == 302
        run.refresh_from_db()
        assert run.state == state
    recognition.says("4.0", Fox=99.0)
    work(1)
    page = client.get(reverse("run", args=[run.pk])).content.decode()
    assert "1 of 3 photos" in page
    assert all(label in page for label in ("Fox", "Dog", "Cat"))
    assert "&lt;b&gt;dog" in page
    client.post(reverse("run_stop", args=[run.pk]))
    client.post(reverse("run_roll_back", args=[run.pk]))
    runs.put_back()
    assert [said(photo) for photo in photos] == before
    answer = client.post(reverse("run_pause", args=[run.pk]), follow=True)
    assert "Nothing was changed: meanwhile it is rolled back." in answer.content.decode()


def test_somebody_elses_run_is_not_there(client: Client, alice: User, bob: User) -> None:
    run = runs.order(these(*labelled(alice)), "labels", asked_for="dog", ordered_by=alice, owner=alice)
    client.force_login(bob)
    assert client.get(reverse("run", args=[run.pk])).status_code == 404
    for action in ("pause", "resume", "stop", "roll_back"):
        assert client.post(reverse(f"run_{action}", args=[run.pk])).status_code == 404
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING


def test_a_search_labels_only_ones_own_photos_again(client: Client, alice: User, bob: User) -> None:
    labelled(alice, 2)
    (his,) = labelled(bob)
    client.force_login(bob)
    client.post(reverse("runs"), {"q": "", "agreed": agreed(client.post(reverse("runs"), {"q": ""}))})
    assert list(Run.objects.get().entries.values_list("photo", flat=True)) == [his.pk]


def test_a_run_says_when_none_of_its_photos_is_left(client: Client, alice: User) -> None:
    run = runs.order(these(*labelled(alice)), "labels", asked_for="", ordered_by=None, owner=alice)
    User.objects.update(used_bytes=Photo.objects.get().byte_size)
    organise.delete_forever(Photo.objects.get())
    client.force_login(alice)
    for page in (reverse("runs"), reverse("run", args=[run.pk])):
        assert "none of its photos is left" in client.get(page).content.decode()


@pytest.mark.one_database
def test_the_pages_ask_as_often_for_nine_runs_as_for_one(
    client: Client, alice: User, recognition: Recogniser
) -> None:
    client.force_login(alice)
    costs = []
    for count in (1, 8):
        for number in range(count):
            recognition.says("3.0", Dog=98.0)
            run = runs.order(
                these(*labelled(alice, count)), "labels", asked_for="", ordered_by=None, owner=alice
            )
            recognition.says("4.0", Fox=98.0, **{f"Label {number}": 90.0})
            work()
        for page in (reverse("runs"), reverse("run", args=[run.pk])):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            costs.append(len(queries))
    assert costs == [5, 7, 5, 7]  # session, user, runs, counts, recent; and what changed, the photos' names


# --- by the API ----------------------------------------------------------------------------------------------


def test_a_program_asks_again_for_one_photo_and_is_told_the_price(
    alice: User, recognition: Recogniser
) -> None:
    (photo,) = labelled(alice)
    response = program(alice).post(address(photo, "relabel/"))
    assert response.status_code == 202
    body = response.json()
    assert (body["photo"]["id"], body["photo"]["processing"]["state"]) == (str(photo.pk), "pending")
    assert body["price_usd"] == 0.001
    recognition.says("4.0", Fox=99.0)
    assert work() == 1
    assert Analysis.objects.filter(photo=photo, state="answered").count() == 2
    assert "Fox" in said(photo)


def test_what_is_being_labelled_is_not_asked_again_by_a_program(alice: User) -> None:
    (photo,) = labelled(alice)
    program(alice).post(address(photo, "relabel/"))
    assert claims.claim("labels") is not None
    told(program(alice).post(address(photo, "relabel/")), 409, "busy")


def test_who_may_only_read_pays_for_nothing(alice: User, bob: User) -> None:
    (photo,) = labelled(alice)
    assert program(alice, "read").post(address(photo, "relabel/")).status_code == 403
    told(program(bob).post(address(photo, "relabel/")), 404, "not_found")
    assert not Job.objects.waiting().exists()


# --- in the admin --------------------------------------------------------------------------------------------


def choose(client: Client, *photos: Photo, **more: Any) -> Any:
    chosen = [str(photo.pk) for photo in photos]
    body = {"action": "relabel", "_selected_action": chosen, **more}
    return client.post(reverse("admin:gallery_photo_changelist"), body, follow=True)


def test_staff_see_the_price_before_photos_are_labelled_again(office: Client, alice: User, bob: User) -> None:
    photos = [*labelled(alice, 2), *labelled(bob)]
    page = choose(office, *photos)
    assert "3 of the chosen photos are asked for again, for $0.003" in page.content.decode()
    assert not Run.objects.exists()
    done = choose(office, *photos, agreed=agreed(page))
    assert "3 photos are done again." in done.content.decode()
    run = Run.objects.get()
    assert (run.owner, run.photos, run.ordered_by) == (None, 3, User.objects.get(email="root@example.org"))
    assert "None of the chosen photos" in choose(office, *photos).content.decode()


def test_staff_choose_all_photos_of_a_list_at_once(office: Client, alice: User) -> None:
    photos = labelled(alice, 3)
    page = choose(office, photos[0], select_across="1")
    choose(office, photos[0], select_across="1", agreed=agreed(page))
    assert (Run.objects.get().photos, Run.objects.get().owner) == (3, alice)


@pytest.mark.parametrize(("permission", "ordered"), [("view_run", 0), ("add_run", 1)])
def test_only_staff_who_may_add_runs_order_them(
    client: Client, alice: User, bob: User, permission: str, ordered: int
) -> None:
    (photo,) = labelled(alice)
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.user_permissions.add(*Permission.objects.filter(codename__in=["view_photo", permission]))
    client.force_login(bob)
    choose(client, photo, agreed="1 0.00100")
    assert Run.objects.count() == ordered


@pytest.mark.parametrize(("permission", "state"), [("view_run", "running"), ("change_run", "paused")])
def test_only_staff_who_may_change_runs_pause_them(
    client: Client, alice: User, bob: User, permission: str, state: str
) -> None:
    run = runs.order(these(*labelled(alice)), "labels", asked_for="dog", ordered_by=None, owner=alice)
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.user_permissions.add(*Permission.objects.filter(codename__in=["view_run", permission]))
    client.force_login(bob)
    turn(client, run, "pause")
    run.refresh_from_db()
    assert run.state == state


def turn(client: Client, run: Run, action: str) -> Any:
    body = {"action": action, "_selected_action": [str(run.pk)]}
    return client.post(reverse("admin:gallery_run_changelist"), body, follow=True)


def test_staff_steer_runs_and_see_what_they_changed(
    office: Client, alice: User, recognition: Recogniser
) -> None:
    photos = labelled(alice, 2)
    run = runs.order(these(*photos), "labels", asked_for="dog", ordered_by=None, owner=alice)
    recognition.says("4.0", Fox=99.0)
    work(1)
    assert "1 of 2" in turn(office, run, "pause").content.decode()
    assert "Fox 1" in office.get(reverse("admin:gallery_run_change", args=[run.pk])).content.decode()
    turn(office, run, "resume")
    work()
    assert "1 run was changed." in turn(office, run, "roll_back").content.decode()
    assert "0 runs were changed." in turn(office, run, "stop").content.decode()
    pictures = runs.order(these(*photos), "renditions", asked_for="", ordered_by=None)
    assert "Only labels can be rolled back" in turn(office, pictures, "roll_back").content.decode()


# --- on the command line -------------------------------------------------------------------------------------


def command(*arguments: str, name: str = "relabel") -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_dry_run_says_how_many_and_how_much_and_writes_nothing(alice: User, bob: User) -> None:
    labelled(alice, 2)
    labelled(bob)
    before = list(Job.objects.order_by("pk").values())
    assert command("--dry-run") == "3 photos, $0.003\n"
    assert command("--dry-run", "--owner", "ALICE@example.org") == "2 photos, $0.002\n"
    assert command("--dry-run", "--query", "dog -otter").splitlines() == [
        "alice@example.org: 2 photos, $0.002",
        "bob@example.org: 1 photo, $0.001",
        "3 photos, $0.003",
    ]
    assert command("--dry-run", "--query", "otter") == "0 photos, $0.00\n"
    assert command("--dry-run", name="rerender") == "3 photos, $0.00\n"
    assert list(Job.objects.order_by("pk").values()) == before
    assert not Run.objects.exists()


def test_photos_are_chosen_by_when_they_were_taken_and_who_told_them(
    alice: User, recognition: Recogniser
) -> None:
    labelled(alice, taken_local=datetime(2024, 2, 1, tzinfo=UTC))
    recognition.says("2.0", Dog=99.0)
    labelled(alice, 2, taken_local=datetime(2023, 2, 1, tzinfo=UTC))
    make_finished(alice, taken_local=datetime(2023, 2, 2, tzinfo=UTC))
    assert command("--dry-run", "--taken", "2024-01..2024-06") == "1 photo, $0.001\n"
    assert command("--dry-run", "--taken", "2023", "--query", "cat OR dog") == "2 photos, $0.002\n"
    assert command("--dry-run", "--model-older-than", "3") == "2 photos, $0.002\n"
    assert command("--dry-run", "--model-older-than", "3", "--missing") == "3 photos, $0.003\n"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--owner", "nobody@example.org"], "Nobody here has the address nobody@example.org"),
        (["--query", '"dog'], "."),
        (["--taken", "yesterday"], "."),
        (["--missing"], "--missing goes with --model-older-than"),
        (["--stop", "b140621f-7810-4905-8879-ce7532bc9a42"], "There is no run"),
    ],
)
def test_what_can_not_be_chosen_is_said(db: None, arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        command(*arguments)


@pytest.mark.parametrize(("answer", "ordered"), [("y", 1), ("", 0), ("no", 0)])
def test_nothing_is_paid_before_somebody_says_yes(
    alice: User, monkeypatch: pytest.MonkeyPatch, answer: str, ordered: int
) -> None:
    labelled(alice)
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    command()
    assert Run.objects.count() == ordered


def test_without_anybody_to_ask_nothing_is_paid(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    labelled(alice)
    monkeypatch.setattr("builtins.input", mock.Mock(side_effect=EOFError))
    with pytest.raises(CommandError, match="Say --yes"):
        command()
    assert not Run.objects.exists()


def test_a_run_is_ordered_followed_compared_and_rolled_back_on_the_command_line(
    alice: User, recognition: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = labelled(alice, 2)
    before = [said(photo) for photo in photos]
    recognition.says("4.0", Fox=99.0, Dog=50.0)
    monkeypatch.setattr("gallery.management.ordering.time.sleep", lambda _seconds: work(1))
    told = command("--yes", "--follow", "--owner", "alice@example.org")
    run = Run.objects.get()
    assert told.splitlines() == ["2 photos, $0.002", f"run {run.pk}: 2 photos, $0.002"]
    assert (run.state, run.owner, run.asked_for) == (Run.State.DONE, alice, "all")
    assert f"{run.pk} done: 2 of 2 photos, $0.002; all" in command("--list")
    assert command("--diff", str(run.pk)).splitlines() == [
        "2 photos were answered",
        "won: 1 labels",
        "  Fox: 2",
        "lost: 1 labels",
        "  Cat: 2",
        "changed: 1 labels",
        "  Dog: 2 (-48.0 on average)",
    ]
    assert "rolled back" in command("--roll-back", str(run.pk))
    assert [said(photo) for photo in photos] == before


def test_runs_are_steered_on_the_command_line(alice: User) -> None:
    labelled(alice, 2)
    command("--yes")
    run = Run.objects.get()
    for action, state in (("pause", "now paused"), ("pause", "already paused"), ("resume", "now running")):
        assert command(f"--{action}", str(run.pk)) == f"run {run.pk} is {state}\n"
    assert command("--stop", str(run.pk), "--follow") == f"run {run.pk} is now stopped\n"
    assert work() == 0


def test_pictures_are_made_anew_for_nothing(alice: User) -> None:
    make_finished(alice)
    assert "1 photo, $0.00" in command("--yes", name="rerender")
    run = Run.objects.get()
    assert (run.step, run.photos, run.micro_usd) == ("renditions", 1, 0)
    assert Job.objects.waiting().get().step == "renditions"
    organise.trash(alice.pk, list(Photo.objects.values_list("pk", flat=True)))
    assert runs.estimate(Photo.objects.all(), "renditions") == runs.Estimate(0, Decimal(0))
