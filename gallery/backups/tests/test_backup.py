"""A database is lost, and the site of the backup's moment is there again: row by row, with every original."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import User
from gallery import storage
from gallery.backups import folder, originals, rows
from gallery.models import Album, Label, Photo
from gallery.organise import albums, verdicts
from gallery.pipeline import reconcile
from gallery.tests.making import make_detection, make_jobs, make_photo
from gallery.tests.test_reconcile import LONG_AGO, put, sha256
from gallery.tests.together import together

pytestmark = [pytest.mark.usefixtures("s3", "queue"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _empty_bucket() -> None:
    for alias in ("originals", "renditions"):
        for found in list(storage.listed(alias)):
            storage.delete(alias, found.key)


@pytest.fixture
def library(alice: User) -> list[Photo]:
    """Rows of many kinds, and what they name in the bucket."""
    photos = []
    for number in range(3):
        data = f"photo {number}".encode()
        photo = make_photo(
            alice,
            byte_size=len(data),
            sha256=sha256(data),
            uploaded_at=LONG_AGO,
            thumbhash=b"\0\xff",
            sha1=b"\x01" * 20,
        )
        put(photo.original_key, data)
        make_jobs(photo, state="done", finished_at=LONG_AGO)
        make_detection(photo, "Cat")
        photos.append(photo)
    User.objects.filter(pk=alice.pk).update(used_bytes=sum(photo.byte_size for photo in photos))
    albums.add(alice.pk, albums.make(alice, "Rom, „ewig“ 🏛").pk, [photo.pk for photo in photos])
    verdicts.say(alice.pk, [photos[0].pk], "Swan", "confirmed")
    group = Group.objects.create(name="support")
    group.permissions.set(Permission.objects.filter(codename__in=["view_photo", "change_user"]))
    alice.groups.add(group)
    LogEntry.objects.create(
        user=alice, content_type=ContentType.objects.get_for_model(Photo), object_id="1", action_flag=CHANGE
    )
    return photos


def everything() -> dict[str, list[Any]]:
    """All rows of all tables, as they are."""
    return {
        model._meta.label: sorted(
            map(
                repr,
                model._base_manager.values_list(*[field.attname for field in model._meta.concrete_fields]),
            )
        )
        for model in rows.tables()
    }


def lose_everything() -> None:
    with transaction.atomic():
        for model in rows.tables():
            model._base_manager.all()._raw_delete(connection.alias)


def changed(made: Path, name: str, change: Any) -> None:
    path = made / name
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    path.write_bytes(gzip.compress("\n".join(json.dumps(line) for line in change(lines)).encode()))
    folder.close(made, folder.About(**json.loads((made / folder.ABOUT).read_text())))


def test_a_lost_database_is_there_again_row_by_row(library: list[Photo], tmp_path: Path) -> None:
    made, before = tmp_path / "made", everything()
    call_command("backup", str(made))
    assert everything() == before
    lose_everything()
    call_command("restore", str(made))
    assert everything() == before
    assert [
        found.sentence for found in reconcile.findings(read_bytes=True) if "rendition" not in found.sentence
    ] == []


def test_new_rows_get_new_numbers_afterwards(library: list[Photo], alice: User, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "made"))
    lose_everything()
    call_command("restore", str(tmp_path / "made"))
    number = max(Label.objects.values_list("pk", flat=True))
    assert make_detection(library[0], "Dog").label_id > number
    verdicts.say(alice.pk, [library[1].pk], "Goose", "confirmed")


def test_what_is_written_meanwhile_is_not_in_it(
    library: list[Photo], alice: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nor does whoever writes it wait."""
    made, before, real = tmp_path / "made", everything(), originals.write

    def while_somebody_sends(lines: Any) -> tuple[int, int]:
        together(lambda: make_photo(alice, byte_size=5))
        return real(lines)

    monkeypatch.setattr(originals, "write", while_somebody_sends)
    call_command("backup", str(made))
    assert Photo.objects.count() == 4
    assert folder.opened(made).originals == 3
    lose_everything()
    call_command("restore", str(made))
    assert everything() == before


