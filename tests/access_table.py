"""Whose each address of the site is: a line for every route, which the access matrix asks."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver


@dataclasses.dataclass(frozen=True)
class Line:
    """Whose an address is, how it is asked, and what whoever may is answered."""

    who: str
    method: str = "GET"
    answers: tuple[int, ...] = (200,)


def public(*answers: int) -> list[Line]:
    return [Line("public", answers=answers or (200,))]


def signed_in(*answers: int) -> list[Line]:
    return [Line("signed-in", answers=answers or (200,))]


def owner(method: str = "GET", answer: int = 200) -> list[Line]:
    return [Line("owner", method, (answer,))]


def token(**methods: int) -> list[Line]:
    """With a token: everybody for themselves, or the owner where a photo is named."""
    return [Line("token", method, (answer,)) for method, answer in methods.items()]


def key(**methods: int) -> list[Line]:
    """With a token as the Immich CLI sends it, and in no other way."""
    return [Line("key", method, (answer,)) for method, answer in methods.items()]


TABLE: Final[dict[str, list[Line]]] = {
    "": public(),
    "manifest.webmanifest": public(),
    "healthz": public(),
    "readyz": public(200, 503),
    "metrics": public(401),  # photosite/tests/test_metrics.py goes there with a token
    "upload/": signed_in(),
    "upload/labels/": signed_in(),
    "samples/": [*signed_in(), Line("signed-in", "POST", (302,))],
    "samples/remove/": [Line("signed-in", "POST", (302,))],
    "favourites/": signed_in(),
    "archive/": signed_in(),
    "duplicates/": [*signed_in(), Line("signed-in", "POST", (302,))],
    "photos/<uuid:photo_id>/archive/": owner("POST", 302),
    "albums/": signed_in(),
    "albums/<uuid:album_id>/": owner(),
    "albums/<uuid:album_id>/delete/": owner("POST", 302),
    "albums/<uuid:album_id>/download/": owner("GET", 404),  # of an empty one there is nothing to download
    "albums/<uuid:album_id>/cover/": owner("POST", 302),
    "albums/<uuid:album_id>/move/": owner("POST", 302),
    "albums/<uuid:album_id>/take-out/": owner("POST", 302),
    "selection/": [Line("signed-in", "POST", (302,))],  # without photos it says how to pick some
    "selection/caption/": [Line("signed-in", "POST", (302,))],
    "selection/dates/": [Line("signed-in", "POST", (302,))],
    "selection/download/": [Line("signed-in", "POST", (302,))],
    "selection/album/": [Line("signed-in", "POST", (302,))],
    "shares/": signed_in(),
    "shares/<uuid:share_id>/end/": owner("POST", 302),
    "photos/<uuid:photo_id>/turn/": owner("POST", 422),
    "albums/<uuid:album_id>/share/": owner(),
    "photos/<uuid:photo_id>/share/": owner(),
    "s/<str:token>/": public(404),  # test_shared.py goes there with links that lead somewhere
    "s/<str:token>/download/": public(404),
    "s/<str:token>/<uuid:photo_id>/": public(404),
    "s/<str:token>/<uuid:photo_id>/picture/": public(404),
    "memories/": signed_in(),
    "map/": signed_in(),
    "map/points/": signed_in(),
    "map/photo/": signed_in(302),
    "labels/": signed_in(),
    "palette/": signed_in(),
    "shortcuts/": signed_in(),
    "search/": signed_in(),
    "search/complete/": signed_in(),
    "search/verdict/": signed_in(422),  # asks only about a label that somebody has
    "searches/": signed_in(),
    "searches/<uuid:search_id>/cover/": owner(answer=302),
    "searches/<uuid:search_id>/rename/": owner("POST", 302),
    "searches/<uuid:search_id>/forget/": owner("POST", 302),
    "changes/<uuid:change_id>/undo/": owner("POST", 302),
    "recognition/": signed_in(),
    "recognition/<slug:name>/earlier/": [Line("signed-in", "POST", (404,))],  # asks only for what is on
    "runs/": signed_in(),
    "runs/<uuid:run_id>/": owner(),
    "runs/<uuid:run_id>/pause/": owner("POST", 302),
    "runs/<uuid:run_id>/resume/": owner("POST", 302),
    "runs/<uuid:run_id>/stop/": owner("POST", 302),
    "runs/<uuid:run_id>/roll-back/": owner("POST", 302),
    "activity/": signed_in(),
    "activity/retry/": [Line("signed-in", "POST", (302,))],
    "trash/": signed_in(),
    "trash/empty/": signed_in(),
    "usage/": signed_in(),
    "photos/<uuid:photo_id>/": owner(),
    "photos/<uuid:photo_id>/caption/": owner("POST", 302),
    "photos/<uuid:photo_id>/favourite/": owner("POST", 302),
    "photos/<uuid:photo_id>/labels/": owner("POST", 422),
    "photos/<uuid:photo_id>/picture/": owner("GET", 302),
    "photos/<uuid:photo_id>/original/": owner("GET", 302),
    "photos/<uuid:photo_id>/trash/": owner("POST", 302),
    "photos/<uuid:photo_id>/restore/": owner("POST", 302),
    "photos/<uuid:photo_id>/delete/": owner("GET", 404),  # asks only about what is in the trash
    "photos/<uuid:photo_id>/retry/": owner("POST", 302),
    "accounts/settings/": signed_in(),
    "accounts/language/": [Line("signed-in", "POST", (302,))],
    "accounts/language/visitor/": [Line("public", "POST", (302,))],
    "accounts/login/": public(),
    "accounts/logout/": public(302, 200),
    "accounts/inactive/": public(),
    "accounts/signup/": public(),
    "accounts/reauthenticate/": signed_in(200, 302),
    "accounts/email/": signed_in(200, 302),
    "accounts/confirm-email/": public(),
    "accounts/confirm-email/(?P<key>[-:\\w]+)/": public(),
    "accounts/password/change/": signed_in(200, 302),
    "accounts/password/set/": signed_in(302),
    "accounts/password/reset/": public(),
    "accounts/password/reset/done/": public(),
    "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": public(),
    "accounts/password/reset/key/done/": public(),
    "accounts/login/code/confirm/": public(302),
    "api/v1/openapi.json": public(),
    "api/v1/docs": public(),
    "api/v1/": public(404),
    "api/v1/.*/": public(404),
    "api/v1/photos/": token(GET=200, POST=422),
    "api/v1/photos/timeline/": token(GET=200),
    "api/v1/photos/<uuid:photo_id>/": token(GET=200, PATCH=200, DELETE=204),
    "api/v1/photos/<uuid:photo_id>/labels/<path:name>/": token(PUT=200, DELETE=204),
    "api/v1/photos/<uuid:photo_id>/restore/": token(POST=200),
    "api/v1/photos/<uuid:photo_id>/original/": token(GET=302),
    "api/v1/photos/<uuid:photo_id>/recognition/": token(GET=200),
    "api/v1/photos/<uuid:photo_id>/relabel/": token(POST=202),
    "api/v1/photos/bulk/": token(POST=400),
    "api/v1/changes/<uuid:change_id>/undo/": token(POST=200),
    "api/v1/albums/": token(GET=200, POST=400),
    "api/v1/albums/<uuid:album_id>/": token(GET=200, PATCH=200, DELETE=204),
    "api/v1/albums/<uuid:album_id>/photos/move/": token(POST=200),
    "api/v1/albums/<uuid:album_id>/photos/": token(PUT=200, DELETE=200),
    "api/v1/shares/": token(GET=200, POST=400),
    "api/v1/shares/<uuid:share_id>/": token(DELETE=204),
    "api/v1/imports/": token(GET=200, POST=400),
    "api/v1/imports/<uuid:import_id>/": token(GET=200, DELETE=204),
    "api/v1/imports/<uuid:import_id>/complete/": token(POST=202),
    "api/v1/uploads/": token(POST=400),
    "api/v1/uploads/<uuid:upload_id>/": token(GET=200, DELETE=204),
    "api/v1/uploads/<uuid:upload_id>/complete/": token(POST=201),
    "api/v1/uploads/batch/": token(POST=400),
    "api/v1/uploads/batch/complete/": token(POST=422),
    "api/v1/labels/": token(GET=200),
    "api/v1/account/": token(GET=200),
    ".well-known/immich": public(),
    "api/": public(404),
    "api/(?!v1/).*": public(404),
    "api/users/me": key(GET=200),
    "api/api-keys/me": key(GET=200),
    "api/server/media-types": key(GET=200),
    "api/server/version": key(GET=200),
    "api/assets": key(POST=400),
    "api/assets/statistics": key(GET=200),
    "api/assets/bulk-upload-check": key(POST=400),
    "api/albums": key(GET=200, POST=400),
    "api/albums/<uuid:album_id>/assets": key(PUT=200),
}
# Whatever is under admin/ is for staff, and asks others to sign in. The two doors are for everybody.
ADMIN: Final = {"admin/login/": public(), "admin/logout/": [Line("public", "POST", (200, 302))]}
STAFF: Final = [Line("staff", answers=(200, 302, 403, 404))]


def routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every route of the URLconf, without the anchors of regular expressions."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + re.sub(r"^\^|\$$", "", str(pattern.pattern)).replace("uuidstr:", "uuid:")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route


ROUTES: Final = sorted(set(routes()))


def lines_of(route: str) -> list[Line]:
    if route.startswith("admin/"):
        return ADMIN.get(route, STAFF)
    return TABLE.get(route, [])


MATRIX: Final = [(route, line) for route in ROUTES for line in lines_of(route)]
