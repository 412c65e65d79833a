"""How tests speak to the API: as a program with its token, or as a signed-in browser."""

import re
from typing import Any

from django.test import Client

from accounts import tokens
from accounts.models import User
from gallery.models import Photo

PHOTOS = "/api/v1/photos/"


def program(user: User, scope: str = "write", **token: Any) -> Client:
    """A client that sends a new token of this user with every request."""
    raw = tokens.issue(user, "a program", scope, **token)
    return Client(headers={"authorization": f"Bearer {raw}"})


def browser(user: User, *, csrf: bool = True) -> Client:
    """A signed-in browser; with `csrf` it sends the token of the last page that it saw."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    if csrf:
        page = client.get("/api/v1/docs").content.decode()
        found = re.search(r'data-csrf-token="([^"]+)"', page)
        assert found is not None
        client.defaults["HTTP_X_CSRFTOKEN"] = found[1]
    return client


def address(photo: Photo, rest: str = "") -> str:
    return f"{PHOTOS}{photo.pk}/{rest}"


def edit(client: Client, photo: Photo, **changes: Any) -> Any:
    return client.patch(address(photo), changes, content_type="application/json")


def read(client: Client, url: str = PHOTOS, **query: Any) -> Any:
    """The JSON of a request that must succeed."""
    response = client.get(url, query)
    assert response.status_code == 200, response.content
    return response.json()


def ids(page: dict[str, Any]) -> list[str]:
    return [photo["id"] for photo in page["results"]]


def told(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal, which has this status and code."""
    assert response.headers["Content-Type"] == "application/problem+json", response.content
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert {"type", "title", "detail"} <= body.keys()
    assert body["detail"].endswith(".")
    return body
