"""Who may do what with the API: every call of its document, asked by everybody."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, User
from gallery.api.version1 import api
from gallery.models import Photo
from gallery.tests.asking import PHOTOS, address, browser, program, told
from gallery.tests.making import make_detection, make_jobs, make_photo

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("plain_pages")]
# What the owner of the photo is answered. A new call fails the tests below until it has its line.
OWNER = {
    "POST /api/v1/photos/": 415,  # a text file: who may not send one at all hears something else
    "GET /api/v1/photos/": 200,
    "GET /api/v1/photos/timeline/": 200,
    "GET /api/v1/photos/{photo_id}/": 200,
    "PATCH /api/v1/photos/{photo_id}/": 200,
    "DELETE /api/v1/photos/{photo_id}/": 204,
    "POST /api/v1/photos/{photo_id}/restore/": 200,
    "GET /api/v1/photos/{photo_id}/original/": 302,
    "PUT /api/v1/photos/{photo_id}/labels/{name}/": 200,
    "DELETE /api/v1/photos/{photo_id}/labels/{name}/": 204,
    "POST /api/v1/photos/{photo_id}/relabel/": 202,
    "POST /api/v1/photos/bulk/": 200,
    "POST /api/v1/changes/{change_id}/undo/": 404,  # of the albums and changes below nobody has any: their own tests
    "GET /api/v1/shares/": 200,
    "POST /api/v1/shares/": 404,
    "DELETE /api/v1/shares/{share_id}/": 404,
    "GET /api/v1/albums/": 200,
    "POST /api/v1/albums/": 201,
    "GET /api/v1/albums/{album_id}/": 404,
    "PATCH /api/v1/albums/{album_id}/": 404,
    "DELETE /api/v1/albums/{album_id}/": 404,
    "PUT /api/v1/albums/{album_id}/photos/": 404,
    "POST /api/v1/albums/{album_id}/photos/move/": 404,
    "DELETE /api/v1/albums/{album_id}/photos/": 404,
    "GET /api/v1/photos/{photo_id}/recognition/": 200,
    "POST /api/v1/imports/": 422,
    "GET /api/v1/imports/": 200,
    "GET /api/v1/imports/{import_id}/": 404,
    "DELETE /api/v1/imports/{import_id}/": 404,
    "POST /api/v1/imports/{import_id}/complete/": 404,
    "POST /api/v1/uploads/": 422,  # an empty file: who may not begin one at all hears something else
    "GET /api/v1/uploads/{upload_id}/": 404,
    "DELETE /api/v1/uploads/{upload_id}/": 404,
    "POST /api/v1/uploads/{upload_id}/complete/": 404,
    "POST /api/v1/uploads/batch/": 200,
    "POST /api/v1/uploads/batch/complete/": 200,
    "GET /api/v1/labels/": 200,
    "GET /api/v1/account/": 200,
}
WRITES = [call for call in OWNER if not call.startswith("GET ")]
SENT: dict[str, dict[str, Any]] = {
    "POST /api/v1/uploads/{upload_id}/complete/": {"parts": []},
    "POST /api/v1/imports/{import_id}/complete/": {"parts": []},
    "POST /api/v1/imports/": {"filename": "a.zip", "size": 0, "sha256": 64 * "0"},
    "POST /api/v1/uploads/": {"filename": "a.jpg", "size": 0, "sha256": 64 * "0"},
    "POST /api/v1/uploads/batch/": {"uploads": [{"filename": "a.jpg", "size": 0, "sha256": 64 * "0"}]},
    "POST /api/v1/uploads/batch/complete/": {"uploads": [{"id": str(uuid.UUID(int=7))}]},
    "PATCH /api/v1/photos/{photo_id}/": {"caption": "mine now"},
    "PUT /api/v1/photos/{photo_id}/labels/{name}/": {"state": "confirmed"},
    "POST /api/v1/photos/bulk/": {"action": "trash", "ids": []},
    "POST /api/v1/shares/": {"album": str(uuid.UUID(int=7))},
    "POST /api/v1/albums/": {"title": "Trip"},
    "PATCH /api/v1/albums/{album_id}/": {"title": "Trip"},
    "PUT /api/v1/albums/{album_id}/photos/": {"ids": []},
    "POST /api/v1/albums/{album_id}/photos/move/": {"ids": []},
    "DELETE /api/v1/albums/{album_id}/photos/": {"ids": []},
}
OF_A_PHOTO = [call for call in OWNER if "{photo_id}" in call]


@pytest.fixture
def photo(alice: User) -> Photo:
    photo = make_photo(alice, filename="secret garden.jpg", caption="nobody else's")
    make_jobs(photo)
    make_detection(photo, "Garden")
    return photo


def ask(client: Client, call: str, photo_id: object) -> Any:
    method, path = call.split(" ")
    body: dict[str, Any] = {}
    if call == "POST /api/v1/photos/":
        body = {"data": {"file": SimpleUploadedFile("notes.jpg", b"Dear diary,")}}
    elif sent := SENT.get(call):
        body = {"data": sent, "content_type": "application/json"}
    nobodys = dict.fromkeys(("album_id", "change_id", "import_id", "share_id", "upload_id"), uuid.UUID(int=7))
    return getattr(client, method.lower())(path.format(photo_id=photo_id, name="Tree", **nobodys), **body)


def rows() -> list[Any]:
    return list(Photo.objects.order_by("pk").values())


@pytest.mark.pure
def test_every_call_of_the_document_is_asked_here() -> None:
    paths: dict[str, Any] = api.get_openapi_schema()["paths"]
    assert {f"{method.upper()} {path}" for path, calls in paths.items() for method in calls} == OWNER.keys()


@pytest.mark.parametrize("call", OWNER)
def test_nobody_gets_in_without_a_token(photo: Photo, call: str) -> None:
    before = rows()
    response = ask(Client(enforce_csrf_checks=True), call, photo.pk)
    told(response, 401, "not_authenticated")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert rows() == before


@pytest.mark.parametrize("call", OWNER)
def test_the_owner_gets_what_the_table_says(photo: Photo, alice: User, call: str) -> None:
    assert ask(program(alice), call, photo.pk).status_code == OWNER[call]


@pytest.mark.parametrize("call", OWNER)
def test_somebody_else_sees_nothing_of_it(photo: Photo, bob: User, call: str) -> None:
    before = rows()
    response = ask(program(bob), call, photo.pk)
    assert response.status_code == (404 if call in OF_A_PHOTO else OWNER[call])
    for secret in (str(photo.pk), photo.filename, photo.caption, photo.sha256, "Garden", "alice"):
        assert secret not in response.content.decode()
    assert rows() == before


@pytest.mark.parametrize("call", SENT)
def test_a_form_where_json_is_asked_for_is_told_so(photo: Photo, alice: User, call: str) -> None:
    """A browser's form is read before, for its CSRF token; the body is gone then."""
    method, path = call.split(" ")
    nobodys = dict.fromkeys(("album_id", "change_id", "import_id", "share_id", "upload_id"), uuid.UUID(int=7))
    page = browser(alice)
    answer = page.generic(
        method,
        path.format(photo_id=photo.pk, name="Tree", **nobodys),
        "title=Trip",
        content_type="application/x-www-form-urlencoded",
    )
    told(answer, 400, "unreadable")


