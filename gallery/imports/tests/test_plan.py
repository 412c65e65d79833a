"""What an import is going to do, before it reads a photo."""

import contextlib
import io
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import IO

import pytest

from gallery.imports.entry import Entry, LeftOut, Unreadable
from gallery.imports.plan import Plan, made
from gallery.imports.tests.photos import album, sidecar, takeout
from gallery.pipeline import left_out

pytestmark = pytest.mark.pure


@contextlib.contextmanager
def _open(data: bytes) -> Iterator[IO[bytes]]:
    if data == b"broken":
        raise Unreadable(left_out.BROKEN)
    yield io.BytesIO(data)


def planned(*archives: Mapping[str, bytes]) -> Plan:
    return made(
        Entry(f"{number}.zip", PurePosixPath(name), len(data), None, partial(_open, data))
        for number, files in enumerate(archives)
        for name, data in files.items()
    )


def sidecars(plan: Plan) -> dict[str, str | None]:
    return {item.entry.place: item.sidecar.place if item.sidecar else None for item in plan.items}


def test_an_export_is_understood() -> None:
    plan = planned(takeout())
    found = {item.entry.name: (item.sidecar.name if item.sidecar else "", item.album) for item in plan.items}
    assert found == {
        "IMG_20190704_143456.jpg": ("IMG_20190704_143456.jpg.supplemental-metadat.json", ""),
        "IMG_20190704_143456-bearbeitet.jpg": ("IMG_20190704_143456.jpg.supplemental-metadat.json", ""),
        "DSC_1.JPG": ("DSC_1.JPG.json", "Bern & Basel"),
        "DSC_1(1).JPG": ("DSC_1.JPG(1).json", ""),
        "IMG_7.JPG": ("IMG_7.JPG.json", ""),
        "VID_8.mp4": ("VID_8.mp4.json", ""),
        "IMG_9.jpg": ("IMG_9.jpg.json", ""),
        "IMG_10.jpg": ("", "Bern & Basel"),
    }
    assert {out.place.rpartition("/")[2]: out.reason for out in plan.left_out} == {
        "archive_browser.html": left_out.SYSTEM,
        ".DS_Store": left_out.SYSTEM,
        "IMG_7.MP4": left_out.MOVING,
        "IMG_404.jpg.json": left_out.SPEAKS_OF_OTHERS,
    }
    assert not any(out.refused for out in plan.left_out)


def test_an_original_comes_before_its_edited_copies() -> None:
    plan = planned({"a/IMG_1-edited.jpg": b"2", "a/IMG_1.jpg": b"1", "a/IMG_0.jpg": b"0"})
    assert [item.entry.name for item in plan.items] == ["IMG_1.jpg", "IMG_0.jpg", "IMG_1-edited.jpg"]


def test_an_export_in_parts_is_one() -> None:
    plan = planned(
        {"T/a/1.jpg": b"1"}, {"T/a/1.jpg.json": sidecar("1.jpg"), "T/a/metadata.json": album("Trip")}
    )
    assert sidecars(plan) == {"0.zip/T/a/1.jpg": "1.zip/T/a/1.jpg.json"}
    assert (plan.items[0].album, plan.left_out) == ("Trip", [])


def test_what_lies_in_the_same_archive_comes_first() -> None:
    plan = planned(
        {"1.jpg": b"1", "1.jpg.json": b"{}"}, {"1.jpg": b"2", "1.jpg.supplemental-metadata.json": b"{}"}
    )
    assert sidecars(plan) == {
        "0.zip/1.jpg": "0.zip/1.jpg.json",
        "1.zip/1.jpg": "1.zip/1.jpg.supplemental-metadata.json",
    }


def test_the_same_name_in_another_folder_is_another() -> None:
    assert sidecars(planned({"a/1.jpg": b"1", "b/1.jpg.json": b"{}"})) == {"0.zip/a/1.jpg": None}


@pytest.mark.parametrize(("video", "still"), [
    ("IMG_1.MP4", "IMG_1.HEIC"), ("IMG_1.mov", "IMG_1.jpg"), ("IMG_1.HEIC.MP4", "IMG_1.HEIC"),
    ("PXL_1.MP", "PXL_1.MP.jpg"),
])  # fmt: skip
def test_the_moving_part_of_a_live_photo_is_left_out(video: str, still: str) -> None:
    plan = planned({f"a/{video}": b"1", f"a/{still}": b"2"})
    assert plan.left_out == [LeftOut(f"0.zip/a/{video}", left_out.MOVING, refused=False)]


def test_a_video_of_its_own_is_looked_at_like_any_file() -> None:
    assert len(planned({"a/IMG_1.MP4": b"1", "b/IMG_1.HEIC": b"2"}).items) == 2


@pytest.mark.parametrize(
    "name", ["Thumbs.db", "._IMG_1.jpg", "__MACOSX/._IMG_1.jpg", "@eaDir/IMG_1.jpg/T.jpg"]
)
def test_what_a_computer_keeps_for_itself_is_left_out(name: str) -> None:
    assert planned({name: b"1"}).left_out == [LeftOut(f"0.zip/{name}", left_out.SYSTEM, refused=False)]


def test_a_file_about_an_album_that_can_not_be_read_makes_none() -> None:
    plan = planned({"a/1.jpg": b"1", "a/metadata.json": b"broken", "a/Metadaten.json": b" " * 2_000_000})
    assert plan.items[0].album == ""