def test_copies_of_originals_bring_lost_ones_back(library: list[Photo], tmp_path: Path) -> None:
    made, copies = tmp_path / "made", tmp_path / "copies"
    call_command("backup", str(made), photos=copies)
    assert {path.name for path in copies.iterdir()} == {photo.original_key for photo in library}
    lose_everything()
    for photo in library:
        storage.delete("originals", photo.original_key)
    call_command("restore", str(made), photos=copies)
    assert list(originals.missing(originals.named())) == []


def test_a_damaged_copy_is_not_put_back(library: list[Photo], tmp_path: Path) -> None:
    made, copies = tmp_path / "made", tmp_path / "copies"
    call_command("backup", str(made), photos=copies)
    lose_everything()
    storage.delete("originals", library[0].original_key)
    (copies / library[0].original_key).write_bytes(b"other 0")
    with pytest.raises(CommandError, match="The bucket lacks 1 of 3 originals"):
        call_command("restore", str(made), photos=copies)
    assert Photo.objects.count() == 3


def test_what_the_bucket_has_lost_already_is_said_when_it_is_made(
    library: list[Photo], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storage.delete("originals", library[1].original_key)
    with pytest.raises(SystemExit) as ended:
        call_command("backup", str(tmp_path / "made"))
    assert ended.value.code == 1
    assert library[1].original_key in capsys.readouterr().err


def test_an_interrupted_one_is_none(
    library: list[Photo], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(originals, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        call_command("backup", str(tmp_path / "made"))
    lose_everything()
    with pytest.raises(CommandError, match="SHA256SUMS is missing"):
        call_command("restore", str(tmp_path / "made"))
    assert not Album.objects.exists()


@pytest.mark.parametrize("name", [folder.ROWS, folder.ORIGINALS, folder.ABOUT])
def test_a_damaged_one_is_told_by_its_sums(library: list[Photo], tmp_path: Path, name: str) -> None:
    made = tmp_path / "made"
    call_command("backup", str(made))
    (made / name).write_bytes((made / name).read_bytes() + b" ")
    lose_everything()
    with pytest.raises(CommandError, match="changed since it was made"):
        call_command("restore", str(made))
    assert not Photo.objects.exists()


def test_nobody_who_is_here_is_overwritten(library: list[Photo], tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "made"))
    before = everything()
    with pytest.raises(CommandError, match="There are users in this database"):
        call_command("restore", str(tmp_path / "made"))
    assert everything() == before


def test_one_of_another_version_is_refused(library: list[Photo], tmp_path: Path) -> None:
    made = tmp_path / "made"
    call_command("backup", str(made))
    about = json.loads((made / folder.ABOUT).read_text())
    folder.close(
        made, folder.About(**{**about, "migrations": {**about["migrations"], "gallery": "0007_other"}})
    )
    lose_everything()
    with pytest.raises(CommandError, match="0007_other"):
        call_command("restore", str(made))


def test_where_a_row_can_not_be_nothing_has_changed(library: list[Photo], tmp_path: Path) -> None:
    made = tmp_path / "made"
    call_command("backup", str(made))
    lose_everything()
    User.objects.all().delete()
    changed(
        made,
        folder.ROWS,
        lambda lines: [{**line, "columns": ["x"]} if isinstance(line, dict) else line for line in lines],
    )
    with pytest.raises(CommandError, match="another one here"):
        call_command("restore", str(made))
    assert not Photo.objects.exists()


def test_into_a_folder_that_is_there_none_is_made(library: list[Photo], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name a new folder"):
        call_command("backup", str(tmp_path))


def test_every_column_can_be_read_again() -> None:
    """None changes itself when it is written, as `auto_now` does."""
    fields = [field for model in rows.tables() for field in model._meta.concrete_fields]
    assert [
        field
        for field in fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ] == []
