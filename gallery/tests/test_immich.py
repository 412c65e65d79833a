"""What the Immich CLI asks, route by route, and is answered as it expects. tests/site/test_immich_cli.py runs it."""

import hashlib
import json
import uuid
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tokens
from accounts.models import ApiToken, User
from gallery.models import Album, Photo
from gallery.tests.making import make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
CHECK: Final = "/api/assets/bulk-upload-check"
NOBODYS: Final = uuid.UUID(int=7)
WRITES: Final = [
    ("post", CHECK),
    ("post", "/api/assets"),
    ("post", "/api/albums"),
    ("put", f"/api/albums/{NOBODYS}/assets"),
]


def immich_cli(user: User, scope: str = "write") -> Client:
    """It sends no cookie and no CSRF token."""
    return Client(enforce_csrf_checks=True, headers={"x-api-key": tokens.issue(user, "laptop", scope)})


@pytest.fixture
def cli(alice: User) -> Client:
    return immich_cli(alice)


def sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, body, content_type="application/json")


def check(client: Client, **checksums: str) -> dict[str, dict[str, Any]]:
    """What it is told of each file."""
    asked = [{"id": name, "checksum": checksum} for name, checksum in checksums.items()]
    response = post(client, CHECK, {"assets": asked})
    assert response.status_code == 200, response.content
    results = response.json()["results"]
    assert [result["id"] for result in results] == list(checksums)
    return {result.pop("id"): result for result in results}


def refused(response: Any, status: int) -> str:
    """The sentence of an error, which has Immich's shape."""
    body: dict[str, Any] = response.json()
    assert response.headers["Content-Type"] == "application/json"
    assert body.keys() == {"message", "error", "statusCode", "correlationId"}
    assert (response.status_code, body["statusCode"]) == (status, status), body
    assert body["correlationId"] == response.headers["X-Request-Id"]
    message: str = body["message"]
    assert message.endswith(".")
    return message


def test_whatever_address_it_is_told_it_finds_the_rest_without_a_key(db: None) -> None:
    response = Client().get("/.well-known/immich")
    assert response.json() == {"api": {"endpoint": "/api"}}


def test_it_learns_who_it_is(cli: Client, alice: User) -> None:
    assert cli.get("/api/users/me").json() == {
        "id": str(alice.pk),
        "name": alice.email,
        "email": alice.email,
        "isAdmin": False,
        "quotaSizeInBytes": alice.quota,
        "quotaUsageInBytes": 0,
    }


def test_being_staff_makes_nobody_an_administrator_of_others_photos(db: None) -> None:
    root = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    assert immich_cli(root).get("/api/users/me").json()["isAdmin"] is False


@pytest.mark.parametrize(("scope", "uploads"), [("write", True), ("read", False)])
def test_it_learns_what_its_key_may_before_it_sends_anything(alice: User, scope: str, uploads: bool) -> None:
    key = immich_cli(alice, scope).get("/api/api-keys/me").json()
    token = ApiToken.objects.get()
    assert (key["id"], key["name"]) == (str(token.pk), "laptop")
    assert key["createdAt"] == key["updatedAt"]
    assert {"user.read", "server.about", "asset.statistics"} <= set(key["permissions"])
    assert ("asset.upload" in key["permissions"]) is uploads
    assert token.last_used_at is not None


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_key_that_may_only_read_changes_nothing(alice: User, method: str, path: str) -> None:
    response = getattr(immich_cli(alice, "read"), method)(path, {}, content_type="application/json")
    assert "may only read" in refused(response, 403)


@pytest.mark.parametrize("key", ["", "x", "photosite_", "photosite_\x00", "é", "x" * 10_000])
def test_what_is_no_key_opens_nothing(db: None, key: str) -> None:
    response = Client(headers={"x-api-key": key}).get("/api/users/me")
    assert "opens nothing here" in refused(response, 401)


