"""`manage.py import_photos`, as somebody at a terminal meets it."""

import contextlib
import csv
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from gallery import storage
from gallery.imports.tests.photos import jpeg, laid_out, takeout
from gallery.imports.tests.zips import packed
from gallery.management.commands import import_photos
from gallery.models import Album, Photo
from gallery.pipeline import left_out

pytestmark = [pytest.mark.usefixtures("s3", "queue"), pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 60


class Told(NamedTuple):
    code: Any
    out: str
    errors: str


@pytest.fixture
def import_(alice: User) -> Callable[..., Told]:
    def call(*words: Any) -> Told:
        out, errors, code = StringIO(), StringIO(), None
        try:
            call_command("import_photos", alice.email, *map(str, words), stdout=out, stderr=errors)
        except SystemExit as ended:
            code = ended.code
        except CommandError as error:
            code, errors = error.returncode, StringIO(str(error))
        return Told(code, out.getvalue(), errors.getvalue())

    return call


def test_all_that_came_in_is_counted(import_: Callable[..., Told], tmp_path: Path) -> None:
    folder = laid_out(
        tmp_path, {f"{number}.jpg": jpeg(number) for number in range(3)} | {"again.jpg": jpeg(2)}
    )
    told = import_(folder)
    assert told.code is None
    assert "4 files that may be photos" in told.out
    assert "3 new here, 1 here already, 0 left out on purpose, 0 refused" in told.out
    assert "0 new here, 4 here already" in import_(folder).out


def test_what_was_left_out_is_told_by_reason_with_names(import_: Callable[..., Told], tmp_path: Path) -> None:
    (tmp_path / "takeout.zip").write_bytes(packed(takeout()))
    laid_out(tmp_path, {f"{number}.txt": b"Dear diary" for number in range(12)})
    told = import_(tmp_path)
    assert told.code == 1
    assert f"left out on purpose: 1 × {left_out.IN_TRASH_THERE}" in told.out
    assert "refused: 12 × This is a text file, not a photograph." in told.out
    assert f"  {tmp_path}/10.txt\n" in told.out
    assert "  and 2 more" in told.out
    assert f"{tmp_path}/takeout.zip/Takeout/Google Fotos/Fotos von 2019/VID_8.mp4" in told.out


def test_a_report_names_every_file(import_: Callable[..., Told], tmp_path: Path) -> None:
    laid_out(tmp_path / "photos", {"1.jpg": jpeg(), "2.jpg": jpeg(), "a\nb.txt": b"text"})
    report = tmp_path / "report.csv"
    import_("--report", report, tmp_path / "photos")
    rows = list(csv.reader(report.read_text().splitlines()))
    photo = str(Photo.objects.get().pk)
    assert rows[0] == ["file", "outcome", "reason", "photo"]
    assert [[Path(row[0]).name, row[1], row[3]] for row in rows[1:]] == [
        ["1.jpg", "new here", photo],
        ["2.jpg", "here already", photo],
        ["a\ufffdb.txt", "refused", ""],
    ]


def test_several_parts_of_an_export_are_one(import_: Callable[..., Told], tmp_path: Path) -> None:
    files = list(takeout().items())
    parts = [tmp_path / f"takeout-{number}.zip" for number in range(3)]
    for number, part in enumerate(parts):
        part.write_bytes(packed(dict(files[number::3])))
    assert "6 new here, 1 here already" in import_(*parts).out
    assert Album.objects.get().entries.count() == 2
    assert Photo.objects.exclude(caption="").count() == 2


def test_without_room_it_says_how_much_is_missing(
    import_: Callable[..., Told], alice: User, tmp_path: Path
) -> None:
    User.objects.filter(pk=alice.pk).update(quota_bytes=len(jpeg(0)))
    told = import_(laid_out(tmp_path, {f"{number}.jpg": jpeg(number) for number in range(3)}))
    assert told.code == 1
    assert "1 new here" in told.out
    left = import_photos._size(len(jpeg(1)) + len(jpeg(2)))
    assert f"Stopped with 2 files ({left}) to go. There is no room left." in told.errors


@pytest.mark.parametrize("words", [["/nowhere"], ["--report", "/nowhere/report.csv", "."]])
def test_what_can_not_begin_is_told(import_: Callable[..., Told], words: list[str]) -> None:
    assert import_(*words).code == 2
    assert "/nowhere" in import_(*words).errors


def test_nobody_is_nobody(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nobody active signs in as eve@example\.org") as error:
        call_command("import_photos", "Eve@example.org", str(tmp_path))
    assert error.value.returncode == 2


def test_without_a_photo_store_nothing_is_begun(import_: Callable[..., Told], tmp_path: Path) -> None:
    with mock.patch.object(storage, "reachable", return_value=False):
        assert import_(tmp_path).code == 2


def test_ctrl_c_ends_it_with_what_was_done(import_: Callable[..., Told], tmp_path: Path) -> None:
    laid_out(tmp_path, {"1.jpg": jpeg()})
    with mock.patch.object(import_photos, "bring_in", side_effect=KeyboardInterrupt):
        told = import_(tmp_path)
    assert (told.code, "Run the same command again" in told.errors) == (130, True)


def test_where_nobody_watches_a_bar_there_are_lines(import_: Callable[..., Told], tmp_path: Path) -> None:
    folder = laid_out(tmp_path, {f"{number}.jpg": jpeg(number) for number in range(3)})
    with mock.patch.object(import_photos, "_EVERY", 2):
        assert "2 of 3 files: 2 new here" in import_(folder).out


def _database(folder: Path) -> str:
    """Where another process finds what is in this test's database; SQLite's lies in this one's memory."""
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(folder / "copy.sqlite3")) as copy:
            connection.connection.backup(copy)
        return f"sqlite:///{folder / 'copy.sqlite3'}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def test_killed_in_the_middle_it_goes_on_and_nothing_is_here_twice(alice: User, tmp_path: Path) -> None:
    """A process of its own with a bucket of its own, killed without a warning."""
    count = 80
    folder = laid_out(tmp_path / "photos", {f"{number}.jpg": jpeg(number) for number in range(count)})
    report = tmp_path / "report.csv"
    environment = {
        **os.environ,
        "DATABASE_URL": _database(tmp_path),
        "SECRET_KEY": "only for this test, and long enough for it",
        "AWS_STORAGE_BUCKET_NAME": f"killed-{os.getpid()}",
    }

    def manage(*words: str) -> list[str]:
        return [sys.executable, "manage.py", *words]

    def done(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            manage(*words), env=environment, cwd=settings.BASE_DIR, text=True, capture_output=True, timeout=60
        )

    assert done("make_bucket").returncode == 0
    import_it = ["import_photos", alice.email, str(folder), "--report", str(report)]
    with subprocess.Popen(
        manage(*import_it), env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE
    ) as killed:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and (not report.exists() or report.read_text().count("\n") < 5):
            time.sleep(0.005)
        killed.send_signal(signal.SIGKILL)
    came = report.read_text().count("new here")
    assert 4 <= came < count
    again = done(*import_it)
    assert again.returncode == 0, again.stderr
    assert f"{count - came} new here, {came} here already" in again.stdout or (
        f"{count - came - 1} new here, {came + 1} here already" in again.stdout
    )
    verified = done("verify")
    assert (verified.returncode, verified.stdout.strip()) == (0, "clean"), verified.stdout
