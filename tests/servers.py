"""The real servers, started for tests by the same commands as `make run`."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

from photosite import processes
from photosite.localaws import s3

_DEADLINE_SECONDS = 60


@contextlib.contextmanager
def running(name: str, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The program of `make run` with this name, until the block ends. Its output is in the data folder's logs."""
    program = next(program for program in processes.programs() if program.name == name)
    log: Path = settings.DATA_DIR / "logs" / f"{name}.log"
    with log.open("ab") as out:
        process = start(program, out)
        try:
            wait_for_port(process, port, log)
            yield process
        finally:
            end(process)
            if name == "s3":
                s3.remove_sockets(settings.RUN)


def start(program: processes.Program, out: IO[bytes]) -> "subprocess.Popen[bytes]":
    environment = processes.environment(program)
    return subprocess.Popen(
        [*processes.TIED, *program.command], cwd=program.folder, env=environment, stdout=out, stderr=out
    )


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)


def wait_for_port(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}: {log.read_text()[-2000:]}")
