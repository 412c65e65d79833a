"""Large photos that come into the bucket in parts, with the real S3 server: they go on, or nothing is left."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from gallery import storage
from gallery.intake import direct
from gallery.models import Photo, Upload
from gallery.pipeline import checking, reconcile, run
from gallery.tests.asking import program, read, told
from gallery.tests.sending import (
    CHELSEA,
    MIB,
    UPLOADS,
    ask,
    begun,
    complete,
    is_clean,
    is_open,
    pieces,
    put,
    put_all,
    sha256,
    space,
)

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]
LARGE = CHELSEA + bytes(
    11 * MIB
)  # bytes after the picture's end belong to it, as a motion photo's video does


@pytest.fixture
def client(alice: User) -> Client:
    return program(alice)


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three parts for LARGE; S3 takes none below 5 MiB but the last one."""
    monkeypatch.setattr(direct, "MOST_AT_ONCE", MIB)
    monkeypatch.setattr(direct, "PART_BYTES", 5 * MIB)


in_parts = pytest.mark.usefixtures("_small_parts")


@in_parts
def test_a_large_one_comes_in_parts_and_goes_on_where_it_was(client: Client, alice: User) -> None:
    upload = begun(client, LARGE, part_sha256s=[sha256(piece) for piece in pieces(LARGE)])
    assert [part["size"] for part in upload["parts"]] == [5 * MIB, 5 * MIB, len(LARGE) - 10 * MIB]
    second = upload["parts"][1]
    assert put(second, bytes(7)) in (400, 403)
    assert put(second, bytes(5 * MIB)) == 200
    told(complete(client, upload, []), 409, "parts_missing")
    rest = read(client, f"{UPLOADS}{upload['id']}/")
    assert ([part["number"] for part in rest["parts"]], [part["number"] for part in rest["present"]]) == (
        [1, 3],
        [2],
    )
    sent = [*put_all(rest, LARGE), *rest["present"]]
    told(complete(client, upload, [{"number": 1, "etag": '"another"'}]), 409, "parts_differ")
    answer = complete(client, upload, [{"number": one["number"], "etag": one["etag"]} for one in sent])
    assert (answer.status_code, answer.json()["id"]) == (201, upload["id"])
    assert read(client, f"{UPLOADS}{upload['id']}/")["status"] == "checking"
    assert run.one("renditions")
    assert read(client, f"{UPLOADS}{upload['id']}/")["status"] == "done"
    assert storage.original_sha256(upload["id"]) == sha256(LARGE)
    assert (space(alice), is_open(upload)) == ((len(LARGE), 0), False)


@in_parts
@pytest.mark.parametrize("checked", [True, False])
def test_parts_of_another_file_are_found_out_before_anything_is_made(
    client: Client, alice: User, checked: bool
) -> None:
    """Each part is what it was announced to be, and together they are not what was announced."""
    checksums = [sha256(piece) for piece in pieces(LARGE)] if checked else []
    upload = begun(client, LARGE, sha256=64 * "0", part_sha256s=checksums)
    put_all(upload, LARGE)
    assert complete(client, upload).status_code == 201
    told(ask(client, LARGE, sha256=64 * "0"), 409, "being_checked")
    assert run.one("renditions")
    failed = read(client, f"{UPLOADS}{upload['id']}/")
    assert (failed["status"], failed["reason"]) == ("failed", checking.OTHER_BYTES)
    assert not Photo.objects.exists()
    assert is_clean(alice)


@in_parts
def test_until_it_is_checked_it_is_nobodys_duplicate(client: Client, alice: User) -> None:
    upload = begun(client, LARGE, sha256=sha256(CHELSEA))
    put_all(upload, LARGE)
    assert complete(client, upload).status_code == 201
    told(ask(client), 409, "being_checked")
    assert run.one("renditions")
    true = begun(client)
    assert put(true["parts"][0], CHELSEA) == 200
    assert complete(client, true).status_code == 201


@in_parts
def test_an_answer_that_was_lost_is_given_again(client: Client) -> None:
    upload = begun(client, LARGE)
    put_all(upload, LARGE)
    row = Upload.objects.get()
    storage.join_parts(row.key, row.multipart, storage.parts(row.key, row.multipart), [])
    told = read(client, f"{UPLOADS}{upload['id']}/")
    assert (told["parts"], len(told["present"])) == ([], 3)  # nothing is to be sent again
    assert complete(client, upload).status_code == 201


@in_parts
def test_parts_that_are_given_up_are_gone(client: Client, alice: User) -> None:
    upload = begun(client, LARGE)
    put(upload["parts"][0], LARGE[: 5 * MIB])
    client.delete(f"{UPLOADS}{upload['id']}/")
    assert is_open(upload)
    assert is_clean(alice)


@in_parts
def test_parts_that_nobody_knows_are_found_and_thrown_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, key = begun(client, LARGE), str(uuid.uuid4())
    storage.begin_parts(key, content_type="image/jpeg", checked=False)
    assert not [found for found in reconcile.findings() if key in found.sentence]
    monkeypatch.setattr(reconcile, "GRACE", timedelta(minutes=-1))
    assert not [found for found in reconcile.findings() if upload["id"] in found.sentence]
    (found,) = [found for found in reconcile.findings() if key in found.sentence]
    assert found.repair is not None
    found.repair()
    assert not is_open({"id": key})
    assert is_open(upload)