def test_another_site_can_do_nothing_through_my_browser(alice: User) -> None:
    """There is no CSRF token to ask for: a session opens none of it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    for method, path in WRITES:
        refused(getattr(browser, method)(path, {}, content_type="application/json"), 401)
    assert not Album.objects.exists()


def test_it_looks_at_files_of_the_formats_that_are_kept(cli: Client) -> None:
    types = cli.get("/api/server/media-types").json()
    assert {".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif", ".tif", ".tiff"} <= set(
        types["image"]
    )
    assert (types["video"], types["sidecar"]) == ([], [".xmp"])


def test_it_asks_for_the_version_and_how_many_there_are(cli: Client, alice: User, bob: User) -> None:
    make_photo(alice)
    make_photo(bob)
    version = cli.get("/api/server/version").json()
    assert version == {"major": 3, "minor": 2, "patch": 2, "prerelease": None}
    assert cli.get("/api/assets/statistics").json() == {"images": 1, "videos": 0, "total": 1}


def test_it_learns_which_files_are_here(cli: Client, alice: User, bob: User) -> None:
    mine = make_photo(alice, sha1=sha1(b"mine"))
    thrown = make_photo(alice, sha1=sha1(b"thrown"), trashed_at="2026-01-01T00:00:00Z")
    make_photo(bob, sha1=sha1(b"bob's"))
    make_photo(alice)  # nobody has read its bytes yet
    asked = {name: sha1(name.encode()).hex() for name in ("mine", "thrown", "bob's", "new")}
    duplicate = {"action": "reject", "reason": "duplicate"}
    assert check(cli, **asked, **{"MINE": asked["mine"].upper()}, twin=asked["new"]) == {
        "mine": {**duplicate, "assetId": str(mine.pk), "isTrashed": False},
        "MINE": {**duplicate, "assetId": str(mine.pk), "isTrashed": False},
        "thrown": {**duplicate, "assetId": str(thrown.pk), "isTrashed": True},
        "bob's": {"action": "accept"},
        "new": {"action": "accept"},
        "twin": {"action": "accept"},
    }


def test_what_is_no_photo_is_never_rejected_unsent(cli: Client) -> None:
    """The client takes all that is rejected for duplicates, which it may be told to delete."""
    assert check(cli, **{"/home/alice/notes.txt": 40 * "0"})["/home/alice/notes.txt"]["action"] == "accept"


def test_thousands_cost_one_query(cli: Client, alice: User) -> None:
    make_photo(alice, sha1=sha1(b"0"))
    cli.get("/api/users/me")  # notes that the key was used
    counts = []
    for count in (1, 5_000):
        asked = {f"/photos/{n}.jpg": sha1(b"%d" % n).hex() for n in range(count)}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert check(cli, **asked)["/photos/0.jpg"]["action"] == "reject"
        counts.append(len(queries))
    assert counts == [2, 2]


@pytest.mark.parametrize("body", [
    "", "[", "[]", "null", "{}", '{"assets": null}', '{"assets": [1]}', '{"assets": [{"id": "a"}]}',
    '{"assets": [{"id": "a", "checksum": "abc"}]}', '{"assets": [{"id": {}, "checksum": 7}]}',
    json.dumps({"assets": 5_001 * [{"id": "a", "checksum": 40 * "0"}]}), "[" * 100_000, "\x00", '{"assets": 1e999}',
], ids=range(14))  # fmt: skip
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_garbage_is_refused_in_words(cli: Client, method: str, path: str, body: str) -> None:
    response = cli.generic(method.upper(), path, body, content_type="application/json")
    refused(response, 400)
    assert not Album.objects.exists()


def test_what_it_does_not_know_is_told_in_its_words_and_version_1_stays_as_it_is(cli: Client) -> None:
    for path in ("/api/", "/api/server/features", "/api/albums/nonsense/assets", "/api/v1x"):
        refused(cli.get(path), 404)
    assert "POST" in refused(cli.delete("/api/assets"), 405)
    assert cli.get("/api/v1/photos").headers["Location"] == "/api/v1/photos/"
    assert cli.get("/api/v1/nothing/").headers["Content-Type"] == "application/problem+json"
    assert cli.get("/api/v1/photos/").status_code == 401  # its key is none there


def test_no_shared_cache_keeps_an_answer(cli: Client) -> None:
    response = cli.get("/api/users/me")
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


def test_a_new_album_is_in_the_list_and_is_not_made_twice(cli: Client, bob: User) -> None:
    made = post(cli, "/api/albums", {"albumName": "Trip"})
    assert made.status_code == 201
    assert cli.get("/api/albums").json() == [made.json()] == [{"id": made.json()["id"], "albumName": "Trip"}]
    assert post(cli, "/api/albums", {"albumName": "Trip"}).json() == made.json()
    assert immich_cli(bob).get("/api/albums").json() == []
    assert post(immich_cli(bob), "/api/albums", {"albumName": "Trip"}).json()["id"] != made.json()["id"]


def test_a_folder_keeps_its_album_though_its_name_is_written_otherwise(cli: Client) -> None:
    """The client goes by the name that it asked for, and does not find the title in the list."""
    first, second = (post(cli, "/api/albums", {"albumName": " My  trip"}).json() for _ in range(2))
    assert first == second == {"id": first["id"], "albumName": " My  trip"}
    assert Album.objects.get().title == "My trip"


def test_a_folders_name_that_is_too_long_for_a_title_is_cut(cli: Client) -> None:
    made = [post(cli, "/api/albums", {"albumName": "x" * 255}) for _ in range(2)]
    assert [(one.status_code, one.json()["albumName"]) for one in made] == 2 * [(201, "x" * 255)]
    assert Album.objects.get().title == "x" * 100


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_what_can_be_no_title_is_refused(cli: Client, name: str) -> None:
    refused(post(cli, "/api/albums", {"albumName": name}), 422)
    assert not Album.objects.exists()


def test_each_photo_of_many_is_told_whether_it_is_in_the_album_now(
    cli: Client, alice: User, bob: User
) -> None:
    album = post(cli, "/api/albums", {"albumName": "Trip"}).json()["id"]
    mine, there, foreign = make_photo(alice), make_photo(alice), make_photo(bob)
    put(cli, album, there.pk)
    ids = [mine.pk, there.pk, foreign.pk, NOBODYS, mine.pk]
    assert put(cli, album, *ids).json() == [
        {"id": str(mine.pk), "success": True},
        {"id": str(there.pk), "success": False, "error": "duplicate"},
        {"id": str(foreign.pk), "success": False, "error": "no_permission"},
        {"id": str(NOBODYS), "success": False, "error": "no_permission"},
    ]
    assert set(Album.objects.get().entries.values_list("photo", flat=True)) == {mine.pk, there.pk}


def test_thousands_in_an_album_cost_what_two_cost(cli: Client, alice: User) -> None:
    album = post(cli, "/api/albums", {"albumName": "Trip"}).json()["id"]
    counts = []
    for strangers in (1, 3_000):
        ids = [make_photo(alice).pk, *(uuid.uuid4() for _ in range(strangers))]
        with CaptureQueriesContext(connection) as queries:
            added = put(cli, album, *ids).json()
        assert [one["success"] for one in added] == [True] + strangers * [False]
        counts.append(len(queries))
    assert counts[0] == counts[1]


def put(client: Client, album: object, *ids: object) -> Any:
    body = {"ids": list(map(str, ids))}
    return client.put(f"/api/albums/{album}/assets", body, content_type="application/json")


def test_somebody_elses_album_is_as_if_it_never_was(cli: Client, bob: User) -> None:
    album = post(cli, "/api/albums", {"albumName": "Trip"}).json()["id"]
    theirs = make_photo(bob)
    foreign, never = (put(immich_cli(bob), key, theirs.pk) for key in (album, NOBODYS))
    assert refused(foreign, 404) == refused(never, 404)
    assert Photo.objects.get().entries.count() == 0
