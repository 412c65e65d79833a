"""run.json: made once, read by everybody, and nobody else's business."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from photosite import runfile
from photosite.tests.starting import ROOT, environment
from tests.ports import of_this_process

pytestmark = pytest.mark.pure


def written(data: Path) -> runfile.RunFile:
    return runfile.RunFile(**json.loads((data / "run.json").read_text()))


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    first = runfile.ensure(tmp_path)
    content = (tmp_path / "run.json").read_bytes()
    assert runfile.ensure(tmp_path) == first
    assert (tmp_path / "run.json").read_bytes() == content
    assert written(tmp_path) == first


def test_nobody_else_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        runfile.ensure(tmp_path / "data")
    finally:
        os.umask(before)
    assert (tmp_path / "data" / "run.json").stat().st_mode & 0o777 == 0o600
    for folder in (".", "tmp", "logs"):
        assert (tmp_path / "data" / folder).stat().st_mode & 0o777 == 0o700


def test_two_sites_have_nothing_in_common(tmp_path: Path) -> None:
    first, second = (runfile.ensure(tmp_path / name) for name in ("first", "second"))
    for name in ("access_key", "secret_access_key", "queue_password", "django_secret"):
        assert getattr(first, name) != getattr(second, name)
        assert len(getattr(first, name)) >= 20
    assert first.ports != second.ports


def test_the_ports_are_free_distinct_and_out_of_the_kernels_range(tmp_path: Path) -> None:
    ports = runfile.ensure(tmp_path).ports
    assert tuple(ports) == runfile.PORTS
    taken = [*ports.values(), *(port + 10_000 for port in ports.values())]
    assert len(set(taken)) == 2 * len(ports)
    assert max(ports.values()) < 22_000
    assert max(taken) < 32_768
    assert min(taken) > 1024


def test_a_site_beside_these_tests_takes_none_of_their_ports(tmp_path: Path) -> None:
    """What is kept for servers that a test starts later is free until then."""
    own = set(settings.RUN.ports.values())
    assert not own & set(runfile.PORT_RANGE)
    assert own <= set(of_this_process())
    assert set(runfile.ensure(tmp_path).ports.values()) <= set(runfile.PORT_RANGE)


def test_a_port_whose_twin_is_taken_is_not_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runfile, "is_free", lambda port: port % 2 == 0 and (port < 25_000 or port % 4 == 0))
    ports = runfile.ensure(tmp_path).ports.values()
    assert all((port + 10_000) % 4 == 0 for port in ports)


def test_eight_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from photosite import runfile; sys.stdin.read();"
        f"print(runfile.ensure(Path({str(tmp_path / 'data')!r})))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=environment(tmp_path),
        )
        for _ in range(8)
    ]  # fmt: skip
    for process in started:  # all wait at the line until its end comes
        assert process.stdin is not None
        process.stdin.close()
    said = set()
    for process in started:
        assert process.stdout is not None
        with process.stdout:
            said.add(process.stdout.read())
        assert process.wait(timeout=60) == 0
    assert said == {f"{written(tmp_path / 'data')}\n"}


def test_its_addresses_are_on_loopback(tmp_path: Path) -> None:
    run = runfile.ensure(tmp_path)
    assert run.s3_url == f"http://127.0.0.1:{run.ports['s3']}"
    assert run.recogniser_url == f"http://127.0.0.1:{run.ports['recogniser']}"
    assert run.redis_url == f"redis://:{run.queue_password}@127.0.0.1:{run.ports['queue']}"


def test_a_write_that_was_cut_off_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "run.new").write_text('{"ports": {')
    assert runfile.ensure(tmp_path) == written(tmp_path)
    assert not (tmp_path / "run.new").exists()


def test_every_part_of_it_is_there(tmp_path: Path) -> None:
    assert all(dataclasses.asdict(runfile.ensure(tmp_path)).values())