@pytest.mark.parametrize("call", OF_A_PHOTO)
def test_a_photo_of_somebody_else_is_like_one_that_never_was(photo: Photo, bob: User, call: str) -> None:
    client = program(bob)
    foreign, unknown, nonsense = (ask(client, call, key) for key in (photo.pk, uuid.uuid4(), "photo"))
    told(foreign, 404, "not_found")
    assert foreign.content == unknown.content == nonsense.content
    varying = {"X-Request-Id"}
    assert {k: v for k, v in foreign.headers.items() if k not in varying} == {
        k: v for k, v in unknown.headers.items() if k not in varying
    }


@pytest.mark.parametrize("call", OF_A_PHOTO)
def test_being_staff_opens_nobodys_photos(photo: Photo, call: str) -> None:
    root = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    assert ask(program(root), call, photo.pk).status_code == 404


@pytest.mark.parametrize("call", OWNER)
def test_a_token_that_may_only_read_only_reads(photo: Photo, alice: User, call: str) -> None:
    before = rows()
    response = ask(program(alice, ApiToken.Scope.READ), call, photo.pk)
    if call in WRITES:
        told(response, 403, "read_only_token")
        assert rows() == before
    else:
        assert response.status_code == OWNER[call]


@pytest.mark.parametrize("call", OWNER)
def test_a_token_that_ran_out_opens_nothing(photo: Photo, alice: User, call: str) -> None:
    before = rows()
    client = program(alice, expires_at=timezone.now() - timedelta(seconds=1))
    told(ask(client, call, photo.pk), 401, "not_authenticated")
    assert rows() == before


