"""How tests put bytes into the bucket by signed addresses, as a browser does."""

import hashlib
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.test import Client

from accounts.models import User
from gallery import storage
from gallery.models import Photo, Upload
from gallery.pipeline import purge
from gallery.pipeline.sweep import sweep

UPLOADS = "/api/v1/uploads/"
CHELSEA = (Path(__file__).parents[2] / "tests" / "photos" / "chelsea.jpg").read_bytes()
MIB = 1024 * 1024


def send(url: str, data: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """The status of a PUT, and the ETag. Content-Length follows from the body."""
    sent = {name: value for name, value in headers.items() if name != "content-length"}
    request = urllib.request.Request(url, data=data, headers=sent, method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        error.read()
        return error.code, ""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pieces(data: bytes) -> list[bytes]:
    return [data[start : start + 5 * MIB] for start in range(0, len(data), 5 * MIB)]


def ask(client: Client, data: bytes = CHELSEA, **other: Any) -> Any:
    body = {
        "filename": "a.jpg",
        "size": len(data),
        "sha256": sha256(data),
        "content_type": "image/jpeg",
        **other,
    }
    return client.post(UPLOADS, body, content_type="application/json")


def begun(client: Client, data: bytes = CHELSEA, **other: Any) -> dict[str, Any]:
    answer = ask(client, data, **other)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def put(part: dict[str, Any], data: bytes) -> int:
    return send(part["url"], data, part["headers"])[0]


def put_all(upload: dict[str, Any], data: bytes) -> list[dict[str, Any]]:
    """What S3 answered to each part."""
    found = []
    for part in upload["parts"]:
        start = (part["number"] - 1) * 5 * MIB
        status, etag = send(part["url"], data[start : start + part["size"]], part["headers"])
        assert status == 200
        found.append({"number": part["number"], "etag": etag})
    return found


def complete(client: Client, upload: dict[str, Any], parts: list[dict[str, Any]] | None = None) -> Any:
    body = {} if parts is None else {"parts": parts}
    return client.post(f"{UPLOADS}{upload['id']}/complete/", body, content_type="application/json")


def space(user: User) -> tuple[int, int]:
    user.refresh_from_db()
    return user.used_bytes, user.reserved_bytes


def objects() -> set[str]:
    return {found.key for found in storage.listed("originals")}


def is_open(upload: dict[str, Any]) -> bool:
    """Whether the bucket still waits for parts of it."""
    return upload["id"] in {found.key for found in storage.opened_parts()}


def is_clean(user: User) -> bool:
    """Nothing is left of any upload: no photo, no space, and after purge and sweep no object and no part."""
    sweep()
    purge.due()
    left = {found.key for found in storage.opened_parts()} | objects()
    sent = set(Upload.objects.values_list("key", flat=True))
    return not Photo.objects.exists() and space(user) == (0, 0) and not left & sent
