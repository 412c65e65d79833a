"""How the recogniser starts, refuses to start, and ends."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from photosite.localaws.tests.process import ROOT, RunningRecogniser, environment, wait_until

pytestmark = pytest.mark.pure

COMMAND = [sys.executable, "-m", "photosite.localaws.rekognition"]


def refusal(arguments: list[str], environ: dict[str, str]) -> str:
    """What is said by a start that fails with status 2: one line."""
    ended = subprocess.run(
        [*COMMAND, *arguments], env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("rekognition: ")
    return line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--port"),
        (["--port", "x"], "'x' is not a port"),
        (["--port", "70000"], "not a port"),
        (["--port", "5000", "--control-port", "5000"], "must differ"),
        (["--port", "5000", "--ledger", "/no/such/folder/file"], "no folder"),
        (["--port", "5000", "--colour"], "unrecognized arguments"),
    ],
)
def test_a_wrong_argument_is_told_in_one_line(arguments: list[str], words: str) -> None:
    assert words in refusal(arguments, environment())


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"])
def test_a_missing_variable_is_named(name: str, free_port: int) -> None:
    environ = environment()
    del environ[name]
    assert f"{name} is not set" in refusal(["--port", str(free_port)], environ)


def test_an_s3_endpoint_that_is_no_address_is_refused(free_port: int) -> None:
    assert "AWS_ENDPOINT_URL_S3" in refusal(["--port", str(free_port)], environment("localhost:9000"))


def test_a_busy_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"cannot listen on 127.0.0.1:{port}" in refusal(["--port", port], environment())


def test_a_persons_home_is_neither_read_nor_written(tmp_path: Path, cat: bytes) -> None:
    (tmp_path / ".aws" / "models").mkdir(parents=True)
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).write_text("[broken\nendpoint_url = http://192.0.2.1\n", encoding="ascii")
    hostile = {"HOME": str(tmp_path), "AWS_PROFILE": "production", "GUNICORN_CMD_ARGS": "--bind 0.0.0.0:1"}
    environ = {**environment("http://127.0.0.1:1"), **hostile}
    # onnxruntime hides its telemetry from machines that say they build; and it would be hidden elsewhere.
    for name in ("CI", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY"):
        environ.pop(name, None)
    running = RunningRecogniser(environ=environ)
    try:
        assert running.client().detect_labels(Image={"Bytes": cat})["Labels"]
    finally:
        running.stop()
    assert [path.name for path in tmp_path.iterdir()] == [".aws"]


def test_it_listens_on_loopback_only(running: RunningRecogniser) -> None:
    addresses = {port_owner(line) for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}
    for port in (running.port, running.control_port):
        assert [address for address, number in addresses if number == port] == ["0100007F"]


def port_owner(line: str) -> tuple[str, int]:
    """Local address (hexadecimal, as the kernel prints it) and port of a listening socket; port 0 for others."""
    address, port = line.split()[1].split(":")
    return (address, int(port, 16)) if line.split()[3] == "0A" else ("", 0)


def test_its_command_line_says_what_it_is(running: RunningRecogniser) -> None:
    for process in running.processes():
        assert b"rekognition" in Path(f"/proc/{process}/cmdline").read_bytes()


def test_it_lets_the_web_go_first(running: RunningRecogniser) -> None:
    gentler = min(os.nice(0) + 5, 19)  # than whoever started it
    assert [os.getpriority(os.PRIO_PROCESS, process) for process in running.processes()] == [gentler] * 2


def test_without_a_control_port_it_listens_once(free_port: int) -> None:
    process = subprocess.Popen([*COMMAND, "--port", str(free_port)], env=environment(), cwd=ROOT)
    try:
        wait_until(lambda: connects(free_port))
        wait_until(lambda: len(children(process.pid)) == 1)
        assert listening(process.pid) | listening(children(process.pid)[0]) == {free_port}
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def listening(process: int) -> set[int]:
    """Ports that a process listens on: its socket inodes, looked up in the kernel's table."""
    descriptors = Path(f"/proc/{process}/fd").iterdir()
    inodes = {str(one.readlink())[8:-1] for one in descriptors if one.is_symlink()}
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return {port_owner(line)[1] for line in lines if line.split()[9] in inodes} - {0}


def test_killed_with_9_it_is_gone_and_a_new_one_starts_at_once(
    own_recogniser: RunningRecogniser, cat: bytes
) -> None:
    own_recogniser.client().detect_labels(Image={"Bytes": cat})
    before = own_recogniser.processes()
    own_recogniser.kill_and_restart()
    own_recogniser.client().detect_labels(Image={"Bytes": cat})
    assert [entry["number"] for entry in own_recogniser.ledger()] == [1, 2]
    wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in before))


def test_a_killed_worker_is_replaced(own_recogniser: RunningRecogniser, cat: bytes) -> None:
    master, worker = own_recogniser.processes()
    os.kill(worker, 9)
    wait_until(lambda: own_recogniser.processes() not in ([master], [master, worker]))
    assert own_recogniser.client().detect_labels(Image={"Bytes": cat})["Labels"]


def test_sigterm_ends_it_with_status_zero(own_recogniser: RunningRecogniser) -> None:
    processes = own_recogniser.processes()
    assert own_recogniser.stop() == 0
    wait_until(lambda: not any(Path(f"/proc/{process}").exists() for process in processes))


def connects(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
