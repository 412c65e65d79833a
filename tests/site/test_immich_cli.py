"""The real Immich CLI uploads into a real site: what it says, and what is there afterwards."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.immich.client import ImmichCli
from tests.site import pictures
from tests.site.client import Client
from tests.site.running import PASSWORD, Site

pytestmark = [pytest.mark.site]
PHOTOS: Final = Path(__file__).resolve().parents[1] / "photos"
Typist = Callable[..., tuple[ImmichCli, Client]]


@pytest.fixture
def typist(site: Site, tmp_path: Path) -> Typist:
    """Makes a new user: their client, and a program of theirs that looks what became of it."""

    def make(email: str) -> tuple[ImmichCli, Client]:
        program = site.user(email)
        return ImmichCli(tmp_path / "home", f"{site.url}/", program.token), program

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos as people have them: in folders, two with one name, capital extensions, names of all scripts."""
    root = tmp_path / "My  holidays"
    (root / "Ελλάδα" / "day 1").mkdir(parents=True)
    shutil.copy(PHOTOS / "chelsea.jpg", root / "chelsea.jpg")
    shutil.copy(PHOTOS / "rocket.jpg", root / "Ελλάδα" / "ROCKET.JPEG")
    shutil.copy(PHOTOS / "coffee.jpg", root / "Ελλάδα" / "day 1" / "café ☕ & Kuchen.jpg")
    shutil.copy(PHOTOS / "astronaut.jpg", root / "Ελλάδα" / "day 1" / "chelsea.jpg")
    (root / "notes.txt").write_text("Dear diary,")
    return root


def names(program: Client) -> list[str]:
    return sorted(photo["filename"] for photo in program.photos())


def albums(program: Client) -> dict[str, int]:
    return {
        album["title"]: album["photos"] for album in program.ask("GET", "/api/v1/albums/").json["results"]
    }


def test_i_sign_in_and_ask_what_the_server_is(typist: Typist) -> None:
    cli, _ = typist("immich-in@example.org")
    said = cli.type("login", cli.url, cli.key)
    assert (said.status, "Logged in as immich-in@example.org" in said.text) == (0, True), said.text
    told = cli.type("server-info").text
    assert f"Url: {cli.url}api" in told
    assert "Version: 3.2.2" in told
    assert "jpg,jpeg" in told
    assert "Total: 0" in told


def test_i_upload_a_folder_with_its_albums_and_a_second_time_nothing(typist: Typist, folder: Path) -> None:
    cli, program = typist("immich-folder@example.org")
    os.utime(folder / "chelsea.jpg", (1_560_000_000, 1_560_000_000))
    said = cli.upload("-r", "--album", folder)
    assert "Successfully uploaded 4 new assets" in said.text
    assert said.told["duplicates"] == []
    assert names(program) == ["ROCKET.JPEG", "café ☕ & Kuchen.jpg", "chelsea.jpg", "chelsea.jpg"]
    assert albums(program) == {"My holidays": 1, "Ελλάδα": 1, "day 1": 2}
    assert ("file", "2019-06-08T13:20:00+00:00") in {
        (photo["taken_at_source"], photo["taken_at"]) for photo in program.photos()
    }
    assert program.original(said.ids["ROCKET.JPEG"]) == (PHOTOS / "rocket.jpg").read_bytes()

    again = cli.upload("-r", "--album", folder)
    assert "All assets were already uploaded, nothing to do." in again.text
    assert (again.told["newFiles"], len(again.told["duplicates"])) == ([], 4)
    assert len(program.photos()) == 4
    assert albums(program) == {"My holidays": 1, "Ελλάδα": 1, "day 1": 2}
    assert program.labelled(said.ids["ROCKET.JPEG"])["labels"]


def test_of_two_equal_files_one_is_a_duplicate_and_what_fails_says_why_and_stays(
    typist: Typist, tmp_path: Path
) -> None:
    cli, program = typist("immich-broken@example.org")
    sent = tmp_path / "sent"
    sent.mkdir()
    twin, whole = pictures.fresh(), pictures.fresh()
    files = {"a.jpg": twin, "b.jpg": twin, "half.jpg": whole[: len(whole) // 2], "text.jpg": b"Dear diary,"}
    for name, data in files.items():
        (sent / name).write_bytes(data)
    said = cli.upload("-r", "--delete", "--delete-duplicates", "-A", "All of them", sent)
    assert "Successfully uploaded 1 new asset" in said.text
    assert "Skipped 1 duplicate asset" in said.text
    assert "Failed to upload 2 assets" in said.text
    assert said.ids["a.jpg"] == said.ids["b.jpg"]
    assert sorted(error["statusCode"] for error in said.errors) == [415, 422]
    for error in said.errors:
        assert error["message"].endswith(".")
        assert len(error["correlationId"]) == 16
    assert sorted(path.name for path in sent.iterdir()) == ["half.jpg", "text.jpg"]
    assert albums(program) == {"All of them": 1}


def test_what_is_out_of_sight_elsewhere_is_not_put_in_sight(typist: Typist, tmp_path: Path) -> None:
    cli, program = typist("immich-hidden@example.org")
    (tmp_path / "one.jpg").write_bytes(pictures.fresh())
    (tmp_path / "one.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    locked = cli.upload("--visibility", "locked", tmp_path / "one.jpg")
    assert [error["statusCode"] for error in locked.errors] == [422]
    assert program.photos() == []
    cli.upload("--visibility", "archive", tmp_path / "one.jpg")
    (photo,) = program.photos()
    assert (photo["filename"], photo["archived"]) == ("one.jpg", True)


def test_with_a_key_that_may_only_read_nothing_is_sent(site: Site, folder: Path, tmp_path: Path) -> None:
    site.typed("add_user", "immich-reads@example.org", PHOTOSITE_PASSWORD=PASSWORD)
    key = site.typed("api_token", "immich-reads@example.org", "--scope", "read").strip()
    site.told.append(key)
    cli = ImmichCli(tmp_path / "home", site.url, key)
    said = cli.upload("-r", folder)
    assert said.status == 1
    assert 'Missing required permission: "asset.upload"' in said.text
    assert Client(site.url, key).photos() == []


def test_a_key_that_opens_nothing_is_told_why(site: Site, folder: Path, tmp_path: Path) -> None:
    said = ImmichCli(tmp_path / "home", site.url, "mistyped").upload("-r", folder)
    assert said.status == 1
    assert "401" in said.text
    assert "This key opens nothing here" in said.text


def test_a_hundred_files_arrive_once(typist: Typist, tmp_path: Path) -> None:
    cli, program = typist("immich-hundred@example.org")
    sent = tmp_path / "sent"
    sent.mkdir()
    for number in range(100):
        (sent / f"{number:03}.jpg").write_bytes(pictures.fresh())
    assert len(cli.upload("-r", "-c", "8", sent).told["newAssets"]) == 100
    again = cli.upload("-r", "-c", "8", sent)
    assert (len(again.told["duplicates"]), again.told["newAssets"]) == (100, [])
    assert names(program) == [f"{number:03}.jpg" for number in range(100)]
