"""Zip files that mean harm, each by the name of its attack; and honest ones, which are read whole."""

import io
import stat
import struct
import zipfile
import zlib
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.imports import archives
from gallery.imports.entry import Entry, Unreadable
from gallery.imports.tests.zips import directory, packed, packed_as, patched, reasons, refused_whole
from gallery.pipeline import left_out

pytestmark = pytest.mark.pure


def test_honest_files_are_read_in_the_order_in_which_they_lie() -> None:
    data = packed({"b/2.jpg": b"two", "a/1.jpg": b"one" * 100, "a/": b"", "ü/Österreich.jpg": b"three"})
    with archives.opened(io.BytesIO(data)) as archive:
        found = list(archives.members(archive, "photos.zip"))
        assert [one.place for one in found] == [
            "photos.zip/b/2.jpg",
            "photos.zip/a/1.jpg",
            "photos.zip/ü/Österreich.jpg",
        ]
        entry = found[1]
        assert isinstance(entry, Entry)
        with entry.open() as file:
            assert file.read() == b"one" * 100
        assert (entry.size, str(entry.modified)) == (300, "2019-07-04 12:34:56+00:00")


def test_before_the_archive_may_lie_something_else() -> None:
    assert reasons(b"#!/bin/sh\n" + packed({"1.jpg": b"one"})) == {"1.jpg": ""}


@pytest.mark.parametrize("name", [
    "../slip.jpg", "a/../../slip.jpg", "/etc/cron.d/slip.jpg", "..", "C:/slip.jpg", "C:slip.jpg",
    "..\\slip.jpg", "a\\..\\..\\slip.jpg", "\\\\server\\share\\slip.jpg",
])  # fmt: skip
def test_zip_slip(name: str) -> None:
    assert reasons(packed({name: b"x", "good.jpg": b"x"})) == {name: left_out.OUTSIDE, "good.jpg": ""}


def test_a_name_that_goes_on_behind_a_nul() -> None:
    data = packed({"good.jpg_evil": b"x"}).replace(b"good.jpg_evil", b"good.jpg\0evil")
    assert list(reasons(data).values()) == [left_out.OUTSIDE]


