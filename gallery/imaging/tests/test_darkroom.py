from __future__ import annotations

import hashlib
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gallery.imaging import darkroom as module
from gallery.imaging.darkroom import Darkroom, develop
from gallery.imaging.errors import Interrupted, Refused, refusal
from gallery.imaging.limits import DEFAULT, Limits
from gallery.imaging.specs import SPECS
from gallery.imaging.tests.pictures import corners, exif, jpeg_of_size, photo, png, png_chunk, saved
from gallery.imaging.wire import Answer, Order, read_answer


@pytest.fixture
def picture(original: Path) -> Path:
    original.write_bytes(saved(photo(640, 400), "JPEG", exif=exif({0x010F: "Canon"})))
    return original


@pytest.fixture
def room() -> Iterator[Darkroom]:
    opened = Darkroom()
    yield opened
    opened.close()


def child_pid(room: Darkroom) -> int:
    child = room._child
    assert child is not None
    return child.process.pid


def test_what_is_told_of_a_rendition_is_what_lies_there(picture: Path, into: Path) -> None:
    made = develop(picture, "image/jpeg", into)
    assert {each.path for each in made.renditions} == set(into.iterdir())
    for each in made.renditions:
        data = each.path.read_bytes()
        assert (each.size, each.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_second_run_with_nothing_wanted_makes_nothing(picture: Path, into: Path) -> None:
    first = develop(picture, "image/jpeg", into)
    for each in first.renditions:
        each.path.unlink()
    second = develop(picture, "image/jpeg", into, ())
    assert list(into.iterdir()) == []
    assert (second.facts, second.thumbhash, second.renditions) == (first.facts, first.thumbhash, ())


def test_the_child_stays_warm(picture: Path, into: Path, room: Darkroom) -> None:
    room.develop(picture, "image/jpeg", into)
    before = child_pid(room)
    room.develop(picture, "image/jpeg", into)
    assert child_pid(room) == before


def test_after_enough_pictures_the_child_is_replaced(
    picture: Path, into: Path, room: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "JOBS_PER_CHILD", 2)
    room.develop(picture, "image/jpeg", into)
    room.develop(picture, "image/jpeg", into)
    assert room._child is None
    assert room.develop(picture, "image/jpeg", into).facts.width == 640


def test_a_child_that_died_between_two_pictures_is_replaced(
    picture: Path, into: Path, room: Darkroom
) -> None:
    room.develop(picture, "image/jpeg", into)
    os.kill(child_pid(room), signal.SIGKILL)
    assert room.develop(picture, "image/jpeg", into).facts.camera_make == "Canon"


def test_a_child_killed_in_the_middle_of_a_picture_is_replaced_and_the_picture_done(
    picture: Path, into: Path, room: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.develop(picture, "image/jpeg", into)
    killed = iter([True, False])
    ask = module._Child.ask

    def stopped_then_killed(child: module._Child, line: bytes, deadline: float) -> bytes:
        if next(killed):
            os.kill(child.process.pid, signal.SIGSTOP)  # it never gets to answer
            threading.Timer(0.05, child.process.kill).start()
        return ask(child, line, deadline)

    monkeypatch.setattr(module._Child, "ask", stopped_then_killed)
    assert len(room.develop(picture, "image/jpeg", into).renditions) == 3


def test_a_child_killed_again_and_again_is_not_the_picture_s_fault(
    picture: Path, into: Path, room: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = module._Child.ask

    def killed(child: module._Child, line: bytes, deadline: float) -> bytes:
        child.process.kill()
        return ask(child, line, deadline)

    monkeypatch.setattr(module._Child, "ask", killed)
    with pytest.raises(Interrupted, match="ended twice"):
        room.develop(picture, "image/jpeg", into)
    assert list(into.iterdir()) == []


def test_a_child_that_crashes_on_a_picture_twice_refuses_it(
    picture: Path, into: Path, room: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = module._Child.ask

    def crashed(child: module._Child, line: bytes, deadline: float) -> bytes:
        os.kill(child.process.pid, signal.SIGSEGV)
        return ask(child, line, deadline)

    monkeypatch.setattr(module._Child, "ask", crashed)
    with pytest.raises(Refused, match="undecodable"):
        room.develop(picture, "image/jpeg", into)


def test_a_picture_that_takes_too_long_is_refused_and_its_child_killed(
    picture: Path, into: Path, room: Darkroom
) -> None:
    room.develop(picture, "image/jpeg", into)
    before = child_pid(room)
    with pytest.raises(Refused, match="limits"):
        room.develop(picture, "image/jpeg", into, timeout=0)
    assert room._child is None
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert list(into.iterdir()) == []
    assert room.develop(picture, "image/jpeg", into).facts.width == 640


def test_a_picture_that_takes_too_much_cpu_is_refused(original: Path, into: Path) -> None:
    """One second is the least that the kernel counts; two hundred scans over 158 megapixels take several."""
    data = jpeg_of_size(saved(corners(), "JPEG", progressive=True, subsampling="4:2:0"), 12_600, 12_600)
    last = data.rindex(b"\xff\xda")
    original.write_bytes(data[:last] + data[last:-2] * 200 + b"\xff\xd9")
    room = Darkroom(Limits(cpu=0))
    with pytest.raises(Refused, match="limits"):
        room.develop(original, "image/jpeg", into)
    assert room._child is None
    room.close()


def test_a_picture_that_takes_too_much_memory_is_refused(original: Path, into: Path) -> None:
    original.write_bytes(png(8000, 7900))
    room = Darkroom(Limits(memory=200_000_000))
    with pytest.raises(Refused, match="limits"):
        room.develop(original, "image/png", into)
    assert list(into.iterdir()) == []
    room.close()


def test_what_is_too_much_for_a_worn_child_is_tried_in_a_fresh_one(
    picture: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Darkroom()
    room.develop(picture, "image/jpeg", into)
    full = Answer(refused=refusal("limits"))
    answers = iter([full])
    read = read_answer
    monkeypatch.setattr(module, "read_answer", lambda *given: next(answers, None) or read(*given))
    assert room.develop(picture, "image/jpeg", into).facts.width == 640
    room.close()


@pytest.mark.parametrize("progressive", [False, True])
def test_the_hardest_accepted_jpeg_stays_below_700_mb(progressive: bool, original: Path, into: Path) -> None:
    side = 12_600 if progressive else 14_100
    data = saved(corners(), "JPEG", progressive=progressive, subsampling="4:2:0")
    assert resident_after(original, jpeg_of_size(data, side, side), "image/jpeg", into) < 700_000_000


def test_the_hardest_accepted_png_stays_below_700_mb(original: Path, into: Path) -> None:
    see_through = png_chunk(b"tRNS", b"\x00\x00")  # makes four bytes of one
    assert resident_after(original, png(8000, 7990, see_through), "image/png", into) < 700_000_000


def resident_after(original: Path, data: bytes, content_type: str, into: Path) -> int:
    """The most memory, in bytes, that a child ever had that developed this picture first."""
    original.write_bytes(data)
    room = Darkroom()
    answer = room._answer(Order(original, content_type, into, SPECS), 60)
    room.close()
    assert answer.developed is not None
    return answer.resident


def test_nothing_of_our_environment_reaches_the_child(
    picture: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-aws")
    monkeypatch.setenv("SECRET_KEY", "hidden-key")
    room = Darkroom()
    room.develop(picture, "image/jpeg", into)
    environment = Path(f"/proc/{child_pid(room)}/environ").read_bytes()
    names = {entry.split(b"=")[0].decode() for entry in environment.split(b"\0") if entry}
    assert names <= {*module.ENVIRONMENT, *module._PASSED_ON}
    assert b"hidden" not in environment
    room.close()


def test_the_child_is_held_to_its_limits(picture: Path, into: Path, room: Darkroom) -> None:
    room.develop(picture, "image/jpeg", into)
    limits = Path(f"/proc/{child_pid(room)}/limits").read_text()
    found = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
    assert found["Max address space"] == str(DEFAULT.memory)
    assert found["Max file size"] == str(DEFAULT.file)
    assert found["Max core file size"] == "0"
    assert int(found["Max cpu time"]) <= DEFAULT.cpu + 5


def test_threads_wait_for_each_other(picture: Path, tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(6)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda folder: develop(picture, "image/jpeg", folder), folders))
    assert len({each.thumbhash for each in made}) == 1
    assert all(len(list(folder.iterdir())) == 3 for folder in folders)


def test_a_forked_process_starts_a_child_of_its_own(picture: Path, into: Path, room: Darkroom) -> None:
    room.develop(picture, "image/jpeg", into)
    before = child_pid(room)
    with room._lock:  # as a thread of the parent might hold it at the fork
        room.after_fork()
    assert room._child is None
    room.develop(picture, "image/jpeg", into)
    assert child_pid(room) != before
    os.kill(before, signal.SIGKILL)
    os.waitpid(before, 0)


def test_a_full_or_missing_folder_is_not_the_picture_s_fault(
    picture: Path, tmp_path: Path, room: Darkroom
) -> None:
    with pytest.raises(Interrupted, match="FileNotFoundError"):
        room.develop(picture, "image/jpeg", tmp_path / "nowhere")
    assert room.develop(picture, "image/jpeg", tmp_path).facts.width == 640


def test_a_missing_original_is_not_the_picture_s_fault(into: Path, room: Darkroom) -> None:
    with pytest.raises(Interrupted, match="FileNotFoundError"):
        room.develop(into / "gone", "image/jpeg", into)


def test_a_file_too_large_to_write_leaves_nothing(picture: Path, into: Path) -> None:
    room = Darkroom(Limits(file=20_000))
    with pytest.raises(Interrupted):
        room.develop(picture, "image/jpeg", into)
    assert list(into.iterdir()) == []
    room.close()


def test_an_answer_that_is_none_ends_the_child(
    picture: Path, into: Path, room: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._Child, "ask", lambda *_: b"[]\n")
    with pytest.raises(Interrupted, match="nonsense"):
        room.develop(picture, "image/jpeg", into)
    assert room._child is None


def test_a_python_that_can_not_be_started_is_not_the_picture_s_fault(
    picture: Path, into: Path, room: Darkroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(Interrupted, match="can't be started"):
        room.develop(picture, "image/jpeg", into)


def test_paths_may_have_line_ends_and_any_bytes(tmp_path: Path, room: Darkroom) -> None:
    odd = tmp_path / os.fsdecode(b'a\nb"\xff')
    odd.mkdir()
    (odd / "x").write_bytes(saved(corners(), "JPEG"))
    assert room.develop(odd / "x", "image/jpeg", odd).renditions[0].path == odd / "thumb.webp"


def test_the_wrong_content_type_is_refused(picture: Path, into: Path, room: Darkroom) -> None:
    with pytest.raises(Refused, match="undecodable"):
        room.develop(picture, "image/png", into)