@pytest.mark.parametrize("call", OWNER)
def test_whoever_was_deactivated_is_out_at_once(photo: Photo, alice: User, call: str) -> None:
    before = rows()
    clients = [program(alice), browser(alice)]
    User.objects.filter(pk=alice.pk).update(is_active=False)
    for client in clients:
        told(ask(client, call, photo.pk), 401, "not_authenticated")
    assert rows() == before


@pytest.mark.parametrize("call", OWNER)
def test_another_site_cannot_act_through_my_browser(photo: Photo, alice: User, call: str) -> None:
    before = rows()
    response = ask(browser(alice, csrf=False), call, photo.pk)
    if call in WRITES:
        told(response, 403, "csrf_failed")
        assert rows() == before
    else:
        assert response.status_code == OWNER[call]


@pytest.mark.parametrize("call", OWNER)
def test_my_own_pages_can_use_it(photo: Photo, alice: User, call: str) -> None:
    assert ask(browser(alice), call, photo.pk).status_code == OWNER[call]


@pytest.mark.parametrize("authorization", [
    "Bearer", "Bearer ", "Bearer x", "Basic YWxpY2U6eA==", "bearer photosite_", "Bearer photosite_\x00", "Bearer é",
    "Bearer " + "x" * 10_000,
], ids=range(8))  # fmt: skip
def test_what_is_no_token_is_refused(db: None, authorization: str) -> None:
    told(Client(headers={"authorization": authorization}).get(PHOTOS), 401, "not_authenticated")


def test_a_token_works_whatever_the_case_of_bearer(alice: User) -> None:
    raw = tokens.issue(alice, "backup")
    assert Client(headers={"authorization": f"bearer {raw}"}).get(PHOTOS).status_code == 200


def test_a_token_that_was_taken_back_opens_nothing(alice: User) -> None:
    client = program(alice)
    assert client.get(PHOTOS).status_code == 200
    ApiToken.objects.all().delete()
    told(client.get(PHOTOS), 401, "not_authenticated")


def test_one_can_see_when_a_token_was_last_used(alice: User) -> None:
    client = program(alice)
    assert ApiToken.objects.get().last_used_at is None
    client.get(PHOTOS)
    first = ApiToken.objects.get().last_used_at
    client.get(PHOTOS)
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first  # at most one write a minute


def test_only_the_hash_of_a_token_is_kept(alice: User) -> None:
    raw = tokens.issue(alice, "backup")
    kept = ApiToken.objects.values().get()
    assert raw.startswith(tokens.PREFIX)
    assert len(raw) > 50
    assert not any(raw.removeprefix(tokens.PREFIX) in str(value) for value in kept.values())


@pytest.mark.parametrize("call", OWNER)
def test_no_shared_cache_keeps_an_answer(photo: Photo, alice: User, call: str) -> None:
    response = ask(program(alice), call, photo.pk)
    assert {"private", "no-store"} <= set(response.headers["Cache-Control"].split(", "))


def test_what_the_api_does_not_know_is_a_problem_too(photo: Photo, alice: User) -> None:
    client = program(alice)
    for path in ("/api/v1/", "/api/v1/nothing/", f"{PHOTOS}nothing/", address(photo, "nothing/")):
        told(client.get(path), 404, "not_found")
        told(client.post(path), 404, "not_found")


def test_a_method_that_a_call_has_not_is_told_which_it_has(photo: Photo, alice: User) -> None:
    response = program(alice).put(address(photo))
    told(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "PATCH", "DELETE"}