def test_a_symlink_to_somewhere_else() -> None:
    info = zipfile.ZipInfo("link.jpg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert reasons(packed_as(info, b"/etc/passwd")) == {"link.jpg": left_out.LINK}


def test_a_file_behind_a_password() -> None:
    data = packed({"secret.jpg": b"x"}, zipfile.ZIP_STORED)
    flag = struct.unpack_from("<H", data, directory(data) + 8)[0] | 1
    locked = patched(patched(data, directory(data) + 8, "<H", flag), 6, "<H", flag)
    assert reasons(locked) == {"secret.jpg": left_out.ENCRYPTED}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_whose_memory_the_archive_chooses(method: int) -> None:
    assert reasons(packed({"1.jpg": b"x" * 1000}, method)) == {"1.jpg": left_out.METHOD}


def test_a_method_that_nobody_knows() -> None:
    data = packed({"1.jpg": b"x"}, zipfile.ZIP_STORED)
    assert reasons(patched(data, directory(data) + 10, "<H", 9)) == {"1.jpg": left_out.METHOD}


def test_a_bomb_of_zeros() -> None:
    assert reasons(packed({"bomb.jpg": bytes(20_000_000)})) == {"bomb.jpg": left_out.BOMB % {"limit": 100}}


def test_what_is_small_may_be_packed_well() -> None:
    assert reasons(packed({"blank.png": bytes(1_000_000)})) == {"blank.png": ""}


def test_a_bomb_that_says_it_were_small_is_read_no_further_than_it_says() -> None:
    data = packed({"bomb.jpg": bytes(20_000_000)})
    assert reasons(patched(data, directory(data) + 24, "<I", 1000)) == {"bomb.jpg": left_out.BROKEN}


def test_a_file_that_says_it_were_larger() -> None:
    """What is read is compared with what was said, where it is kept (test_importing)."""
    data = packed({"1.jpg": b"x" * 50}, zipfile.ZIP_STORED)
    longer = patched(data, directory(data) + 20, "<I", 5000)
    assert reasons(longer) == {"1.jpg": left_out.OVERLAPS}


def test_files_that_share_their_bytes() -> None:
    """As in the bombs without nesting: each line of the directory names the same packed bytes."""
    data = packed({"1.jpg": b"x" * 100, "2.jpg": b"y" * 100}, zipfile.ZIP_STORED)
    second = data.index(b"PK\x01\x02", directory(data) + 4)
    assert reasons(patched(data, second + 42, "<I", 0)) == {"1.jpg": "", "2.jpg": left_out.OVERLAPS}


def test_a_file_that_reaches_into_the_directory() -> None:
    data = packed({"1.jpg": b"x" * 100}, zipfile.ZIP_STORED)
    assert reasons(patched(data, directory(data) + 20, "<I", 131)) == {"1.jpg": left_out.OVERLAPS}


def test_a_name_in_front_of_the_file_that_the_directory_does_not_know() -> None:
    data = packed({"good.jpg": b"x"})
    assert reasons(data.replace(b"good.jpg", b"evil.jpg", 1)) == {"good.jpg": left_out.BROKEN}


def test_bytes_that_are_not_those_that_were_packed() -> None:
    data = packed({"1.jpg": b"x" * 100}, zipfile.ZIP_STORED)
    assert reasons(data.replace(b"xxxx", b"xyxx", 1)) == {"1.jpg": left_out.BROKEN}


def test_packed_bytes_that_are_none() -> None:
    data = packed({"1.jpg": bytes(range(256)) * 10})
    start = data.index(zlib.compress(bytes(range(256)) * 10)[2:12])
    assert reasons(data[:start] + b"\xff" * 20 + data[start + 20 :]) == {"1.jpg": left_out.BROKEN}


@pytest.mark.parametrize("names", [("same.jpg", "same.jpg"), ("same.jpg", "SAME.jpg")])
def test_two_files_of_one_name_are_two(names: tuple[str, str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns() if len({*names}) == 1 else mock.MagicMock():
        for number, name in enumerate(names):
            archive.writestr(name, str(number))
    with archives.opened(io.BytesIO(out.getvalue())) as archive:
        found = [one for one in archives.members(archive, "a.zip") if isinstance(one, Entry)]
        assert [one.name for one in found] == list(names)
        assert [_text(one) for one in found] == ["0", "1"]


def _text(entry: Entry) -> str:
    with entry.open() as file:
        return file.read().decode()


@pytest.mark.parametrize("data", [
    b"", b"not a zip", b"PK\x03\x04" + b"\0" * 100, b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18,
], ids=["nothing", "a text", "a beginning", "half an end", "an end of lies"])  # fmt: skip
def test_what_is_no_archive(data: bytes) -> None:
    assert refused_whole(data) == left_out.NO_ARCHIVE


def test_an_archive_that_was_cut_short() -> None:
    data = packed({f"{number}.jpg": bytes(1000) for number in range(10)}, zipfile.ZIP_STORED)
    assert refused_whole(data[: len(data) // 2]) == left_out.NO_ARCHIVE
    assert refused_whole(data[:-1]) == left_out.NO_ARCHIVE


def test_an_archive_of_too_many_files() -> None:
    data = packed({f"{number}.jpg": b"" for number in range(6)})
    with mock.patch.object(archives, "MOST_FILES", 5):
        assert refused_whole(data) == left_out.TOO_MANY % {"limit": "5"}


def test_a_directory_larger_than_memory_is_not_read() -> None:
    """Its size is what the archive says: `zipfile` would read gigabytes to look for the first line."""
    data = packed({"1.jpg": b"x"})
    with mock.patch.object(archives, "_MOST_AT_ONCE", 10):
        assert refused_whole(data).startswith("The archive has more than")


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4))
def test_whatever_is_broken_in_an_archive_is_told_in_words(place: int, garbage: bytes) -> None:
    data = packed({"1.jpg": b"x" * 100, "a/2.jpg": b"y" * 100})
    start = place % len(data)
    broken = data[:start] + garbage + data[start + len(garbage) :]
    try:
        found = list(reasons(broken).values())
    except Unreadable as error:
        found = [error.reason]
    assert all(reason == "" or reason.endswith(".") for reason in found)
