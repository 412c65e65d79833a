"""Who gets to which address: every route of the site, asked by everybody, generated from the URLconf.

A route without its line in the table fails: a new page says whose it is on the day it is born. Whoever may is asked in
a test of each route; whoever may not changes nothing, so all routes are asked one after the other.
"""

import itertools
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from ninja import NinjaAPI

from accounts import tokens
from accounts.models import User
from gallery.api.immich.api import api as immich
from gallery.api.version1 import api
from gallery.models import Album, Change, Import, Photo, Run, SavedSearch, Share, Upload
from gallery.organise import photos
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection
from tests.access_table import ADMIN, MATRIX, ROUTES, TABLE, Line, lines_of

pytestmark = pytest.mark.usefixtures("plain_pages")
ONE_DATABASE = pytest.mark.one_database  # who may is asked of both: so each page is opened on each of them


def chosen(*who: str) -> list[tuple[str, Line]]:
    return [(route, line) for route, line in MATRIX if line.who in who]


def of(*who: str) -> pytest.MarkDecorator:
    lines = chosen(*who)
    return pytest.mark.parametrize(
        ("route", "line"), lines, ids=[f"{line.method} /{route}" for route, line in lines]
    )


@pytest.fixture(autouse=True)
def nobody_is_limited(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": uuid.uuid4().hex}
    }


@pytest.fixture
def photo(alice: User) -> Photo:
    photo = make_finished(alice, filename="secret garden.jpg", caption="nobody else's")
    make_detection(photo, "Garden")
    make_around(photo)
    return photo


def make_around(photo: Photo) -> None:
    """What else its owner has, each under the photo's id: so every address with an id is somebody's."""
    album = {"owner": photo.owner, "title": "Behind the wall", "folded": "behind the wall"}
    Album.objects.update_or_create(pk=photo.pk, defaults=album)
    change = {"owner": photo.owner, "action": "favourite", "before": {}, "undone_at": None}
    Change.objects.update_or_create(pk=photo.pk, defaults=change)
    kept = {"owner": photo.owner, "name": "Behind the hedge", "query": "garden"}
    SavedSearch.objects.update_or_create(pk=photo.pk, defaults=kept)
    share = {"owner": photo.owner, "album_id": photo.pk, "token_hash": photo.pk.hex}
    Share.objects.update_or_create(pk=photo.pk, defaults=share)
    upload = {"owner": photo.owner, "state": "done", "direct": True, "key": photo.pk.hex, "byte_size": 7}
    Upload.objects.update_or_create(pk=photo.pk, defaults={**upload, "expires_at": timezone.now()})
    imported = {
        "owner": photo.owner,
        "key": photo.pk.hex,
        "filename": "behind.zip",
        "byte_size": 7,
        "reserved": False,
    }
    Import.objects.update_or_create(pk=photo.pk, defaults=imported)
    run = {"owner": photo.owner, "step": "labels", "asked_for": "Behind the gate", "state": "running"}
    Run.objects.update_or_create(pk=photo.pk, defaults={**run, "finished_at": None})


@pytest.fixture
def unknown() -> uuid.UUID:
    """The id of a photo that never was."""
    return uuid.uuid4()


def address(route: str, photo_id: object) -> str:
    """The route with everything filled in; where an id is wanted, the photo's."""
    values = {
        "app_label": "gallery",
        "uidb36": "1",
        "key": "nothing",
        "name": "Garden",
        "url": "nothing",
        "content_type_id": "1",
    }
    filled = re.sub(
        r"<(?:\w+:)?(\w+)>",
        lambda found: values.get(found[1], str(photo_id)),
        re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route),
    )
    return "/" + filled.replace(".*", "nothing")


def ask(client: Client, route: str, method: str, photo_id: object) -> Any:
    bodies: dict[str, dict[str, Any]] = {"PATCH": {}, "PUT": {"state": "confirmed"}}
    if route.startswith(("api/v1/albums/<uuid:album_id>/photos/", "api/albums/<uuid:album_id>/assets")):
        bodies = {verb: {"ids": []} for verb in ("PUT", "DELETE", "POST")}
    if route.endswith("complete/"):
        bodies = {"POST": {}}
    body = {"content_type": "application/json", "data": bodies[method]} if method in bodies else {}
    return getattr(client, method.lower())(address(route, photo_id), **body)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program(user: User) -> Client:
    return Client(headers={"authorization": f"Bearer {tokens.issue(user, 'a program')}"})


