"""One action on many photos through the API, and taking it back."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.models import Album, AlbumEntry, Change, Job, Photo, Run, Verdict
from gallery.organise import albums
from gallery.pipeline import reconcile
from gallery.tests.asking import browser, program, told
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection, make_photo
from gallery.tests.saying import counts

pytestmark = pytest.mark.usefixtures("plain_pages")
BULK = "/api/v1/photos/bulk/"
ACTIONS: dict[str, dict[str, Any]] = {
    "trash": {}, "restore": {}, "favourite": {}, "unfavourite": {}, "add_to_album": {"album": 1},
    "remove_from_album": {"album": 1}, "confirm_label": {"label": "Dog"}, "reject_label": {"label": "Dog"},
    "clear_label": {"label": "Dog"},
}  # fmt: skip
BEFORE = {  # what each action is to change
    "restore": "trash", "unfavourite": "favourite", "remove_from_album": "add_to_album", "clear_label": "reject_label",
}  # fmt: skip
NOTHING = {"changed": 0, "undo": None, "price_usd": 0, "run": None}


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def album(alice: User) -> Album:
    return albums.make(alice, "Trip")


def make(owner: User, count: int = 2) -> list[Photo]:
    photos = [make_photo(owner) for _ in range(count)]
    for photo in photos:
        make_detection(photo, "Dog")
    return photos


def post(client: Client, **body: Any) -> Any:
    return client.post(BULK, body, content_type="application/json")


def ask(client: Client, action: str, photos: list[Photo], album: Album) -> Any:
    about = {name: value if name == "label" else str(album.pk) for name, value in ACTIONS[action].items()}
    return post(client, action=action, ids=[str(photo.pk) for photo in photos], **about)


def undo(client: Client, change: str) -> Any:
    return client.post(f"/api/v1/changes/{change}/undo/")


def state() -> dict[str, list[Any]]:
    return {
        "photos": list(Photo.objects.order_by("pk").values("pk", "trashed_at", "favourite_at")),
        "verdicts": list(Verdict.objects.order_by("photo").values("photo", "state")),
        "entries": list(AlbumEntry.objects.order_by("photo").values("album", "photo")),
        "counts": sorted(counts().items()),
    }


@pytest.mark.parametrize("action", ACTIONS)
def test_it_is_done_to_all_and_undone_once(mine: Client, alice: User, album: Album, action: str) -> None:
    photos = make(alice, 3)
    if action in BEFORE:
        assert ask(mine, BEFORE[action], photos, album).json()["changed"] == 3
    before = state()
    answer = ask(mine, action, photos[:2], album)
    assert (answer.status_code, answer.json()["changed"]) == (200, 2)
    after = state()
    assert after != before
    assert ask(mine, action, photos[:2], album).json() == NOTHING
    assert state() == after
    assert undo(mine, answer.json()["undo"]).json() == {"changed": 2}
    assert state() == before
    told(undo(mine, answer.json()["undo"]), 409, "already_undone")
    assert list(reconcile.counters()) == []


@pytest.mark.parametrize("action", ACTIONS)
def test_what_is_somebody_elses_is_left_alone(
    mine: Client, alice: User, bob: User, album: Album, action: str
) -> None:
    (his,) = make(bob, 1)
    if action in BEFORE:
        ask(program(bob), BEFORE[action], [his], albums.make(bob, "His"))
    before = state()
    assert ask(mine, action, [his], album).json() == NOTHING
    assert state() == before


@pytest.mark.parametrize("action", ACTIONS)
def test_many_cost_as_many_statements_as_few(mine: Client, alice: User, album: Album, action: str) -> None:
    def cost(many: int) -> int:
        photos = make(alice, many)
        if action in BEFORE:
            ask(mine, BEFORE[action], photos, album)
        with CaptureQueriesContext(connection) as queries:
            done = ask(mine, action, photos, album).json()
            assert done["changed"] == many
            undo(mine, done["undo"])
        return len(queries)

    cost(1)
    assert cost(2) == cost(40)


def test_only_what_nothing_newer_contradicts_is_undone(mine: Client, alice: User, album: Album) -> None:
    photos = make(alice, 2)
    trashed = ask(mine, "trash", photos, album).json()
    ask(mine, "restore", photos[:1], album)
    ask(mine, "trash", photos[:1], album)
    assert undo(mine, trashed["undo"]).json() == {"changed": 1}
    assert list(Photo.objects.trashed()) == [photos[0]]


def test_what_went_back_into_the_trash_has_been_there_as_long_as_before(
    mine: Client, alice: User, album: Album
) -> None:
    photos = make(alice, 2)
    for photo in photos:
        ask(mine, "trash", [photo], album)
    before = state()
    undo(mine, ask(mine, "restore", photos, album).json()["undo"])
    assert state() == before


def test_the_change_of_somebody_else_is_not_there(mine: Client, alice: User, bob: User, album: Album) -> None:
    done = ask(mine, "trash", make(alice), album).json()
    his = undo(program(bob), done["undo"])
    told(his, 404, "not_found")
    assert his.content == undo(mine, str(uuid.uuid4())).content
    assert Photo.objects.trashed().count() == 2


def test_the_album_of_somebody_else_is_not_there(mine: Client, alice: User, bob: User) -> None:
    his = albums.make(bob, "His")
    for action in ("add_to_album", "remove_from_album"):
        told(ask(mine, action, make(alice, 1), his), 404, "not_found")
    assert not Change.objects.exists()


def test_an_album_that_was_deleted_is_not_filled_again(mine: Client, alice: User, album: Album) -> None:
    photos = make(alice)
    ask(mine, "add_to_album", photos, album)
    removed = ask(mine, "remove_from_album", photos, album).json()
    albums.delete(album)
    assert undo(mine, removed["undo"]).json() == {"changed": 0}


def test_all_that_a_search_finds_can_be_changed_at_once(mine: Client, alice: User, bob: User) -> None:
    make(alice, 3), make(bob, 1)
    make_photo(alice)
    assert post(mine, action="favourite", q="dog").json()["changed"] == 3
    assert post(mine, action="reject_label", label="Dog", q="dog").json()["changed"] == 3
    assert post(mine, action="trash", q="is:favourite").json()["changed"] == 3
    assert post(mine, action="restore", q="is:favourite").json()["changed"] == 3
    assert Photo.objects.trashed().count() == 0


@pytest.mark.usefixtures("queue")
def test_many_are_asked_for_again_behind_new_ones(mine: Client, alice: User, bob: User) -> None:
    photos = [make_finished(alice), make_finished(alice), make_finished(bob)]
    for photo in photos:
        make_detection(photo, "Dog")
    ids = [str(photo.pk) for photo in photos]
    first = post(mine, action="relabel", ids=ids[1:]).json()
    assert first == {"changed": 1, "undo": None, "price_usd": 0.001, "run": str(Run.objects.get().pk)}
    assert post(mine, action="relabel", q="dog").json()["changed"] == 1, "one waits already"
    waiting = Job.objects.waiting().filter(step="labels")
    assert set(waiting.values_list("owner", flat=True)) == {alice.pk}
    assert all(priority > 0 for priority in waiting.values_list("priority", flat=True))
    assert list(Run.objects.order_by("created_at").values_list("asked_for", flat=True))[1] == "dog"


@pytest.mark.usefixtures("queue")
def test_the_price_is_told_before_anything_is_asked_for(mine: Client, alice: User) -> None:
    photos = [make_finished(alice) for _ in range(3)]
    for photo in photos[1:]:
        make_detection(photo, "Dog")
    every = [str(photo.pk) for photo in photos]
    for asked, count in (({"q": "dog"}, 2), ({"ids": every}, 3)):
        told_first = post(mine, action="relabel", dry_run=True, **asked).json()
        assert told_first == {"changed": count, "undo": None, "price_usd": count / 1000, "run": None}
    assert not Run.objects.exists()
    assert not Job.objects.waiting().exists()
    ordered = post(mine, action="relabel", ids=every).json()
    assert (ordered["changed"], ordered["price_usd"]) == (told_first["changed"], told_first["price_usd"])


@pytest.mark.parametrize("q", ["", "  ", "\x00\x1b", "\ud800", "confidence:>=80"], ids=ascii)
def test_a_search_that_names_nothing_is_not_the_whole_library(mine: Client, alice: User, q: str) -> None:
    make(alice)
    for action in ("trash", "relabel"):
        refused = post(mine, action=action, q=q)
        assert (refused.status_code, refused.json()["detail"][-1]) == (422, ".")
    assert Photo.objects.live().count() == 2
    assert not Run.objects.exists()


def test_celebrities_and_warnings_are_judged_by_their_kind(mine: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_detection(photo, "Violence", kind="moderation")
    about = {"label": "violence", "kind": "moderation", "ids": [str(photo.pk)]}
    done = post(mine, action="reject_label", **about).json()
    assert done["changed"] == 1
    assert Verdict.objects.values_list("label__kind", "state").get() == ("moderation", "rejected")
    assert undo(mine, done["undo"]).json() == {"changed": 1}


def test_a_search_that_can_not_be_read_is_refused(mine: Client, alice: User) -> None:
    make(alice)
    for unreadable in ("(dog", "dog>", "x" * 1001):
        assert post(mine, action="trash", q=unreadable).status_code == 422
    assert Photo.objects.live().count() == 2


@pytest.mark.parametrize("body", [
    {"action": "trash"}, {"action": "trash", "ids": [], "q": "dog"}, {"action": "burn", "ids": []}, {"ids": []},
    {"action": "trash", "ids": ["x"]}, {"action": "trash", "ids": "all"}, {"action": "trash", "ids": [], "all": True},
    {"action": "confirm_label", "ids": []}, {"action": "trash", "ids": [], "label": "Dog"},
    {"action": "add_to_album", "ids": []}, {"action": "trash", "ids": [], "album": str(uuid.UUID(int=7))},
    {"action": "trash", "ids": [str(uuid.UUID(int=7))] * 10_001}, {"action": "trash", "ids": [], "dry_run": True},
    {"action": "trash", "ids": [], "kind": "moderation"},
    {"action": "reject_label", "ids": [], "label": "Dog", "kind": "category"},
], ids=lambda body: str(body)[:60])  # fmt: skip
def test_what_can_not_be_meant_is_refused(mine: Client, body: dict[str, Any]) -> None:
    told(post(mine, **body), 422, "invalid")


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_name_that_is_none_is_refused(mine: Client, alice: User, name: str) -> None:
    (photo,) = make(alice, 1)
    response = post(mine, action="confirm_label", label=name, ids=[str(photo.pk)])
    assert response.status_code == 422
    assert not Verdict.objects.exists()


def test_only_who_may_write_can_change(alice: User) -> None:
    told(post(program(alice, "read"), action="trash", ids=[]), 403, "read_only_token")
    told(post(browser(alice, csrf=False), action="trash", ids=[]), 403, "csrf_failed")
    assert post(browser(alice), action="trash", ids=[]).json() == NOTHING