def immich_cli(user: User) -> Client:
    return Client(headers={"x-api-key": tokens.issue(user, "Immich CLI")})


def asks_to_sign_in(response: Any, route: str) -> bool:
    if route.startswith("api/"):
        return bool(response.status_code == 401)
    door = "/admin/login/?next=" if route.startswith("admin/") else "/accounts/login/?next="
    return bool(response.status_code == 302 and response.headers["Location"].startswith(door))


def rows() -> list[Any]:
    owned = (Photo, Album, Change, SavedSearch, Run, Share)
    return [row for model in owned for row in model.objects.order_by("pk").values()]


def tells_of(response: Any, photo: Photo) -> list[str]:
    """What of a photo is in an answer; its address, which the asker sent, is not."""
    told = response.content.decode().replace(str(photo.pk), "").replace("&#x27;", "'")
    secrets = (
        photo.filename,
        photo.caption,
        photo.sha256,
        "Garden",
        "Behind the wall",
        "Behind the hedge",
        "Behind the gate",
        "alice@example.org",
        "X-Amz-Signature",
    )
    return [secret for secret in secrets if secret in told]


@pytest.mark.pure
def test_every_route_has_its_line() -> None:
    assert [route for route in ROUTES if not lines_of(route)] == []
    assert [route for route in [*TABLE, *ADMIN] if route not in ROUTES] == []


@pytest.mark.pure
@pytest.mark.parametrize(("who", "called"), [("token", api), ("key", immich)])
def test_every_call_of_the_api_has_its_line(who: str, called: NinjaAPI) -> None:
    paths = called.get_openapi_schema()["paths"]
    wanted = {(method.upper(), path) for path, calls in paths.items() for method in calls}
    told = {
        (line.method, "/" + re.sub("<(uuid|path):", "{", route).replace(">", "}"))
        for route, line in MATRIX
        if line.who == who
    }
    assert told == wanted


@of("public")
def test_what_is_public_is_there_for_everybody(photo: Photo, bob: User, route: str, line: Line) -> None:
    response = ask(Client(), route, line.method, photo.pk)
    assert response.status_code in line.answers
    assert not asks_to_sign_in(response, route) or 302 in line.answers
    assert tells_of(response, photo) == []
    known = ask(browser(bob), route, line.method, photo.pk)
    assert known.status_code in (*line.answers, 302)  # whoever is signed in needs no sign-in page
    assert tells_of(known, photo) == []


@ONE_DATABASE
def test_nobody_gets_in_without_signing_in(photo: Photo, subtests: pytest.Subtests) -> None:
    before, nobody = rows(), Client()
    for route, line in chosen("signed-in", "owner", "staff", "token", "key"):
        with subtests.test(f"{line.method} /{route}"):
            response = ask(nobody, route, line.method, photo.pk)
            assert asks_to_sign_in(response, route), response.status_code
            assert tells_of(response, photo) == []
            assert rows() == before


@of("signed-in")
def test_whoever_is_signed_in_sees_their_own(
    photo: Photo, alice: User, bob: User, route: str, line: Line
) -> None:
    for user in (alice, bob):
        response = ask(browser(user), route, line.method, photo.pk)
        assert response.status_code in line.answers
        assert not asks_to_sign_in(response, route)
    assert tells_of(response, photo) == []


@of("owner")
def test_the_owner_gets_to_it_in_a_browser(photo: Photo, alice: User, route: str, line: Line) -> None:
    assert ask(browser(alice), route, line.method, photo.pk).status_code in line.answers


@of("token")
def test_the_owner_gets_to_it_with_a_token(photo: Photo, alice: User, route: str, line: Line) -> None:
    for client in (program(alice), browser(alice)):
        assert ask(client, route, line.method, photo.pk).status_code in line.answers
        Photo.objects.update(trashed_at=None)
        make_around(photo)


@of("key")
def test_the_owner_gets_to_it_with_a_key_and_in_no_other_way(
    photo: Photo, alice: User, route: str, line: Line
) -> None:
    assert ask(immich_cli(alice), route, line.method, photo.pk).status_code in line.answers
    for client in (browser(alice), program(alice)):
        assert asks_to_sign_in(ask(client, route, line.method, photo.pk), route)


@ONE_DATABASE
@pytest.mark.parametrize("thrown", ["not at all", "into the trash", "away for good"])
def test_somebody_else_finds_nothing_as_if_it_never_was(
    photo: Photo, alice: User, bob: User, unknown: uuid.UUID, subtests: pytest.Subtests, thrown: str
) -> None:
    if thrown != "not at all":
        User.objects.filter(pk=alice.pk).update(used_bytes=photo.byte_size)
        photos.trash(alice.pk, [photo.pk])
    if thrown == "away for good":
        photos.delete_forever(photo)
    before, clients = rows(), {"owner": browser(bob), "token": program(bob), "key": immich_cli(bob)}
    for route, line in chosen("owner", "token", "key"):
        with subtests.test(f"{line.method} /{route}"):
            response = ask(clients[line.who], route, line.method, photo.pk)
            assert tells_of(response, photo) == []
            assert rows() == before
            if "<uuid:" in route:
                never = ask(clients[line.who], route, line.method, unknown)
                assert_never_was(response, photo, never, unknown)


def assert_never_was(response: Any, photo: Photo, never: Any, unknown: uuid.UUID) -> None:
    """Both are 404, and the same but for the address that the asker sent, and the number of the request."""
    assert response.status_code == never.status_code == 404
    told, told_of_never = (
        answer.content.decode().replace(str(key), "").replace(answer.headers["X-Request-Id"], "")
        for answer, key in ((response, photo.pk), (never, unknown))
    )
    assert told == told_of_never


@ONE_DATABASE
def test_being_a_superuser_opens_nobodys_photos(photo: Photo, subtests: pytest.Subtests) -> None:
    root = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    before, in_a_browser = rows(), browser(root)
    programs = {"token": program(root), "key": immich_cli(root)}
    for route, line in chosen("owner", "token", "key", "signed-in"):
        with subtests.test(f"{line.method} /{route}"):
            response = ask(programs.get(line.who, in_a_browser), route, line.method, photo.pk)
            Photo.objects.filter(owner=root).delete()  # samples that came for the superuser alone
            assert tells_of(response, photo) == []
            assert rows() == before
            if "<uuid:" in route:
                assert response.status_code == 404


@ONE_DATABASE
def test_whoever_was_deactivated_is_out_at_once(photo: Photo, alice: User, subtests: pytest.Subtests) -> None:
    account = User.objects.filter(pk=alice.pk)
    programs = {"token": [program(alice)], "key": [immich_cli(alice)]}
    before = rows()
    for route, line in chosen("owner", "token", "key", "signed-in", "staff"):
        with subtests.test(f"{line.method} /{route}"):
            account.update(is_staff=True, is_superuser=True, is_active=True)
            in_a_browser = browser(alice)
            account.update(is_active=False)
            for client in [in_a_browser, *programs.get(line.who, [])]:
                assert asks_to_sign_in(ask(client, route, line.method, photo.pk), route)
            assert rows() == before


@of("staff")
def test_the_admin_is_there_for_staff(photo: Photo, route: str, line: Line) -> None:
    root = User.objects.create_superuser("root@example.org", "leaves fall in autumn")
    assert ask(browser(root), route, line.method, photo.pk).status_code in line.answers


@ONE_DATABASE
def test_the_admin_is_for_nobody_else(photo: Photo, bob: User, subtests: pytest.Subtests) -> None:
    before, member = rows(), browser(bob)
    for route, line in chosen("staff"):
        with subtests.test(f"{line.method} /{route}"):
            response = ask(member, route, line.method, photo.pk)
            assert asks_to_sign_in(response, route)
            assert tells_of(response, photo) == []
            assert rows() == before


@ONE_DATABASE
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_no_route_breaks_or_gives_way_whatever_the_method(
    photo: Photo, bob: User, unknown: uuid.UUID, method: str
) -> None:
    before = rows()
    nobody, in_a_browser, programs = Client(), browser(bob), [program(bob), immich_cli(bob)]
    for route in ROUTES:
        clients = [nobody, in_a_browser, *(programs if route.startswith("api/") else [])]
        keys = [photo.pk, unknown] if "<uuid:" in route else [unknown]
        for client, key in itertools.product(clients, keys):
            response = ask(client, route, method, key)
            assert response.status_code < 500 or route == "readyz", (route, response.status_code)
            assert tells_of(response, photo) == [], route
    assert rows() == before


@pytest.mark.pure
def test_the_table_is_not_met_by_looking_away() -> None:
    """The walk finds what Django's resolver finds: a page that is known to be there."""
    assert {"photos/<uuid:photo_id>/", "api/v1/photos/", "admin/gallery/photo/", "healthz"} <= set(ROUTES)
